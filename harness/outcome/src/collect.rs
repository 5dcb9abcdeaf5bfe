//! Events made into a report.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use crate::brief::FULL;
use crate::deal::{Deal, Place};
use crate::divergence::{tail, without_keys};
use crate::open::Open;
use crate::report::SCHEMA;
use crate::rows::Rows;
use crate::transcript::Shelf;
use crate::{
    Brief, Briefs, Divergence, Event, OperationRow, Report, Run, RunInfo, ScenarioRecord, ScenarioRow, StepRecord,
    Summary, Transcript, Transcripts, Verdict,
};

/// Turns events into a report. Memory grows with the scenarios, by a few bytes with the divergences, and neither with
/// steps nor with repetitions.
#[derive(Debug)]
pub struct Collector {
    info: RunInfo,
    coverage: BTreeMap<String, bool>,
    operations: BTreeMap<String, OperationRow>,
    rows: Rows,
    found: Found,
    habits: BTreeMap<[String; 4], Habit>,
    requests: u64,
    inconclusive: BTreeMap<String, u64>,
    open: Open,
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

impl Default for Collector {
    fn default() -> Self {
        Self::telling(FULL)
    }
}

impl Collector {
    /// A collector that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// One that tells so many divergences in full.
    pub fn telling(full: usize) -> Self {
        Self {
            info: RunInfo::default(),
            coverage: BTreeMap::new(),
            operations: BTreeMap::new(),
            rows: Rows::default(),
            found: Found::new(full),
            habits: BTreeMap::new(),
            requests: 0,
            inconclusive: BTreeMap::new(),
            open: Open::default(),
            interrupted: false,
            shelf: Shelf::default(),
        }
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

    /// Leaves out of an event that was taken what neither this report nor one of more events tells: beyond what is told in
    /// full, what was said, and both sides. Nothing that comes later could bring it back, so a part of a run need
    /// not hand it on.
    pub fn shorten(&self, event: &mut Event) {
        let Event::Scenario(record) = event else { return };
        let index = record.index;
        for (at, step) in record.steps.iter_mut().enumerate() {
            // Whether a way of the endpoint is told is settled at the end.
            if step.differences.iter().any(|found| found.habit) {
                continue;
            }
            step.transcript.take_if(|_| !self.shelf.holds((index, at)));
            let mut in_full = false;
            for found in &mut step.differences {
                let place = (index, at, tail(&step.step, found.kind, &found.path));
                if self.found.full.contains(place) {
                    in_full = true;
                } else {
                    found.expected.clear();
                    found.observed.clear();
                    found.evidence.truncate(1);
                }
            }
            if !in_full {
                step.curl.clear();
            }
        }
    }

    /// The report of what was taken; `run` is what belongs to this run alone, to which durations, requests and what was
    /// said are added.
    pub fn report(mut self, run: serde_json::Value) -> Report {
        self.tell_habits();
        let mut run = Run::from(run);
        run.insert("requests".into(), self.requests.into());
        let ordered = self.rows.in_order();
        run.durations = ordered.micros().collect();
        let (divergences, brief) = self.found.told(ordered.indices());
        let open = self.open.told(ordered.indices());
        let scenarios = ordered.into_rows();
        run.transcripts = transcripts(self.shelf, &divergences);
        let mut summary = Summary {
            interrupted: self.interrupted,
            ..Summary::default()
        };
        for row in &scenarios {
            summary.scenarios += 1;
            summary.agree += row.agree;
            summary.diverge += row.diverge;
            summary.inconclusive += row.inconclusive;
            summary.skipped += row.skipped;
        }
        summary.steps = summary.agree + summary.diverge + summary.inconclusive;
        let divergences: Vec<_> = divergences.into_iter().map(|(_, divergence)| divergence).collect();
        for divergence in &divergences {
            summary.divergences.add(divergence.severity, 1);
        }
        for group in &brief.groups {
            summary.divergences.add(group.severity, group.len());
        }
        Report {
            schema: SCHEMA,
            service: self.info.service,
            summary,
            operations: rows(&self.info.operations, self.operations, &self.coverage),
            divergences,
            brief,
            inconclusive: self.inconclusive,
            open,
            scenarios,
            run,
        }
    }

    fn scenario(&mut self, record: ScenarioRecord) {
        self.requests += record.requests;
        let mut row = self.rows.take(&record);
        for (at, step) in record.steps.into_iter().enumerate() {
            self.step(&mut row, (record.index, at), step);
        }
        self.rows.put(record.index, row);
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
                if !step.held {
                    self.open.put(&step.step, index);
                }
            }
            Verdict::Skipped(_) => {
                row.skipped += 1;
                self.open.put(&step.step, index);
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
            let cause = self.found.put(place, divergence);
            if let Some(transcript) = transcript {
                self.shelf.put(cause, place, *transcript);
            }
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
                self.rows.get_mut(place.0),
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
            let cause = self.found.put(place, divergence);
            if let Some(transcript) = transcript {
                self.shelf.put(cause, place, *transcript);
            }
        }
    }
}

/// What was said at the steps whose divergences are told in full.
fn transcripts(shelf: Shelf, divergences: &[(Place, Divergence)]) -> Transcripts {
    let mut transcripts = Transcripts::default();
    for ((index, at), said) in shelf.into_iter() {
        let first = divergences.partition_point(|((of, step, _), _)| (*of, *step) < (index, at));
        let of_step = divergences
            .get(first)
            .filter(|((of, step, _), _)| (*of, *step) == (index, at));
        if let Some((_, divergence)) = of_step {
            transcripts.push(&divergence.scenario, &divergence.step, said);
        }
    }
    transcripts
}

/// The divergences that were found, each once.
#[derive(Debug)]
struct Found {
    full: Deal<Divergence>,
    /// The numbers of the causes.
    causes: IndexSet<String>,
    /// By scenario and by what tells divergences of one scenario apart: the group and the path, by number.
    brief: BTreeMap<(usize, u32), (u32, u32)>,
    /// By cause, operation and step.
    groups: IndexMap<(u32, Arc<str>, Arc<str>), Brief>,
    paths: IndexSet<Box<str>>,
}

impl Found {
    fn new(full: usize) -> Self {
        Self {
            full: Deal::new(full),
            causes: IndexSet::new(),
            brief: BTreeMap::new(),
            groups: IndexMap::new(),
            paths: IndexSet::new(),
        }
    }

    /// Takes a divergence, and gives the number of its cause.
    fn put(&mut self, (index, at): (usize, usize), divergence: Divergence) -> u32 {
        let tail = tail(&divergence.step, divergence.kind, &divergence.path);
        let cause = number(&mut self.causes, divergence.cause_key());
        if !self.brief.contains_key(&(index, tail)) {
            let evicted = self.full.put(cause, (index, at, tail), divergence);
            if let Some(((index, _, tail), cause, divergence)) = evicted {
                self.shorten((index, tail), cause, divergence);
            }
        }
        cause
    }

    /// Keeps of a divergence what is told in brief.
    fn shorten(&mut self, place: (usize, u32), cause: u32, divergence: Divergence) {
        let Divergence {
            kind,
            severity,
            operation,
            step,
            path,
            evidence,
            habit,
            ..
        } = divergence;
        let path = number(&mut self.paths, path.into_boxed_str());
        let entry = self.groups.entry((cause, operation.into(), step.into()));
        let group = entry.index() as u32;
        entry.or_insert_with_key(|(_, operation, step)| Brief {
            kind,
            severity,
            operation: Arc::clone(operation),
            step: Arc::clone(step),
            evidence: evidence.into_iter().next(),
            habit,
            known: None,
            scenarios: Vec::new(),
            at: Vec::new(),
        });
        self.brief.insert(place, (group, path));
    }

    /// What is told in full, in order, and what in brief. `scenarios` are the indices of all scenarios in order.
    fn told(self, scenarios: impl Iterator<Item = usize>) -> (Vec<(Place, Divergence)>, Briefs) {
        let mut rows = scenarios.enumerate().peekable();
        let mut groups: Vec<Brief> = self.groups.into_values().collect();
        let mut order: IndexSet<u32> = IndexSet::new();
        let mut paths: IndexMap<u32, ()> = IndexMap::new();
        for ((index, _), (group, path)) in self.brief {
            while rows.next_if(|(_, of)| *of < index).is_some() {}
            let row = rows.peek().map_or(0, |(row, _)| *row as u32);
            order.insert(group);
            let (path, _) = paths.insert_full(path, ());
            if let Some(group) = groups.get_mut(group as usize) {
                group.push(row, path as u32);
            }
        }
        let mut texts: Vec<Box<str>> = self.paths.into_iter().collect();
        let text = |number: u32| texts.get_mut(number as usize).map(std::mem::take);
        let brief = Briefs {
            paths: paths.into_keys().filter_map(text).collect(),
            groups: in_order(groups, &order),
        };
        (self.full.into_iter().collect(), brief)
    }
}

/// The groups in the order of their first divergences, whatever the order in which these came.
fn in_order(groups: Vec<Brief>, order: &IndexSet<u32>) -> Vec<Brief> {
    let place = |at: u32| order.get_index_of(&at).unwrap_or(usize::MAX);
    let mut groups: Vec<_> = (0..).zip(groups).map(|(at, group)| (place(at), group)).collect();
    groups.sort_by_key(|(place, _)| *place);
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The number of a thing among those seen.
fn number<T: std::hash::Hash + Eq>(seen: &mut IndexSet<T>, thing: T) -> u32 {
    seen.insert_full(thing).0 as u32
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
    use crate::{Difference, Kind, Severity};

    fn record(index: usize, verdict: Verdict, differences: Vec<Difference>) -> Event {
        let step = StepRecord {
            step: "s".into(),
            operation: "Op".into(),
            verdict,
            held: false,
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
        told(events, FULL)
    }

    fn told(events: Vec<Event>, full: usize) -> Report {
        let mut collector = Collector::telling(full);
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
    fn a_step_is_open_where_no_answer_was_held_against_anything() {
        let open = |held: bool| {
            let mut event = record(7, Verdict::Inconclusive("a doubt".into()), vec![]);
            if let Event::Scenario(record) = &mut event {
                record.steps[0].held = held;
            }
            let skipped = record(9, Verdict::Skipped("not implemented".into()), vec![]);
            report(vec![skipped, event, record(3, Verdict::Agree, vec![])])
        };
        let told = |report: &Report| {
            report
                .open_steps()
                .map(|(path, step)| format!("{path} {step}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(told(&open(false)), ["p7 s", "p9 s"]);
        assert_eq!(told(&open(true)), ["p9 s"]);
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

    /// Scenarios of one step each, of which every third diverges for a rare cause and the others for a frequent one.
    fn many(number: usize) -> Vec<Event> {
        let found = |at: usize| Difference {
            kind: if at.is_multiple_of(3) { Kind::Value } else { Kind::Case },
            path: format!("Things[{}].Name", at % 4),
            ..difference()
        };
        (0..number)
            .map(|at| record(at, Verdict::Diverge, vec![found(at)]))
            .collect()
    }

    #[test]
    fn what_is_told_in_brief_is_counted_has_its_id_and_does_not_depend_on_the_order() {
        let (whole, part) = (told(many(30), 30), told(many(30), 8));
        assert!(whole.brief.is_empty());
        assert_eq!((part.divergences.len(), part.brief.len()), (8, 22));
        assert_eq!(part.summary, whole.summary);
        let ids = |report: &Report| report.sights().map(|(sight, _)| sight.id()).collect::<BTreeSet<_>>();
        assert_eq!(ids(&part), ids(&whole));
        let of_kind = |kind| part.divergences.iter().filter(|one| one.kind == kind).count();
        assert_eq!([Kind::Value, Kind::Case].map(of_kind), [4, 4]);
        assert!(part.brief.fit(part.scenarios.len()));
        let reversed = told(many(30).into_iter().rev().collect(), 8);
        assert_eq!(reversed, part);
        let repeated = told([many(30), many(30)].concat(), 8);
        assert_eq!(
            (&repeated.divergences, &repeated.brief),
            (&part.divergences, &part.brief)
        );
    }

    #[test]
    fn parts_that_leave_out_what_their_own_reports_do_make_the_same_whole() {
        let said = |text: String| Transcript {
            request: crate::Text::new(&text),
            answer: None,
            reference: None,
            fields: crate::Text::new(""),
        };
        let mut events = many(60);
        for (at, event) in events.iter_mut().enumerate() {
            let Event::Scenario(record) = event else { continue };
            record.steps[0].transcript = Some(Box::new(said(at.to_string())));
        }
        let whole = told(events.clone(), 8);
        let mut left_out = 0;
        let mut parts = Vec::new();
        for part in 0..3 {
            let mut collector = Collector::telling(8);
            for mut event in events.iter().skip(part).step_by(3).cloned() {
                collector.take(event.clone());
                collector.shorten(&mut event);
                let Event::Scenario(record) = &event else { continue };
                left_out += usize::from(record.steps[0].curl.is_empty());
                parts.push(event);
            }
        }
        assert_eq!(left_out, 60 - 3 * 8);
        assert_eq!(told(parts, 8), whole);
    }

    #[test]
    fn a_report_unfolded_has_every_divergence_in_the_order_of_the_scenarios() {
        let (whole, mut part) = (told(many(30), 30), told(many(30), 8));
        part.unfold();
        let ids = |report: &Report| report.divergences.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&part), ids(&whole));
        assert!(part.brief.is_empty());
        assert_eq!(part.divergences.iter().filter(|one| one.is_brief()).count(), 22);
    }
}
