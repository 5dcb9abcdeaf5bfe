//! Paging, where the paginators file says nothing of an operation.

use super::{element, find};
use crate::Contract;
use crate::model::Paginator;

/// Pairs of token and limit as AWS names them.
const FORMS: [(&str, &[&str]); 2] = [
    ("Marker", &["MaxRecords", "MaxItems"]),
    ("NextToken", &["MaxResults", "MaxRecords"]),
];

/// Completes the paginators of operations that take a token and give one.
pub(in crate::import) fn paginators(contract: &mut Contract) {
    let bare = contract
        .operations
        .iter()
        .filter(|(_, operation)| operation.paginator.is_none());
    let found: Vec<(String, Paginator)> = bare
        .filter_map(|(name, _)| paginator(contract, name).map(|found| (name.clone(), found)))
        .collect();
    for (name, paginator) in found {
        if let Some(operation) = contract.operations.get_mut(&name) {
            operation.paginator = Some(paginator);
        }
    }
}

fn paginator(contract: &Contract, operation: &str) -> Option<Paginator> {
    let (inputs, outputs) = (contract.input_members(operation), contract.output_members(operation));
    let (token, limits) = FORMS
        .iter()
        .find(|(token, _)| find(inputs, token).is_some() && find(outputs, token).is_some())?;
    let mut lists = outputs.iter().filter(|member| element(contract, member).is_some());
    let result_key = lists.next()?.name.clone();
    // With two lists in the answer, which of them is paged cannot be told.
    lists.next().is_none().then(|| Paginator {
        input_token: (*token).to_owned(),
        output_token: (*token).to_owned(),
        limit_key: limits
            .iter()
            .find(|limit| find(inputs, limit).is_some())
            .map(|limit| (*limit).to_owned()),
        result_key,
    })
}
