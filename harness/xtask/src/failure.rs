//! Why a chore failed, in words.

use std::fmt::Display;

/// What went wrong, where, and how to mend it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Failure(String);

impl Failure {
    /// A failure with these words.
    pub(crate) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

/// Adds the place to an error.
pub(crate) trait At<T> {
    /// The same result; an error says where.
    fn at(self, place: impl Display) -> Result<T, Failure>;
}

impl<T, E: Display> At<T> for Result<T, E> {
    fn at(self, place: impl Display) -> Result<T, Failure> {
        self.map_err(|error| Failure(format!("{place}: {error}")))
    }
}
