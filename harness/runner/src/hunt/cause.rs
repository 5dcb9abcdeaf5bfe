//! What makes two divergences the same.

use parallax_outcome::divergence::{stable_id, without_keys};
use parallax_outcome::{Difference, Divergence, Kind, ScenarioRecord, Severity};

/// So many characters of a change tell it from others.
const SKETCH: usize = 2;

/// What two divergences share that are one: the kind, the operation, the fact that is violated, and the place in the
/// answer, keys of lists left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cause {
    /// The kind.
    kind: Kind,
    /// The operation that was called.
    operation: String,
    /// The statement that is violated; empty where there is none.
    fact: String,
    /// The place in the answer.
    path: String,
}

impl Cause {
    fn of(operation: &str, difference: &Difference) -> Self {
        let fact = difference.evidence.first().map(|line| line.fact.clone());
        Self {
            kind: difference.kind,
            operation: operation.to_owned(),
            fact: fact.unwrap_or_default(),
            path: without_keys(&difference.path),
        }
    }

    /// Sixteen hexadecimal digits, the same on every machine.
    pub(super) fn id(&self) -> String {
        stable_id(&[self.kind.as_str(), &self.operation, &self.fact, &self.path])
    }

    /// Where the cause shows in a play.
    pub(super) fn sighted(&self, record: &ScenarioRecord) -> Option<Sighting> {
        sightings(record, Severity::Note)
            .into_iter()
            .find(|sighting| sighting.cause == *self)
    }
}

/// Where two texts part: what was taken out and what was put in, each cut short, with one letter for all letters. Faults
/// that have a cause in common seldom have this in common, and one fault seldom has many of them.
pub(super) fn change(divergence: &Divergence) -> String {
    let of_text = matches!(
        divergence.kind,
        Kind::Value | Kind::Case | Kind::Whitespace | Kind::Truncated | Kind::Escaped
    );
    if !of_text {
        return String::new();
    }
    let due: Vec<char> = divergence.expected.chars().collect();
    let came: Vec<char> = divergence.observed.chars().collect();
    let before = due.iter().zip(&came).take_while(|(a, b)| a == b).count();
    let (due, came) = (
        due.get(before..).unwrap_or_default(),
        came.get(before..).unwrap_or_default(),
    );
    let after = due
        .iter()
        .rev()
        .zip(came.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    // How many letters have the wrong case says nothing.
    let most = if divergence.kind == Kind::Case { 1 } else { SKETCH };
    let sketch = |part: &[char]| -> String {
        let kept = part.len().saturating_sub(after).min(most);
        part.iter().take(kept).map(|c| class(*c)).collect()
    };
    format!("{}\0{}", sketch(due), sketch(came))
}

/// One character for all of its kind, where the kind is large.
pub(super) fn class(c: char) -> char {
    match c {
        'a'..='z' => 'a',
        'A'..='Z' => 'A',
        '0'..='9' => '0',
        other => other,
    }
}

/// A divergence in a play, with its cause.
#[derive(Clone, Debug)]
pub(super) struct Sighting {
    pub(super) cause: Cause,
    /// The place of its step.
    pub(super) at: usize,
    pub(super) divergence: Divergence,
}

/// The divergences of a play that weigh at least this much, each cause once. What the endpoint always does is none.
pub(super) fn sightings(record: &ScenarioRecord, least: Severity) -> Vec<Sighting> {
    let mut found: Vec<Sighting> = Vec::new();
    for (at, step) in record.steps.iter().enumerate() {
        let worth = |difference: &&Difference| !difference.habit && difference.severity >= least;
        for difference in step.differences.iter().filter(worth) {
            let cause = Cause::of(&step.operation, difference);
            if found.iter().any(|other| other.cause == cause) {
                continue;
            }
            let place = (&step.operation, &record.path, &step.step);
            let divergence = Divergence::place(difference.clone(), place.0, place.1, place.2, step.curl.clone());
            found.push(Sighting { cause, at, divergence });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use parallax_outcome::{EvidenceLine, StepRecord, Verdict};

    use super::*;

    fn difference(severity: Severity, path: &str, fact: &str, habit: bool) -> Difference {
        Difference {
            kind: Kind::Value,
            severity,
            path: path.into(),
            expected: "a".into(),
            observed: "b".into(),
            evidence: vec![EvidenceLine {
                fact: fact.into(),
                source: String::new(),
                confidence: "documented".into(),
            }],
            habit,
        }
    }

    fn check(differences: Vec<Difference>, expected: &[&str]) {
        let step = StepRecord {
            step: "1".into(),
            operation: "DescribeThings".into(),
            verdict: Verdict::Diverge,
            held: false,
            differences,
            curl: String::new(),
            transcript: None,
        };
        let record = ScenarioRecord {
            steps: vec![step],
            ..ScenarioRecord::default()
        };
        let found = sightings(&record, Severity::Warning);
        let paths: Vec<_> = found.iter().map(|found| found.divergence.path.as_str()).collect();
        assert_eq!(paths, expected);
    }

    #[test]
    fn the_same_fact_broken_at_two_keys_of_a_list_is_one_cause() {
        let at = |path| difference(Severity::Error, path, "echo", false);
        check(vec![at("Things[a].Name"), at("Things[b].Name")], &["Things[a].Name"]);
        check(
            vec![at("Things[a].Name"), at("Things[a].Size")],
            &["Things[a].Name", "Things[a].Size"],
        );
    }

    #[test]
    fn notes_and_habits_are_no_finds() {
        check(
            vec![
                difference(Severity::Note, "A", "wording", false),
                difference(Severity::Error, "B", "envelope", true),
            ],
            &[],
        );
    }
}
