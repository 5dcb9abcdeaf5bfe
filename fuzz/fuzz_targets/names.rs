//! Names are judged, found and told apart as a second definition has it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use parallax_fuzz::names;

fuzz_target!(|input: (u8, u8, &str)| {
    let (which, number, text) = input;
    let (one, other) = text.split_once('\n').unwrap_or((text, text));
    names::check_rule(which, number, one);
    names::check_lookup(one, other);
    names::check_folding(one, other);
});
