//! Asks both sides and says what came of it, scenario by scenario.
//!
//! [`run`] first asks what the target implements, then plays every scenario of a [`Plan`]: it fills in names, asks the
//! [`Reference`] what must come back, asks the target, compares, and deletes what the scenario made. All it finds goes
//! out as events; nothing is kept, so that memory does not grow with the run.
//!
//! This crate never writes a file or a terminal, makes no report, knows no service and no protocol by name, and never
//! asks again to get a better answer.

mod cancel;
mod cleanup;
mod coverage;
mod crew;
mod curl;
mod form;
mod greeting;
mod hide;
pub mod hunt;
mod judge;
mod naming;
mod page;
mod plan;
mod play;
mod probe;
mod record;
mod run;
pub mod selftest;
mod shard;
mod side;
mod standing;
mod tag;
mod token;
mod traffic;
mod transcript;
mod watch;

pub use cancel::Cancel;
pub use form::departures;
pub use hunt::{Find, HuntEnd, HuntError, HuntEvent, HuntPlan, Player, Showing, Trust, hunt};
pub use plan::{Plan, Reference, RunError, Which};
pub use record::{Ending, RecordError, Recorded, Recording, record};
pub use run::run;
pub use shard::{Shard, ShardError, split};
pub use standing::{Lack, Standing, standing};
pub use token::for_reference as reference_token;
