//! The crate against real sockets and processes.

mod cassette;
mod fake;
mod http;
mod launch;
mod server;

use std::sync::Arc;

use parallax_contract::{Call, Contract, Value};

/// A made-up service: it creates and describes things.
fn contract() -> Arc<Contract> {
    Arc::new(serde_json::from_str(include_str!("contract.json")).unwrap())
}

fn create(name: &str) -> Call {
    Call::new("CreateThing", Value::map([("Name", Value::text(name))]))
}
