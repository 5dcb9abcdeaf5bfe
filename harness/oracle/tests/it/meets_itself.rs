//! The emulator that the oracle makes must never diverge from the oracle.

use std::collections::BTreeMap;
use std::sync::Arc;

use parallax_contract::{Answer, Contract, Expectation, Expected, Fault, Observation, Refused, Value};
use parallax_diff::{Bindings, compare};
use parallax_oracle::{Oracle, State};
use parallax_outcome::Verdict;
use parallax_scenario::{Names, Scenario, derive, resolve};

pub(crate) const CONTRACT: &str = include_str!("../../../../specs/contracts/elasticache.json");

/// The refusal that an open expectation permits.
fn refusal(expectation: &Expectation) -> Option<Answer> {
    let Expected::Open { refusal, .. } = &expectation.expected else {
        return None;
    };
    let code = refusal.codes.first();
    Some(Answer::Refused(Refused {
        code: code.map_or("InvalidParameterValue", |code| &code.code).to_owned(),
        status: code.and_then(|code| code.status).unwrap_or(400),
        fault: code.and_then(|code| code.fault).unwrap_or(Fault::Sender),
        message: "no".to_owned(),
    }))
}

#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) steps: usize,
    pub(crate) inconclusive: BTreeMap<String, usize>,
    pub(crate) divergences: Vec<String>,
}

/// Plays a scenario on the emulator that the oracle makes, but refuses what is left open where `refuses` says so.
pub(crate) fn play(oracle: &Oracle, scenario: &Scenario, refuses: &mut dyn FnMut() -> bool, tally: &mut Tally) {
    let (mut served, mut believed) = (State::default(), State::default());
    let (mut names, mut bindings) = (Names::new("r0a0000"), Bindings::default());
    for step in &scenario.steps {
        let Ok(call) = resolve(&step.call, &names) else {
            continue;
        };
        let expectation = oracle.expect(&believed, &call);
        let observation = match refusal(&oracle.expect(&served, &call)).filter(|_| refuses()) {
            Some(refusal) => {
                let observation = Observation::from(refusal);
                oracle.follow(&mut served, &call, &observation);
                observation
            }
            None => Observation::from(oracle.answer(&mut served, &call)),
        };
        let comparison = compare(
            oracle.contract(),
            &call.operation,
            &expectation,
            &observation,
            &mut bindings,
        );
        oracle.follow(&mut believed, &call, &observation);
        tally.steps += 1;
        if let Verdict::Inconclusive(reason) = comparison.verdict {
            *tally.inconclusive.entry(reason).or_default() += 1;
        }
        for difference in comparison.differences {
            tally
                .divergences
                .push(format!("{} {}: {difference:?}", scenario.path, step.name));
        }
        for capture in &step.captures {
            if let Some(text) = observation
                .success()
                .and_then(|v| v.at(&capture.path))
                .and_then(Value::as_text)
            {
                names.set(&capture.name, text);
            }
        }
    }
}

#[test]
fn every_derived_scenario_agrees_with_the_emulator_that_the_oracle_makes() {
    let oracle = Oracle::new(Arc::new(Contract::from_json(CONTRACT).unwrap()));
    let mut tally = Tally::default();
    for scenario in derive(oracle.contract()) {
        play(&oracle, &scenario, &mut || false, &mut tally);
    }
    assert!(tally.steps >= 2000, "only {} steps", tally.steps);
    let open: usize = tally.inconclusive.values().sum();
    println!("{} steps, {open} inconclusive: {:#?}", tally.steps, tally.inconclusive);
    assert_eq!(tally.divergences, Vec::<String>::new());
}
