//! Permissions inside a resource: AuthorizeX and RevokeX.

use std::collections::BTreeMap;

use super::{element, faults, find, is_text};
use crate::resource::Resource;
use crate::{Contract, Grants};

/// The pair of operations that add and remove entries of a list inside the resource, told by their required texts.
pub(super) fn grants(contract: &Contract, resource: &Resource) -> Option<Grants> {
    let subjects = contract
        .operations
        .keys()
        .filter_map(|operation| operation.strip_prefix("Authorize"));
    subjects.into_iter().find_map(|subject| {
        let (authorize, revoke) = (format!("Authorize{subject}"), format!("Revoke{subject}"));
        let keys = keys(contract, resource, &authorize)?;
        (keys == self::keys(contract, resource, &revoke)?).then_some(())?;
        let (list, status_member) = list(contract, resource, &keys)?;
        Some(Grants {
            already_exists: faults::first(contract, &[&authorize], |stem| stem.ends_with("AlreadyExists")),
            not_found: faults::first(contract, &[&revoke], |stem| is_grant_missing(stem, &resource.shape)),
            authorize,
            revoke,
            list,
            keys,
            status_member,
            granted: Vec::new(),
            revoking: Vec::new(),
            evidence: None,
            sample: BTreeMap::new(),
        })
    })
}

/// The required texts of the operation besides the resource's identifier, if it takes that and answers the resource.
fn keys(contract: &Contract, resource: &Resource, operation: &str) -> Option<Vec<String>> {
    let inputs = contract.input_members(operation);
    let answers = contract
        .output_members(operation)
        .iter()
        .any(|member| member.shape == resource.shape);
    find(inputs, &resource.identifier.input).filter(|member| member.required && answers)?;
    let others = inputs
        .iter()
        .filter(|member| member.required && member.name != resource.identifier.input);
    let keys: Vec<String> = others
        .filter(|member| is_text(contract, member))
        .map(|member| member.name.clone())
        .collect();
    (!keys.is_empty()).then_some(keys)
}

/// The list of the resource whose elements have all the keys, and the member of an element that tells its state.
fn list(contract: &Contract, resource: &Resource, keys: &[String]) -> Option<(String, Option<String>)> {
    contract.shape(&resource.shape)?.members().iter().find_map(|member| {
        let entry = contract.shape(element(contract, member)?)?.members();
        keys.iter().all(|key| find(entry, key).is_some()).then(|| {
            let status = find(entry, "Status").map(|status| status.name.clone());
            (member.name.clone(), status)
        })
    })
}

fn is_grant_missing(stem: &str, resource: &str) -> bool {
    stem.strip_suffix("NotFound").is_some_and(|subject| subject != resource)
}
