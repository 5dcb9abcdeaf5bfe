//! What a client sends is what a server understands.
#![no_main]

use libfuzzer_sys::arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;
use parallax_fuzz::contracts::{GENERATOR, REAL, SHAPES};
use parallax_fuzz::requests;

fuzz_target!(|bytes: &[u8]| {
    let Some((how, rest)) = bytes.split_first() else {
        return;
    };
    match how % 3 {
        0 => requests::check_raw(&SHAPES, "DescribeThings", false, rest),
        1 => requests::check_raw(&SHAPES, "DescribeThings", true, rest),
        _ => requests::check_calls(&REAL, &GENERATOR.scenario(&mut Unstructured::new(rest))),
    }
});
