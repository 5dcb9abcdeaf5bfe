//! What nobody thought of, asked of the emulator that the oracle makes: no answer of it may diverge.

use std::sync::Arc;

use parallax_contract::Contract;
use parallax_oracle::Oracle;
use parallax_scenario::generate::Seeded;
use parallax_scenario::{Choose as _, Generator, Options, Scenario};

use crate::meets_itself::{CONTRACT, Tally, play};

/// Seeds that are played, each for itself.
const SEEDS: u64 = 10;

/// Plays so many steps of generated scenarios, or of mutated ones, on an emulator that refuses so many of four open
/// points.
fn check(steps: usize, refused: u32, change: impl Fn(&Generator, u64, Scenario) -> Scenario) {
    let oracle = Oracle::new(Arc::new(Contract::from_json(CONTRACT).unwrap()));
    let generator = Generator::new(oracle.contract(), &Options::default());
    let mut tally = Tally::default();
    let mut choose = Seeded::new(99, 0);
    for index in 0.. {
        let scenario = generator.nth(index % SEEDS, index / SEEDS);
        let path = scenario.path.clone();
        let scenario = Scenario {
            path,
            ..change(&generator, index, scenario)
        };
        play(&oracle, &scenario, &mut || choose.below(4) < refused, &mut tally);
        if tally.steps >= steps {
            break;
        }
    }
    let first: Vec<_> = tally.divergences.iter().take(20).collect();
    assert!(first.is_empty(), "{} divergences: {first:#?}", tally.divergences.len());
}

#[test]
fn twenty_thousand_generated_steps_agree_with_the_emulator_that_the_oracle_makes() {
    check(20_000, 0, |_, _, scenario| scenario);
}

#[test]
fn they_agree_with_an_emulator_that_refuses_some_of_what_is_left_open() {
    check(8000, 2, |_, _, scenario| scenario);
}

#[test]
fn mutated_scenarios_agree_with_it_too() {
    check(8000, 1, |generator, index, scenario| {
        let other = generator.nth(77, index);
        let mut choose = Seeded::new(78, index);
        let once = generator.mutate(&scenario, Some(&other), &mut choose);
        generator.mutate(&once, None, &mut choose)
    });
}
