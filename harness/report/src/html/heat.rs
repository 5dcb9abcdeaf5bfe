//! The table of operations by kind: where it burns.

use std::collections::BTreeMap;

use parallax_outcome::{Kind, OperationRow, Report, Severity};

use super::name;
use crate::text::{count, one_line};

/// The kinds that occur, and a row for each operation that the target implements.
#[derive(Debug, Default)]
pub(super) struct Heat {
    pub(super) kinds: Vec<Kind>,
    pub(super) rows: Vec<Row>,
    /// What was asked and the target does not implement.
    pub(super) absent: Vec<String>,
}

/// One operation.
#[derive(Debug)]
pub(super) struct Row {
    /// Its name as it is shown.
    pub(super) name: String,
    /// Its whole name, which the filter has.
    pub(super) whole: String,
    pub(super) steps: u64,
    pub(super) agree: u64,
    pub(super) inconclusive: u64,
    /// A cell for each kind.
    pub(super) cells: Vec<Option<Cell>>,
}

/// The divergences of one kind in one operation.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) kind: Kind,
    pub(super) number: u64,
    /// The worst of them.
    pub(super) severity: Severity,
    /// How hot, from 1 to 5: each step is four times as many.
    pub(super) level: u32,
    /// For those who hear the page.
    pub(super) label: String,
}

impl Heat {
    /// The table of a report.
    pub(super) fn of(report: &Report) -> Self {
        let mut found: BTreeMap<(&str, Kind), (u64, Severity)> = BTreeMap::new();
        for (sight, _) in report.sights() {
            let key = (sight.operation, sight.kind);
            let (number, worst) = found.entry(key).or_insert((0, Severity::Note));
            *number += 1;
            *worst = (*worst).max(sight.severity);
        }
        let occurs = |kind: &Kind| found.keys().any(|(_, found)| found == kind);
        let kinds: Vec<_> = Kind::ALL.into_iter().filter(occurs).collect();
        let row = |operation: &str, counts: &OperationRow| Row::of(operation, counts, &kinds, &found);
        let mut rows: Vec<_> = report
            .operations
            .iter()
            .filter(|row| row.implemented)
            .map(|counts| row(&counts.name, counts))
            .collect();
        // What belongs to no operation of the contract, such as the answer to one that nobody has.
        let mut others: Vec<_> = found.keys().map(|(operation, _)| *operation).collect();
        others.dedup();
        others.retain(|name| !report.operations.iter().any(|row| row.implemented && row.name == *name));
        rows.extend(others.into_iter().map(|name| row(name, &OperationRow::default())));
        let absent = report.operations.iter().filter(|row| row.asked && !row.implemented);
        Self {
            absent: absent.map(|row| name(&row.name)).collect(),
            kinds,
            rows,
        }
    }
}

impl Row {
    fn of(
        operation: &str,
        counts: &OperationRow,
        kinds: &[Kind],
        found: &BTreeMap<(&str, Kind), (u64, Severity)>,
    ) -> Self {
        let shown = name(operation);
        let cell = |kind: &Kind| {
            let (number, severity) = *found.get(&(operation, *kind))?;
            Some(Cell {
                kind: *kind,
                number,
                severity,
                level: (number.ilog2() / 2 + 1).min(5),
                label: format!("{shown}, {kind}: {}", count(number, "divergence", "divergences")),
            })
        };
        Self {
            cells: kinds.iter().map(cell).collect(),
            whole: one_line(operation),
            steps: counts.steps,
            agree: counts.agree,
            inconclusive: counts.inconclusive,
            name: shown,
        }
    }
}
