//! The wire crate from outside: what it reads, what it forgives, what it refuses, and that both sides agree.
#![expect(clippy::unwrap_used, reason = "helpers of tests state facts as tests do")]

mod answers;
mod generators;
mod properties;

use std::sync::LazyLock;

use parallax_contract::Contract;

static LIBRARY: LazyLock<Contract> =
    LazyLock::new(|| serde_json::from_str(include_str!("../data/library.json")).unwrap());

/// A made-up service.
fn library() -> &'static Contract {
    &LIBRARY
}
