//! Scenarios that nobody thought of: whole step sequences over a contract's resources, made from choices.
//!
//! One generator serves everyone: [`Choose`] is a seed for `run` and `hunt`, recorded numbers for a replay, the bytes of
//! a fuzzer, or a proptest runner. Texts are valid, near-valid or wild, weighted towards the bounds of the contract's
//! rules, towards strings that meet in one case folding, and towards what the sequence made before. Every name carries
//! the run token, so that a generated scenario on a shared target touches only what it made.

pub mod choose;
mod folding;
#[cfg(feature = "arbitrary")]
mod fuzzed;
mod member;
mod mutate;
pub(crate) mod notation;
mod plan;
mod recast;
mod story;
#[cfg(feature = "proptest")]
mod strategy;
mod text;

use std::collections::BTreeSet;

use parallax_contract::Contract;

use crate::Scenario;
use crate::derive::kit::Kit;
use plan::Plan;

pub use choose::{Choose, Recorder, Replay, Seeded};
#[cfg(feature = "arbitrary")]
pub use fuzzed::Generated;
#[cfg(feature = "proptest")]
pub use strategy::{ScenarioTree, Scenarios};

/// The most steps of a generated scenario unless told otherwise, without the creations that another presupposes.
pub const LONGEST: u32 = 12;

/// What is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Only these resources, by name; all where it is empty.
    pub resources: Vec<String>,
    /// Only resources with one of these operations, and of operations without a resource only these; all where it is
    /// empty.
    pub operations: Vec<String>,
    /// The most steps of one scenario.
    pub longest: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            resources: Vec::new(),
            operations: Vec::new(),
            longest: LONGEST,
        }
    }
}

impl Options {
    fn wants(&self, kit: &Kit, contract: &Contract) -> bool {
        let named = self.resources.is_empty() || self.resources.contains(&kit.name);
        let tagged = contract
            .tagging
            .iter()
            .filter(|_| kit.create.captures.iter().any(|capture| capture.name == "arn"));
        let tagging = tagged.flat_map(|tagging| [&tagging.add, &tagging.list, &tagging.remove]);
        let mut operations = kit.operations().chain(tagging.map(String::as_str));
        named
            && (self.operations.is_empty() || operations.any(|name| self.operations.iter().any(|other| other == name)))
    }
}

/// A contract prepared for generation.
#[derive(Clone, Debug)]
pub struct Generator {
    plan: Plan,
    longest: u32,
}

impl Generator {
    /// Prepares a contract; the generator is independent of it then.
    pub fn new(contract: &Contract, options: &Options) -> Self {
        Self {
            plan: Plan::new(contract, options),
            longest: options.longest.max(1),
        }
    }

    /// The scenario that these choices make: one plain creation where all of them are zero. Its path is empty. Without
    /// steps only where the contract and the options leave no operation to ask.
    pub fn scenario(&self, choose: &mut dyn Choose) -> Scenario {
        story::tell(&self.plan, choose, self.longest)
    }

    /// Every operation that may be asked.
    pub fn operations(&self) -> BTreeSet<&str> {
        self.plan.operations().collect()
    }

    /// The scenario of this place in the sequence of a seed; its path is `generated/<seed>/<index>`.
    pub fn nth(&self, seed: u64, index: u64) -> Scenario {
        Scenario {
            path: format!("generated/{seed}/{index}"),
            ..self.scenario(&mut Seeded::new(seed, index))
        }
    }

    /// The first `count` scenarios of a seed, the same on every machine.
    pub fn seeded(&self, seed: u64, count: u64) -> impl Iterator<Item = Scenario> + '_ {
        (0..count).map(move |index| self.nth(seed, index))
    }

    /// The scenario changed in one to three places: steps put in, left out, repeated or swapped, texts moved to a bound
    /// or to another spelling, or its beginning joined to the end of `other`. Never without steps where
    /// [`Generator::scenario`] is not.
    #[must_use]
    pub fn mutate(&self, scenario: &Scenario, other: Option<&Scenario>, choose: &mut dyn Choose) -> Scenario {
        mutate::mutate(&self.plan, scenario, other, choose, self.longest)
    }
}

/// The scenario that these choices make of a contract. To make many, prepare a [`Generator`] once.
pub fn generate(contract: &Contract, choose: &mut dyn Choose, options: &Options) -> Scenario {
    Generator::new(contract, options).scenario(choose)
}

/// The first `count` generated scenarios of a seed.
pub fn generated(contract: &Contract, seed: u64, count: u64, options: &Options) -> Vec<Scenario> {
    Generator::new(contract, options).seeded(seed, count).collect()
}
