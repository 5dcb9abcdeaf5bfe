//! A matrix as one HTML page, which shares list, filters and details with the page of one report.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use parallax_outcome::report::SeverityCounts;
use parallax_outcome::{Report, Severity};

use super::{Cell, Matrix, OperationLine};
use crate::html::{Data, Embedded, Placed, SCRIPT, STYLE, name, policy};
use crate::text::one_line;

/// The matrix as an HTML page that needs no network.
///
/// # Errors
/// Never in practice; the signature keeps the template's word.
pub fn render(matrix: &Matrix<'_>) -> Result<String, askama::Error> {
    let names = matrix.names();
    let column = |(side, called): (&crate::Side<'_>, &String)| Column {
        name: name(called),
        whole: called.clone(),
        coverage: format!("{:.0} %", side.coverage_percent),
        open: format!("{:.0} %", side.inconclusive_percent),
    };
    let is_asked = |line: &&OperationLine<'_>| line.cells.iter().any(|cell| cell.asked);
    let (asked, others): (Vec<_>, Vec<_>) = matrix.operations.iter().partition(is_asked);
    let page = Page {
        service: name(matrix.service),
        columns: matrix.columns.iter().zip(&names).map(column).collect(),
        operations: (asked.iter())
            .map(|line| Row::of(line.name, &names, line.cells.iter().map(of_operation)))
            .collect(),
        others: others.iter().map(|line| name(line.name)).collect(),
        kinds: (matrix.kinds.iter())
            .map(|line| Row::of(line.kind.as_str(), &names, line.cells.iter().map(of_kind)))
            .collect(),
        group: Some("Target"),
        data: Embedded(data(matrix, &names)),
        policy: policy(SCRIPT),
        style: STYLE,
        script: SCRIPT,
    };
    page.render()
}

#[derive(Template)]
#[template(path = "matrix.html")]
struct Page {
    service: String,
    columns: Vec<Column>,
    operations: Vec<Row>,
    /// Operations that nobody was asked for.
    others: Vec<String>,
    kinds: Vec<Row>,
    group: Option<&'static str>,
    data: Embedded,
    policy: String,
    style: &'static str,
    script: &'static str,
}

/// An operation or a kind at every target.
struct Row {
    name: String,
    /// Its whole name, which the filter has.
    whole: String,
    cells: Vec<Shown>,
}

impl Row {
    fn of(whole: &str, columns: &[String], cells: impl Iterator<Item = Shown>) -> Self {
        let of = |(cell, column): (Shown, &String)| Shown {
            column: column.clone(),
            ..cell
        };
        Self {
            name: name(whole),
            whole: one_line(whole),
            cells: cells.zip(columns).map(of).collect(),
        }
    }
}

struct Column {
    name: String,
    /// Its whole name, which the filter has.
    whole: String,
    coverage: String,
    open: String,
}

/// A cell: its text, what that means, and how hot it is.
struct Shown {
    text: String,
    meaning: String,
    class: String,
    /// Whether there are divergences to show.
    leads: bool,
    /// The column that it stands in.
    column: String,
}

/// The divergences of all reports by cause, the worst first, then what shows at most of them.
fn data(matrix: &Matrix<'_>, names: &[String]) -> Data {
    let reports: Vec<&Report> = matrix.columns.iter().map(|side| side.report).collect();
    let mut by_cause: BTreeMap<String, Vec<Placed<'_>>> = BTreeMap::new();
    for (side, (report, group)) in reports.iter().zip(names).enumerate() {
        for divergence in &report.divergences {
            let members = by_cause.entry(divergence.cause_key()).or_default();
            members.push(Placed {
                divergence,
                side,
                group,
                before: None,
            });
        }
    }
    let mut causes: Vec<_> = by_cause.into_values().collect();
    causes.sort_by_key(|members| {
        let first = members
            .first()
            .map(|placed| (Reverse(placed.divergence.severity), placed.divergence.kind));
        let sides: BTreeSet<_> = members.iter().map(|placed| placed.side).collect();
        (first, Reverse(sides.len()), Reverse(members.len()))
    });
    let brief = reports.iter().map(|report| report.brief.len()).sum();
    Data::of_several(&reports, &causes, brief)
}

fn of_operation(cell: &Cell) -> Shown {
    let steps = cell.agree + cell.diverge + cell.inconclusive;
    let plain = |text: &str, meaning: &str| Shown {
        text: text.to_owned(),
        meaning: meaning.to_owned(),
        class: "muted".to_owned(),
        leads: false,
        column: String::new(),
    };
    match cell {
        Cell { asked: false, .. } => plain("–", "not asked"),
        Cell { implemented: false, .. } => plain("none", "not implemented"),
        _ => Shown {
            text: format!("{}/{steps}", cell.diverge),
            meaning: format!(
                "{} of {steps} steps diverge, {} are open",
                cell.diverge, cell.inconclusive
            ),
            // Fifths of all steps.
            class: class(cell.worst, (cell.diverge * 5).div_ceil(steps.max(1))),
            leads: cell.worst.is_some(),
            column: String::new(),
        },
    }
}

fn of_kind(counts: &SeverityCounts) -> Shown {
    let all = counts.error + counts.warning + counts.note;
    let worst = match counts {
        SeverityCounts { error: 1.., .. } => Some(Severity::Error),
        SeverityCounts { warning: 1.., .. } => Some(Severity::Warning),
        _ => Some(Severity::Note),
    };
    Shown {
        text: all.to_string(),
        meaning: format!(
            "{} errors, {} warnings, {} notes",
            counts.error, counts.warning, counts.note
        ),
        class: class(worst.filter(|_| all > 0), u64::from(all.max(1).ilog2() / 2 + 1)),
        leads: all > 0,
        column: String::new(),
    }
}

fn class(worst: Option<Severity>, level: u64) -> String {
    match worst {
        Some(severity) => format!("cell {severity} q{}", level.clamp(1, 5)),
        None => "muted".to_owned(),
    }
}
