//! The scenarios of a command: derived ones, kept ones, generated ones.

use camino::Utf8PathBuf;
use parallax_contract::Contract;
use parallax_scenario::{Options, Scenario, SelectError, Selection, derive, generated};

use crate::args::{self, More};
use crate::config::Config;
use crate::failure::Failure;
use crate::regressions;

/// The scenarios that the arguments select, in order: the derived ones, those of the folder of kept ones where one is
/// given, and the generated ones.
pub(crate) fn select(
    contract: &Contract,
    wanted: &args::Selection,
    more: &More,
    kept: Option<Utf8PathBuf>,
) -> Result<Vec<Scenario>, Failure> {
    let wanted = selection(wanted);
    let mut scenarios = derive(contract);
    if let Some(folder) = kept {
        let kept = regressions::read(&folder, contract)?;
        scenarios.extend(kept.into_iter().map(|regression| regression.scenario));
    }
    let begin = scenarios.len();
    let options = options(contract, &wanted)?;
    scenarios.extend(generated(contract, more.seed, more.generate, &options));
    // What was generated under the restrictions needs no other test than that of its path.
    let made: Vec<_> = scenarios.iter().skip(begin).cloned().collect();
    let mut picked = wanted.pick(contract, scenarios).map_err(|error| unselectable(&error))?;
    picked.retain(|scenario| !is_generated(scenario));
    let by_path = Selection {
        scenario: wanted.scenario,
        ..Selection::default()
    };
    // That no path matches was found out above.
    picked.extend(by_path.pick(contract, made).unwrap_or_default());
    Ok(picked)
}

/// The folder of kept scenarios: the one given, or the usual one where it is there.
pub(crate) fn kept(more: &More, config: &Config) -> Option<Utf8PathBuf> {
    let usual = || Some(config.regressions()).filter(|folder| folder.is_dir());
    more.regressions.clone().or_else(usual)
}

/// What is generated under a selection.
pub(crate) fn options(contract: &Contract, wanted: &Selection) -> Result<Options, Failure> {
    Ok(Options {
        resources: wanted.resource.iter().cloned().collect(),
        operations: wanted.operations(contract).map_err(|error| unselectable(&error))?,
        ..Options::default()
    })
}

pub(crate) fn unselectable(error: &SelectError) -> Failure {
    Failure::usage(error.to_string()).mend("`parallax list` prints every scenario")
}

fn selection(wanted: &args::Selection) -> Selection {
    Selection {
        operation: wanted.operation.clone(),
        resource: wanted.resource.clone(),
        scenario: wanted.scenario.clone(),
    }
}

fn is_generated(scenario: &Scenario) -> bool {
    scenario.path.starts_with("generated/")
}
