//! `parallax selftest`.

mod hunts;

use std::fmt::Write as _;
use std::time::Instant;

use parallax_outcome::ExitCode;
use parallax_runner::Cancel;
use parallax_runner::selftest::{Found, Row, SelftestError, selftest as test, subjects};
use serde_json::{Value, json};

use crate::args::SelftestArgs;
use crate::failure::Failure;
use crate::screen::{Screen, print};
use crate::{runtime, services};

/// Puts the harness to the test and prints the matrix.
pub(crate) fn selftest(args: &SelftestArgs, screen: Screen) -> Result<ExitCode, Failure> {
    let contract = services::contract(args.service.as_deref())?;
    let begin = Instant::now();
    let subjects = match args.seeds {
        Some(seeds) => hunts::subjects(args.class, seeds, args.time.map(|time| time.0)),
        None => subjects(args.class),
    };
    let count = subjects.len();
    let rows = runtime::start()?.block_on(async {
        let cancel: Cancel = runtime::cancel_on_interrupt(screen);
        let told = |row: &Row| {
            if !row.is_right() {
                screen.say(&format!("{}: {}", row.subject.name, outcome(row)));
            }
        };
        test(contract, subjects, args.jobs.into(), told, cancel).await
    });
    let rows = rows.map_err(failure)?;
    let told = match args.seeds {
        Some(_) => Told::of_hunts(&hunts::Matrix::of(&rows)),
        None => Told::of(&rows),
    };
    let text = match args.json {
        true => format!("{:#}\n", told.json),
        false => told.table,
    };
    print(&text)?;
    let seconds = begin.elapsed().as_secs_f64();
    let ended = rows.len() == count;
    let far = match ended {
        true => String::new(),
        false => format!(
            "; broken off after {} of {count}, which proves nothing of the rest",
            rows.len()
        ),
    };
    screen.say(&format!("{} in {seconds:.1} s{far}", told.sum));
    Ok(match (told.right, ended) {
        (false, _) => ExitCode::Diverged,
        (true, false) => ExitCode::TooLittle,
        (true, true) => ExitCode::Ok,
    })
}

fn failure(error: SelftestError) -> Failure {
    let what = "the self-test came to nothing";
    match error {
        SelftestError::Short { .. } => Failure::new(ExitCode::TooLittle, what)
            .mend("raise `ulimit -n` or lower --jobs, and give the command again")
            .because(error),
        _ => Failure::new(ExitCode::Bug, what).because(error),
    }
}

/// What is told at the end.
struct Told {
    table: String,
    json: Value,
    sum: String,
    right: bool,
}

impl Told {
    fn of(rows: &[Row]) -> Self {
        Self {
            table: table(rows),
            json: json(rows),
            sum: sum(rows),
            right: rows.iter().all(Row::is_right),
        }
    }

    fn of_hunts(matrix: &hunts::Matrix<'_>) -> Self {
        Self {
            table: matrix.table(),
            json: matrix.json(),
            sum: matrix.sum(),
            right: matrix.is_right(),
        }
    }
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
            "hunt": hunts::hunt(row),
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
