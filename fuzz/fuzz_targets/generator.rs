//! Any choices make a sequence that can be played, kept, mutated and made simpler.
#![no_main]

use libfuzzer_sys::arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;
use parallax_fuzz::contracts::GENERATOR;
use parallax_fuzz::sequences;

fuzz_target!(|bytes: &[u8]| sequences::check(&GENERATOR, &mut Unstructured::new(bytes)));
