//! `parallax bench merge`.

use parallax_outcome::ExitCode;

use super::written::{Outputs, read};
use crate::args::BenchMergeArgs;
use crate::failure::Failure;
use crate::screen::Screen;

/// Puts the results of several load machines together.
pub(crate) fn merge(args: &BenchMergeArgs, screen: Screen) -> Result<ExitCode, Failure> {
    let parts = args
        .benches
        .iter()
        .map(|path| read(path))
        .collect::<Result<Vec<_>, _>>()?;
    let outputs = Outputs::of(&args.rendering)?;
    let whole = parallax_load::merge(&parts).map_err(|error| Failure::usage(error.to_string()))?;
    outputs.write(&whole, screen)?;
    Ok(ExitCode::Ok)
}
