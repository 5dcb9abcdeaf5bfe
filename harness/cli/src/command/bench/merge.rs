//! `parallax bench merge`.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;
use parallax_outcome::ExitCode;

use super::written::{Outputs, file, read};
use crate::args::BenchMergeArgs;
use crate::failure::Failure;
use crate::screen::Screen;

/// Puts the results of several load machines together.
pub(crate) fn merge(args: &BenchMergeArgs, screen: Screen) -> Result<ExitCode, Failure> {
    each_once(&args.benches)?;
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

/// The same results twice would count every request of theirs twice.
fn each_once(benches: &[Utf8PathBuf]) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    for path in benches {
        // What cannot be found is told when it is read.
        let Ok(place) = file(path).canonicalize_utf8() else {
            continue;
        };
        if !seen.insert(place) {
            return Err(Failure::usage(format!("{path} is given twice")).mend("give each load machine's results once"));
        }
    }
    Ok(())
}
