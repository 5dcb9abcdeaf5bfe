//! What is derived from contracts: from a small one by hand, and from arbitrary ones.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests state facts; a broken fact may panic there"
)]

mod arbitrary;
mod derived;
mod library;
mod selected;
