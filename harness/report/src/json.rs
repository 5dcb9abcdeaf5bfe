//! report.json: the form that every tool reads.

use std::io::{self, BufRead, Seek};

use parallax_outcome::Report;
use parallax_outcome::report::SCHEMA;
use serde::Deserialize;

/// Why a text is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Not JSON at all, or cut off.
    #[error("line {line}, column {column}: not whole JSON ({detail}); write the report anew")]
    NotJson {
        /// Where, from 1.
        line: usize,
        /// Where, from 1.
        column: usize,
        /// What the parser says.
        detail: String,
    },
    /// JSON without the version of a report.
    #[error("no number at `schema`: this is no report of parallax")]
    NoVersion,
    /// Written by a newer version.
    #[error("`schema` is {found} and this version reads up to {SCHEMA}; read it with a newer parallax")]
    TooNew {
        /// The version in the text.
        found: u32,
    },
    /// The version is right and the rest is not.
    #[error("line {line}, column {column}: {detail}; write the report anew")]
    Malformed {
        /// Where, from 1.
        line: usize,
        /// Where, from 1.
        column: usize,
        /// What does not fit.
        detail: String,
    },
    /// What is told by number names scenarios or paths that are not there.
    #[error("`brief` or `open` names scenarios or paths that are not there; write the report anew")]
    Numbers,
    /// It cannot be read at all.
    #[error(transparent)]
    Unreadable(io::Error),
}

/// The report as JSON, the same bytes for the same report.
///
/// # Errors
/// Never for a report whose `run` block came from JSON; the signature keeps the serialiser's word.
pub fn write(report: &Report) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}

/// Writes what [`write`](fn@write) gives piece by piece, so that a long report is never in memory as text.
///
/// # Errors
/// Those of the place that is written to.
pub fn write_to(report: &Report, mut out: impl io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, report)?;
    out.write_all(b"\n")
}

/// The report that is read. It is read once where it is one, and again to say what is wrong where it is none.
///
/// # Errors
/// [`ReadError`] says what the text is instead.
pub fn read(mut input: impl BufRead + Seek) -> Result<Report, ReadError> {
    match serde_json::from_reader::<_, Report>(&mut input) {
        Ok(report) if report.schema <= SCHEMA => match report.numbers_fit() {
            true => Ok(report),
            false => Err(ReadError::Numbers),
        },
        Ok(report) => Err(ReadError::TooNew { found: report.schema }),
        Err(error) => {
            input.rewind().map_err(ReadError::Unreadable)?;
            Err(what_instead(input, error))
        }
    }
}

/// What is wrong with a text that is no report of this version.
fn what_instead(input: impl BufRead, error: serde_json::Error) -> ReadError {
    #[derive(Deserialize)]
    struct Version {
        schema: Option<u32>,
    }
    if error.is_io() {
        return ReadError::Unreadable(error.into());
    }
    match serde_json::from_reader::<_, Version>(input) {
        Err(error) if error.is_data() => ReadError::NoVersion,
        Err(error) => ReadError::NotJson {
            line: error.line(),
            column: error.column(),
            detail: bare(&error),
        },
        Ok(Version { schema: None }) => ReadError::NoVersion,
        Ok(Version { schema: Some(found) }) if found > SCHEMA => ReadError::TooNew { found },
        Ok(_) => ReadError::Malformed {
            line: error.line(),
            column: error.column(),
            detail: bare(&error),
        },
    }
}

/// The JSON schema of report.json, as text.
///
/// # Errors
/// Never in practice; the signature keeps the serialiser's word.
pub fn schema() -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(Report))?;
    text.push('\n');
    Ok(text)
}

/// The parser's word without the place, which the message names itself.
fn bare(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let end = text.rfind(" at line ").unwrap_or(text.len());
    text.get(..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(read(io::Cursor::new(text)).unwrap_err().to_string(), expected, "{text}");
    }

    #[test]
    fn what_is_no_report_is_refused_with_the_place() {
        check(
            "{\"schema\": 1,\n",
            "line 2, column 0: not whole JSON (EOF while parsing a value); write the report anew",
        );
        check("{}", "no number at `schema`: this is no report of parallax");
        check("[]", "no number at `schema`: this is no report of parallax");
        check(
            "{\"schema\": \"1\"}",
            "no number at `schema`: this is no report of parallax",
        );
        check(
            "{\"schema\": 2}",
            "`schema` is 2 and this version reads up to 1; read it with a newer parallax",
        );
        check(
            "{\"schema\": 1}",
            "line 1, column 13: missing field `service`; write the report anew",
        );
    }
}
