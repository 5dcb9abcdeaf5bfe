//! No overlay upsets a contract; what is wrong with it is said with its line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use parallax_fuzz::specs;

fuzz_target!(|text: &str| specs::check_overlay(text));
