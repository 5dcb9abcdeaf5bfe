//! How long derivation takes, and generation alone, by scenario; the aim is a small part of the twenty microseconds that a step may
//! take with its expectation and its comparison.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use parallax_contract::Contract;
use parallax_scenario::{Generator, Options, derive};

const CONTRACT: &str = include_str!("../../../specs/contracts/elasticache.json");

/// How many scenarios one iteration makes.
const SCENARIOS: u64 = 1000;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let Ok(contract) = Contract::from_json(CONTRACT) else {
        return;
    };
    let mut group = criterion.benchmark_group("derive");
    group.throughput(Throughput::Elements(derive(&contract).len() as u64));
    group.sample_size(10);
    group.bench_function("scenarios", |bencher| {
        bencher.iter(|| derive(black_box(&contract)).len());
    });
    group.finish();
    let generator = Generator::new(&contract, &Options::default());
    let steps: usize = generator
        .seeded(7, SCENARIOS)
        .map(|scenario| scenario.steps.len())
        .sum();
    let mut group = criterion.benchmark_group("generate");
    group.throughput(Throughput::Elements(steps as u64));
    group.bench_function("steps", |bencher| {
        bencher.iter(|| {
            generator
                .seeded(black_box(7), SCENARIOS)
                .map(|scenario| scenario.steps.len())
                .sum::<usize>()
        });
    });
    group.finish();
    criterion.final_summary();
}
