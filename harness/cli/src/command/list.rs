//! `parallax list`.

use parallax_contract::Contract;
use parallax_outcome::ExitCode;
use parallax_scenario::unreachable;

use crate::args::{Global, ListArgs};
use crate::config::Config;
use crate::failure::Failure;
use crate::screen::print;
use crate::{scenarios, services};

/// Prints the path of every selected scenario.
pub(crate) fn list(args: &ListArgs, global: &Global) -> Result<ExitCode, Failure> {
    let contract = services::contract(args.selection.service.as_deref())?;
    if args.unreachable {
        return out_of_reach(&contract);
    }
    let kept = scenarios::kept(&args.more, &Config::find(global.config.as_deref())?);
    let scenarios = scenarios::select(&contract, &args.selection, &args.more, kept)?;
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

/// Prints every declared error that no scenario can provoke.
fn out_of_reach(contract: &Contract) -> Result<ExitCode, Failure> {
    let lines: String = unreachable(contract)
        .iter()
        .map(|error| format!("{} {}: {}\n", error.operation, error.code, error.why))
        .collect();
    print(&lines)?;
    Ok(ExitCode::Ok)
}
