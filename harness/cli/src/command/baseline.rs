//! `parallax baseline`.

use parallax_outcome::{ExitCode, Report};
use parallax_report::baseline::{
    EditError, NewEntries, VersionError, create as baseline_of, update as brought_up_to_date,
};

use crate::args::{CheckArgs, CreateArgs, Entries, Global, UpdateArgs};
use crate::config::Config;
use crate::failure::Failure;
use crate::files::Place;
use crate::gate::{self, Judge};
use crate::screen::Screen;
use crate::{files, reports, scope};

/// Lists what a report holds in a new file.
pub(crate) fn create(args: &CreateArgs, screen: Screen) -> Result<ExitCode, Failure> {
    let out = &args.out;
    let place = Place::of(out)?;
    if matches!(&place, Place::File(file) if file.exists()) {
        return Err(Failure::usage(format!("{out} is there already"))
            .mend("`parallax baseline update` keeps what people wrote into it"));
    }
    place.check()?;
    not_over(&args.entries)?;
    let report = reports::read_answered(&args.report)?;
    whole(args, &report)?;
    let text = baseline_of(&report, &new(&args.entries)).map_err(|error| of_version(&error))?;
    files::write(out, text)?;
    let listed = report
        .summary
        .divergences
        .of(|severity| fails(&args.entries).fails(severity));
    screen.say(&format!("{out} accepts {listed} divergences"));
    Ok(ExitCode::Ok)
}

/// Takes out what no longer happens, and adds what is new.
pub(crate) fn update(args: &UpdateArgs, global: &Global, screen: Screen) -> Result<ExitCode, Failure> {
    let path = &args.baseline;
    not_over(&args.entries)?;
    let text = files::read_text(path)?;
    let mut report = reports::read_answered(&args.report)?;
    let scope = scope::of_read(&report, &Config::find(global.config.as_deref())?)?;
    let updated =
        brought_up_to_date(&text, (&mut report, &scope, gate::today()), &new(&args.entries)).map_err(|error| {
            match error {
                EditError::Version(error) => of_version(&error),
                error => Failure::usage(format!("{path}: {error}")),
            }
        })?;
    files::write(path, &updated.text)?;
    let (removed, added) = (updated.removed.len(), updated.added);
    screen.say(&format!("{path}: {removed} taken out, {added} added"));
    gate::tell(path, &updated.left, screen);
    Ok(match updated.left.as_slice() {
        [] => ExitCode::Ok,
        _ => ExitCode::StaleBaseline,
    })
}

/// Judges a report by a baseline.
pub(crate) fn check(args: &CheckArgs, global: &Global, screen: Screen) -> Result<ExitCode, Failure> {
    let judge = Judge::prepare(&args.gate)?;
    if !judge.has_baseline() {
        return Err(Failure::usage("there is no baseline to check").mend("give one with --baseline"));
    }
    let mut report = reports::read_answered(&args.report)?;
    let scope = scope::of_read(&report, &Config::find(global.config.as_deref())?)?;
    let problems = judge.mark(&mut report, &scope);
    screen.show(parallax_report::terminal::render(&report, screen.colour()))?;
    Ok(judge.end(&report, &problems, screen))
}

/// Entries that are not about the report would accept nothing of it.
fn of_version(error: &VersionError) -> Failure {
    Failure::usage(format!("--version: {error}"))
}

/// What a run did not come to would be new in the next one, and fail it.
fn whole(args: &CreateArgs, report: &Report) -> Result<(), Failure> {
    if report.is_whole() || args.allow_incomplete {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "{} is of a run that {}, and may lack divergences that a whole run has",
        reports::file(&args.report),
        reports::lack(report)
    ))
    .mend("give the report of a run that went to its end, or --allow-incomplete"))
}

/// Entries that are expired as they are made would accept nothing.
fn not_over(entries: &Entries) -> Result<(), Failure> {
    match entries.until.filter(|until| until.0 < gate::today()) {
        Some(until) => Err(Failure::usage(format!("{} is over", until.0)).mend("give a day to come with --until")),
        None => Ok(()),
    }
}

fn new(entries: &Entries) -> NewEntries<'_> {
    NewEntries {
        fail_on: fails(entries),
        reason: &entries.reason,
        link: entries.link.as_deref(),
        until: entries.until.map(|day| day.0),
        version: entries.version.as_deref(),
    }
}

fn fails(entries: &Entries) -> parallax_outcome::FailOn {
    entries.fail_on.into()
}
