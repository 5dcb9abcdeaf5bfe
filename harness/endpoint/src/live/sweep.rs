//! Deleting what a journal lists.

use std::collections::BTreeMap;
use std::io;

use parallax_contract::{Call, Contract, Observation, Outcome, Resource};

use super::guard::{is_end, reason};
use super::{Attempt, Guard, Held, PAGE_LIMIT};

/// How often what could not be deleted is tried again, after something else was.
const ROUNDS: usize = 5;

/// What may still be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// What it is, for people.
    pub what: String,
    /// Why it was not deleted, and what to do about it.
    pub why: String,
}

/// The names that an account has of each resource, or why they cannot be told; each asked for once.
type Names = BTreeMap<String, Result<Vec<String>, String>>;

impl Guard {
    /// Deletes what may be there, the newest first; what could not be deleted.
    ///
    /// What was made under a name that no answer told is looked for by the part of it that is known. What a service will
    /// not delete because nobody can have such a name is looked for, too, before it counts as gone.
    pub async fn sweep(&self) -> Vec<Left> {
        let mut names = Names::new();
        let mut left = self.find(&mut names).await;
        let mut reasons = Vec::new();
        for _ in 0..ROUNDS {
            let before = self.journal.held();
            reasons.clear();
            for held in &before {
                if let Err(why) = self.delete(held, &mut names).await {
                    reasons.push((held.clone(), why));
                }
            }
            // What stands in the way of a deletion may have been deleted after it.
            let after = self.journal.held();
            if after.is_empty() || after == before {
                break;
            }
        }
        let found = self.journal.held().into_iter().map(|held| {
            let reason = reasons.iter().find(|(of, _)| *of == held);
            Left {
                what: held.to_string(),
                why: reason.map_or_else(|| "it was not tried any more".to_owned(), |(_, why)| why.clone()),
            }
        });
        left.extend(found);
        left
    }

    /// Finds out under which names attempts came to something; those of which that cannot be known.
    async fn find(&self, names: &mut Names) -> Vec<Left> {
        let mut left = Vec::new();
        for attempt in self.journal.attempts() {
            if let Err(why) = self.look_for(&attempt, names).await {
                left.push(Left {
                    what: attempt.to_string(),
                    why,
                });
            }
        }
        left
    }

    async fn look_for(&self, attempt: &Attempt, names: &mut Names) -> Result<(), String> {
        let resource = self.resource(&attempt.resource)?;
        let is_impossible = || self.contract.naming_member(resource).is_some_and(|name| name.required);
        if !attempt.strange.is_empty() {
            return Err(self.search(resource));
        }
        if attempt.part.is_empty() {
            // The sources say that none is made without a name.
            return match !attempt.accepted && is_impossible() {
                true => self.journal.settled(attempt).map_err(|error| unwritten(&error)),
                false => Err(self.search(resource)),
            };
        }
        let there = self.names(&attempt.resource, resource, names).await?;
        let part = attempt.part.to_ascii_lowercase();
        let ours = there.iter().filter(|id| {
            self.journal.marks(id)
                && id.to_ascii_lowercase().contains(&part)
                && !self.journal.lists(Some(&attempt.resource), id)
        });
        let ours: Vec<&String> = ours.collect();
        if ours.is_empty() && attempt.accepted {
            return Err(self.search(resource));
        }
        for id in ours {
            let held = held(&attempt.resource, id);
            self.journal.made(&held).map_err(|error| unwritten(&error))?;
        }
        self.journal.settled(attempt).map_err(|error| unwritten(&error))
    }

    /// What only people can do about something that has no name.
    fn search(&self, resource: &Resource) -> String {
        let cycle = &resource.lifecycle;
        let (create, started) = (&cycle.create, &self.journal.head().started);
        let with = |operation: &Option<String>| match operation {
            Some(operation) => format!(" with {operation}"),
            None => String::new(),
        };
        let (describe, delete) = (with(&cycle.describe), with(&cycle.delete));
        format!(
            "look{describe} for what {create} made since {started}, delete it{delete}, and remove the journal once nothing \
             else is in it"
        )
    }

    async fn delete(&self, held: &Held, names: &mut Names) -> Result<(), String> {
        let resource = self.resource(&held.resource)?;
        let call = self.contract.deletion(resource, &held.id);
        let call = call.ok_or_else(|| format!("no operation deletes a {}", held.resource))?;
        let observation = self.deleted(&call).await;
        if is_end(&self.contract, resource, &observation) {
            return Ok(());
        }
        // Under a name that is refused nothing was made, unless it was made under a like one.
        let is_doubtful = self.journal.doubts(held) && is_refused(&self.contract, resource, &observation);
        if is_doubtful && self.is_nobodys(held, resource, names).await? {
            return self.journal.void(held).map_err(|error| unwritten(&error));
        }
        Err(reason(&observation))
    }

    /// Asks for a deletion. A refusal after a lost answer may be due to what that had done, and says more when asked anew.
    async fn deleted(&self, call: &Call) -> Observation {
        let mut observation = self.pass(call).await.observation;
        for _ in 1..ROUNDS {
            let is_lost = matches!(observation.outcome, Outcome::Lost(_));
            if !is_lost || !(400..500).contains(&observation.status) {
                break;
            }
            observation = self.pass(call).await.observation;
        }
        observation
    }

    /// Whether nothing has this name, however the service may have written it. What has a like one and is this run's is
    /// listed from then on in its place.
    async fn is_nobodys(&self, held: &Held, resource: &Resource, names: &mut Names) -> Result<bool, String> {
        let Ok(there) = self.names(&held.resource, resource, names).await else {
            return Ok(self.is_absent(resource, &held.id).await);
        };
        if there.iter().any(|id| id.eq_ignore_ascii_case(&held.id)) {
            return Ok(false);
        }
        let alike = there.iter().filter(|id| {
            self.journal.marks(id) && bare(id) == bare(&held.id) && !self.journal.lists(Some(&held.resource), id)
        });
        for id in alike {
            let like = self::held(&held.resource, id);
            self.journal.made(&like).map_err(|error| unwritten(&error))?;
        }
        Ok(true)
    }

    fn resource(&self, name: &str) -> Result<&Resource, String> {
        let resource = self.contract.resources.get(name);
        resource.ok_or_else(|| format!("the contract has no resource {name}"))
    }

    /// The names of all that there is of a resource.
    async fn names<'n>(&self, name: &str, resource: &Resource, names: &'n mut Names) -> Result<&'n [String], String> {
        if !names.contains_key(name) {
            let listed = self.list(resource, PAGE_LIMIT).await;
            names.insert(name.to_owned(), listed);
        }
        match names.get(name) {
            Some(Ok(listed)) => Ok(listed),
            Some(Err(why)) => Err(why.clone()),
            None => Ok(&[]),
        }
    }
}

fn held(resource: &str, id: &str) -> Held {
    Held {
        resource: resource.to_owned(),
        id: id.to_owned(),
    }
}

/// What stays of a name, whatever a service does to characters that it does not like.
fn bare(id: &str) -> String {
    let kept = id.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether a deletion was refused for what it says and not for the state that the resource is in, or nobody knows why.
fn is_refused(contract: &Contract, resource: &Resource, observation: &Observation) -> bool {
    let state = resource.lifecycle.invalid_state.as_ref();
    let state = state
        .and_then(|name| contract.errors.get(name))
        .map(|error| &error.code);
    match &observation.outcome {
        Outcome::Error(error) => observation.status == 400 && Some(&error.code) != state,
        Outcome::Lost(fault) => !fault.is_unsent(),
        Outcome::Success(_) | Outcome::Malformed(_) => false,
    }
}

fn unwritten(error: &io::Error) -> String {
    format!("the journal cannot be written ({error}); free space and try again")
}
