//! Deliberate defects of the embedded emulator, and benign variants of it.
//!
//! The harness is judged by finding every fault and by staying silent on every variant. Both are transformations of what
//! the oracle does, written where a real emulator would go wrong: in what it believes to be promised, in how it writes
//! answers, in what it does with a call, in the bytes, in the delivery. They apply to every resource of every contract.

mod answers;
mod catalogue;
mod deeds;
mod pages;
mod rules;
mod service;
mod sites;
mod stall;
mod variants;
mod xml;

use parallax_contract::{Answer, Call, Contract};
use parallax_wire::HttpAnswer;

pub(crate) use service::Inner;
pub use service::{Altered, Delivery};
pub use stall::Stall;

/// One deliberate change of the emulator.
#[derive(Clone, Copy, Debug)]
pub struct Alteration {
    /// Its name on the command line, unique over faults and variants.
    pub name: &'static str,
    /// What it is a change of.
    pub class: Class,
    /// What it does, in one line.
    pub summary: &'static str,
    /// For a fault, the evidence or the law that it violates; for a variant, why nothing forbids it.
    pub grounds: &'static str,
    /// Whether only generated scenarios can reach it.
    pub generated: bool,
    pub(crate) change: Change,
}

impl Alteration {
    const fn new(
        class: Class,
        name: &'static str,
        summary: &'static str,
        grounds: &'static str,
        change: Change,
    ) -> Self {
        Self {
            name,
            class,
            summary,
            grounds,
            generated: false,
            change,
        }
    }

    /// The same, marked as one that only generated scenarios reach.
    const fn generated(mut self) -> Self {
        self.generated = true;
        self
    }

    /// Whether it is a defect rather than something that the sources permit.
    pub fn is_fault(&self) -> bool {
        self.class != Class::Benign
    }
}

/// What an alteration is a change of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// How identifiers are folded to lower case.
    Lowercasing,
    /// Which inputs are taken and which refused.
    Validation,
    /// What a refusal looks like.
    Errors,
    /// What an acceptance looks like.
    Shapes,
    /// Tags.
    Tags,
    /// What is kept from call to call.
    State,
    /// How bytes travel.
    Transport,
    /// No fault: what the sources permit.
    Benign,
}

impl Class {
    /// The classes of faults, in the order of the catalogue.
    pub const FAULTS: [Self; 7] = [
        Self::Lowercasing,
        Self::Validation,
        Self::Errors,
        Self::Shapes,
        Self::Tags,
        Self::State,
        Self::Transport,
    ];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lowercasing => "lowercasing",
            Self::Validation => "validation",
            Self::Errors => "errors",
            Self::Shapes => "shapes",
            Self::Tags => "tags",
            Self::State => "state",
            Self::Transport => "transport",
            Self::Benign => "benign",
        }
    }
}

/// Where an alteration takes hold.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    /// What the emulator believes to be promised.
    Promise(fn(&mut Contract)),
    /// The contract by which it writes answers.
    Form(fn(&mut Contract)),
    /// What it does with a call; the oracle's emulator may be asked any number of times.
    Serve(fn(&Inner<'_>, &Call) -> Answer),
    /// The bytes of an answer.
    Bytes(fn(&Call, &mut HttpAnswer)),
    /// How the bytes travel.
    Deliver(fn(&Call, u64) -> Delivery),
    /// When it answers nobody.
    Pause(Stall),
}

/// Every fault, by class and then in the order of the catalogue.
pub fn faults() -> Vec<Alteration> {
    catalogue::all()
}

/// Every benign variant.
pub fn variants() -> Vec<Alteration> {
    variants::all()
}

/// The fault or variant of this name.
pub fn named(name: &str) -> Option<Alteration> {
    faults()
        .into_iter()
        .chain(variants())
        .find(|alteration| alteration.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_alteration_has_a_name_of_its_own_and_says_what_it_does_and_why() {
        let all: Vec<_> = faults().into_iter().chain(variants()).collect();
        let names: BTreeSet<_> = all.iter().map(|alteration| alteration.name).collect();
        assert_eq!(names.len(), all.len());
        for Alteration {
            name, summary, grounds, ..
        } in all
        {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(name.chars().all(plain), "{name}");
            assert!(
                !summary.is_empty() && !summary.contains('\n') && !grounds.is_empty(),
                "{name}"
            );
            assert_eq!(named(name).map(|found| found.name), Some(name));
        }
    }

    #[test]
    fn the_catalogue_covers_every_class() {
        let faults = faults();
        for class in Class::FAULTS {
            assert!(faults.iter().any(|fault| fault.class == class), "{class:?}");
        }
        assert!(faults.iter().all(Alteration::is_fault) && !variants().iter().any(Alteration::is_fault));
        assert!(faults.iter().filter(|fault| fault.generated).count() >= 10);
        assert!(faults.len() >= 150 && variants().len() >= 40);
    }
}
