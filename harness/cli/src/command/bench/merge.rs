//! `parallax bench merge`.

use parallax_outcome::ExitCode;

use super::written::{read, write};
use crate::args::BenchMergeArgs;
use crate::failure::Failure;
use crate::files::Folder;
use crate::screen::Screen;

/// Puts the results of several load machines together.
pub(crate) fn merge(args: &BenchMergeArgs, screen: Screen) -> Result<ExitCode, Failure> {
    let parts = args
        .benches
        .iter()
        .map(|path| read(path))
        .collect::<Result<Vec<_>, _>>()?;
    let folder = args.out.as_deref().map(Folder::open).transpose()?;
    let whole = parallax_load::merge(&parts).map_err(|error| Failure::usage(error.to_string()))?;
    write(&whole, folder.as_ref(), screen)?;
    Ok(ExitCode::Ok)
}
