//! The crate as other crates see it.

#![expect(
    clippy::unwrap_used,
    reason = "a broken fact may panic in a test, also in its helpers"
)]

mod committed;
mod importing;
mod loading;
