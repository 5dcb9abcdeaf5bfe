//! The contracts that are built in.

use std::sync::Arc;

use parallax_contract::Contract;
use parallax_outcome::ExitCode;

use crate::failure::Failure;
use crate::nearest::nearest;

/// A service: its name, its contract and its overlay, as text.
type Entry = (&'static str, &'static str, Option<&'static str>);

/// Every service by name.
const SERVICES: &[Entry] = include!(concat!(env!("OUT_DIR"), "/services.rs"));

/// The contract of the service with this name; without a name, of the only one.
pub(crate) fn contract(name: Option<&str>) -> Result<Arc<Contract>, Failure> {
    let (name, text, _) = find(name)?;
    let contract = Contract::from_json(text).map_err(|error| {
        Failure::new(ExitCode::Bug, format!("the built-in contract of {name} cannot be read")).because(error)
    })?;
    Ok(Arc::new(contract))
}

/// The name of every service that is built in.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    SERVICES.iter().map(|entry| entry.0)
}

/// The overlay that is built in for a service.
pub(crate) fn overlay(name: &str) -> Option<&'static str> {
    SERVICES.iter().find(|entry| entry.0 == name).and_then(|entry| entry.2)
}

/// The text of the contract that is built in for a service.
pub(crate) fn text(name: &str) -> Option<&'static str> {
    SERVICES.iter().find(|entry| entry.0 == name).map(|entry| entry.1)
}

fn find(name: Option<&str>) -> Result<&'static Entry, Failure> {
    match (name, SERVICES) {
        (None, [only]) => Ok(only),
        (None, _) => Err(Failure::usage("it is not said which service is meant").mend(format!(
            "give one with --service: {}",
            names().collect::<Vec<_>>().join(", ")
        ))),
        (Some(name), all) => all
            .iter()
            .find(|entry| entry.0 == name)
            .ok_or_else(|| Failure::usage(format!("no service `{name}` is built in")).mend(nearest(name, names()))),
    }
}
