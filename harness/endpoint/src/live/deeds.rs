//! What an operation does to which resource, as far as the contract tells.

use std::collections::BTreeSet;

use parallax_contract::{Call, Contract, Resource, Tweak, only_reads};

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Deed<'c> {
    /// It changes nothing.
    Reads,
    /// It makes a resource, which this input member names, wholly or in part.
    Makes(Named<'c>),
    /// It changes a resource, which this input member names.
    Changes(Named<'c>),
    /// It ends a resource, which this input member names.
    Ends(Named<'c>),
    /// It changes the tags of the resource whose ARN this input member holds.
    Tags(&'c str),
    /// The contract does not say what it changes.
    Unclear,
    /// No operation of the service.
    Nothing,
}

/// A resource, and how a call names it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Named<'c> {
    /// The resource's name.
    pub(super) name: &'c str,
    /// The resource.
    pub(super) resource: &'c Resource,
    /// The input member that holds the identifier, or the part of it that a creation gives.
    pub(super) member: &'c str,
}

/// Why an operation is not called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It may cost money, and nobody allowed it by name. The fact says what is charged, where a source does.
    Costs(Option<String>),
    /// No source says what it changes, so it could be anybody's.
    Unclear,
}

/// Why an operation is not called, if it is not: one that may cost must be `allowed` by name.
pub fn obstacle(contract: &Contract, operation: &str, allowed: &BTreeSet<String>) -> Option<Obstacle> {
    // What no service has costs nothing and changes nothing.
    let known = contract.operations.get(operation)?;
    match &known.cost {
        _ if deed(contract, operation) == Deed::Unclear => Some(Obstacle::Unclear),
        Some(cost) if cost.free => None,
        _ if allowed.contains(operation) => None,
        cost => Some(Obstacle::Costs(cost.as_ref().map(|cost| cost.evidence.fact.clone()))),
    }
}

/// The resource that an operation makes, by name.
pub fn makes<'c>(contract: &'c Contract, operation: &str) -> Option<&'c str> {
    match deed(contract, operation) {
        Deed::Makes(named) => Some(named.name),
        _ => None,
    }
}

/// The resource that an operation changes or ends, by name; whose that is may have to be looked up first.
pub fn changes<'c>(contract: &'c Contract, operation: &str) -> Option<&'c str> {
    match deed(contract, operation) {
        Deed::Changes(named) | Deed::Ends(named) => Some(named.name),
        _ => None,
    }
}

/// Whether a call changes nothing, whatever it may be understood as.
pub(super) fn changes_nothing(contract: &Contract, call: &Call) -> bool {
    let names = operations(contract, call);
    let mut deeds = names.iter().map(|name| deed(contract, name));
    deeds.all(|deed| matches!(deed, Deed::Reads | Deed::Nothing))
}

/// What the operation of this name does.
pub(super) fn deed<'c>(contract: &'c Contract, operation: &str) -> Deed<'c> {
    if !contract.operations.contains_key(operation) {
        return Deed::Nothing;
    }
    if only_reads(operation) {
        return Deed::Reads;
    }
    let tagging = contract.tagging.as_ref();
    if let Some(tagging) = tagging.filter(|tagging| [&tagging.add, &tagging.remove].contains(&&operation.to_owned())) {
        return Deed::Tags(&tagging.resource_member);
    }
    let of_resource = |(name, resource): (&'c String, &'c Resource)| of_resource(contract, name, resource, operation);
    contract.resources.iter().find_map(of_resource).unwrap_or(Deed::Unclear)
}

fn of_resource<'c>(contract: &'c Contract, name: &'c str, resource: &'c Resource, operation: &str) -> Option<Deed<'c>> {
    let cycle = &resource.lifecycle;
    let grants = resource.grants.as_ref();
    if cycle.create == operation {
        let naming = contract.naming_member(resource);
        return Some(Deed::Makes(Named {
            name,
            resource,
            member: naming.map_or(&resource.identifier.input, |member| &member.name),
        }));
    }
    let named = || Named {
        name,
        resource,
        member: contract.identifier_member(operation, resource),
    };
    if cycle.delete.as_deref() == Some(operation) {
        return Some(Deed::Ends(named()));
    }
    let is_grant = grants.is_some_and(|grants| grants.authorize == operation || grants.revoke == operation);
    let changes = is_grant || cycle.modify.iter().any(|modify| modify == operation);
    changes.then(|| Deed::Changes(named()))
}

/// Every operation that a call may be understood as, however it departs from how an SDK writes it.
pub(super) fn operations(contract: &Contract, call: &Call) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = [call.operation.clone()].into();
    names.extend(call.tweaks.iter().filter_map(|tweak| match tweak {
        Tweak::Action(action) => action.clone(),
        _ => None,
    }));
    names.extend(added(call, "Action"));
    let known = |name: &String| {
        let mut all = contract.operations.keys();
        all.find(|known| known.eq_ignore_ascii_case(name))
            .unwrap_or(name)
            .clone()
    };
    names.iter().map(known).collect()
}

/// Every text that a call may be understood to give for a member. Empty ones name nothing.
pub(super) fn values(call: &Call, member: &str) -> BTreeSet<String> {
    let given = call.input.get(member).and_then(parallax_contract::Value::as_text);
    let mut values: BTreeSet<String> = given.map(str::to_owned).into_iter().collect();
    values.extend(added(call, member));
    values.retain(|value| !value.is_empty());
    values
}

/// What the departures of a call add under a name.
fn added(call: &Call, name: &str) -> Vec<String> {
    let pairs = call.tweaks.iter().flat_map(|tweak| match tweak {
        Tweak::Param(key, value) => vec![(key.clone(), value.clone())],
        Tweak::Raw(text) => {
            let pairs = url::form_urlencoded::parse(text.as_bytes());
            pairs
                .map(|(key, value)| (key.into_owned(), value.into_owned()))
                .collect()
        }
        _ => Vec::new(),
    });
    let is_it = |(key, _): &(String, String)| key.eq_ignore_ascii_case(name);
    pairs.filter(is_it).map(|(_, value)| value).collect()
}
