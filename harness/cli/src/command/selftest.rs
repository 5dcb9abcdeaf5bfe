//! `parallax selftest`.

use std::fmt::Write as _;
use std::time::Instant;

use parallax_outcome::ExitCode;
use parallax_runner::Cancel;
use parallax_runner::selftest::{Found, Row, selftest as test, subjects};
use serde_json::{Value, json};

use crate::args::SelftestArgs;
use crate::failure::Failure;
use crate::screen::{Screen, print};
use crate::{runtime, services};

/// Puts the harness to the test and prints the matrix.
pub(crate) fn selftest(args: &SelftestArgs, screen: Screen) -> Result<ExitCode, Failure> {
    let contract = services::contract(args.service.as_deref())?;
    let begin = Instant::now();
    let rows = runtime::start()?.block_on(async {
        let cancel: Cancel = runtime::cancel_on_interrupt(screen);
        let told = |row: &Row| {
            if !row.is_right() {
                screen.say(&format!("{}: {}", row.subject.name, outcome(row)));
            }
        };
        test(contract, subjects(args.class), args.jobs.into(), told, cancel).await
    });
    let rows = rows.map_err(|error| Failure::new(ExitCode::Bug, "the self-test came to nothing").because(error))?;
    let text = if args.json {
        format!("{:#}\n", json(&rows))
    } else {
        table(&rows)
    };
    print(&text)?;
    screen.say(&format!("{} in {:.1} s", sum(&rows), begin.elapsed().as_secs_f64()));
    let right = rows.iter().all(Row::is_right);
    Ok(if right { ExitCode::Ok } else { ExitCode::Diverged })
}

fn outcome(row: &Row) -> &'static str {
    match (row.subject.is_faulty(), &row.found) {
        (true, Some(_)) => "found",
        (true, None) if row.is_note_only() => "missed, but for a note",
        (true, None) => "missed",
        (false, Some(_)) => "false alarm",
        (false, None) => "silent",
    }
}

fn table(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        let seen = row.found.as_ref().or(row.noted.as_ref()).map(place).unwrap_or_default();
        let line = format!(
            "{:12} {:45} {:11} {seen}",
            row.subject.class(),
            row.subject.name,
            outcome(row)
        );
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn place(found: &Found) -> String {
    format!("{} {} at {} {}", found.severity, found.kind, found.scenario, found.step)
}

fn json(rows: &[Row]) -> Value {
    let row = |row: &Row| {
        json!({
            "name": row.subject.name,
            "class": row.subject.class(),
            "expected": if row.subject.is_faulty() { "found" } else { "silent" },
            "outcome": outcome(row),
            "found": row.found.as_ref().map(seen),
            "noted": row.noted.as_ref().map(seen),
            "note_only": row.is_note_only(),
            "millis": row.millis,
        })
    };
    let wrong = rows.iter().filter(|row| !row.is_right()).count();
    json!({
        "summary": { "subjects": rows.len(), "right": rows.len() - wrong, "wrong": wrong },
        "rows": rows.iter().map(row).collect::<Vec<_>>(),
    })
}

fn seen(found: &Found) -> Value {
    json!({
        "scenario": found.scenario,
        "step": found.step,
        "kind": found.kind.as_str(),
        "severity": found.severity.to_string(),
        "path": found.path,
        "expected": found.expected,
        "observed": found.observed,
    })
}

fn sum(rows: &[Row]) -> String {
    let of = |faulty: bool, right: bool| {
        let rows = rows
            .iter()
            .filter(|row| row.subject.is_faulty() == faulty && row.is_right() == right);
        rows.count()
    };
    format!(
        "{} faults found, {} missed; {} others silent, {} false alarms",
        of(true, true),
        of(true, false),
        of(false, true),
        of(false, false)
    )
}
