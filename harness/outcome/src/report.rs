//! The report: what a run found, ready to be written.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::divergence::without_keys;
use crate::transcript::{KEY, RunForm, Shelf};
use crate::{Divergence, Event, RunInfo, ScenarioRecord, Severity, StepRecord, Transcript, Transcripts, Verdict};

/// The version of the report's form; a reader refuses a greater one.
pub const SCHEMA: u32 = 1;

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
    /// Every divergence, in the order of the scenarios.
    pub divergences: Vec<Divergence>,
    /// Why steps were inconclusive, with how many for each reason.
    pub inconclusive: BTreeMap<String, u64>,
    /// Every scenario in order.
    pub scenarios: Vec<ScenarioRow>,
    /// What belongs to this run alone; under `transcripts`, what was said.
    #[schemars(with = "RunForm")]
    pub run: serde_json::Value,
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
    pub resource: Option<String>,
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

    /// Counts one more.
    pub fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.error += 1,
            Severity::Warning => self.warning += 1,
            Severity::Note => self.note += 1,
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
    /// The divergences that no baseline accepts.
    pub fn unaccepted(&self) -> impl Iterator<Item = &Divergence> {
        self.divergences.iter().filter(|divergence| divergence.known.is_none())
    }

    /// The share of the operations that were asked which the target implements, in percent.
    #[expect(clippy::cast_precision_loss, reason = "counts of operations are small")]
    pub fn coverage_percent(&self) -> f64 {
        let implemented = self.operations.iter().filter(|row| row.implemented).count();
        let asked = self.operations.iter().filter(|row| row.asked).count();
        100.0 * implemented as f64 / asked.max(1) as f64
    }

    /// The share of steps that are inconclusive, in percent.
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more than 53 bits")]
    pub fn inconclusive_percent(&self) -> f64 {
        100.0 * self.summary.inconclusive as f64 / self.summary.steps.max(1) as f64
    }
}

/// Turns events into a report. Memory grows with divergences and scenarios, not with steps or repetitions.
#[derive(Debug, Default)]
pub struct Collector {
    info: RunInfo,
    coverage: BTreeMap<String, bool>,
    operations: BTreeMap<String, OperationRow>,
    scenarios: BTreeMap<usize, ScenarioRow>,
    divergences: BTreeMap<(usize, usize, String), Divergence>,
    habits: BTreeMap<[String; 4], Habit>,
    micros: BTreeMap<usize, u64>,
    requests: u64,
    inconclusive: BTreeMap<String, u64>,
    interrupted: bool,
    shelf: Shelf,
}

/// The first step that showed a way of the endpoint.
#[derive(Debug)]
struct Habit {
    place: (usize, usize),
    divergence: Divergence,
    verdict: Verdict,
    transcript: Option<Box<Transcript>>,
}

impl Collector {
    /// A collector that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one event.
    pub fn take(&mut self, event: Event) {
        match event {
            Event::Started(info) => self.info = info,
            Event::Coverage(coverage) => {
                // Every part of a run asks; known in one is known.
                for (operation, implemented) in coverage {
                    *self.coverage.entry(operation).or_default() |= implemented;
                }
            }
            Event::Scenario(record) => self.scenario(record),
            Event::Interrupted { .. } => self.interrupted = true,
        }
    }

    /// The report of what was taken; `run` is what belongs to this run alone, to which durations and requests are added.
    pub fn report(mut self, mut run: serde_json::Value) -> Report {
        self.tell_habits();
        if let Some(run) = run.as_object_mut() {
            run.insert("micros".into(), self.micros());
            run.insert("requests".into(), self.requests.into());
            run.insert(KEY.into(), serde_json::json!(self.transcripts()));
        }
        let mut summary = Summary {
            interrupted: self.interrupted,
            ..Summary::default()
        };
        for row in self.scenarios.values() {
            summary.scenarios += 1;
            summary.agree += row.agree;
            summary.diverge += row.diverge;
            summary.inconclusive += row.inconclusive;
            summary.skipped += row.skipped;
        }
        summary.steps = summary.agree + summary.diverge + summary.inconclusive;
        let divergences: Vec<_> = self.divergences.into_values().collect();
        for divergence in &divergences {
            summary.divergences.add(divergence.severity);
        }
        Report {
            schema: SCHEMA,
            service: self.info.service,
            summary,
            operations: rows(&self.info.operations, self.operations, &self.coverage),
            divergences,
            inconclusive: self.inconclusive,
            scenarios: self.scenarios.into_values().collect(),
            run,
        }
    }

    fn scenario(&mut self, record: ScenarioRecord) {
        *self.micros.entry(record.index).or_default() += record.micros;
        self.requests += record.requests;
        let mut row = self.scenarios.remove(&record.index).unwrap_or_else(|| ScenarioRow {
            path: record.path,
            resource: record.resource,
            ..ScenarioRow::default()
        });
        for (at, step) in record.steps.into_iter().enumerate() {
            self.step(&mut row, (record.index, at), step);
        }
        self.scenarios.insert(record.index, row);
    }

    fn step(&mut self, row: &mut ScenarioRow, (index, at): (usize, usize), step: StepRecord) {
        let operation = self.operations.entry(step.operation.clone()).or_default();
        let verdict = step.verdict.clone();
        match step.verdict {
            Verdict::Agree => (row.agree, operation.agree) = (row.agree + 1, operation.agree + 1),
            Verdict::Diverge => (row.diverge, operation.diverge) = (row.diverge + 1, operation.diverge + 1),
            Verdict::Inconclusive(reason) => {
                (row.inconclusive, operation.inconclusive) = (row.inconclusive + 1, operation.inconclusive + 1);
                *self.inconclusive.entry(reason).or_default() += 1;
            }
            Verdict::Skipped(_) => {
                row.skipped += 1;
                return;
            }
        }
        operation.steps += 1;
        let place = (index, at);
        for difference in step.differences {
            let (habit, curl) = (difference.habit, step.curl.clone());
            let divergence = Divergence::place(difference, &step.operation, &row.path, &step.step, curl);
            let transcript = step.transcript.clone();
            if habit {
                self.habit(Habit {
                    place,
                    divergence,
                    verdict: verdict.clone(),
                    transcript,
                });
                continue;
            }
            if let Some(transcript) = transcript {
                self.shelf.put(place, *transcript);
            }
            self.divergences
                .entry((index, at, divergence.id.clone()))
                .or_insert(divergence);
        }
    }

    /// Keeps the first step of each operation that shows it.
    fn habit(&mut self, habit: Habit) {
        let Divergence {
            operation,
            kind,
            path,
            evidence,
            ..
        } = &habit.divergence;
        let fact = evidence.first().map_or_else(String::new, |line| line.fact.clone());
        let key = [operation.clone(), kind.to_string(), without_keys(path), fact];
        match self.habits.get_mut(&key) {
            Some(known) if known.place <= habit.place => {}
            Some(known) => *known = habit,
            None => {
                self.habits.insert(key, habit);
            }
        }
    }

    /// Counts the steps that showed a habit first as diverging.
    fn tell_habits(&mut self) {
        let mut told = BTreeSet::new();
        for Habit {
            place,
            divergence,
            verdict,
            transcript,
        } in std::mem::take(&mut self.habits).into_values()
        {
            let rows = (
                self.scenarios.get_mut(&place.0),
                self.operations.get_mut(&divergence.operation),
            );
            if let (true, (Some(row), Some(operation))) = (told.insert(place), rows) {
                let counts = match verdict {
                    Verdict::Agree => Some((&mut row.agree, &mut operation.agree)),
                    Verdict::Inconclusive(reason) => {
                        one_less(&mut self.inconclusive, &reason);
                        Some((&mut row.inconclusive, &mut operation.inconclusive))
                    }
                    Verdict::Diverge | Verdict::Skipped(_) => None,
                };
                if let Some((of_row, of_operation)) = counts {
                    (*of_row, *of_operation) = (of_row.saturating_sub(1), of_operation.saturating_sub(1));
                    (row.diverge, operation.diverge) = (row.diverge + 1, operation.diverge + 1);
                }
            }
            if let Some(transcript) = transcript {
                self.shelf.put(place, *transcript);
            }
            self.divergences
                .insert((place.0, place.1, divergence.id.clone()), divergence);
        }
    }

    /// How long each scenario took, by its path.
    fn micros(&mut self) -> serde_json::Value {
        let micros = std::mem::take(&mut self.micros).into_iter();
        let of = |(index, micros): (usize, u64)| Some((self.scenarios.get(&index)?.path.clone(), micros.into()));
        serde_json::Value::Object(micros.filter_map(of).collect())
    }

    /// What was said at the steps whose divergences are told.
    fn transcripts(&mut self) -> Transcripts {
        let mut transcripts = Transcripts::default();
        for ((index, at), said) in std::mem::take(&mut self.shelf).into_iter() {
            let mut of_step = self.divergences.range((index, at, String::new())..);
            if let Some((_, divergence)) = of_step.next() {
                transcripts.push(&divergence.scenario, &divergence.step, said);
            }
        }
        transcripts
    }
}

/// Counts one less; what has no more is not told.
fn one_less(counts: &mut BTreeMap<String, u64>, of: &str) {
    if let Some(count) = counts.get_mut(of) {
        *count = count.saturating_sub(1);
    }
    counts.retain(|_, count| *count > 0);
}

/// A row for each operation of the contract, also for one that was never asked.
fn rows(
    names: &[String],
    mut seen: BTreeMap<String, OperationRow>,
    coverage: &BTreeMap<String, bool>,
) -> Vec<OperationRow> {
    let mut row = |name: &String| OperationRow {
        name: name.clone(),
        asked: coverage.contains_key(name) || seen.contains_key(name),
        implemented: coverage.get(name).copied().unwrap_or(false),
        ..seen.remove(name).unwrap_or_default()
    };
    names.iter().map(&mut row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Difference, Kind};

    fn record(index: usize, verdict: Verdict, differences: Vec<Difference>) -> Event {
        let step = StepRecord {
            step: "s".into(),
            operation: "Op".into(),
            verdict,
            differences,
            curl: "curl".into(),
            transcript: None,
        };
        Event::Scenario(ScenarioRecord {
            index,
            path: format!("p{index}"),
            steps: vec![step],
            ..Default::default()
        })
    }

    fn difference() -> Difference {
        Difference {
            kind: Kind::Case,
            severity: Severity::Error,
            path: "A".into(),
            expected: "a".into(),
            observed: "A".into(),
            evidence: vec![],
            habit: false,
        }
    }

    fn report(events: Vec<Event>) -> Report {
        let mut collector = Collector::new();
        collector.take(Event::Started(RunInfo {
            operations: vec!["Op".into(), "Other".into()],
            ..Default::default()
        }));
        collector.take(Event::Coverage([("Op".to_owned(), true)].into()));
        events.into_iter().for_each(|event| collector.take(event));
        collector.report(serde_json::json!({}))
    }

    #[test]
    fn the_order_of_events_does_not_show() {
        let events = vec![
            record(1, Verdict::Agree, vec![]),
            record(0, Verdict::Diverge, vec![difference()]),
        ];
        let reversed = events.iter().rev().cloned().collect();
        assert_eq!(report(events), report(reversed));
    }

    #[test]
    fn a_repeated_scenario_adds_steps_but_neither_scenarios_nor_divergences() {
        let once = report(vec![record(0, Verdict::Diverge, vec![difference()])]);
        let twice = report(vec![record(0, Verdict::Diverge, vec![difference()]); 2]);
        assert_eq!((once.summary.scenarios, once.summary.steps), (1, 1));
        assert_eq!((twice.summary.scenarios, twice.summary.steps), (1, 2));
        assert_eq!(once.divergences, twice.divergences);
    }

    #[test]
    fn a_habit_is_told_once_for_each_operation_whatever_the_order() {
        let habit = || {
            vec![Difference {
                habit: true,
                ..difference()
            }]
        };
        let events = vec![record(1, Verdict::Agree, habit()), record(0, Verdict::Agree, habit())];
        let report_ = report(events.clone());
        assert_eq!((report_.summary.agree, report_.summary.diverge), (1, 1));
        assert_eq!(
            report_
                .divergences
                .iter()
                .map(|d| d.scenario.as_str())
                .collect::<Vec<_>>(),
            ["p0"]
        );
        assert_eq!(report_, report(events.into_iter().rev().collect()));
    }

    #[test]
    fn a_skipped_step_is_no_verdict_and_an_operation_never_asked_has_a_row() {
        let report = report(vec![record(0, Verdict::Skipped("not implemented".into()), vec![])]);
        assert_eq!((report.summary.steps, report.summary.skipped), (0, 1));
        assert_eq!(report.operations.len(), 2);
        assert!(
            report
                .operations
                .iter()
                .any(|row| row.name == "Other" && !row.implemented)
        );
    }
}
