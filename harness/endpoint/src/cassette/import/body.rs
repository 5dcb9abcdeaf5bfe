//! Bodies as recorders keep them.

use std::io::Read;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// The longest body that is unpacked, in bytes: much beyond what any service sends.
const LONGEST: u64 = 64 << 20;

/// The bytes of base64, which may be broken into lines.
pub(super) fn from_base64(text: &str) -> Result<Vec<u8>, String> {
    let text: String = text.split_whitespace().collect();
    STANDARD.decode(text).map_err(|error| format!("broken base64: {error}"))
}

/// A body without its content coding. Recorders may have unpacked it and left the header as it was, so that a body that
/// does not begin as the coding has it is taken as it is.
pub(super) fn uncompressed(body: Vec<u8>, coding: Option<&str>) -> Result<Vec<u8>, String> {
    match coding.map(str::trim) {
        None | Some("" | "identity") => Ok(body),
        Some("gzip" | "x-gzip") if body.starts_with(&[0x1f, 0x8b]) => unpacked(MultiGzDecoder::new(&*body)),
        // By the standard a zlib stream; some send the bare one.
        Some("deflate") if is_zlib(&body) => unpacked(ZlibDecoder::new(&*body)),
        Some("deflate") if !body.starts_with(b"<") => unpacked(DeflateDecoder::new(&*body)),
        Some("gzip" | "x-gzip" | "deflate") => Ok(body),
        Some(other) => Err(format!("it is compressed as {other}")),
    }
}

/// A whole file without the compression that it may have.
pub(super) fn unzipped(bytes: &[u8]) -> Result<Vec<u8>, String> {
    match bytes {
        [0x1f, 0x8b, ..] => unpacked(MultiGzDecoder::new(bytes)),
        _ if is_zlib(bytes) => unpacked(ZlibDecoder::new(bytes)),
        _ => Ok(bytes.to_vec()),
    }
}

/// Whether bytes begin as a zlib stream: method 8, and a checksum that is a multiple of 31.
fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [first, second, ..] if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0)
}

fn unpacked(from: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = from.take(LONGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| format!("broken compression: {error}"))?;
    match bytes.len() as u64 > LONGEST {
        true => Err(format!("it is longer than {LONGEST} bytes")),
        false => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const TEXT: &[u8] = b"<Answer>\xc3\xa9</Answer>";

    #[test]
    fn every_coding_is_undone() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(TEXT).unwrap();
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(TEXT).unwrap();
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::default());
        bare.write_all(TEXT).unwrap();
        let packed = [
            ("gzip", gzip.finish().unwrap()),
            ("deflate", zlib.finish().unwrap()),
            ("deflate", bare.finish().unwrap()),
            ("identity", TEXT.to_vec()),
        ];
        for (coding, body) in packed {
            assert_eq!(uncompressed(body, Some(coding)).unwrap(), TEXT, "{coding}");
        }
    }

    #[test]
    fn what_was_unpacked_already_stays_as_it_is() {
        for coding in ["gzip", "deflate"] {
            assert_eq!(uncompressed(TEXT.to_vec(), Some(coding)).unwrap(), TEXT, "{coding}");
        }
    }

    #[test]
    fn broken_and_unknown_codings_are_named() {
        let broken = uncompressed(vec![0x1f, 0x8b, 8, 0], Some("gzip")).unwrap_err();
        assert!(broken.contains("broken compression"), "{broken}");
        let unknown = uncompressed(TEXT.to_vec(), Some("br")).unwrap_err();
        assert_eq!(unknown, "it is compressed as br");
        assert!(from_base64("a*b").unwrap_err().contains("broken base64"));
        assert_eq!(from_base64("aGVs\n  bG8=\n").unwrap(), b"hello");
    }
}
