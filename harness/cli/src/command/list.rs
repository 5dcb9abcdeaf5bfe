//! `parallax list`.

use parallax_outcome::ExitCode;

use crate::args::{Global, ListArgs};
use crate::config::Config;
use crate::failure::Failure;
use crate::screen::print;
use crate::{scenarios, services};

/// Prints the path of every selected scenario.
pub(crate) fn list(args: &ListArgs, global: &Global) -> Result<ExitCode, Failure> {
    let contract = services::contract(args.selection.service.as_deref())?;
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
