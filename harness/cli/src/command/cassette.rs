//! `parallax cassette`: one file a subcommand.

mod diff;
mod import;
mod show;
mod stats;
mod trim;
mod verify;

use globset::{Glob, GlobMatcher};
use parallax_outcome::ExitCode;

use crate::args::{CassetteCommand, CassetteFile, CassetteImportCommand};
use crate::cassettes;
use crate::failure::Failure;
use crate::screen::Screen;

/// Looks at a cassette, or makes another of it.
pub(crate) fn cassette(command: &CassetteCommand, screen: Screen) -> Result<ExitCode, Failure> {
    match command {
        CassetteCommand::Show(args) => show::show(args, screen),
        CassetteCommand::Verify(args) => verify::verify(args),
        CassetteCommand::Stats(args) => stats::stats(args, screen),
        CassetteCommand::Diff(args) => diff::diff(args, screen),
        CassetteCommand::Trim(args) => trim::trim(args, screen),
        CassetteCommand::Import(CassetteImportCommand::Vcr(args)) => import::vcr(args, screen),
    }
}

fn open(given: &CassetteFile, screen: Screen) -> Result<parallax_endpoint::cassette::Cassette, Failure> {
    cassettes::open(&given.file, given.salvage, screen)
}

/// What a name must be like; anything where no glob is given.
struct Wanted(Option<GlobMatcher>);

impl Wanted {
    fn of(option: &str, glob: Option<&str>) -> Result<Self, Failure> {
        let glob = glob.map(Glob::new).transpose();
        let glob = glob.map_err(|error| Failure::usage(format!("{option} is no glob")).because(error))?;
        Ok(Self(glob.map(|glob| glob.compile_matcher())))
    }

    fn is_any(&self) -> bool {
        self.0.is_none()
    }

    fn fits(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|glob| glob.is_match(name))
    }
}

fn nothing_fits(option: &str, glob: Option<&str>) -> Failure {
    Failure::usage(format!(
        "{option} {} fits nothing in the cassette",
        glob.unwrap_or_default()
    ))
    .mend("`parallax cassette stats FILE` lists what it holds")
}
