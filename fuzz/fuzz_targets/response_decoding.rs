//! No answer upsets a client, and what a strict reader takes it reads in the same way.
#![no_main]

use libfuzzer_sys::fuzz_target;
use parallax_fuzz::answers;
use parallax_fuzz::contracts::{OPERATIONS, REAL, SHAPES};

fuzz_target!(|bytes: &[u8]| {
    let [how, which, body @ ..] = bytes else {
        return;
    };
    match how % 8 {
        0 => answers::check_nested(&SHAPES, "DescribeThings", *which, body),
        1 => answers::check(&SHAPES, "DescribeThings", 500, body),
        2..=4 => answers::check(&SHAPES, "DescribeThings", 200, body),
        _ => {
            let operation = OPERATIONS.get(usize::from(*which) % OPERATIONS.len());
            answers::check(&REAL, operation.map_or("", String::as_str), 200, body);
        }
    }
});
