//! Kept scenarios: a folder of `*.scenario` files, one a find.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use parallax_contract::Contract;
use parallax_scenario::{FileError, Scenario, from_text};

use crate::failure::Failure;
use crate::files;

/// What the names of kept scenarios end with.
pub(crate) const EXTENSION: &str = "scenario";

/// A kept scenario.
#[derive(Debug)]
pub(crate) struct Regression {
    /// Its id, the file's name without the ending.
    pub(crate) id: String,
    /// The scenario; its path is `regression/<id>`, whatever the file says.
    pub(crate) scenario: Scenario,
}

/// The scenarios of a folder, by name; what is no scenario is a failure that names file and line.
pub(crate) fn read(folder: &Utf8Path) -> Result<Vec<Result<Regression, Failure>>, Failure> {
    Ok(paths(folder)?.iter().map(|path| one(path)).collect())
}

/// Whether the contract has the operations that a scenario calls; another service has its own.
pub(crate) fn belongs(scenario: &Scenario, contract: &Contract) -> bool {
    let mut named = scenario.steps.iter().map(|step| &step.call.operation);
    named.all(|operation| operation.is_empty() || contract.operations.contains_key(operation))
}

fn paths(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Failure> {
    let unreadable = |error| {
        Failure::usage(format!("the folder {folder} cannot be read"))
            .mend("give the folder of kept scenarios with --regressions")
            .because(error)
    };
    let entries = folder.read_dir_utf8().map_err(unreadable)?;
    let paths: Result<Vec<_>, _> = entries
        .map(|entry| entry.map(camino::Utf8DirEntry::into_path))
        .collect();
    let mut paths = paths.map_err(unreadable)?;
    paths.retain(|path| path.extension() == Some(EXTENSION) && fs::metadata(path).is_ok_and(|data| data.is_file()));
    paths.sort();
    Ok(paths)
}

fn one(path: &Utf8Path) -> Result<Regression, Failure> {
    let id = path.file_stem().unwrap_or_default().to_owned();
    let scenario = from_text(&files::read_text(path)?).map_err(|error| wrong(path, error))?;
    Ok(Regression {
        scenario: Scenario {
            path: format!("regression/{id}"),
            ..scenario
        },
        id,
    })
}

fn wrong(path: &Utf8Path, error: FileError) -> Failure {
    Failure::usage(format!("{path} is no scenario"))
        .mend("restore the file, or delete it")
        .because(error)
}
