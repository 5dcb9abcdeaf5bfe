//! The oracle and a target never part.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_crossover, fuzz_mutator, fuzz_target};
use parallax_fuzz::differential::Session;

static SESSION: LazyLock<Session> = LazyLock::new(Session::from_env);

fuzz_target!(init: LazyLock::force(&SESSION), |bytes: &[u8]| -> Corpus {
    match SESSION.play(bytes) {
        true => Corpus::Keep,
        false => Corpus::Reject,
    }
});

fuzz_mutator!(|bytes: &mut [u8], size: usize, most: usize, seed: u32| { SESSION.mutate(bytes, size, most, seed) });

fuzz_crossover!(|one: &[u8], other: &[u8], out: &mut [u8], seed: u32| { SESSION.cross(one, other, out, seed) });
