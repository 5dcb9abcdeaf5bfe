//! Why a cassette cannot be used.

use std::io;

use super::{FORMAT, Position};

/// Why a cassette cannot be used. Lines count from 1.
#[derive(Debug, thiserror::Error)]
pub enum CassetteError {
    /// The file cannot be read.
    #[error("the cassette cannot be read")]
    Read(#[from] io::Error),
    /// It does not begin as a cassette does.
    #[error("line 1 is not the header of a cassette; give a file that `parallax record` wrote")]
    NotACassette,
    /// A later version wrote it.
    #[error(
        "line 1: the cassette has format {found}, this version knows up to {FORMAT}; use a newer parallax or record it again"
    )]
    Newer {
        /// Its format.
        found: u32,
    },
    /// A line is not what was written.
    #[error("line {line} was changed after it was recorded; record the cassette again")]
    Edited {
        /// The line.
        line: usize,
    },
    /// A line is what was written, but not what this version understands.
    #[error("line {line} cannot be understood: {why}; record the cassette again")]
    Line {
        /// The line.
        line: usize,
        /// Why not.
        why: String,
    },
    /// It ends before its footer.
    #[error("the cassette ends after line {line}, without its footer; it was cut off, record it again")]
    Truncated {
        /// The last whole line.
        line: usize,
    },
    /// The footer counts other lines than there are.
    #[error(
        "line {line}: the footer is about {counted} exchanges, the cassette has other ones ({found}); record it again"
    )]
    Miscounted {
        /// The footer's line.
        line: usize,
        /// How many it counts.
        counted: u64,
        /// How many there are.
        found: u64,
    },
    /// Two lines are about the same exchange.
    #[error("line {line} repeats {position}; record the cassette again")]
    Duplicate {
        /// The second line.
        line: usize,
        /// What both are about.
        position: Position,
    },
}
