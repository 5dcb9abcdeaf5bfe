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
    if args.list {
        let held = journal.held().into_iter().map(|held| held.to_string());
        let attempts = journal.attempts().into_iter().map(|attempt| attempt.to_string());
        let lines = held.chain(attempts).map(|line| in_one_line(&line) + "\n");
        print(&lines.collect::<String>())?;
        return Ok(ExitCode::Ok);
    }
    if journal.is_clear() {
        screen.say("nothing is left");
        return Ok(ExitCode::Ok);
    }
    live::allow(args.allow_aws, &Config::find(global.config.as_deref())?)?;
    runtime::start()?.block_on(live::clean(args, &contract, journal, screen))
}
