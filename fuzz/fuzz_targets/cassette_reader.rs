//! No cassette upsets its reader, and no byte of one can be changed unnoticed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use parallax_fuzz::cassettes;
use parallax_fuzz::contracts::SHAPES;

fuzz_target!(|bytes: &[u8]| {
    cassettes::check(&SHAPES, bytes);
    if let Ok(text) = str::from_utf8(bytes) {
        cassettes::check(&SHAPES, &cassettes::sealed(text));
    }
});
