//! What is sent at all.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use parallax_contract::{Call, Contract, Observation, Outcome, Resource, TransportFault, Value};
use parallax_wire::{Protocol, UnsupportedProtocol, protocol_of};

use super::deeds::{Deed, Named, Obstacle, deed, obstacle, operations, values};
use super::{Held, Journal, Reins, Stop};
use crate::{BoxFuture, Endpoint, Exchange};

/// How many letters and digits follow the run's own in a token.
const NUMBER_LENGTH: usize = 4;

/// The most pages of one listing that are asked for: an account may hold more than anybody wants to pay requests for.
pub const PAGE_LIMIT: u32 = 50;

/// Lets through what costs nothing and touches only what this run made, and writes down what is made.
///
/// A call that changes something is sent only where every name that it may be understood to give bears the run's token,
/// and the journal lists that name or the service, asked first, knows nothing of it. What is not sent is an observation
/// that says so ([`TransportFault::Withheld`]).
pub struct Guard {
    inner: Arc<dyn Endpoint>,
    contract: Arc<Contract>,
    protocol: &'static dyn Protocol,
    journal: Arc<Journal>,
    reins: Arc<Reins>,
    allowed: BTreeSet<String>,
    tags: bool,
}

impl Guard {
    /// Guards `inner`; operations that may cost are sent where they are `allowed` by name.
    ///
    /// # Errors
    /// [`UnsupportedProtocol`] where the contract's protocol is not built in.
    pub fn new(
        inner: Arc<dyn Endpoint>,
        contract: Arc<Contract>,
        (journal, reins): (Arc<Journal>, Arc<Reins>),
        allowed: BTreeSet<String>,
    ) -> Result<Self, UnsupportedProtocol> {
        Ok(Self {
            inner,
            protocol: protocol_of(&contract)?,
            contract,
            journal,
            reins,
            allowed,
            tags: false,
        })
    }

    /// Wants a tag of the run on what is created, or none.
    #[must_use]
    pub fn tagging(mut self, tags: bool) -> Self {
        self.tags = tags;
        self
    }

    async fn pass(&self, call: &Call) -> Exchange {
        let names = operations(&self.contract, call);
        let deeds: Vec<Deed<'_>> = names.iter().map(|name| deed(&self.contract, name)).collect();
        let cleans = matches!(*deeds, [Deed::Ends(_)]) && self.is_held(call, &deeds);
        if !cleans && let Err(stop) = self.reins.room_beside(self.journal.count()) {
            return self.withheld(call, stop.to_string());
        }
        let is_costly = |name: &&String| {
            let obstacle = obstacle(&self.contract, name, &self.allowed);
            matches!(obstacle, Some(Obstacle::Costs(_)))
        };
        if let Some(costly) = names.iter().find(is_costly) {
            return self.withheld(call, format!("{costly} may cost money"));
        }
        for deed in &deeds {
            if let Err(why) = self.may(call, deed).await {
                return self.withheld(call, why);
            }
        }
        self.send(call, &deeds).await.unwrap_or_else(|error| {
            let stop = self.reins.pull(Stop::Journal(error.to_string()));
            self.withheld(call, stop.to_string())
        })
    }

    /// Whether a deletion is of something that this run holds.
    fn is_held(&self, call: &Call, deeds: &[Deed<'_>]) -> bool {
        let [Deed::Ends(named)] = deeds else { return false };
        let ids = values(call, named.member);
        !ids.is_empty() && ids.iter().all(|id| self.journal.lists(Some(named.name), id))
    }

    async fn may(&self, call: &Call, deed: &Deed<'_>) -> Result<(), String> {
        match deed {
            Deed::Reads | Deed::Nothing => Ok(()),
            Deed::Unclear => Err(format!("no source says what {} changes", call.operation)),
            Deed::Makes(named) => self.all_ours(call, named),
            Deed::Changes(named) | Deed::Ends(named) => {
                self.all_ours(call, named)?;
                for id in values(call, named.member) {
                    self.made_or_absent(named, &id).await?;
                }
                Ok(())
            }
            Deed::Tags(member) => values(call, member).iter().try_for_each(|arn| self.may_tag(arn)),
        }
    }

    fn all_ours(&self, call: &Call, named: &Named<'_>) -> Result<(), String> {
        let strange = values(call, named.member).into_iter().find(|id| !self.is_ours(id));
        strange.map_or(Ok(()), |_| {
            Err(format!(
                "{} has no room for the run's token, by which its own are known",
                named.member
            ))
        })
    }

    /// Whether a name bears a token of this run.
    fn is_ours(&self, id: &str) -> bool {
        let id = id.to_ascii_lowercase();
        let token = self.journal.head().token.as_str();
        let numbered = |rest: &str| {
            let digits = rest.bytes().take_while(u8::is_ascii_alphanumeric);
            digits.count() >= NUMBER_LENGTH
        };
        !token.is_empty()
            && id
                .match_indices(token)
                .any(|(at, _)| id.get(at + token.len()..).is_some_and(numbered))
    }

    /// Whether the journal lists it; or nobody has it, which the service is asked.
    async fn made_or_absent(&self, named: &Named<'_>, id: &str) -> Result<(), String> {
        if self.journal.lists(Some(named.name), id) {
            return Ok(());
        }
        let absent = match look(named.resource, id) {
            Some(look) => is_absent(&self.contract, named.resource, &self.inner.ask(&look).await.observation),
            None => false,
        };
        match absent {
            true => Ok(()),
            false => Err("it may concern what this run did not make".to_owned()),
        }
    }

    /// Whether an ARN is of something that this run made, or cannot be one at all.
    fn may_tag(&self, arn: &str) -> Result<(), String> {
        let parts: Vec<&str> = arn.splitn(7, ':').collect();
        let id = arn.rsplit(':').next().unwrap_or_default();
        match parts.first() {
            Some(&"arn") if parts.len() > 2 && !(self.is_ours(id) && self.journal.lists(None, id)) => {
                Err("the ARN may be of what this run did not make".to_owned())
            }
            _ => Ok(()),
        }
    }

    async fn send(&self, call: &Call, deeds: &[Deed<'_>]) -> io::Result<Exchange> {
        let mut begun = Vec::new();
        for named in deeds.iter().filter_map(made) {
            for id in values(call, named.member) {
                let held = held(named, &id);
                let fresh = self.journal.begin(&held)?;
                begun.push((named, held, fresh));
            }
        }
        let mut exchange = self.inner.ask(call).await;
        if matches!(&exchange.observation.outcome, Outcome::Lost(fault) if fault.is_unsent()) {
            exchange.request = self.protocol.encode_request(&self.contract, call);
        }
        for (named, held, fresh) in begun {
            self.settle(named, &held, fresh, &exchange.observation)?;
        }
        for named in deeds.iter().filter_map(ended) {
            if is_end(&self.contract, named.resource, &exchange.observation) {
                values(call, named.member)
                    .iter()
                    .try_for_each(|id| self.journal.gone(&held_as(&self.journal, named, id)))?;
            }
        }
        Ok(exchange)
    }

    /// Writes down what became of a creation.
    fn settle(&self, named: &Named<'_>, begun: &Held, fresh: bool, observation: &Observation) -> io::Result<()> {
        match &observation.outcome {
            Outcome::Success(output) => {
                let path = &named.resource.lifecycle.create_path;
                let shown = if path.is_empty() { Some(output) } else { output.at(path) };
                let id = shown.and_then(|shown| shown.get(&named.resource.identifier.output)?.as_text());
                match id.filter(|_| named.resource.identifier.assigned) {
                    // The service made the name up, of the one given.
                    Some(id) => {
                        self.journal.made(&held(named, id))?;
                        self.journal.void(begun)
                    }
                    None => self.journal.made(begun),
                }
            }
            Outcome::Error(_) if fresh => self.journal.void(begun),
            Outcome::Lost(fault) if fresh && fault.is_unsent() => self.journal.void(begun),
            _ => Ok(()),
        }
    }

    fn withheld(&self, call: &Call, why: String) -> Exchange {
        Exchange {
            request: self.protocol.encode_request(&self.contract, call),
            answer: None,
            observation: Observation::lost(TransportFault::Withheld(why)),
        }
    }
}

impl Endpoint for Guard {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Exchange> {
        Box::pin(self.pass(call))
    }

    fn page_limit(&self) -> u32 {
        PAGE_LIMIT
    }

    fn wants_tags(&self) -> bool {
        self.tags
    }
}

fn made<'a, 'c>(deed: &'a Deed<'c>) -> Option<&'a Named<'c>> {
    match deed {
        Deed::Makes(named) => Some(named),
        _ => None,
    }
}

fn ended<'a, 'c>(deed: &'a Deed<'c>) -> Option<&'a Named<'c>> {
    match deed {
        Deed::Ends(named) => Some(named),
        _ => None,
    }
}

fn held(named: &Named<'_>, id: &str) -> Held {
    Held {
        resource: named.name.to_owned(),
        id: id.to_owned(),
    }
}

/// The resource in the spelling by which it was made, where the journal has it in another casing alone.
fn held_as(journal: &Journal, named: &Named<'_>, id: &str) -> Held {
    let asked = held(named, id);
    let all = journal.held();
    let known = all.iter().find(|known| **known == asked).or_else(|| {
        let folds = named.resource.identifier.lowercase;
        all.iter()
            .find(|known| folds && known.resource == named.name && known.id.eq_ignore_ascii_case(id))
    });
    known.cloned().unwrap_or(asked)
}

/// The call that shows one resource by its identifier.
fn look(resource: &Resource, id: &str) -> Option<Call> {
    let cycle = &resource.lifecycle;
    let (describe, filter) = cycle.describe.as_ref().zip(cycle.describe_filter.as_ref())?;
    Some(Call::new(describe, Value::map([(filter, Value::text(id))])))
}

/// Whether the answer to a look says that there is none.
fn is_absent(contract: &Contract, resource: &Resource, observation: &Observation) -> bool {
    match &observation.outcome {
        Outcome::Success(output) => {
            let list = resource.lifecycle.describe_list.as_ref();
            list.is_some_and(|list| output.get(list).is_none_or(Value::is_empty))
        }
        Outcome::Error(_) => is_not_found(contract, resource, observation),
        _ => false,
    }
}

/// Whether the answer to a deletion says that the thing is no more, or never was.
pub(super) fn is_end(contract: &Contract, resource: &Resource, observation: &Observation) -> bool {
    observation.success().is_some() || is_not_found(contract, resource, observation)
}

fn is_not_found(contract: &Contract, resource: &Resource, observation: &Observation) -> bool {
    let not_found = resource.lifecycle.not_found.as_ref();
    let code = not_found
        .and_then(|name| contract.errors.get(name))
        .map(|error| &error.code);
    observation.error().is_some_and(|error| Some(&error.code) == code)
}
