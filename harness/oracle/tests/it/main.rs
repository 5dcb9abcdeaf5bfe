//! The oracle on the committed contract: what it makes of whole scenarios.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a broken fact may panic in a test")]

mod behaviour;
mod doubts;
mod generated;
mod hunted;
mod meets_itself;
mod shelf;
