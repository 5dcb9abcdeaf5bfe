//! Which declared error means what for a resource.

use super::names::stem;
use crate::Contract;

/// The error of a duplicate that `create` declares.
pub(super) fn already_exists(contract: &Contract, create: &str, name: &str) -> Option<String> {
    let exact = declared(contract, create).find(|error| stem(error) == format!("{name}AlreadyExists"));
    exact.or_else(|| only(declared(contract, create).filter(|error| stem(error).ends_with("AlreadyExists"))))
}

/// The error of an absent one that any of these operations declares.
pub(super) fn not_found(contract: &Contract, operations: &[&str], name: &str) -> Option<String> {
    let wanted = format!("{name}NotFound");
    first(contract, operations, |stem| stem == wanted)
}

/// The error of one in the wrong state, or still in use, that any of these operations declares.
pub(super) fn invalid_state(contract: &Contract, operations: &[&str], name: &str) -> Option<String> {
    let (state, in_use) = (format!("Invalid{name}State"), format!("{name}InUse"));
    first(contract, operations, |stem| stem == state).or_else(|| first(contract, operations, |stem| stem == in_use))
}

/// The error of one too many. Some services leave the front of the resource's name out.
pub(super) fn quota_exceeded(contract: &Contract, create: &str, name: &str) -> Option<String> {
    let counted = |error: &str| quota_subject(stem(error)).map(str::to_owned);
    let exact = declared(contract, create).find(|error| counted(error).is_some_and(|subject| subject == name));
    let tail = |subject: String| !subject.is_empty() && name.ends_with(&subject);
    exact.or_else(|| declared(contract, create).find(|error| counted(error).is_some_and(tail)))
}

/// What a quota counts: `X` of `XQuotaExceeded` and `XQuotaForCustomerExceeded`.
fn quota_subject(stem: &str) -> Option<&str> {
    let (subject, rest) = stem.split_once("Quota")?;
    matches!(rest, "Exceeded" | "ForCustomerExceeded" | "ForAccountExceeded").then_some(subject)
}

/// The first declared error whose stem passes.
pub(super) fn first(contract: &Contract, operations: &[&str], passes: impl Fn(&str) -> bool) -> Option<String> {
    let mut all = operations.iter().flat_map(|operation| declared(contract, operation));
    all.find(|error| passes(stem(error)))
}

fn declared(contract: &Contract, operation: &str) -> impl Iterator<Item = String> {
    contract
        .operations
        .get(operation)
        .map_or(&[][..], |operation| &operation.errors)
        .iter()
        .cloned()
}

fn only(mut all: impl Iterator<Item = String>) -> Option<String> {
    let one = all.next()?;
    all.next().is_none().then_some(one)
}
