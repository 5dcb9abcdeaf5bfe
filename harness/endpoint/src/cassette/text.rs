//! Bytes of a message as JSON has them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::hex;
use super::placeholder::fits;

/// A request longer than this is kept by its digest. An answer is always kept whole: it is the evidence.
const LONG: usize = 4096;

/// Bytes, as text where they are text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Text {
    /// UTF-8.
    Plain(String),
    /// Something else: one character for each byte.
    Bytes { latin1: String },
    /// Too long to keep: enough to compare with.
    Long { length: usize, sha256: String },
}

impl Text {
    pub(super) fn whole(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Plain(text),
            Err(error) => Self::Bytes {
                latin1: error.as_bytes().iter().copied().map(char::from).collect(),
            },
        }
    }

    pub(super) fn abridged(bytes: Vec<u8>) -> Self {
        if bytes.len() <= LONG {
            return Self::whole(bytes);
        }
        Self::Long {
            length: bytes.len(),
            sha256: hex(&bytes),
        }
    }

    /// The text for people.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Plain(text) | Self::Bytes { latin1: text } => text.clone(),
            Self::Long { length, sha256 } => format!("({length} bytes, of which the digest is kept: {sha256})"),
        }
    }

    /// Whether `asked` is the same but for what placeholders stand for; `clean` is the same, redacted.
    pub(super) fn fits(&self, asked: &[u8], clean: &Self, bound: &mut BTreeMap<String, String>) -> bool {
        match self.bytes() {
            Some(kept) => fits(&kept, asked, bound),
            None => self == clean,
        }
    }

    /// The bytes, unless they were too long to keep.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Self::Plain(text) => Some(text.clone().into_bytes()),
            Self::Bytes { latin1 } => latin1.chars().map(|c| u8::try_from(c).ok()).collect(),
            Self::Long { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_come_back_whole() {
        for bytes in [
            &b"plain \xc3\xa9"[..],
            &b"\xff\x00 not utf-8"[..],
            &[b'x'; 2 * LONG][..],
        ] {
            let json = serde_json::to_string(&Text::whole(bytes.to_vec())).unwrap();
            assert_eq!(
                serde_json::from_str::<Text>(&json).unwrap().bytes().as_deref(),
                Some(bytes),
                "{json}"
            );
        }
    }

    #[test]
    fn long_texts_that_differ_in_one_byte_differ_abridged() {
        let mut bytes = vec![b'x'; LONG + 1];
        let before = Text::abridged(bytes.clone());
        bytes[LONG] = b'y';
        assert_ne!(before, Text::abridged(bytes));
        assert!(serde_json::to_string(&before).unwrap().len() < 200);
    }
}
