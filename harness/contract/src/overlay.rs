//! The hand-written overlay: what cannot be inferred from a model, each entry with its source and confidence.
//!
//! An overlay is TOML. What it names must be in the contract; a key or a name that is not is refused with its line, so
//! that an overlay never rots in silence.

mod apply;
mod entries;

use thiserror::Error;

use crate::Contract;

/// Why an overlay cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OverlayError {
    /// The text is no TOML, or has a key or value that an overlay does not.
    #[error("line {line}, column {column} of the overlay: {message}; see specs/README.md for the keys")]
    Toml {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there, with the key.
        message: String,
    },
    /// It names something that the contract does not have.
    #[error("line {line} of the overlay: the contract has no {what} `{name}`; correct the name or remove the entry")]
    Unknown {
        /// The line, from 1.
        line: usize,
        /// What was looked for, such as `resource`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// It is of another service.
    #[error(
        "line {line} of the overlay: it is for the service `{found}`, and the contract is of `{expected}`; use the overlay of the same name as the contract"
    )]
    OtherService {
        /// The line, from 1.
        line: usize,
        /// The overlay's service.
        found: String,
        /// The contract's service.
        expected: String,
    },
}

/// Completes a contract.
///
/// # Errors
/// Fails if the overlay is broken or names what the contract lacks; the contract is then half completed and of no use.
pub fn apply(contract: &mut Contract, text: &str) -> Result<(), OverlayError> {
    let overlay: entries::Overlay = toml::from_str(text).map_err(|error| toml_error(text, &error))?;
    apply::overlay(contract, overlay, &Lines(text))
}

fn toml_error(text: &str, error: &toml::de::Error) -> OverlayError {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or_default();
    OverlayError::Toml {
        line: Lines(text).of(start),
        column: before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1,
        message: error.message().trim().to_owned(),
    }
}

/// Line numbers of a text.
#[derive(Clone, Copy)]
struct Lines<'a>(&'a str);

impl Lines<'_> {
    /// The line of a byte, from 1.
    fn of(self, byte: usize) -> usize {
        self.0.get(..byte).unwrap_or_default().matches('\n').count() + 1
    }
}

#[cfg(test)]
mod tests;
