//! What a run found, as data: events, verdicts, divergences, the report and the exit code.
//!
//! The runner emits [`Event`]s; a [`Collector`] turns them into a [`Report`]; every format, gate and comparison reads
//! the report, whose JSON form has its home here. This crate never does I/O, reads no clock, and knows no service and
//! no protocol.

pub mod bench;
pub mod divergence;
pub mod event;
pub mod exit;
pub mod report;
pub mod transcript;

pub use divergence::{Cause, Difference, Divergence, EvidenceLine, Kind, Known, Severity, causes};
pub use event::{Event, RunInfo, ScenarioRecord, StepRecord, Verdict};
pub use exit::{ExitCode, FailOn, Gate};
pub use report::{Collector, OperationRow, Report, ScenarioRow, Summary};
pub use transcript::{Text, Transcript, Transcripts};
