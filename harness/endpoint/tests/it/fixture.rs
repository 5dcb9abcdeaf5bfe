//! A made-up contract and a call of it.

use std::sync::Arc;

use parallax_contract::{Call, Contract, Value};

/// A made-up service: it creates and describes things.
pub(crate) fn contract() -> Arc<Contract> {
    Arc::new(serde_json::from_str(include_str!("contract.json")).unwrap())
}

pub(crate) fn create(name: &str) -> Call {
    Call::new("CreateThing", Value::map([("Name", Value::text(name))]))
}
