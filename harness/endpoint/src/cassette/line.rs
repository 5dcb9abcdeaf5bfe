//! The lines of a cassette and their digests.

use parallax_wire::{HttpAnswer, HttpRequest};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::text::Text;
use super::{Header, hex, hex_text, is_first};

/// How many hexadecimal digits of SHA-256 a line bears: enough that no accident goes unseen.
const DIGITS: usize = 32;
const OPENING: &str = "{\"digest\":\"";
const CLOSING: &str = "\",";

/// The first line, without its digest.
#[derive(Serialize, Deserialize)]
pub(super) struct HeaderLine {
    /// The format.
    pub(super) cassette: u32,
    #[serde(flatten)]
    pub(super) header: Header,
}

/// The line of an exchange, without its digest. Nothing is flattened: raw JSON cannot be read through `flatten`.
#[derive(Serialize, Deserialize)]
pub(super) struct ExchangeLine {
    pub(super) scenario: String,
    pub(super) step: String,
    #[serde(default, skip_serializing_if = "is_first")]
    pub(super) page: u32,
    pub(super) request: RequestPart,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) response: Option<AnswerPart>,
    /// Why there is no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lost: Option<String>,
    /// What the answer must be, in the order of its own members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) expectation: Option<Box<RawValue>>,
}

/// The last line, without its digest.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FooterLine {
    pub(super) exchanges: u64,
    /// Digest of the digests of the lines before, in order.
    pub(super) all: String,
}

/// A line as it stands in the file.
pub(super) struct Sealed {
    /// The digest it bears.
    pub(super) digest: String,
    /// The line without its digest.
    pub(super) body: String,
}

impl Sealed {
    /// The line for this content.
    pub(super) fn new(content: &impl Serialize) -> serde_json::Result<Self> {
        let body = serde_json::to_string(content)?;
        let digest = short(&body);
        Ok(Self { digest, body })
    }

    /// The digest and the rest of a line; `None` where it has not the form of one.
    pub(super) fn split(line: &str) -> Option<Self> {
        let (digest, rest) = line.strip_prefix(OPENING)?.split_at_checked(DIGITS)?;
        Some(Self {
            digest: digest.to_owned(),
            body: format!("{{{}", rest.strip_prefix(CLOSING)?),
        })
    }

    /// Whether the line is what was written.
    pub(super) fn is_intact(&self) -> bool {
        self.digest == short(&self.body)
    }

    /// The line, without a line break.
    pub(super) fn text(&self) -> String {
        let rest = self.body.strip_prefix('{').unwrap_or(&self.body);
        format!("{OPENING}{}{CLOSING}{rest}", self.digest)
    }
}

/// The digest of the digests of all lines, in order.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) exchanges: u64,
    digests: Sha256,
}

impl Tally {
    pub(super) fn add(&mut self, line: &Sealed) {
        self.exchanges += 1;
        self.digests.update(&line.digest);
    }

    pub(super) fn footer(self) -> FooterLine {
        let mut all = hex_text(&self.digests.finalize());
        all.truncate(DIGITS);
        FooterLine {
            exchanges: self.exchanges,
            all,
        }
    }
}

fn short(text: &str) -> String {
    let mut digest = hex(text.as_bytes());
    digest.truncate(DIGITS);
    digest
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RequestPart {
    method: String,
    query: Text,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    headers: Vec<(String, String)>,
    body: Text,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AnswerPart {
    status: u16,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    headers: Vec<(String, String)>,
    body: Text,
}

impl From<&HttpRequest> for RequestPart {
    fn from(request: &HttpRequest) -> Self {
        Self {
            method: request.method.as_str().to_owned(),
            query: Text::abridged(request.query.as_bytes()),
            headers: request.headers.clone(),
            body: Text::abridged(&request.body),
        }
    }
}

impl From<&HttpAnswer> for AnswerPart {
    fn from(answer: &HttpAnswer) -> Self {
        Self {
            status: answer.status,
            headers: answer.headers.clone(),
            body: Text::whole(&answer.body),
        }
    }
}

impl AnswerPart {
    pub(super) fn answer(&self) -> HttpAnswer {
        HttpAnswer {
            status: self.status,
            headers: self.headers.clone(),
            body: self.body.bytes().unwrap_or_default(),
        }
    }
}
