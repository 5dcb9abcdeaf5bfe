//! Deleting what a journal lists.

use parallax_contract::{Call, Contract, Observation, Outcome, Value};

use super::guard::is_end;
use super::{Held, Journal};
use crate::Endpoint;

/// How often what could not be deleted is tried again, after something else was.
const ROUNDS: usize = 5;

/// Deletes what may be there, the newest first; what could not be deleted, each with the reason.
///
/// `endpoint` must be a [`Guard`](super::Guard) over the same journal, which takes note of what is gone.
pub async fn sweep(endpoint: &dyn Endpoint, contract: &Contract, journal: &Journal) -> Vec<(Held, String)> {
    let mut left = Vec::new();
    for _ in 0..ROUNDS {
        let before = journal.count();
        left.clear();
        for held in journal.held() {
            if let Err(why) = delete(endpoint, contract, &held).await {
                left.push((held, why));
            }
        }
        // What stands in the way of a deletion may have been deleted after it.
        if left.is_empty() || journal.count() == before {
            break;
        }
    }
    left
}

async fn delete(endpoint: &dyn Endpoint, contract: &Contract, held: &Held) -> Result<(), String> {
    let resource = contract.resources.get(&held.resource);
    let resource = resource.ok_or_else(|| format!("the contract has no resource {}", held.resource))?;
    let delete = resource.lifecycle.delete.as_ref();
    let delete = delete.ok_or_else(|| format!("no operation deletes a {}", held.resource))?;
    let member = contract.identifier_member(delete, resource);
    let call = Call::new(delete, Value::map([(member, Value::text(&*held.id))]));
    let observation = endpoint.ask(&call).await.observation;
    match is_end(contract, resource, &observation) {
        true => Ok(()),
        false => Err(reason(&observation)),
    }
}

fn reason(observation: &Observation) -> String {
    match &observation.outcome {
        Outcome::Error(error) => match &error.message {
            Some(message) => format!("{}: {message}", error.code),
            None => error.code.clone(),
        },
        Outcome::Lost(fault) => fault.to_string(),
        Outcome::Malformed(malformed) => malformed.why.clone(),
        Outcome::Success(_) => String::new(),
    }
}
