//! Expectation against observation: walk, align, classify, grade.
//!
//! [`compare`] holds one answer against what had to be answered and says agree, diverge or inconclusive, with every
//! difference it found. [`expectation_from`] turns a live reference's answer into an expectation, in which identities
//! are *bound* (the first value seen must come back) rather than blanked. Nothing is formatted unless it differs.
//!
//! This crate never does I/O, reads no clock, uses no randomness, and knows no service and no protocol by name.

mod aligned;
mod bag;
mod bindings;
mod compare;
mod envelope;
mod findings;
mod listing;
mod path;
mod reference;
mod refusal;
mod scope;
mod shape;
mod show;
mod text;
mod volatile;
mod walk;

pub use aligned::{Row, aligned};
pub use bindings::Bindings;
pub use compare::{Comparison, compare};
pub use reference::{Rename, expectation_from, may_pass, says_nothing};
