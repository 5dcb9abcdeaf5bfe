//! What diverges for one reason.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::divergence::without_keys;
use crate::{Brief, Divergence, EvidenceLine, Report, Severity, Sight};

/// The source of what is due where a reference answered it, and nothing else is known.
pub const REFERENCE: &str = "the reference";

/// How the sources begin of what holds for every member and every operation alike. That one of them breaks it says
/// nothing of the others.
const GENERAL: [&str; 4] = ["the law of ", "the service's model", "common sense", "common errors"];

/// Divergences with one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause<'r> {
    /// The one that speaks for all: the first that is told in full, if there is one.
    pub first: Cow<'r, Divergence>,
    /// Those told in full, in the order of the report.
    pub members: Vec<&'r Divergence>,
    /// Those told in brief.
    pub brief: Vec<&'r Brief>,
}

impl Cause<'_> {
    /// Where it shows, for a heading: its first operation, and how many others there are.
    pub fn operations(&self) -> (&str, usize) {
        let first = self.first.operation.as_str();
        let members = self.members.iter().map(|member| member.operation.as_str());
        let all: BTreeSet<&str> = members
            .chain(self.brief.iter().map(|group| &*group.operation))
            .collect();
        (first, all.iter().filter(|operation| **operation != first).count())
    }

    /// How many divergences it has.
    pub fn times(&self) -> u64 {
        let brief: u64 = self.brief.iter().map(|group| group.len()).sum();
        self.members.len() as u64 + brief
    }
}

impl Sight<'_> {
    /// What tells one cause from another: the same fact broken in the same way is one cause, wherever it shows; of a
    /// general law, the same member, or the same operation where the whole answer is meant.
    pub fn cause_key(&self) -> String {
        let where_ = match self.evidence {
            // That another endpoint answers so is no one fact.
            Some(line) if line.source != REFERENCE => {
                let member = if is_general(line) { self.member() } else { String::new() };
                format!("{}\0{}\0{member}", line.fact, line.source)
            }
            _ => format!("{}\0{}", self.operation, without_keys(self.path)),
        };
        format!("{}\0{}\0{where_}", self.kind, self.severity)
    }

    fn member(&self) -> String {
        match self.path {
            "" => self.operation.to_owned(),
            path => without_keys(path),
        }
    }
}

fn is_general(line: &EvidenceLine) -> bool {
    GENERAL.iter().any(|beginning| line.source.starts_with(beginning))
}

/// Groups the wanted divergences by cause, worst first, then the most frequent. What is wanted is told by the severity,
/// and by whether a baseline accepts it.
pub fn causes(report: &Report, wanted: impl Fn(Severity, bool) -> bool) -> Vec<Cause<'_>> {
    let mut groups: BTreeMap<String, Cause<'_>> = BTreeMap::new();
    for divergence in &report.divergences {
        if wanted(divergence.severity, divergence.known.is_some()) {
            let cause = groups
                .entry(divergence.cause_key())
                .or_insert_with(|| Cause::of(Cow::Borrowed(divergence)));
            cause.members.push(divergence);
        }
    }
    for group in &report.brief.groups {
        let first = group.sights(report).next();
        let first = first.filter(|_| wanted(group.severity, group.known.is_some()));
        if let Some(first) = first {
            let cause = groups
                .entry(first.cause_key())
                .or_insert_with(|| Cause::of(Cow::Owned(first.divergence(group.known.clone()))));
            cause.brief.push(group);
        }
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|cause| {
        let Divergence { severity, kind, .. } = *cause.first;
        (std::cmp::Reverse(severity), kind, std::cmp::Reverse(cause.times()))
    });
    groups
}

impl<'r> Cause<'r> {
    fn of(first: Cow<'r, Divergence>) -> Self {
        Self {
            first,
            members: Vec::new(),
            brief: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Difference, Kind, ScenarioRow};

    fn divergence(scenario: &str, kind: Kind, severity: Severity, fact: &str) -> Divergence {
        let evidence = vec![EvidenceLine {
            fact: fact.into(),
            source: "s".into(),
            confidence: "documented".into(),
        }];
        let difference = Difference {
            kind,
            severity,
            path: "Users[a].UserId".into(),
            expected: "a".into(),
            observed: "A".into(),
            evidence,
            habit: false,
        };
        Divergence::place(difference, "DescribeUsers", scenario, "describe", String::new())
    }

    fn report() -> Report {
        Report {
            divergences: vec![
                divergence("a", Kind::ErrorMessage, Severity::Note, "wording"),
                divergence("b", Kind::Case, Severity::Error, "stored in lower case"),
                divergence("c", Kind::Case, Severity::Error, "stored in lower case"),
            ],
            ..Report::default()
        }
    }

    #[test]
    fn one_broken_fact_is_one_cause_and_the_worst_comes_first() {
        let report = report();
        let causes = causes(&report, |_, _| true);
        assert_eq!(causes.iter().map(Cause::times).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn a_general_law_is_as_many_causes_as_members_that_break_it() {
        let mut report = report();
        for divergence in &mut report.divergences {
            (divergence.kind, divergence.severity) = (Kind::Case, Severity::Error);
            divergence.evidence[0].fact = "what was accepted comes back unchanged".to_owned();
            divergence.evidence[0].source = "the law of echo".to_owned();
        }
        report.divergences[0].path = "Users[b].Tags[k].Value".to_owned();
        report.divergences[1].path = "Users[b].UserId".to_owned();
        let times = |report: &Report| causes(report, |_, _| true).iter().map(Cause::times).collect::<Vec<_>>();
        assert_eq!(times(&report), [2, 1], "whatever the keys");
        report.divergences[2].operation = "CreateUser".to_owned();
        assert_eq!(times(&report), [2, 1], "wherever the member shows");
        for divergence in &mut report.divergences {
            divergence.path.clear();
        }
        assert_eq!(times(&report), [2, 1], "by operation where no member is meant");
    }

    #[test]
    fn what_a_reference_answers_is_as_many_causes_as_places() {
        let mut report = report();
        for divergence in &mut report.divergences {
            divergence.kind = Kind::Case;
            divergence.severity = Severity::Error;
            divergence.evidence[0].source = REFERENCE.to_owned();
            divergence.evidence[0].fact = "the reference answers so".to_owned();
        }
        report.divergences[0].operation = "CreateUser".to_owned();
        assert_eq!(causes(&report, |_, _| true).len(), 2);
    }

    #[test]
    fn a_cause_that_shows_in_many_operations_is_not_told_of_the_first_alone() {
        let mut report = report();
        report.divergences[2].operation = "CreateUser".to_owned();
        let told: Vec<_> = causes(&report, |_, _| true)
            .iter()
            .map(|cause| (cause.operations().0.to_owned(), cause.operations().1))
            .collect();
        assert_eq!(told, [("DescribeUsers".to_owned(), 1), ("DescribeUsers".to_owned(), 0)]);
    }

    #[test]
    fn what_is_told_in_brief_counts_for_its_cause_and_speaks_where_nothing_else_does() {
        let mut report = report();
        report.scenarios = ["a", "b", "c"]
            .map(|path| ScenarioRow {
                path: path.into(),
                ..ScenarioRow::default()
            })
            .into();
        report.brief.paths.insert("Users[a].UserId".into());
        for divergence in report.divergences.split_off(2) {
            report.brief.groups.push(Brief {
                kind: divergence.kind,
                severity: divergence.severity,
                operation: divergence.operation.into(),
                step: divergence.step.into(),
                evidence: divergence.evidence.into_iter().next(),
                habit: divergence.habit,
                known: None,
                scenarios: vec![2],
                at: vec![0],
            });
        }
        let times = |report: &Report| causes(report, |_, _| true).iter().map(Cause::times).collect::<Vec<_>>();
        assert_eq!(times(&report), [2, 1]);
        report.divergences.clear();
        let causes = causes(&report, |severity, _| severity == Severity::Error);
        assert_eq!((causes[0].times(), causes[0].first.scenario.as_str()), (1, "c"));
    }
}
