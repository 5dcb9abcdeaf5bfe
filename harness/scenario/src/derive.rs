//! Scenarios that follow from a contract alone, the same for every service: what is asked of a resource depends on the
//! features that the contract says it has, and on nothing else.

pub(crate) mod base;
mod descriptions;
mod examples;
pub(crate) mod grants;
mod identifiers;
pub(crate) mod kit;
mod lifecycle;
mod lowercasing;
pub(crate) mod paging;
pub(crate) mod parents;
pub(crate) mod plausible;
mod protocol;
mod script;
mod spec;
mod tags;
mod unreachable;

use std::collections::BTreeSet;

use parallax_contract::{Contract, Value};

use crate::Scenario;
use base::Subject;

pub use unreachable::{Unreachable, unreachable};

/// A family of scenarios about one resource.
type Family = fn(&Subject<'_>) -> Vec<Scenario>;

/// The families in the order of the reports.
const FAMILIES: [Family; 7] = [
    identifiers::family,
    lowercasing::family,
    descriptions::family,
    tags::family,
    lifecycle::family,
    grants::family,
    paging::family,
];

/// Every scenario that the contract implies, in a fixed order and with unique paths.
pub fn derive(contract: &Contract) -> Vec<Scenario> {
    let subjects: Vec<_> = Subject::all(contract);
    let mut scenarios: Vec<Scenario> = subjects
        .iter()
        .flat_map(|subject| FAMILIES.iter().flat_map(|family| family(subject)))
        .collect();
    scenarios.extend(tags::addresses(contract));
    scenarios.extend(paging::limits(contract));
    scenarios.extend(protocol::family(contract));
    scenarios.extend(spec::family(contract));
    scenarios.extend(examples::family(contract));
    scenarios.retain(|scenario| !scenario.steps.is_empty());
    for scenario in &mut scenarios {
        parents::provide(contract, &subjects, scenario);
        scenario.exclusive |= poisons(scenario);
    }
    make_unique(&mut scenarios);
    scenarios
}

/// Whether a scenario may leave something behind that spoils every later listing: a character that an answer in XML
/// cannot hold. It runs alone, so that what it shows is not told of its neighbours.
fn poisons(scenario: &Scenario) -> bool {
    scenario.steps.iter().any(|step| holds_control(&step.call.input))
}

fn holds_control(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r')),
        Value::List(items) => items.iter().any(holds_control),
        Value::Map(fields) => fields.iter().any(|(_, value)| holds_control(value)),
        _ => false,
    }
}

/// Numbers the second and later scenarios of one path.
fn make_unique(scenarios: &mut [Scenario]) {
    let mut seen = BTreeSet::new();
    for scenario in scenarios {
        let mut path = scenario.path.clone();
        let mut number = 2;
        while !seen.insert(path.clone()) {
            path = format!("{}-{number}", scenario.path);
            number += 1;
        }
        scenario.path = path;
    }
}
