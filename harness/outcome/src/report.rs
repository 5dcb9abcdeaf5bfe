//! The report: what a run found, ready to be written.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::run::RunForm;
use crate::{Briefs, Divergence, Known, OpenStep, Run, Severity, Sight};

/// The version of the report's form; a reader refuses a greater one.
pub const SCHEMA: u32 = 1;

/// What stands in the reason of each step that was not asked for want of descriptors or ports on the machine that asks.
pub const SHORTAGE: &str = "not sent, since this machine ran short: ";

/// Everything that a run found. All that may differ between two equal runs lies under `run`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The version of this form, [`SCHEMA`].
    pub schema: u32,
    /// The service's name.
    pub service: String,
    /// The totals.
    pub summary: Summary,
    /// Every operation of the contract, by name.
    pub operations: Vec<OperationRow>,
    /// Every divergence, in the order of the scenarios; of more than [`FULL`](crate::brief::FULL) the first of each
    /// cause, as many of one as of another.
    pub divergences: Vec<Divergence>,
    /// The others.
    #[serde(default, skip_serializing_if = "Briefs::is_empty")]
    pub brief: Briefs,
    /// Why steps were inconclusive, with how many for each reason.
    pub inconclusive: BTreeMap<String, u64>,
    /// The steps that were not judged, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<OpenStep>,
    /// Every scenario in order.
    pub scenarios: Vec<ScenarioRow>,
    /// What belongs to this run alone; under `transcripts`, what was said.
    #[schemars(with = "RunForm")]
    pub run: Run,
}

/// The totals of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Scenarios played.
    pub scenarios: u64,
    /// Steps with a verdict: `agree + diverge + inconclusive`.
    pub steps: u64,
    /// Steps that agreed.
    pub agree: u64,
    /// Steps that diverged.
    pub diverge: u64,
    /// Steps of which it cannot be told.
    pub inconclusive: u64,
    /// Steps not asked, most because the target does not implement the operation.
    pub skipped: u64,
    /// Divergences by severity.
    pub divergences: SeverityCounts,
    /// Those of them that a baseline accepts.
    #[serde(default, skip_serializing_if = "SeverityCounts::is_none")]
    pub known: SeverityCounts,
    /// Whether the run was broken off.
    #[serde(default)]
    pub interrupted: bool,
    /// Why nothing was asked: the target, or the reference, was never reached. Such a report says nothing of the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub never_answered: Option<String>,
}

/// Divergences by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SeverityCounts {
    /// Errors.
    pub error: u64,
    /// Warnings.
    pub warning: u64,
    /// Notes.
    pub note: u64,
}

/// One operation of the contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OperationRow {
    /// Its name.
    pub name: String,
    /// Whether any selected scenario uses it.
    pub asked: bool,
    /// Whether the target implements it; of what was never asked nobody knows, and it is `false`.
    pub implemented: bool,
    /// Steps with a verdict.
    pub steps: u64,
    /// Steps that agreed.
    pub agree: u64,
    /// Steps that diverged.
    pub diverge: u64,
    /// Steps of which it cannot be told.
    pub inconclusive: u64,
}

/// One scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioRow {
    /// Its path.
    pub path: String,
    /// The resource it is about, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<Arc<str>>,
    /// Steps that agreed.
    pub agree: u64,
    /// Steps that diverged.
    pub diverge: u64,
    /// Steps of which it cannot be told.
    pub inconclusive: u64,
    /// Steps not asked.
    pub skipped: u64,
}

impl SeverityCounts {
    /// These without those.
    pub fn without(&self, those: &Self) -> Self {
        Self {
            error: self.error.saturating_sub(those.error),
            warning: self.warning.saturating_sub(those.warning),
            note: self.note.saturating_sub(those.note),
        }
    }

    /// Counts so many more.
    pub fn add(&mut self, severity: Severity, more: u64) {
        match severity {
            Severity::Error => self.error += more,
            Severity::Warning => self.warning += more,
            Severity::Note => self.note += more,
        }
    }

    /// How many there are of these severities.
    pub fn of(&self, wanted: impl Fn(Severity) -> bool) -> u64 {
        let all = [
            (Severity::Error, self.error),
            (Severity::Warning, self.warning),
            (Severity::Note, self.note),
        ];
        let wanted = all.into_iter().filter(|(severity, _)| wanted(*severity));
        wanted.map(|(_, number)| number).sum()
    }

    /// Whether there is none at all.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Report {
    /// Every divergence, also those that are told in brief, and whether a baseline accepts it.
    pub fn sights(&self) -> impl Iterator<Item = (Sight<'_>, bool)> {
        let full = self.divergences.iter();
        let full = full.map(|divergence| (divergence.sight(), divergence.known.is_some()));
        let brief = self.brief.groups.iter();
        let brief = brief.flat_map(|group| group.sights(self).map(|sight| (sight, group.known.is_some())));
        full.chain(brief)
    }

    /// Makes divergences that say little of those told in brief, in the order of the scenarios: for views that look at
    /// one after another, at the price of the memory.
    pub fn unfold(&mut self) {
        if self.brief.is_empty() {
            return;
        }
        let whole = |group: &crate::Brief| -> Vec<_> {
            let known: Option<Arc<Known>> = group.known.clone();
            group
                .sights(self)
                .map(|sight| sight.divergence(known.clone()))
                .collect()
        };
        let brief: Vec<_> = self.brief.groups.iter().flat_map(whole).collect();
        self.brief = Briefs::default();
        self.divergences.extend(brief);
        let rows = self.scenarios.iter().enumerate();
        let places: BTreeMap<&str, usize> = rows.map(|(at, row)| (row.path.as_str(), at)).collect();
        self.divergences
            .sort_by_key(|divergence| places.get(divergence.scenario.as_str()).copied());
    }

    /// Whether every number names something that is there.
    pub fn numbers_fit(&self) -> bool {
        let scenarios = self.scenarios.len();
        let fits = |open: &OpenStep| open.scenarios.iter().all(|at| (*at as usize) < scenarios);
        self.brief.fit(scenarios) && self.open.iter().all(fits)
    }

    /// The steps that were not judged, each as the scenario's path and the step's name.
    pub fn open_steps(&self) -> impl Iterator<Item = (&str, &str)> {
        self.open.iter().flat_map(|open| {
            let rows = open.scenarios.iter().filter_map(|at| self.scenarios.get(*at as usize));
            rows.map(|row| (row.path.as_str(), &*open.step))
        })
    }

    /// The share of the operations that were asked which the target implements, in percent.
    #[expect(clippy::cast_precision_loss, reason = "counts of operations are small")]
    pub fn coverage_percent(&self) -> f64 {
        let implemented = self.operations.iter().filter(|row| row.implemented).count();
        let asked = self.operations.iter().filter(|row| row.asked).count();
        100.0 * implemented as f64 / asked.max(1) as f64
    }

    /// How many steps are inconclusive since the machine that asked had run short of something, which says nothing of the
    /// target and would be otherwise elsewhere.
    pub fn short_steps(&self) -> u64 {
        let reasons = self.inconclusive.iter();
        let short = reasons.filter(|(reason, _)| reason.contains(SHORTAGE));
        short.map(|(_, steps)| steps).sum()
    }

    /// Whether all that was to be asked was: nobody broke the run off, and the machine that asked did not run short.
    pub fn is_whole(&self) -> bool {
        !self.summary.interrupted && self.short_steps() == 0
    }

    /// Whether any step agreed or diverged. A report of which none did tells nothing of the target.
    pub fn is_judged(&self) -> bool {
        self.summary.agree + self.summary.diverge > 0
    }

    /// The share of steps that are inconclusive, in percent.
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more than 53 bits")]
    pub fn inconclusive_percent(&self) -> f64 {
        100.0 * self.summary.inconclusive as f64 / self.summary.steps.max(1) as f64
    }
}
