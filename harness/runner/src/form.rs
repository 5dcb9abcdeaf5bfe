//! Whether an answer has the form that the contract gives it.

use parallax_contract::{Contract, Observation};
use parallax_diff::{Bindings, compare};
use parallax_outcome::Difference;

use crate::judge::open;

/// In what an answer departs from the form that the contract gives to every answer to this operation, whatever it had to
/// say: an envelope, members and types that are declared, codes that are.
pub fn departures(contract: &Contract, operation: &str, observation: &Observation) -> Vec<Difference> {
    let due = open("nobody knows what had to be answered");
    compare(contract, operation, &due, observation, &mut Bindings::default()).differences
}
