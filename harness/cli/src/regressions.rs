//! Kept scenarios: a folder of `*.scenario` files, one a find.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use parallax_contract::Contract;
use parallax_scenario::{FileError, Scenario, from_text};

use crate::failure::Failure;
use crate::nearest::nearest;
use crate::{files, services};

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

/// The scenarios of a folder that are about a service, by name.
///
/// A file that is no scenario, and one that calls what no service has, is a failure that names it, for every command: who
/// left it out would stop asking what was once found to be wrong, and nobody would see.
pub(crate) fn read(folder: &Utf8Path, contract: &Contract) -> Result<Vec<Regression>, Failure> {
    let mut ours = Vec::new();
    for path in paths(folder)? {
        let regression = one(&path)?;
        match lacking(&regression.scenario, contract) {
            None => ours.push(regression),
            Some(_) if is_of_another(&regression.scenario, contract)? => {}
            Some(operation) => {
                let names = contract.operations.keys().map(String::as_str);
                return Err(
                    Failure::usage(format!("{path} calls `{operation}`, which no service has")).mend(format!(
                        "mend the name or delete the file; {}",
                        nearest(operation, names)
                    )),
                );
            }
        }
    }
    Ok(ours)
}

/// An operation that a scenario calls and the contract has not. What is called by no name is a fault on purpose.
fn lacking<'s>(scenario: &'s Scenario, contract: &Contract) -> Option<&'s str> {
    let mut named = scenario.steps.iter().map(|step| step.call.operation.as_str());
    named.find(|operation| !operation.is_empty() && !contract.operations.contains_key(*operation))
}

/// Whether another service that is built in has all that a scenario calls.
fn is_of_another(scenario: &Scenario, contract: &Contract) -> Result<bool, Failure> {
    for name in services::names().filter(|name| *name != contract.service.name) {
        if lacking(scenario, &*services::contract(Some(name))?).is_none() {
            return Ok(true);
        }
    }
    Ok(false)
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
