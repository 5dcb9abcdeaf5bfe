//! What may be there, kept from one line of a journal to the next.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A resource that may be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The resource's name, such as `UserGroup`.
    pub resource: String,
    /// Its identifier.
    pub id: String,
}

/// A creation whose name the service makes up, wholly or in part, and has not told yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Which one, so that two alike are told apart.
    pub number: u64,
    /// The resource's name.
    pub resource: String,
    /// What was given of the name; empty where nothing was.
    pub part: String,
    /// Whether the service took it, though it told no name that could be relied on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub accepted: bool,
    /// The name that it told, where that is nothing that this run could have asked for; it may be anybody's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub strange: String,
}

/// One line after the head.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Entry {
    /// It is about to be made.
    Begin(Held),
    /// It was made.
    Made(Held),
    /// It was made, and the service chose a name by which nobody could tell whose it is; its answer to this run's own
    /// creation did.
    Told(Held),
    /// It was not made: the service refused.
    Void(Held),
    /// It is gone.
    Gone(Held),
    /// Something is about to be made under a name that is not known yet; or was, and the name never came.
    Attempt(Attempt),
    /// What became of the attempt of this number is known.
    Settled(u64),
}

/// What may be there, and what was ours once.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// In the order in which they were made.
    held: Vec<(Held, Surety)>,
    gone: Vec<Held>,
    /// Those among them that only an answer says are this run's.
    told: Vec<Held>,
    attempts: Vec<Attempt>,
    /// The number of the next attempt.
    next: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Surety {
    Perhaps,
    Surely,
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.resource, visible(&self.id))
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of a name that is not known", self.resource)?;
        if !self.part.is_empty() {
            write!(f, ", asked for with `{}`", visible(&self.part))?;
        }
        if !self.strange.is_empty() {
            write!(
                f,
                ", answered with `{}`, which may be somebody else's",
                visible(&self.strange)
            )?;
        }
        Ok(())
    }
}

impl Entry {
    /// Whether it tells of something that has not happened yet.
    pub(super) fn is_intent(&self) -> bool {
        matches!(self, Self::Begin(_) | Self::Attempt(Attempt { accepted: false, .. }))
    }
}

impl Ledger {
    pub(super) fn take(&mut self, entry: &Entry) {
        match entry {
            Entry::Begin(held) => {
                if !self.holds(held) {
                    self.held.push((held.clone(), Surety::Perhaps));
                }
            }
            Entry::Made(held) => self.made(held),
            Entry::Told(held) => {
                self.made(held);
                self.told.push(held.clone());
            }
            // A second creation under the same name was refused; the first stands.
            Entry::Void(held) => self.held.retain(|known| *known != (held.clone(), Surety::Perhaps)),
            Entry::Gone(held) => {
                self.held.retain(|(known, _)| known != held);
                if !self.gone.contains(held) {
                    self.gone.push(held.clone());
                }
            }
            Entry::Attempt(attempt) => {
                self.settle(attempt.number);
                self.next = self.next.max(attempt.number.saturating_add(1));
                self.attempts.push(attempt.clone());
            }
            Entry::Settled(number) => self.settle(*number),
        }
    }

    fn made(&mut self, held: &Held) {
        self.held.retain(|(known, _)| known != held);
        self.held.push((held.clone(), Surety::Surely));
    }

    fn settle(&mut self, number: u64) {
        self.attempts.retain(|attempt| attempt.number != number);
    }

    /// What may be there, the newest first.
    pub(super) fn held(&self) -> Vec<Held> {
        self.held.iter().rev().map(|(held, _)| held.clone()).collect()
    }

    pub(super) fn holds(&self, held: &Held) -> bool {
        self.held.iter().any(|(known, _)| known == held)
    }

    /// Whether nobody knows if it was ever made.
    pub(super) fn doubts(&self, held: &Held) -> bool {
        self.held.contains(&(held.clone(), Surety::Perhaps))
    }

    /// Whether it was made, be it there still or not. Identifiers of one run differ in more than case.
    pub(super) fn lists(&self, resource: Option<&str>, id: &str) -> bool {
        let is_it =
            |held: &Held| resource.is_none_or(|resource| held.resource == resource) && held.id.eq_ignore_ascii_case(id);
        self.held.iter().any(|(held, _)| is_it(held)) || self.gone.iter().any(is_it)
    }

    /// Whether an answer to a creation told this name. It may be anybody's but for that, so it is taken as it is spelled.
    pub(super) fn was_told(&self, resource: Option<&str>, id: &str) -> bool {
        let is_it = |held: &Held| resource.is_none_or(|resource| held.resource == resource) && held.id == id;
        self.told.iter().any(is_it)
    }

    pub(super) fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// The number for one more attempt.
    pub(super) fn number(&self) -> u64 {
        self.next
    }

    /// How many requests it takes to delete what may be there: one each, and one more to find it where that may be due.
    pub(super) fn count(&self) -> u64 {
        let doubtful = self.held.iter().filter(|(_, surety)| *surety == Surety::Perhaps);
        (self.held.len() + doubtful.count() + 2 * self.attempts.len()) as u64
    }
}

/// A name with its control characters written out, so that it stays on its line.
fn visible(id: &str) -> String {
    let mut text = String::with_capacity(id.len());
    for c in id.chars() {
        match c.is_control() {
            true => text.extend(c.escape_default()),
            false => text.push(c),
        }
    }
    text
}
