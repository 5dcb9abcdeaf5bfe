//! `parallax clean`.

use parallax_endpoint::live::Journal;
use parallax_outcome::ExitCode;

use crate::args::{CleanArgs, Global};
use crate::config::Config;
use crate::failure::Failure;
use crate::screen::{Screen, in_one_line, print};
use crate::{live, runtime, services};

/// Deletes what a journal lists.
pub(crate) fn clean(args: &CleanArgs, global: &Global, screen: Screen) -> Result<ExitCode, Failure> {
    let path = args.journal.as_std_path();
    let journal = match args.list {
        true => Journal::read(path),
        false => Journal::open(path),
    };
    let journal = journal.map_err(live::unusable)?;
    let contract = services::contract(Some(&journal.head().service))?;
    let held = journal.held();
    if args.list {
        let lines: String = held
            .iter()
            .map(|held| format!("{} {}\n", held.resource, in_one_line(&held.id)))
            .collect();
        print(&lines)?;
        return Ok(ExitCode::Ok);
    }
    if held.is_empty() {
        screen.say("nothing is left");
        return Ok(ExitCode::Ok);
    }
    live::allow(args.allow_aws, &Config::find(global.config.as_deref())?)?;
    runtime::start()?.block_on(live::clean(args, &contract, journal, screen))
}
