//! What a hunt has learnt: sequences worth changing, behaviours seen, causes known.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use parallax_scenario::generate::{Choose as _, Seeded};
use parallax_scenario::{Generator, Scenario};

use super::cause::{Cause, Sighting, change};
use super::defect::{Sign, Trace};
use crate::watch::Behaviour;

/// How many sequences are kept; the oldest go first.
const KEPT: usize = 4096;
/// How many of those kept last are changed as often as all others together.
const RECENT: u32 = 32;
/// So many changes of one cause are followed up.
const CHANGES: usize = 8;
/// After so many times as many sightings a cause is followed up again: another fault may show in the same place.
const AGAIN: u64 = 4;
/// Keeps the choices of mutations apart from those of generation.
const MUTATION: u64 = 0x6d75_7461_7465_0000;

/// The next sequence to play.
pub(super) struct Case {
    pub(super) scenario: Scenario,
    /// Whether an earlier hunt kept it.
    pub(super) kept: bool,
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
    /// The ids of causes that others know.
    known: BTreeSet<String>,
    /// What was seen, by the id of its cause and its change.
    seen: BTreeMap<String, BTreeMap<String, Seen>>,
    /// What was told.
    defects: Vec<Sign>,
    /// The ids of finds that were told.
    told: BTreeSet<String>,
    /// The ids of those that come of what was told.
    consequences: BTreeSet<String>,
}

/// How often something was seen, and at which time it is followed up.
struct Seen {
    times: u64,
    next: u64,
}

/// Whether a sighting is worth a reduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// Nothing like it was seen.
    First,
    /// The like of it was seen; it may be something else all the same.
    Again,
    /// It is known, or was followed up often enough.
    No,
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
            seen: BTreeMap::new(),
            defects: Vec::new(),
            told: BTreeSet::new(),
            consequences: BTreeSet::new(),
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
            return Some(Case { scenario, kept: true });
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
        Some(Case { scenario, kept: false })
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

    /// Whether to follow up a sighting; what was seen before only where there is time for it.
    pub(super) fn claim(&self, sighting: &Sighting, is_time: bool) -> Claim {
        let mut inner = self.lock();
        let id = sighting.cause.id();
        if inner.known.contains(&id) {
            return Claim::No;
        }
        let changes = inner.seen.entry(id).or_default();
        let (change, first) = (change(&sighting.divergence), changes.is_empty());
        if changes.len() >= CHANGES && !changes.contains_key(&change) {
            return Claim::No;
        }
        let seen = changes.entry(change).or_insert(Seen { times: 0, next: 1 });
        seen.times += 1;
        if seen.times < seen.next || !(first || is_time) {
            return Claim::No;
        }
        seen.next = seen.times.saturating_mul(AGAIN);
        if first { Claim::First } else { Claim::Again }
    }

    /// Takes note of what a kept sequence still shows. From now on its cause is known by that, and what shows otherwise in
    /// the same place is told.
    pub(super) fn recognise(&self, sighting: &Sighting, trace: &Trace) {
        let mut inner = self.lock();
        let id = sighting.cause.id();
        if inner.known.remove(&id) {
            inner.told.insert(id.clone());
            inner.defects.extend(trace.alike.iter().cloned());
            let seen = Seen { times: 1, next: AGAIN };
            inner
                .seen
                .entry(id)
                .or_default()
                .insert(change(&sighting.divergence), seen);
        }
    }

    /// The id to tell a find by; `None` where the same was told, whatever operation and resource it was seen in, or where
    /// it comes of what was told.
    pub(super) fn tell(&self, cause: &Cause, trace: &Trace) -> Option<String> {
        let mut inner = self.lock();
        let told = inner.defects.iter().any(|known| trace.is(known));
        let comes_of_told = inner.defects.iter().any(|known| trace.comes_of(known));
        inner.defects.extend(trace.alike.iter().cloned());
        let id = match inner.told.contains(&cause.id()) {
            true => trace.id(),
            false => cause.id(),
        };
        if told || inner.known.contains(&id) || inner.told.contains(&id) {
            return None;
        }
        if comes_of_told {
            inner.consequences.insert(id);
            return None;
        }
        inner.told.insert(id.clone());
        Some(id)
    }

    /// How many finds were not told since they come of others.
    pub(super) fn consequences(&self) -> u64 {
        self.lock().consequences.len() as u64
    }

    /// What makes new sequences.
    pub(super) fn generator(&self) -> &Generator {
        &self.generator
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
