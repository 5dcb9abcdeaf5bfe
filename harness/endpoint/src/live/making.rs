//! Writing down what is about to be made, and then what became of it.

use std::io;

use parallax_contract::{Call, Contract, Observation, Outcome, Resource, Value};

use super::deeds::{Named, values};
use super::{Attempt, Held, Journal};

/// A creation that is under way.
pub(super) struct Making<'a, 'c> {
    journal: &'a Journal,
    named: &'a Named<'c>,
    /// Every name that it may be understood to give, and whether the journal had it not.
    asked: Vec<(Held, bool)>,
    /// Whether nothing of any of these names was this run's before.
    is_new: bool,
    /// What stands for the names that only the answer tells.
    attempts: Vec<Attempt>,
}

impl<'a, 'c> Making<'a, 'c> {
    /// Writes down that this is about to be made.
    pub(super) fn begin(journal: &'a Journal, named: &'a Named<'c>, call: &Call) -> io::Result<Self> {
        let mut making = Self {
            journal,
            named,
            asked: Vec::new(),
            is_new: true,
            attempts: Vec::new(),
        };
        let given = values(call, named.member);
        for text in &given {
            match named.resource.identifier.assigned {
                true => making.attempts.push(journal.attempt(named.name, text)?),
                false => {
                    let held = making.held(text);
                    making.is_new &= !journal.lists(Some(named.name), text);
                    let fresh = journal.begin(&held)?;
                    making.asked.push((held, fresh));
                }
            }
        }
        if given.is_empty() {
            making.attempts.push(journal.attempt(named.name, "")?);
        }
        Ok(making)
    }

    /// The name of the resource.
    pub(super) fn resource(&self) -> &'c str {
        self.named.name
    }

    /// Whether a name of this run's kind was found to be taken, though not by this run.
    pub(super) fn meets_another(&self, contract: &Contract, observation: &Observation) -> bool {
        let shape = self.named.resource.lifecycle.already_exists.as_ref();
        let taken = shape.and_then(|name| contract.errors.get(name));
        let code = observation.error().map(|error| &error.code);
        !self.asked.is_empty() && self.is_new && taken.is_some_and(|taken| Some(&taken.code) == code)
    }

    /// Writes down what became of it.
    pub(super) fn settle(self, observation: &Observation) -> io::Result<()> {
        let resource = self.named.resource;
        match &observation.outcome {
            Outcome::Success(output) => self.accepted(told(resource, output)),
            Outcome::Error(_) => self.refused(),
            Outcome::Lost(fault) if fault.is_unsent() => self.refused(),
            // Nobody can read which name it got.
            Outcome::Malformed(_) if (200..300).contains(&observation.status) => self.unnamed(None),
            Outcome::Malformed(_) | Outcome::Lost(_) => Ok(()),
        }
    }

    fn accepted(self, told: Option<&str>) -> io::Result<()> {
        for (held, _) in &self.asked {
            self.journal.made(held)?;
        }
        let is_asked = |id: &str| self.asked.iter().any(|(held, _)| held.id.eq_ignore_ascii_case(id));
        match told {
            None => self.unnamed(None),
            Some(id) if is_asked(id) => Ok(()),
            Some(id) if self.journal.marks(id) => {
                self.journal.made(&self.held(id))?;
                self.settled()
            }
            // Nothing was asked for, and something came of it: whose it is, that answer says.
            Some(id) if self.asked.is_empty() && !is_builtin(self.named.resource, id) => {
                self.journal.told(&self.held(id))?;
                self.settled()
            }
            // A name that may well be somebody else's.
            Some(id) => self.unnamed(Some(id)),
        }
    }

    fn refused(self) -> io::Result<()> {
        for (held, _) in self.asked.iter().filter(|(_, fresh)| *fresh) {
            self.journal.void(held)?;
        }
        self.settled()
    }

    /// It was made, under a name that cannot be relied on to be this run's.
    fn unnamed(self, strange: Option<&str>) -> io::Result<()> {
        let mut attempts = self.attempts;
        if strange.is_some() {
            for (held, _) in &self.asked {
                attempts.push(self.journal.attempt(self.named.name, &held.id)?);
            }
        }
        attempts
            .iter()
            .try_for_each(|attempt| self.journal.unnamed(attempt, strange))
    }

    fn settled(&self) -> io::Result<()> {
        self.attempts
            .iter()
            .try_for_each(|attempt| self.journal.settled(attempt))
    }

    fn held(&self, id: &str) -> Held {
        Held {
            resource: self.named.name.to_owned(),
            id: id.to_owned(),
        }
    }
}

/// The identifier in the answer to a creation.
fn told<'o>(resource: &Resource, output: &'o Value) -> Option<&'o str> {
    let path = &resource.lifecycle.create_path;
    let shown = if path.is_empty() { Some(output) } else { output.at(path) };
    let id = shown?.get(&resource.identifier.output)?.as_text()?;
    (!id.is_empty()).then_some(id)
}

fn is_builtin(resource: &Resource, id: &str) -> bool {
    resource
        .builtin
        .iter()
        .any(|builtin| builtin.id.eq_ignore_ascii_case(id))
}
