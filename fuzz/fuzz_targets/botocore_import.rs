//! No model upsets the import, and what it makes can be used.
#![no_main]

use libfuzzer_sys::fuzz_target;
use parallax_fuzz::specs;

fuzz_target!(|bytes: &[u8]| specs::check_import(bytes));
