//! The whole of a hunt in process: generate, expect, answer, compare, follow. The aim is 50,000 steps a second on one
//! core. Then the oracle alone: what a creation must be answered with, and the answer.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput};
use parallax_contract::{Call, Contract, Observation, Value};
use parallax_diff::{Bindings, compare};
use parallax_oracle::{Oracle, State};
use parallax_scenario::{Generator, Names, Options, Scenario, Step, resolve};

const CONTRACT: &str = include_str!("../../../specs/contracts/elasticache.json");

/// How many scenarios one iteration plays.
const SCENARIOS: u64 = 200;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let Ok(contract) = Contract::from_json(CONTRACT) else {
        return;
    };
    let oracle = Oracle::new(Arc::new(contract));
    let generator = Generator::new(oracle.contract(), &Options::default());
    let mut group = criterion.benchmark_group("loop");
    let steps = generator
        .seeded(7, SCENARIOS)
        .map(|scenario| play(&oracle, &scenario))
        .sum::<usize>();
    group.throughput(Throughput::Elements(steps as u64));
    group.bench_function("generate-expect-answer-compare-follow", |bencher| {
        bencher.iter(|| {
            let scenarios = generator.seeded(black_box(7), SCENARIOS);
            scenarios.map(|scenario| play(&oracle, &scenario)).sum::<usize>()
        });
    });
    group.finish();
    let call = Call::new(
        "CreateUser",
        Value::map(
            [("UserId", "px1"), ("UserName", "px1"), ("Engine", "redis")].map(|(name, text)| (name, Value::text(text))),
        ),
    );
    criterion.bench_function("oracle/expect", |bencher| {
        bencher.iter(|| oracle.expect(black_box(&State::default()), black_box(&call)));
    });
    criterion.bench_function("oracle/answer", |bencher| {
        bencher.iter(|| oracle.answer(&mut State::default(), black_box(&call)));
    });
    criterion.final_summary();
}

/// Plays a scenario and counts its steps.
fn play(oracle: &Oracle, scenario: &Scenario) -> usize {
    let mut names = Names::new("r0a0000");
    let mut sides = Sides::default();
    let mut steps = 0;
    for step in &scenario.steps {
        if let Ok(call) = resolve(&step.call, &names) {
            let observation = sides.ask(oracle, &call);
            keep(step, &observation, &mut names);
            steps += 1;
        }
    }
    steps
}

/// The emulator's state, and what is believed of it.
#[derive(Default)]
struct Sides {
    served: State,
    believed: State,
    bindings: Bindings,
}

impl Sides {
    fn ask(&mut self, oracle: &Oracle, call: &Call) -> Observation {
        let expectation = oracle.expect(&self.believed, call);
        let observation = Observation::from(oracle.answer(&mut self.served, call));
        black_box(compare(
            oracle.contract(),
            &call.operation,
            &expectation,
            &observation,
            &mut self.bindings,
        ));
        oracle.follow(&mut self.believed, call, &observation);
        observation
    }
}

fn keep(step: &Step, observation: &Observation, names: &mut Names) {
    let output = observation.success();
    for capture in &step.captures {
        if let Some(text) = output
            .and_then(|output| output.at(&capture.path))
            .and_then(Value::as_text)
        {
            names.set(&capture.name, text);
        }
    }
}
