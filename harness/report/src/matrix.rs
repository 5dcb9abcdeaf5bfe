//! Many reports of one service side by side: each operation and each kind, with coverage.

mod html;
mod markdown;
mod terminal;

use std::collections::{BTreeMap, BTreeSet};

use parallax_outcome::report::{SCHEMA, SeverityCounts};
use parallax_outcome::{Kind, Report, Severity};
use serde::Serialize;

pub use html::render as html;
pub use markdown::render as markdown;
pub use terminal::render as terminal;

use crate::side::{Side, names};

/// Many reports side by side; every list of cells has the order of `columns`.
#[derive(Clone, Debug, Serialize)]
pub struct Matrix<'r> {
    /// The version of the reports' form, which this one follows.
    pub schema: u32,
    /// The service's name.
    pub service: &'r str,
    /// The reports in the order given.
    pub columns: Vec<Side<'r>>,
    /// Every operation that any of the reports has, by name.
    pub operations: Vec<OperationLine<'r>>,
    /// Every kind that any of the reports has.
    pub kinds: Vec<KindLine>,
}

/// One operation at every target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OperationLine<'r> {
    /// The operation's name.
    pub name: &'r str,
    /// What each report says of it.
    pub cells: Vec<Cell>,
}

/// One operation at one target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Whether any scenario asked for it.
    pub asked: bool,
    /// Whether the target implements it.
    pub implemented: bool,
    /// Steps that agreed.
    pub agree: u64,
    /// Steps that diverged.
    pub diverge: u64,
    /// Steps of which it cannot be told.
    pub inconclusive: u64,
    /// The severity of its worst divergence.
    pub worst: Option<Severity>,
}

/// One kind at every target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KindLine {
    /// The kind.
    pub kind: Kind,
    /// How many divergences each report has of it.
    pub cells: Vec<SeverityCounts>,
}

/// Reports that cannot stand side by side.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MatrixError {
    /// There is none.
    #[error("there is no report; give one of each target")]
    Nothing,
    /// They are of different services.
    #[error("the reports are of different services, {first} and {other}; give reports of one service")]
    OtherService {
        /// The first report's.
        first: String,
        /// Another report's.
        other: String,
    },
}

/// Sets reports of one service side by side.
///
/// # Errors
/// [`MatrixError`] where there is none, or where they are of different services.
pub fn matrix<'r>(reports: &[&'r Report]) -> Result<Matrix<'r>, MatrixError> {
    let first = reports.first().ok_or(MatrixError::Nothing)?;
    if let Some(other) = reports.iter().find(|report| report.service != first.service) {
        return Err(MatrixError::OtherService {
            first: first.service.clone(),
            other: other.service.clone(),
        });
    }
    Ok(Matrix {
        schema: SCHEMA,
        service: &first.service,
        columns: reports.iter().map(|report| Side::of(report)).collect(),
        operations: operations(reports),
        kinds: kinds(reports),
    })
}

fn operations<'r>(reports: &[&'r Report]) -> Vec<OperationLine<'r>> {
    let columns: Vec<BTreeMap<&str, Cell>> = reports.iter().map(|report| cells(report)).collect();
    let rows = reports.iter().flat_map(|report| &report.operations);
    let names: BTreeSet<&'r str> = rows.map(|row| row.name.as_str()).collect();
    let cell = |name: &str, column: &BTreeMap<&str, Cell>| column.get(name).copied().unwrap_or_default();
    let line = |name: &'r str| OperationLine {
        name,
        cells: columns.iter().map(|column| cell(name, column)).collect(),
    };
    names.into_iter().map(line).collect()
}

fn cells(report: &Report) -> BTreeMap<&str, Cell> {
    let mut worst: BTreeMap<&str, Severity> = BTreeMap::new();
    for (sight, _) in report.sights() {
        let severity = worst.entry(sight.operation).or_insert(sight.severity);
        *severity = sight.severity.max(*severity);
    }
    let rows = report.operations.iter();
    let cell = |row: &parallax_outcome::OperationRow| Cell {
        asked: row.asked,
        implemented: row.implemented,
        agree: row.agree,
        diverge: row.diverge,
        inconclusive: row.inconclusive,
        worst: worst.get(row.name.as_str()).copied(),
    };
    rows.map(|row| (row.name.as_str(), cell(row))).collect()
}

fn kinds(reports: &[&Report]) -> Vec<KindLine> {
    let mut lines: BTreeMap<Kind, Vec<SeverityCounts>> = BTreeMap::new();
    for (at, report) in reports.iter().enumerate() {
        for (sight, _) in report.sights() {
            let cells = lines
                .entry(sight.kind)
                .or_insert_with(|| vec![SeverityCounts::default(); reports.len()]);
            if let Some(cell) = cells.get_mut(at) {
                cell.add(sight.severity, 1);
            }
        }
    }
    lines
        .into_iter()
        .map(|(kind, cells)| KindLine { kind, cells })
        .collect()
}

/// The matrix as JSON.
///
/// # Errors
/// Never in practice; the signature keeps the serialiser's word.
pub fn json(matrix: &Matrix<'_>) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(matrix)? + "\n")
}

impl Matrix<'_> {
    /// What each column is called.
    fn names(&self) -> Vec<String> {
        names(&self.columns.iter().collect::<Vec<_>>())
    }

    /// Both tables with a head each, as words: operations with what came of the steps, kinds with how many there are.
    fn tables(&self) -> [Vec<Vec<String>>; 2] {
        let names = self.names();
        let head = |first: &str| std::iter::once(first.to_owned()).chain(names.iter().cloned()).collect();
        let shares = |name: &str, share: fn(&Side<'_>) -> f64| {
            let shares = self.columns.iter().map(|side| format!("{:.1} %", share(side)));
            std::iter::once(name.to_owned()).chain(shares).collect()
        };
        let mut operations = vec![head("operation")];
        operations.extend(
            self.operations
                .iter()
                .filter(|line| line.cells.iter().any(|cell| cell.asked))
                .map(|line| {
                    let name = crate::text::one_line(line.name);
                    std::iter::once(name)
                        .chain(line.cells.iter().map(Cell::words))
                        .collect()
                }),
        );
        operations.push(shares("implemented", |side| side.coverage_percent));
        operations.push(shares("inconclusive", |side| side.inconclusive_percent));
        let mut kinds = vec![head("kind")];
        kinds.extend(self.kinds.iter().map(|line| {
            let all = |cell: &SeverityCounts| (cell.error + cell.warning + cell.note).to_string();
            std::iter::once(line.kind.to_string())
                .chain(line.cells.iter().map(all))
                .collect()
        }));
        [operations, kinds]
    }
}

impl Cell {
    /// What came of the steps, in few signs.
    fn words(&self) -> String {
        match (self.asked, self.implemented) {
            (false, _) => "·".to_owned(),
            (true, false) => "absent".to_owned(),
            (true, true) => format!("{}/{}/{}", self.agree, self.diverge, self.inconclusive),
        }
    }
}

/// What the signs in the cells mean.
const LEGEND: &str = "steps that agree/diverge/are inconclusive; absent: not implemented; ·: not asked";
