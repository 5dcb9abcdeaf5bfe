//! How long the comparison of one ordinary answer takes.

fn main() {}
