//! The service itself, asked with care: what costs money or is not ours is left alone, what is made is written down
//! before it is made, and being asked to slow down is heeded.
//!
//! Three layers, each an [`Endpoint`](crate::Endpoint) around the next. The [`Guard`] decides what is sent at all and
//! keeps the [`Journal`]; [`Patient`] keeps the pace, asks again and knows when to stop; the innermost signs and sends.
//! [`Reins`] are what the three share: the limits, and why nothing more is asked. [`Guard::sweep`] deletes what a journal lists.

mod deeds;
mod guard;
mod journal;
mod ledger;
mod looks;
mod making;
mod patient;
mod reins;
mod sweep;

pub use deeds::{Obstacle, changes, makes, obstacle};
pub use guard::{Guard, PAGE_LIMIT};
pub use journal::{Head, Journal, JournalError};
pub use ledger::{Attempt, Held};
pub use looks::LOOK_PAGES;
pub use patient::{Patient, Renew};
pub use reins::{Limits, Reins, Stop, Tally};
pub use sweep::Left;
