//! `parallax cassette show`.

use std::io::{self, Write};

use parallax_endpoint::cassette::{Entry, Position};
use parallax_outcome::ExitCode;
use serde_json::json;
use serde_json::value::RawValue;

use super::{Wanted, nothing_fits, open};
use crate::args::CassetteShowArgs;
use crate::cassettes::unusable;
use crate::failure::Failure;
use crate::screen::{Screen, print_by};

/// Prints exchanges.
pub(super) fn show(args: &CassetteShowArgs, screen: Screen) -> Result<ExitCode, Failure> {
    let cassette = open(&args.cassette, screen)?;
    let wanted = Wanted::of("--scenario", args.scenario.as_deref())?;
    let (mut trouble, mut shown) = (None, 0_u64);
    print_by(|out| {
        for found in cassette.entries() {
            let (at, entry) = match found {
                Ok(found) => found,
                Err(error) => {
                    trouble = Some(error);
                    break;
                }
            };
            if wanted.fits(&at.scenario) {
                shown += 1;
                match args.json {
                    true => as_json(out, &at, &entry)?,
                    false => for_people(out, &at, &entry)?,
                }
            }
        }
        Ok(())
    })?;
    match trouble {
        Some(error) => Err(unusable(&args.cassette.file, error)),
        None if shown == 0 && !wanted.is_any() => Err(nothing_fits("--scenario", args.scenario.as_deref())),
        None => Ok(ExitCode::Ok),
    }
}

fn for_people(out: &mut dyn Write, at: &Position, entry: &Entry) -> io::Result<()> {
    writeln!(out, "== {at} (line {})", entry.line())?;
    writeln!(out, "{}", plain(&entry.request_text()))?;
    match (entry.answer_text(), entry.lost()) {
        (Some(answer), _) => writeln!(out, "-- {}", plain(&answer))?,
        (None, why) => writeln!(out, "-- no answer: {}", plain(why.unwrap_or("it is not there")))?,
    }
    if let Some(due) = entry.expectation_text() {
        writeln!(out, "-- due: {}", plain(due))?;
    }
    writeln!(out)
}

/// Without what would steer a terminal.
fn plain(text: &str) -> String {
    let steers = |c: char| c.is_control() && c != '\n' && c != '\t';
    text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect()
}

fn as_json(out: &mut dyn Write, at: &Position, entry: &Entry) -> io::Result<()> {
    let due = entry
        .expectation_text()
        .map(|due| RawValue::from_string(due.to_owned()));
    let line = json!({
        "line": entry.line(),
        "scenario": at.scenario,
        "step": at.step,
        "page": at.page,
        "operation": entry.operation(),
        "request": entry.request_text(),
        "status": entry.status(),
        "answer": entry.answer_text(),
        "lost": entry.lost(),
        "due": due.transpose()?,
    });
    writeln!(out, "{line}")
}
