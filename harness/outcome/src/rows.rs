//! The scenarios of a run while they come in.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::{ScenarioRecord, ScenarioRow};

/// The rows of scenarios, which come in any order and more than once. A run can have a million, so a row is held once
/// and never moved but to be put in order.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    rows: Vec<Row>,
    /// Where the row of each index is.
    places: HashMap<usize, u32>,
    resources: BTreeSet<Arc<str>>,
}

#[derive(Debug, Default)]
struct Row {
    index: usize,
    micros: u64,
    row: ScenarioRow,
}

impl Rows {
    /// Takes out the row of a scenario, or makes one; it goes back by [`put`](Self::put).
    pub(crate) fn take(&mut self, record: &ScenarioRecord) -> ScenarioRow {
        let next = self.rows.len() as u32;
        let place = *self.places.entry(record.index).or_insert(next);
        if place == next {
            let row = ScenarioRow {
                path: record.path.clone(),
                resource: record.resource.as_deref().map(|resource| self.resource(resource)),
                ..ScenarioRow::default()
            };
            self.rows.push(Row {
                index: record.index,
                micros: 0,
                row,
            });
        }
        let row = self.rows.get_mut(place as usize).map(|row| {
            row.micros += record.micros;
            std::mem::take(&mut row.row)
        });
        row.unwrap_or_default()
    }

    /// Puts back the row that was taken out.
    pub(crate) fn put(&mut self, index: usize, row: ScenarioRow) {
        if let Some(place) = self.get_mut(index) {
            *place = row;
        }
    }

    /// The row of a scenario that came in.
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut ScenarioRow> {
        let place = *self.places.get(&index)?;
        Some(&mut self.rows.get_mut(place as usize)?.row)
    }

    /// All that came in, in order.
    pub(crate) fn in_order(mut self) -> Ordered {
        self.rows.sort_unstable_by_key(|row| row.index);
        Ordered(self.rows)
    }

    /// One text for all rows of a resource.
    fn resource(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.resources.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.resources.insert(Arc::clone(&name));
        name
    }
}

/// The rows in the order of the run.
#[derive(Debug)]
pub(crate) struct Ordered(Vec<Row>);

impl Ordered {
    /// The place of each in the run.
    pub(crate) fn indices(&self) -> impl Iterator<Item = usize> {
        self.0.iter().map(|row| row.index)
    }

    /// How long each took.
    pub(crate) fn micros(&self) -> impl Iterator<Item = u64> {
        self.0.iter().map(|row| row.micros)
    }

    /// The rows alone.
    pub(crate) fn into_rows(self) -> Vec<ScenarioRow> {
        self.0.into_iter().map(|row| row.row).collect()
    }
}
