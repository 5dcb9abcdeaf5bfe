//! Comparing is symmetric, and reflexive once what is an endpoint's own is set aside.
#![no_main]

use libfuzzer_sys::arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;
use parallax_fuzz::laws;

fuzz_target!(|bytes: &[u8]| {
    let (one, other) = bytes.split_at(bytes.len() / 2);
    laws::check_symmetric(
        &laws::shapes(&mut Unstructured::new(one)),
        &laws::shapes(&mut Unstructured::new(other)),
    );
    for operation in ["CreateThing", "DescribeThings"] {
        laws::check_reflexive(operation, |home| {
            laws::things(operation, &mut Unstructured::new(bytes), home)
        });
    }
});
