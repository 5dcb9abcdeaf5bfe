//! What a run found, as data: events, verdicts, divergences, the report and the exit code.
//!
//! The runner emits [`Event`]s; a [`Collector`] turns them into a [`Report`]; every format, gate and comparison reads
//! the report, whose JSON form has its home here. This crate never does I/O, reads no clock, and knows no service and
//! no protocol.

pub mod bench;
pub mod brief;
mod cause;
mod collect;
mod deal;
pub mod divergence;
pub mod event;
pub mod exit;
mod open;
pub mod report;
mod rows;
mod run;
pub mod transcript;

pub use brief::{Brief, Briefs, Sight};
pub use cause::{Cause, REFERENCE, causes};
pub use collect::Collector;
pub use divergence::{Difference, Divergence, EvidenceLine, Kind, Known, Severity};
pub use event::{Event, RunInfo, ScenarioRecord, StepRecord, Verdict};
pub use exit::{ExitCode, FailOn, Gate};
pub use open::OpenStep;
pub use report::{OperationRow, Report, SHORTAGE, ScenarioRow, Summary};
pub use run::Run;
pub use transcript::{Text, Transcript, Transcripts};
