//! Why a cassette cannot be used.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::scan::LONGEST;
use super::{FORMAT, Position};

/// How many reasons are kept; the rest is counted.
const TOLD: usize = 20;

/// Why a cassette cannot be used. Lines count from 1.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CassetteError {
    /// The file cannot be read.
    #[error("the cassette cannot be read")]
    Read(#[source] Arc<io::Error>),
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
    /// What must be answered cannot be told any more.
    #[error("line {line}: what is due was hidden behind {{{name}}}; record it again with patterns that leave it")]
    Hidden {
        /// The line.
        line: usize,
        /// The placeholder's name.
        name: String,
    },
    /// A line that no writer writes.
    #[error("line {line} is longer than {LONGEST} bytes; check that it is the right file")]
    TooLong {
        /// The line.
        line: usize,
    },
    /// The index beside the cassette is not what was written.
    #[error("the index {} is damaged; delete it, and it is made again", path.display())]
    Index {
        /// The index.
        path: PathBuf,
    },
    /// Nothing can be salvaged.
    #[error("no line of the cassette holds an exchange that can be read; record it again")]
    Nothing,
}

impl From<io::Error> for CassetteError {
    fn from(error: io::Error) -> Self {
        Self::Read(Arc::new(error))
    }
}

/// What is not used of a cassette, and why.
#[derive(Clone, Debug, Default)]
pub struct Damage {
    told: Vec<CassetteError>,
    count: u64,
}

impl Damage {
    /// Whether all of it is used.
    pub fn is_none(&self) -> bool {
        self.count == 0
    }

    /// How many reasons there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The first reasons.
    pub fn told(&self) -> &[CassetteError] {
        &self.told
    }

    pub(super) fn add(&mut self, error: CassetteError) {
        self.count += 1;
        if self.told.len() < TOLD {
            self.told.push(error);
        }
    }
}
