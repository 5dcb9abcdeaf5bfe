//! A matrix as one HTML page, without a script.

use askama::Template;
use parallax_outcome::Severity;
use parallax_outcome::report::SeverityCounts;

use super::{Cell, Matrix, OperationLine};
use crate::html::{STYLE, name, policy};

/// The matrix as an HTML page that needs no network.
///
/// # Errors
/// Never in practice; the signature keeps the template's word.
pub fn render(matrix: &Matrix<'_>) -> Result<String, askama::Error> {
    let column = |(side, called): (&crate::Side<'_>, String)| Column {
        name: name(&called),
        coverage: format!("{:.0} %", side.coverage_percent),
        open: format!("{:.0} %", side.inconclusive_percent),
    };
    let is_asked = |line: &&OperationLine<'_>| line.cells.iter().any(|cell| cell.asked);
    let (asked, others): (Vec<_>, Vec<_>) = matrix.operations.iter().partition(is_asked);
    let page = Page {
        service: name(matrix.service),
        columns: matrix.columns.iter().zip(matrix.names()).map(column).collect(),
        operations: (asked.iter())
            .map(|line| (name(line.name), line.cells.iter().map(of_operation).collect()))
            .collect(),
        others: others.iter().map(|line| name(line.name)).collect(),
        kinds: (matrix.kinds.iter())
            .map(|line| (line.kind.to_string(), line.cells.iter().map(of_kind).collect()))
            .collect(),
        policy: policy(""),
        style: STYLE,
    };
    page.render()
}

#[derive(Template)]
#[template(path = "matrix.html")]
struct Page {
    service: String,
    columns: Vec<Column>,
    operations: Vec<(String, Vec<Shown>)>,
    /// Operations that nobody was asked for.
    others: Vec<String>,
    kinds: Vec<(String, Vec<Shown>)>,
    policy: String,
    style: &'static str,
}

struct Column {
    name: String,
    coverage: String,
    open: String,
}

/// A cell: its text, what that means, and how hot it is.
struct Shown {
    text: String,
    meaning: String,
    class: String,
}

fn of_operation(cell: &Cell) -> Shown {
    let steps = cell.agree + cell.diverge + cell.inconclusive;
    let plain = |text: &str, meaning: &str| Shown {
        text: text.to_owned(),
        meaning: meaning.to_owned(),
        class: "muted".to_owned(),
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
    }
}

fn class(worst: Option<Severity>, level: u64) -> String {
    match worst {
        Some(severity) => format!("cell {severity} q{}", level.clamp(1, 5)),
        None => "muted".to_owned(),
    }
}
