//! bench.json: the form that every tool reads.

use parallax_outcome::bench::{BENCH_SCHEMA, Bench};
use serde::Deserialize;

/// Why a text is no bench.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Not JSON, cut off, or of another form.
    #[error("line {line}, column {column}: {detail}; measure anew, or give the bench.json of `parallax bench`")]
    Malformed {
        /// Where, from 1.
        line: usize,
        /// Where, from 1.
        column: usize,
        /// What does not fit.
        detail: String,
    },
    /// Written by a newer version.
    #[error("`schema` is {found} and this version reads up to {BENCH_SCHEMA}; read it with a newer parallax")]
    TooNew {
        /// The version in the text.
        found: u32,
    },
}

/// The bench as JSON.
///
/// # Errors
/// Never in practice; the signature keeps the serialiser's word.
pub fn write(bench: &Bench) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(bench)?;
    text.push('\n');
    Ok(text)
}

/// The bench that a text holds.
///
/// # Errors
/// [`ReadError`] says what the text is instead.
pub fn read(text: &str) -> Result<Bench, ReadError> {
    #[derive(Deserialize)]
    struct Version {
        schema: u32,
    }
    let malformed = |error: serde_json::Error| ReadError::Malformed {
        line: error.line(),
        column: error.column(),
        detail: error.to_string(),
    };
    let Version { schema } = serde_json::from_str(text).map_err(malformed)?;
    if schema > BENCH_SCHEMA {
        return Err(ReadError::TooNew { found: schema });
    }
    serde_json::from_str(text).map_err(malformed)
}

/// The JSON schema of bench.json.
///
/// # Errors
/// Never in practice; the signature keeps the serialiser's word.
pub fn schema() -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(Bench))?;
    text.push('\n');
    Ok(text)
}
