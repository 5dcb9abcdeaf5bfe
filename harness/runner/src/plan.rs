//! What to play, against whom.

use std::fmt;
use std::sync::Arc;

use parallax_contract::{Contract, TransportFault};
use parallax_endpoint::Endpoint;
use parallax_endpoint::cassette::{Cassette, CassetteError};
use parallax_oracle::Oracle;
use parallax_outcome::RunInfo;
use parallax_scenario::Scenario;

/// What to play.
pub struct Plan {
    /// What the service promises.
    pub contract: Arc<Contract>,
    /// The scenarios selected, in the order of the report.
    pub scenarios: Vec<Scenario>,
    /// How many scenarios to play at a time; 0 counts as 1. The result does not depend on it.
    pub jobs: usize,
    /// How often to play each scenario; 0 counts as 1.
    pub repeat: u32,
    /// What the run's tokens begin with, lower-case letters and digits beginning with a letter; the first three
    /// characters count. A fixed one makes runs on a fresh target equal to the byte.
    pub token: String,
    /// What [`parallax_outcome::Event::Started`] says.
    pub info: RunInfo,
    /// The places in `scenarios` of those to play, where only a part of the run is played here; all of them if absent.
    /// What the target implements is asked of all scenarios, so that every part of a run asks the same.
    pub places: Option<Vec<usize>>,
    /// Whether to ask first what the target implements. Without, every operation counts as implemented.
    pub probe: bool,
}

/// Who is right.
#[derive(Clone)]
pub enum Reference {
    /// The documentation.
    Docs(Arc<Oracle>),
    /// Another endpoint, asked the same things at the same time.
    Endpoint(Arc<dyn Endpoint>),
    /// What was recorded. What it does not hold is inconclusive.
    Cassette(Arc<Cassette>),
}

/// A side of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The implementation under test.
    Target,
    /// Who is right.
    Reference,
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Target => "target",
            Self::Reference => "reference",
        })
    }
}

/// Why a run came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// None of the first requests was answered.
    #[error("the {which} never {}: {fault}; {}", lacked(.fault), mend(.fault))]
    NeverAnswered {
        /// Who.
        which: Which,
        /// What became of the first request.
        fault: TransportFault,
    },
    /// Somebody broke off before the first request was answered.
    #[error("broken off before the {which} had answered")]
    BrokenOff {
        /// Who.
        which: Which,
    },
    /// There was no time to ask more often than was answered by nobody.
    #[error("the {which} had not answered when the time was up: {fault}; {}", mend(.fault))]
    OutOfTime {
        /// Who.
        which: Which,
        /// What became of the first request.
        fault: TransportFault,
    },
    /// A line of the cassette is not what was written.
    #[error("the cassette cannot be replayed")]
    Cassette(#[source] CassetteError),
    /// A bug of ours.
    #[error("a worker of the run ended early: {0}; please report this")]
    Worker(String),
}

/// What whoever never answered never did.
fn lacked(fault: &TransportFault) -> &'static str {
    match fault {
        TransportFault::Unfinished | TransportFault::TooLarge(_) => "gave a whole answer",
        TransportFault::Short(_) => "was asked",
        _ => "answered",
    }
}

/// What to do about it.
fn mend(fault: &TransportFault) -> &'static str {
    match fault {
        TransportFault::TimedOut | TransportFault::Unfinished => {
            "see that it works and that its address is right, or give it longer with --timeout"
        }
        TransportFault::TooLarge(_) => "see that its address is right, or let answers be longer with --max-answer",
        // It says how to mend it itself.
        TransportFault::Withheld(_) | TransportFault::Short(_) => "then give the command again",
        _ => "see that it runs and that its address is right",
    }
}
