//! What is derived from contracts: from a small one by hand, and from arbitrary ones.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "tests state facts; a broken fact may panic there, and JSON is made of owned parts"
)]

mod arbitrary;
mod derived;
mod generated;
mod library;
mod reduced;
mod selected;
