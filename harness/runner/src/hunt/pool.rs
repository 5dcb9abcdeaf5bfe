//! What a hunt has learnt: sequences worth changing, behaviours seen, causes known.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use parallax_scenario::generate::{Choose as _, Seeded};
use parallax_scenario::{Generator, Scenario};

use super::cause::Cause;
use crate::watch::Behaviour;

/// How many sequences are kept; the oldest go first.
const KEPT: usize = 4096;
/// How many of those kept last are changed as often as all others together.
const RECENT: u32 = 32;
/// Keeps the choices of mutations apart from those of generation.
const MUTATION: u64 = 0x6d75_7461_7465_0000;

/// The next sequence to play.
pub(super) struct Case {
    pub(super) number: u64,
    pub(super) scenario: Scenario,
}

/// Shared by the workers of a hunt.
pub(super) struct Pool {
    generator: Generator,
    seed: u64,
    cases: Option<u64>,
    inner: Mutex<Inner>,
}

struct Inner {
    drawn: u64,
    /// Sequences of earlier hunts that were not played yet.
    given: VecDeque<Scenario>,
    kept: VecDeque<Scenario>,
    behaviours: BTreeSet<Behaviour>,
    known: BTreeSet<String>,
}

impl Pool {
    pub(super) fn new(
        generator: Generator,
        (seed, cases): (u64, Option<u64>),
        corpus: Vec<Scenario>,
        known: BTreeSet<String>,
    ) -> Self {
        let inner = Inner {
            drawn: 0,
            given: corpus.into(),
            kept: VecDeque::new(),
            behaviours: BTreeSet::new(),
            known,
        };
        Self {
            generator,
            seed,
            cases,
            inner: Mutex::new(inner),
        }
    }

    /// The next case: a new sequence, or a change of one that was worth keeping; `None` when there were enough.
    pub(super) fn draw(&self) -> Option<Case> {
        let mut inner = self.lock();
        let number = inner.drawn;
        if self.cases.is_some_and(|cases| number >= cases) {
            return None;
        }
        inner.drawn += 1;
        if let Some(scenario) = inner.given.pop_front() {
            return Some(Case { number, scenario });
        }
        let mut choose = Seeded::new(self.seed ^ MUTATION, number);
        let mutated = match choose.below(2) {
            0 => None,
            _ => inner.pick(&mut choose).map(|one| (one, inner.pick(&mut choose))),
        };
        drop(inner);
        let scenario = match mutated {
            None => self.generator.nth(self.seed, number),
            Some((one, other)) => Scenario {
                path: format!("mutated/{}/{number}", self.seed),
                ..self.generator.mutate(&one, other.as_ref(), &mut choose)
            },
        };
        Some(Case { number, scenario })
    }

    /// Takes note of what a sequence showed, and keeps it if any of it is new.
    pub(super) fn learn(&self, scenario: &Scenario, behaviours: &[Behaviour]) -> bool {
        let mut inner = self.lock();
        let before = inner.behaviours.len();
        inner.behaviours.extend(behaviours.iter().cloned());
        let new = inner.behaviours.len() > before;
        if new {
            if inner.kept.len() == KEPT {
                inner.kept.pop_front();
            }
            inner.kept.push_back(scenario.clone());
        }
        new
    }

    /// Whether nobody knew this cause; from now on it is known.
    pub(super) fn claim(&self, cause: &Cause) -> bool {
        self.lock().known.insert(cause.id())
    }

    /// How many behaviours were seen.
    pub(super) fn behaviours(&self) -> usize {
        self.lock().behaviours.len()
    }

    /// How many cases were drawn.
    pub(super) fn drawn(&self) -> u64 {
        self.lock().drawn
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// One of the sequences kept, the recent ones more often.
    fn pick(&self, choose: &mut Seeded) -> Option<Scenario> {
        let kept = u32::try_from(self.kept.len()).unwrap_or(u32::MAX);
        let back = match choose.below(2) {
            0 => choose.below(kept),
            _ => choose.below(kept.min(RECENT)),
        };
        self.kept.iter().rev().nth(back as usize).cloned()
    }
}
