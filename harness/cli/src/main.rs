//! The `parallax` binary: arguments, terminals, and where files live.
//!
//! Each command turns its arguments into calls of the other crates and their results into text, files and an exit code.
//! This crate never judges an answer, and holds no knowledge of any service: contracts are built in as data.

mod args;
mod value;

use clap::Parser;

fn main() {
    let _ = args::Cli::parse();
}
