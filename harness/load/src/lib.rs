//! Throughput and latency of implementations, with real API calls, and answers checked while they are measured.
//!
//! [`bench()`] prepares targets for a [`Mix`](parallax_scenario::mix::Mix), asks them in a closed or an open loop, and tells
//! what came of it as [`Bench`](parallax_outcome::bench::Bench). All loops are one: a connection waits for a start, asks,
//! and keeps what came. In an open loop latencies count from the *intended* start, so that a target that stalls cannot
//! hide it by not being asked meanwhile.
//!
//! This crate never writes a file or a terminal, speaks no HTTP of its own, and knows no service by name. What a target
//! does while it is measured is a result, never an error.

mod actor;
mod alarm;
mod arrivals;
mod bench;
mod cancel;
mod choice;
mod condition;
mod contest;
mod crew;
mod file;
mod gate;
mod machine;
mod merge;
mod record;
mod search;
mod seconds;
mod stage;
mod sweep;
mod told;
mod verify;

pub use bench::{BenchError, Event, Plan, Target, bench};
pub use cancel::Cancel;
pub use condition::{Condition, Gap, Held, Side};
pub use file::{MixFileError, mix_of};
pub use machine::lift_descriptor_limit;
pub use merge::{MergeError, merge};
pub use search::Goal;
pub use stage::StageError;
pub use verify::Verify;
