//! Makes what a creation presupposes: a snapshot needs the cluster that it is taken of.

use std::collections::BTreeSet;

use parallax_contract::{Contract, Value};

use super::base::Subject;
use super::plausible::{self, ABSENT};
use crate::{Scenario, Step};

/// How far back parents of parents are made; resources may name each other in a circle.
const GENERATIONS: usize = 3;

/// Begins the scenario with the creation of every resource that its creations name and that it does not make itself.
/// A resource is named by a member of another's create input, with a name that carries the run token.
pub(crate) fn provide(contract: &Contract, subjects: &[Subject<'_>], scenario: &mut Scenario) {
    let mut made: BTreeSet<(String, String)> = BTreeSet::new();
    for _ in 0..GENERATIONS {
        let missing: Vec<_> = named(contract, subjects, scenario)
            .into_iter()
            .filter(|(parent, id)| made.insert((parent.name.to_owned(), id.clone())))
            .map(|(parent, id)| Step::new(format!("create-{}", parent.name), parent.create(&id)))
            .collect();
        if missing.is_empty() {
            return;
        }
        scenario.steps.splice(0..0, missing);
    }
}

/// The resources that the scenario's creations name, each with its name.
fn named<'a>(contract: &Contract, subjects: &[Subject<'a>], scenario: &Scenario) -> Vec<(Subject<'a>, String)> {
    let mut parents = Vec::new();
    for step in &scenario.steps {
        let Some(child) = subjects
            .iter()
            .find(|subject| subject.create_operation() == step.call.operation)
        else {
            continue;
        };
        for (member, value) in step.call.input.fields() {
            let Some(id) = token_name(value) else {
                continue;
            };
            let parent = plausible::named_by(contract, member).filter(|parent| *parent != child.name);
            let parent = parent.and_then(|name| subjects.iter().find(|subject| subject.name == name));
            if let Some(parent) = parent.filter(|parent| !parent.resource.identifier.assigned) {
                parents.push((*parent, id.to_owned()));
            }
        }
    }
    parents
}

/// The name, if it carries the token and is not the one of what nobody made.
fn token_name(value: &Value) -> Option<&str> {
    value.as_text().filter(|text| text.contains("{run}") && *text != ABSENT)
}
