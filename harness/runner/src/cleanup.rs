//! Deleting what a scenario made.

use std::collections::BTreeSet;

use parallax_contract::{Call, Contract, Observation, Outcome};

use crate::Cancel;
use crate::side::Side;

/// How often what could not be deleted is tried again, after something else was.
const ROUNDS: usize = 3;
/// After this many lost answers in a row nobody is asked any more; once the time is up, after the first.
const PATIENCE: usize = 3;

/// Deletes what exists on one side, the newest first. How much could not be deleted.
pub(crate) async fn clean(side: &mut Side, not_implemented: &BTreeSet<String>, cancel: &Cancel) -> u64 {
    let mut left = side.oracle().leftovers(&side.state);
    for _ in 0..ROUNDS {
        let before = left.len();
        left = round(side, left, not_implemented, cancel).await;
        // What stands in the way of a deletion may have been deleted after it.
        if left.is_empty() || left.len() == before {
            break;
        }
    }
    left.len() as u64
}

/// Tries each once; those that are still there.
async fn round(side: &mut Side, calls: Vec<Call>, not_implemented: &BTreeSet<String>, cancel: &Cancel) -> Vec<Call> {
    let mut left = Vec::new();
    let mut lost = 0;
    for call in calls {
        let patience = match cancel.is_out_of_time() {
            true => 1,
            false => PATIENCE,
        };
        if lost >= patience || not_implemented.contains(&call.operation) {
            left.push(call);
            continue;
        }
        let observation = side.ask(&call).await.observation;
        lost = if matches!(observation.outcome, Outcome::Lost(_)) {
            lost + 1
        } else {
            0
        };
        if !is_gone(side.oracle().contract(), &call, &observation) {
            left.push(call);
        }
    }
    left
}

/// Whether the answer to a deletion says that the thing is no more, or never was.
fn is_gone(contract: &Contract, call: &Call, observation: &Observation) -> bool {
    match &observation.outcome {
        Outcome::Success(_) => true,
        Outcome::Error(error) => contract.resources.values().any(|resource| {
            let not_found = resource
                .lifecycle
                .not_found
                .as_ref()
                .and_then(|name| contract.errors.get(name));
            resource.lifecycle.delete.as_deref() == Some(call.operation.as_str())
                && not_found.is_some_and(|not_found| not_found.code == error.code)
        }),
        _ => false,
    }
}
