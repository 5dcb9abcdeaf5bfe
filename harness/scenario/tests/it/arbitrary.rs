//! Any contract at all: members that are missing, shapes that hold themselves, resources without operations.

use std::collections::BTreeSet;

use parallax_contract::Contract;
use parallax_scenario::{derive, unreachable};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::derived::unresolved;
use crate::library;

/// Leaves parts out of a contract, or puts others in their place, wherever the choices fall.
fn mangle(value: &mut Value, choices: &mut impl Iterator<Item = u8>) {
    match value {
        Value::Object(fields) => {
            let names: Vec<_> = fields.keys().cloned().collect();
            for name in names {
                match choices.next() {
                    Some(0..=5) => drop(fields.remove(&name)),
                    _ => mangle(&mut fields[&name], choices),
                }
            }
        }
        Value::Array(items) => {
            items.retain(|_| !matches!(choices.next(), Some(0..=5)));
            items.iter_mut().for_each(|item| mangle(item, choices));
        }
        Value::String(text) => match choices.next() {
            Some(0) => text.clear(),
            Some(1) => *text = "Tags".to_owned(),
            Some(2) => *text = "ShelfName".to_owned(),
            Some(3) => *text = "CreateShelf".to_owned(),
            Some(4) => *text = "{odd} brace".to_owned(),
            Some(5) => *text = "CreateShelfIn".to_owned(),
            _ => {}
        },
        Value::Number(_) => match choices.next() {
            Some(0) => *value = json!(0),
            Some(1) => *value = json!(i64::MAX),
            _ => {}
        },
        _ => {}
    }
}

/// The mangled contract, part by part: a part that can no longer be read stays as it was.
fn mangled(choices: Vec<u8>) -> Contract {
    let mut choices = choices.into_iter();
    let mut whole = serde_json::to_value(library::contract()).expect("a contract is JSON");
    for part in ["operations", "shapes", "resources", "tagging", "examples"] {
        let mut names: Vec<_> = match &whole[part] {
            Value::Object(fields) if part != "tagging" => fields.keys().cloned().map(Some).collect(),
            _ => vec![None],
        };
        names.retain(|_| choices.len() > 0);
        for name in names {
            let before = whole.clone();
            let place = match &name {
                Some(name) => &mut whole[part][name.as_str()],
                None => &mut whole[part],
            };
            mangle(place, &mut choices);
            if serde_json::from_value::<Contract>(whole.clone()).is_err() {
                whole = before;
            }
        }
    }
    serde_json::from_value(whole).expect("every part can be read")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_contract_has_unique_scenarios_that_can_be_played(
        choices in proptest::collection::vec(0u8..80, 0..1500),
    ) {
        let contract = mangled(choices);
        let scenarios = derive(&contract);
        let paths: BTreeSet<_> = scenarios.iter().map(|scenario| &scenario.path).collect();
        prop_assert_eq!(paths.len(), scenarios.len());
        for scenario in &scenarios {
            prop_assert!(!scenario.steps.is_empty(), "{}", scenario.path);
            prop_assert_eq!(unresolved(scenario), None, "{}", scenario.path);
        }
        for error in unreachable(&contract) {
            prop_assert!(!error.why.is_empty());
        }
    }
}
