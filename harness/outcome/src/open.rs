//! The steps that were not judged, by name.
//!
//! A report counts verdicts and holds none by step. What it must tell of each step is whether a divergence that is not
//! told there would have been: that a step was inconclusive mends nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The scenarios in which the step of one name was not judged each time: it was not asked, or inconclusive with an answer
/// that was held against nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenStep {
    /// The step's name.
    pub step: Arc<str>,
    /// The place of each scenario in the report's `scenarios`, from 0, in their order.
    pub scenarios: Vec<u32>,
}

/// The steps that were not judged, while they come in.
#[derive(Debug, Default)]
pub(crate) struct Open(BTreeMap<Arc<str>, BTreeSet<u32>>);

impl Open {
    /// Takes a step of the scenario with this place in the run.
    pub(crate) fn put(&mut self, step: &str, index: usize) {
        let index = index as u32;
        match self.0.get_mut(step) {
            Some(known) => drop(known.insert(index)),
            None => drop(self.0.insert(step.into(), [index].into())),
        }
    }

    /// All of them; `scenarios` are the places of all scenarios in the run, in order.
    pub(crate) fn told(self, scenarios: impl Iterator<Item = usize>) -> Vec<OpenStep> {
        let places: Vec<u32> = scenarios.map(|index| index as u32).collect();
        let row = |index: u32| Some(places.binary_search(&index).ok()? as u32);
        let all = self.0.into_iter().map(|(step, indices)| OpenStep {
            step,
            scenarios: indices.into_iter().filter_map(row).collect(),
        });
        all.collect()
    }
}
