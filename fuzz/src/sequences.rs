//! What holds for every sequence that choices make.

use std::collections::BTreeSet;

use parallax_scenario::generate::LONGEST;
use parallax_scenario::reduce::{candidates, measure};
use parallax_scenario::{Choose, Generator, Names, Scenario, from_text, resolve, to_text};

/// The most steps that a mutation adds, and the most creations that one step presupposes.
const ROOM: usize = 8;
/// How many simpler sequences are looked at.
const SIMPLER: usize = 50;

/// Generates and mutates; every sequence on the way can be played, kept and made simpler.
pub fn check(generator: &Generator, choose: &mut dyn Choose) {
    let scenario = generator.scenario(choose);
    check_one(&scenario, LONGEST as usize * (1 + ROOM));
    let other = generator.scenario(choose);
    let mutated = generator.mutate(&scenario, Some(&other), choose);
    check_one(&mutated, LONGEST as usize + ROOM);
    for simpler in candidates(&mutated).take(SIMPLER) {
        check_one(&simpler, mutated.steps.len());
        assert!(measure(&simpler) < measure(&mutated), "every candidate is simpler");
    }
}

fn check_one(scenario: &Scenario, longest: usize) {
    assert!(
        (1..=longest).contains(&scenario.steps.len()),
        "{} steps",
        scenario.steps.len()
    );
    let names: BTreeSet<_> = scenario.steps.iter().map(|step| &step.name).collect();
    assert_eq!(names.len(), scenario.steps.len(), "steps are told apart");
    let mut known = Names::new("r0a0000");
    for step in &scenario.steps {
        let resolved = resolve(&step.call, &known);
        assert!(resolved.is_ok(), "{:?} in {scenario:#?}", resolved.err());
        for capture in &step.captures {
            known.set(&capture.name, "arn:aws:any:r:000000000000:thing:px");
        }
    }
    assert_eq!(
        from_text(&to_text(scenario)).as_ref().ok(),
        Some(scenario),
        "a sequence survives its file"
    );
}
