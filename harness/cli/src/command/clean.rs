//! `parallax clean`.

use parallax_endpoint::live::Journal;
use parallax_outcome::ExitCode;

use crate::args::{CleanArgs, Global};
use crate::config::Config;
use crate::failure::Failure;
use crate::screen::{Screen, print};
use crate::{live, runtime, services};

/// Deletes what a journal lists.
pub(crate) fn clean(args: &CleanArgs, global: &Global, screen: Screen) -> Result<ExitCode, Failure> {
    let journal = Journal::open(args.journal.as_std_path()).map_err(live::unusable)?;
    let contract = services::contract(Some(&journal.head().service))?;
    if args.list {
        let held = journal.held().into_iter().map(|held| format!("{held}\n"));
        let attempts = journal.attempts().into_iter().map(|attempt| format!("{attempt}\n"));
        print(&held.chain(attempts).collect::<String>())?;
        return Ok(ExitCode::Ok);
    }
    if journal.is_clear() {
        screen.say("nothing is left");
        return Ok(ExitCode::Ok);
    }
    live::allow(args.allow_aws, &Config::find(global.config.as_deref())?)?;
    runtime::start()?.block_on(live::clean(args, &contract, journal, screen))
}
