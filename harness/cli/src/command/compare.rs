//! `parallax compare`.

use camino::Utf8Path;
use parallax_outcome::{ExitCode, FailOn, Report};
use parallax_report::compare::{self, compare as comparison_of};
use serde_json::Value;

use crate::args::{CompareArgs, View};
use crate::failure::Failure;
use crate::reports;
use crate::screen::{Screen, print};

/// Says what became of an older report's divergences in a newer one.
pub(crate) fn compare(args: &CompareArgs, screen: Screen) -> Result<ExitCode, Failure> {
    let (mut old, mut new) = (reports::read_answered(&args.old)?, reports::read_answered(&args.new)?);
    old.unfold();
    new.unfold();
    let comparison = comparison_of(&old, &new)
        .map_err(|error| Failure::usage(format!("{} and {} cannot be compared: {error}", args.old, args.new)))?;
    warn(&[(&args.old, &old), (&args.new, &new)], screen);
    let text = match args.format {
        View::Text => screen.text(compare::terminal(&comparison, screen.colour())),
        View::Markdown => compare::markdown(&comparison),
        View::Html => compare::html(&comparison)
            .map_err(|error| Failure::new(ExitCode::Bug, "the page cannot be made").because(error))?,
        View::Json => compare::json(&comparison)
            .map_err(|error| Failure::new(ExitCode::Bug, "the comparison cannot be rendered").because(error))?,
    };
    print(&text)?;
    let fail_on = args.fail_on.into();
    if comparison.is_worse(fail_on) {
        return Ok(ExitCode::Diverged);
    }
    // Where nothing fails, it is read and not relied on.
    if fail_on == FailOn::Never || (old.is_whole() && new.is_whole()) {
        return Ok(ExitCode::Ok);
    }
    screen.explain("what one of the runs did not ask is not known to be no worse, which is no pass: run it to its end");
    Ok(ExitCode::TooLittle)
}

/// Says what makes reports less alike than they look.
pub(crate) fn warn(reports: &[(&Utf8Path, &Report)], screen: Screen) {
    for (path, report) in reports {
        if let Some(shard) = report.run.get("shard").filter(|shard| !shard.is_null()) {
            let number = |name: &str| shard.get(name).and_then(Value::as_u64).unwrap_or_default();
            let (index, count) = (number("index"), number("count"));
            screen.say(&format!(
                "{path} is of shard {index} of {count} only; `parallax merge` makes the whole"
            ));
        }
        if let Some(why) = &report.summary.never_answered {
            screen.say(&format!("{path} is of a run in which nothing was asked: {why}"));
        }
        if !report.is_whole() {
            screen.say(&format!("{path} is of a run that {}", reports::lack(report)));
        }
    }
    for (name, word) in [
        ("tool", "tools"),
        ("contract", "contracts"),
        ("reference", "references"),
    ] {
        let given = |(path, report): &(&Utf8Path, &Report)| {
            Some((path.to_string(), report.run.get(name)?.as_str()?.to_owned()))
        };
        let all: Vec<_> = reports.iter().filter_map(given).collect();
        let Some((first, one)) = all.first() else { continue };
        if let Some((path, other)) = all.iter().find(|(_, other)| other != one) {
            screen.say(&format!(
                "{first} and {path} are of different {word}: {one} and {other}; this alone may part them"
            ));
        }
    }
}
