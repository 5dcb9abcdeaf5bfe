//! From bytes to the model's own structure: unpacking, parsing, hashing.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Read as _;

use flate2::read::GzDecoder;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::ImportError;

/// The largest model known has some 10 MB; what unpacks to more is an accident or an attack.
const LIMIT: u64 = 256 * 1024 * 1024;
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Unpacks and parses one part.
pub(super) fn read<T: DeserializeOwned>(part: &'static str, bytes: &[u8]) -> Result<T, ImportError> {
    parse(part, &unpack(part, bytes)?)
}

/// The JSON text of a part, whether it is gzipped or not.
pub(super) fn unpack<'a>(part: &'static str, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>, ImportError> {
    if !bytes.starts_with(&GZIP_MAGIC) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut text = Vec::new();
    let mut limited = GzDecoder::new(bytes).take(LIMIT + 1);
    let size = limited
        .read_to_end(&mut text)
        .map_err(|source| ImportError::Gzip { part, source })?;
    if u64::try_from(size).is_ok_and(|size| size <= LIMIT) {
        Ok(Cow::Owned(text))
    } else {
        Err(ImportError::TooLarge { part, limit: LIMIT })
    }
}

/// Parses the JSON text of a part.
pub(super) fn parse<T: DeserializeOwned>(part: &'static str, text: &[u8]) -> Result<T, ImportError> {
    serde_json::from_slice(text).map_err(|source| ImportError::Json { part, source })
}

/// SHA-256 in hexadecimal.
pub(super) fn sha256(text: &[u8]) -> String {
    Sha256::digest(text).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
