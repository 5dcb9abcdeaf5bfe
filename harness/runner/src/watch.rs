//! What a play showed, told apart coarsely: the feedback that steers a hunt.

use parallax_contract::{Expectation, Expected, Observation, Outcome, only_reads};
use parallax_outcome::StepRecord;
use parallax_outcome::divergence::hash;

use crate::side::Side;

/// More than this many resources at a time are as good as this many.
const MANY: usize = 4;

/// What was due, what came, of which operation, and in which state. Two steps that share it are no news.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Behaviour(String);

/// The behaviours of one play, and how many of its requests were answered.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub(crate) behaviours: Vec<Behaviour>,
    /// The same behaviours without the last change, as numbers that are the same on every machine: few enough that an
    /// engine which keeps an input for each of them does not drown in inputs.
    pub(crate) classes: Vec<u64>,
    /// How many answers never arrived.
    pub(crate) lost: usize,
    due: String,
    /// How many resources there were.
    alive: String,
    /// The last call that surely changed something.
    last: String,
}

impl Watch {
    /// Takes note of the state that a call meets.
    pub(crate) fn before(&mut self, side: &Side) {
        let alive = side.oracle().leftovers(&side.state).len().min(MANY);
        self.alive = alive.to_string();
    }

    /// Takes note of what must come back.
    pub(crate) fn due(&mut self, due: &Expectation) {
        self.due = match &due.expected {
            Expected::Success { .. } => "success".to_owned(),
            Expected::Open { .. } => "open".to_owned(),
            Expected::Refusal(refusal) => refusal
                .codes
                .first()
                .map_or_else(|| "refusal".to_owned(), |first| first.code.clone()),
        };
    }

    /// Takes note of what came back, and what came of it.
    pub(crate) fn after(&mut self, record: &StepRecord, observation: &Observation) {
        let operation = &record.operation;
        let came = match &observation.outcome {
            Outcome::Success(_) => "success",
            Outcome::Error(error) => &error.code,
            Outcome::Malformed(_) => "malformed",
            Outcome::Lost(_) => "lost",
        };
        let kinds = record.differences.iter().filter(|difference| !difference.habit);
        let kinds: Vec<_> = kinds.map(|difference| difference.kind.as_str()).collect();
        let kinds = kinds.join(",");
        let class = [operation, &self.due, came, &self.alive, &kinds];
        self.classes.push(hash(&class));
        let state = format!("{} {}", self.alive, self.last);
        let parts = [operation, &self.due, came, &state, &kinds];
        self.behaviours.push(Behaviour(parts.join("\0")));
        self.lost += usize::from(matches!(observation.outcome, Outcome::Lost(_)));
        if observation.success().is_some() && !only_reads(operation) {
            self.last.clone_from(operation);
        }
    }
}
