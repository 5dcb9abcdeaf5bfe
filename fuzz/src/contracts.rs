//! Contracts to fuzz with, read once.

use std::sync::{Arc, LazyLock};

use parallax_contract::Contract;
use parallax_scenario::{Generator, Options};

/// The contract of a real service.
pub static REAL: LazyLock<Arc<Contract>> =
    LazyLock::new(|| Arc::new(read(include_str!("../../specs/contracts/elasticache.json"))));

/// A made-up service with every shape that a protocol knows.
pub static SHAPES: LazyLock<Contract> =
    LazyLock::new(|| read(include_str!("../../harness/wire/tests/data/library.json")));

/// A made-up service with a resource, tags and a list.
pub static THINGS: LazyLock<Contract> =
    LazyLock::new(|| read(include_str!("../../harness/diff/tests/it/contract.json")));

/// A made-up service with one resource, all of it promised.
pub static BOXES: LazyLock<Contract> = LazyLock::new(|| read(include_str!("../../harness/oracle/tests/it/shelf.json")));

/// Makes sequences over the real contract.
pub static GENERATOR: LazyLock<Generator> = LazyLock::new(|| Generator::new(&REAL, &Options::default()));

/// The names of the real contract's operations.
pub static OPERATIONS: LazyLock<Vec<String>> = LazyLock::new(|| REAL.operations.keys().cloned().collect());

#[expect(
    clippy::expect_used,
    reason = "a committed contract that cannot be read is to stop every target"
)]
fn read(text: &str) -> Contract {
    Contract::from_json(text).expect("a committed contract can be read")
}
