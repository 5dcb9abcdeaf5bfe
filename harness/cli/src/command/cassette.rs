//! `parallax cassette`: one file a subcommand.

mod stats;
mod verify;

use camino::Utf8Path;
use parallax_endpoint::cassette::Cassette;
use parallax_outcome::ExitCode;

use crate::args::CassetteCommand;
use crate::failure::Failure;
use crate::files;

/// Looks at a cassette, or makes another of it.
pub(crate) fn cassette(command: &CassetteCommand) -> Result<ExitCode, Failure> {
    match command {
        CassetteCommand::Verify(args) => verify::verify(args),
        CassetteCommand::Stats(args) => stats::stats(args),
    }
}

/// The cassette of this file, every line of it checked.
pub(crate) fn open(path: &Utf8Path) -> Result<Cassette, Failure> {
    Cassette::read(files::open(path)?).map_err(|error| Failure::usage(format!("{path} cannot be used")).because(error))
}
