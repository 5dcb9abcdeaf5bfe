//! Divergences told in brief: all that a gate, a baseline and a comparison judge by, and nothing that is only read.
//!
//! A target that is wrong throughout can diverge at a million steps, and nobody reads a million answers. Of so many a
//! report tells [`FULL`] in full, dealt out to the causes in turn, and the others in brief.

use std::sync::Arc;

use indexmap::IndexSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Divergence, EvidenceLine, Kind, Known, Report, Severity};

/// The most divergences that a report tells in full.
pub const FULL: usize = 20_000;

/// The divergences that a report tells in brief.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Briefs {
    /// Places in answers, which the groups name by number, from 0.
    #[schemars(with = "Vec<String>")]
    pub paths: IndexSet<Box<str>>,
    /// The divergences, those that have all but the scenario and the path in common together.
    pub groups: Vec<Brief>,
}

/// Divergences that have all but the scenario and the path in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Brief {
    /// What kind.
    pub kind: Kind,
    /// How bad.
    pub severity: Severity,
    /// The operation that was called.
    pub operation: Arc<str>,
    /// The step's name.
    pub step: Arc<str>,
    /// Why something else was due: the first evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceLine>,
    /// Whether each is a way of the endpoint, told at the first step of each operation that shows it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub habit: bool,
    /// Why a baseline accepts them, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Arc<Known>>,
    /// Of each the place of its scenario in the report's `scenarios`, from 0, in their order.
    pub scenarios: Vec<u32>,
    /// Of each the number of its path, in the same order.
    pub at: Vec<u32>,
}

/// A divergence as far as every report tells it.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'r> {
    /// What kind.
    pub kind: Kind,
    /// How bad.
    pub severity: Severity,
    /// The operation that was called.
    pub operation: &'r str,
    /// The scenario's path.
    pub scenario: &'r str,
    /// The step's name.
    pub step: &'r str,
    /// Where in the answer.
    pub path: &'r str,
    /// Why something else was due: the first evidence.
    pub evidence: Option<&'r EvidenceLine>,
    /// Whether it is a way of the endpoint, told at the first step of each operation that shows it.
    pub habit: bool,
}

impl Sight<'_> {
    /// The id of the divergence.
    pub fn id(&self) -> String {
        Divergence::id_of(self.scenario, self.step, self.kind, self.path)
    }

    /// The divergence with nothing in it that is told only in full.
    pub fn divergence(&self, known: Option<Arc<Known>>) -> Divergence {
        Divergence {
            id: self.id(),
            kind: self.kind,
            severity: self.severity,
            operation: self.operation.to_owned(),
            scenario: self.scenario.to_owned(),
            step: self.step.to_owned(),
            path: self.path.to_owned(),
            expected: String::new(),
            observed: String::new(),
            evidence: self.evidence.cloned().into_iter().collect(),
            repeat: String::new(),
            curl: String::new(),
            habit: self.habit,
            known,
        }
    }
}

impl Brief {
    /// How many divergences these are.
    pub fn len(&self) -> u64 {
        self.scenarios.len() as u64
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.scenarios.is_empty()
    }

    /// Adds one.
    pub fn push(&mut self, scenario: u32, path: u32) {
        self.scenarios.push(scenario);
        self.at.push(path);
    }

    /// The scenario and the path of each, by number.
    pub fn places(&self) -> impl Iterator<Item = (u32, u32)> {
        self.scenarios.iter().copied().zip(self.at.iter().copied())
    }

    /// These without any place.
    pub fn emptied(&self) -> Self {
        Self {
            kind: self.kind,
            severity: self.severity,
            operation: Arc::clone(&self.operation),
            step: Arc::clone(&self.step),
            evidence: self.evidence.clone(),
            habit: self.habit,
            known: self.known.clone(),
            scenarios: Vec::new(),
            at: Vec::new(),
        }
    }

    /// The divergence at one of the places.
    pub fn at<'r>(&'r self, report: &'r Report, (scenario, path): (u32, u32)) -> Sight<'r> {
        let row = report.scenarios.get(scenario as usize);
        let path = report.brief.paths.get_index(path as usize);
        Sight {
            kind: self.kind,
            severity: self.severity,
            operation: &self.operation,
            scenario: row.map_or("", |row| &row.path),
            step: &self.step,
            path: path.map_or("", |path| path),
            evidence: self.evidence.as_ref(),
            habit: self.habit,
        }
    }

    /// Every divergence of these.
    pub fn sights<'r>(&'r self, report: &'r Report) -> impl Iterator<Item = Sight<'r>> {
        self.places().map(move |place| self.at(report, place))
    }
}

impl Briefs {
    /// Whether everything is told in full.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// How many divergences these are.
    pub fn len(&self) -> u64 {
        self.groups.iter().map(Brief::len).sum()
    }

    /// Whether every number names something in a report of so many scenarios.
    pub fn fit(&self, scenarios: usize) -> bool {
        let below = |numbers: &[u32], end: usize| numbers.iter().all(|number| (*number as usize) < end);
        let fits = |group: &Brief| {
            group.scenarios.len() == group.at.len()
                && below(&group.scenarios, scenarios)
                && below(&group.at, self.paths.len())
        };
        self.groups.iter().all(fits)
    }
}
