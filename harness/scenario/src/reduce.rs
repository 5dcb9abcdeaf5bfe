//! Scenarios made simpler, for a divergence that a person is to read.
//!
//! Reduction knows no engine and no endpoint: [`candidates`] are simpler scenarios, [`Reducer`] walks them one question
//! at a time, because each answer costs calls over the network, and [`reduce`] does the same in one go. Every candidate
//! is less by [`Measure`], so every walk ends.

mod edits;
mod measure;
mod texts;

use std::collections::BTreeSet;

use parallax_contract::{Call, Tweak, Value};

use crate::generate::notation::captured;
use crate::{Scenario, Step};
use edits::{Edit, apply, edits};
pub use measure::{Measure, measure};

/// Scenarios that are simpler than this one, those that leave out most first: steps (with those that need what they
/// capture), members and list elements, then shorter texts, plainer characters and smaller numbers. The run token stays
/// in every text that has it. Lazily made.
pub fn candidates(scenario: &Scenario) -> impl Iterator<Item = Scenario> + '_ {
    edits(scenario).into_iter().filter_map(|edit| apply(scenario, &edit))
}

/// The simplest scenario that still fails, found by asking `still_fails` at most `budget` times. Greedy and
/// deterministic; `scenario` itself is taken to fail.
pub fn reduce(scenario: Scenario, mut still_fails: impl FnMut(&Scenario) -> bool, budget: usize) -> Scenario {
    let mut reducer = Reducer::new(scenario);
    for _ in 0..budget {
        let Some(candidate) = reducer.next() else {
            break;
        };
        let fails = still_fails(candidate);
        reducer.verdict(fails);
    }
    reducer.into_best()
}

/// A reduction, one question at a time: [`Reducer::next`] gives a candidate, [`Reducer::verdict`] takes the answer.
#[derive(Clone, Debug)]
pub struct Reducer {
    best: Scenario,
    edits: Vec<Edit>,
    /// The edit that is tried next.
    at: usize,
    /// How many were tried in vain since the last success.
    vain: usize,
    trying: Option<Scenario>,
}

impl Reducer {
    /// Begins with a scenario that fails.
    pub fn new(scenario: Scenario) -> Self {
        Self {
            edits: edits(&scenario),
            best: scenario,
            at: 0,
            vain: 0,
            trying: None,
        }
    }

    /// The candidate to try; `None` when nothing simpler fails. The same one until its verdict is given.
    #[expect(
        clippy::should_implement_trait,
        reason = "it lends, and the next depends on a verdict"
    )]
    pub fn next(&mut self) -> Option<&Scenario> {
        while self.trying.is_none() && self.vain < self.edits.len() {
            let edit = self.edits.get(self.at % self.edits.len())?;
            self.trying = apply(&self.best, edit);
            if self.trying.is_none() {
                self.pass();
            }
        }
        self.trying.as_ref()
    }

    /// Whether the candidate given last still fails.
    pub fn verdict(&mut self, keeps_failing: bool) {
        match self.trying.take() {
            // What was tried in vain before is tried again last: it seldom helps now.
            Some(simpler) if keeps_failing => {
                self.edits = edits(&simpler);
                self.best = simpler;
                self.vain = 0;
            }
            Some(_) => self.pass(),
            None => {}
        }
    }

    /// The simplest one so far that fails.
    pub fn best(&self) -> &Scenario {
        &self.best
    }

    /// The candidate that waits for its verdict.
    pub fn trying(&self) -> Option<&Scenario> {
        self.trying.as_ref()
    }

    /// The simplest one that fails.
    pub fn into_best(self) -> Scenario {
        self.best
    }

    fn pass(&mut self) {
        self.at += 1;
        self.vain += 1;
    }
}

/// The steps whose placeholders earlier ones capture; the others can no longer be played.
pub(crate) fn playable(mut steps: Vec<Step>) -> Vec<Step> {
    let mut known = BTreeSet::new();
    steps.retain_mut(|step| {
        let mut needed = texts(&mut step.call).into_iter().flat_map(|text| captured(text));
        let plays = needed.all(|name| known.contains(&name));
        if plays {
            known.extend(step.captures.iter().map(|capture| capture.name.clone()));
        }
        plays
    });
    steps
}

/// Every text of a call that is filled in, in order; names of members and keys of maps are none.
pub(crate) fn texts(call: &mut Call) -> Vec<&mut String> {
    let tweaks = call.tweaks.iter_mut().filter_map(|tweak| match tweak {
        Tweak::Param(_, value) => Some(value),
        _ => None,
    });
    texts_of(&mut call.input).into_iter().chain(tweaks).collect()
}

fn texts_of(value: &mut Value) -> Vec<&mut String> {
    match value {
        Value::Text(text) => vec![text],
        Value::List(items) => items.iter_mut().flat_map(texts_of).collect(),
        Value::Map(fields) => fields.iter_mut().flat_map(|(_, value)| texts_of(value)).collect(),
        _ => Vec::new(),
    }
}
