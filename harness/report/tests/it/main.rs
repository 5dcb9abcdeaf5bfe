//! What every format makes of one report, hostile values and all.

#![expect(
    clippy::unwrap_used,
    reason = "a broken fact may panic in a test, also in its helpers"
)]

mod baseline;
mod formats;
mod merge;
mod page;
mod sample;
mod schema;
mod views;
