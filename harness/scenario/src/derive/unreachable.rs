//! Declared errors that no scenario can provoke, each with the reason.

use std::collections::BTreeSet;

use parallax_contract::{Contract, Resource};

use super::base::Subject;

/// An error that an operation declares and that no derived scenario provokes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unreachable {
    /// The operation that declares it.
    pub operation: String,
    /// The error's code on the wire.
    pub code: String,
    /// Why nothing provokes it, in words.
    pub why: String,
}

/// Every declared error that no derived scenario can provoke, by operation.
pub fn unreachable(contract: &Contract) -> Vec<Unreachable> {
    let provoked = Provoked::of(contract);
    let mut list = Vec::new();
    for (name, operation) in &contract.operations {
        for error in &operation.errors {
            if provoked.covers(contract, name, error) {
                continue;
            }
            list.push(Unreachable {
                operation: name.clone(),
                code: code(contract, error).to_owned(),
                why: reason(contract, error),
            });
        }
    }
    list
}

fn code<'a>(contract: &'a Contract, error: &'a str) -> &'a str {
    contract.errors.get(error).map_or(error, |shape| shape.code.as_str())
}

/// Pairs of operation and error that a scenario aims at.
struct Provoked {
    pairs: BTreeSet<(String, String)>,
}

impl Provoked {
    fn of(contract: &Contract) -> Self {
        let mut provoked = Self { pairs: BTreeSet::new() };
        for subject in Subject::all(contract) {
            provoked.life(&subject);
            provoked.references(contract, subject.resource);
            provoked.tagged(contract, subject.resource);
        }
        provoked.tags(contract);
        provoked
    }

    fn aim(&mut self, operation: Option<&String>, error: Option<&String>) {
        if let (Some(operation), Some(error)) = (operation, error) {
            self.pairs.insert((operation.clone(), error.clone()));
        }
    }

    fn life(&mut self, subject: &Subject<'_>) {
        let cycle = &subject.resource.lifecycle;
        self.aim(Some(&cycle.create), cycle.already_exists.as_ref());
        self.aim(Some(&cycle.create), cycle.quota_exceeded.as_ref());
        let asked = [cycle.describe.as_ref(), cycle.delete.as_ref()].into_iter().flatten();
        for operation in asked.chain(&cycle.modify) {
            self.aim(Some(operation), cycle.not_found.as_ref());
        }
        if let Some(grants) = &subject.resource.grants {
            self.aim(Some(&grants.authorize), grants.already_exists.as_ref());
            self.aim(Some(&grants.revoke), grants.not_found.as_ref());
            self.aim(Some(&grants.authorize), cycle.not_found.as_ref());
            self.aim(Some(&grants.revoke), cycle.not_found.as_ref());
        }
    }

    /// An operation that takes the identifier of the resource is asked with one that nobody made.
    fn references(&mut self, contract: &Contract, resource: &Resource) {
        for operation in contract.operations.keys() {
            let mut members = contract.input_members(operation).iter();
            if *operation != resource.lifecycle.create && members.any(|member| member.name == resource.identifier.input)
            {
                self.aim(Some(operation), resource.lifecycle.not_found.as_ref());
            }
        }
    }

    /// The tags of a deleted resource are asked for.
    fn tagged(&mut self, contract: &Contract, resource: &Resource) {
        let (Some(tagging), Some(_), Some(_)) = (&contract.tagging, &resource.arn, &resource.lifecycle.delete) else {
            return;
        };
        for operation in [&tagging.add, &tagging.list, &tagging.remove] {
            self.aim(Some(operation), resource.lifecycle.not_found.as_ref());
        }
        if resource.tags_member.is_some() {
            self.aim(Some(&resource.lifecycle.create), tagging.quota_exceeded.as_ref());
        }
    }

    fn tags(&mut self, contract: &Contract) {
        let Some(tagging) = &contract.tagging else {
            return;
        };
        self.aim(Some(&tagging.add), tagging.quota_exceeded.as_ref());
        self.aim(Some(&tagging.remove), tagging.not_found.as_ref());
        for operation in [&tagging.add, &tagging.list, &tagging.remove] {
            self.aim(Some(operation), tagging.invalid_arn.as_ref());
        }
    }

    fn covers(&self, contract: &Contract, operation: &str, error: &str) -> bool {
        self.pairs.contains(&(operation.to_owned(), error.to_owned()))
            || says_invalid_value(code(contract, error)) && !contract.input_members(operation).is_empty()
    }
}

/// Whether the code stands for a value that breaks a rule, which the spec-only pass sends to every operation.
fn says_invalid_value(code: &str) -> bool {
    ["InvalidParameterValue", "ValidationError", "MissingParameter"]
        .iter()
        .any(|common| code.starts_with(common))
}

fn reason(contract: &Contract, error: &str) -> String {
    let mut resources = contract.resources.iter();
    let of_resource = resources.find_map(|(name, resource)| Some((name, part(resource, error)?)));
    match of_resource {
        Some((name, Part::State)) => {
            format!("no source says which call at once puts a {name} into a state that forbids this")
        }
        Some((name, Part::Absent)) => format!("no member of the operation names one {name}"),
        Some((name, Part::Duplicate)) => format!("the operation is not the one that the scenarios make a {name} with"),
        Some((name, Part::Quota)) => format!("no source says how this operation adds to the number of {name}s"),
        None if code(contract, error).contains("Combination") => {
            "no source says which parameters exclude each other".to_owned()
        }
        None => "no source says which input provokes it".to_owned(),
    }
}

/// What an error says of a resource.
enum Part {
    State,
    Absent,
    Duplicate,
    Quota,
}

fn part(resource: &Resource, error: &str) -> Option<Part> {
    let cycle = &resource.lifecycle;
    let is = |field: &Option<String>| field.as_deref() == Some(error);
    match () {
        () if is(&cycle.invalid_state) => Some(Part::State),
        () if is(&cycle.not_found) => Some(Part::Absent),
        () if is(&cycle.already_exists) => Some(Part::Duplicate),
        () if is(&cycle.quota_exceeded) => Some(Part::Quota),
        () => None,
    }
}
