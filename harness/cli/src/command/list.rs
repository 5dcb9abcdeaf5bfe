//! `parallax list`.

use parallax_contract::Contract;
use parallax_outcome::ExitCode;
use parallax_scenario::{Scenario, derive};

use crate::args::{ListArgs, Selection};
use crate::failure::Failure;
use crate::screen::print;
use crate::services;

/// Prints the path of every selected scenario.
pub(crate) fn list(args: &ListArgs) -> Result<ExitCode, Failure> {
    let contract = services::contract(args.selection.service.as_deref())?;
    let scenarios = select(&contract, &args.selection)?;
    let lines: String = scenarios
        .iter()
        .map(|scenario| format!("{}\n", scenario.path))
        .collect();
    print(&lines)?;
    Ok(if scenarios.is_empty() {
        ExitCode::TooLittle
    } else {
        ExitCode::Ok
    })
}

/// The scenarios that the arguments select, in order.
pub(crate) fn select(contract: &Contract, selection: &Selection) -> Result<Vec<Scenario>, Failure> {
    let selection = parallax_scenario::Selection {
        operation: selection.operation.clone(),
        resource: selection.resource.clone(),
        scenario: selection.scenario.clone(),
    };
    let picked = selection.pick(contract, derive(contract));
    picked.map_err(|error| Failure::usage(error.to_string()).mend("`parallax list` prints every scenario"))
}
