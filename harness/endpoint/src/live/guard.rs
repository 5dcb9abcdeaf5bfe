//! What is sent at all.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use parallax_contract::{Call, Contract, Member, Observation, Outcome, Resource, TransportFault, Value};
use parallax_wire::{Protocol, UnsupportedProtocol, protocol_of};

use super::deeds::{Deed, Named, Obstacle, deed, obstacle, operations, values};
use super::looks::Looks;
use super::making::Making;
use super::{Held, Journal, Reins, Stop};
use crate::{BoxFuture, Endpoint, Exchange};

/// The most pages of one listing that are asked for: an account may hold more than anybody wants to pay requests for.
pub const PAGE_LIMIT: u32 = 50;

/// Lets through what costs nothing and touches only what this run made, and writes down what is made.
///
/// A call that changes something is sent only where every name that it may be understood to give bears the run's token,
/// and the journal lists that name or the service, asked before, has nothing else with that token or nothing of that name.
/// A name that the service made up is this run's where the answer to a creation of this run told it. What the run made may
/// always be deleted, whatever that may cost. What is not sent is an observation that says so
/// ([`TransportFault::Withheld`]).
pub struct Guard {
    pub(super) inner: Arc<dyn Endpoint>,
    pub(super) contract: Arc<Contract>,
    protocol: &'static dyn Protocol,
    pub(super) journal: Arc<Journal>,
    reins: Arc<Reins>,
    allowed: BTreeSet<String>,
    tags: bool,
    pub(super) looks: Looks,
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
            looks: Looks::default(),
        })
    }

    /// Wants a tag of the run on what is created, or none.
    #[must_use]
    pub fn tagging(mut self, tags: bool) -> Self {
        self.tags = tags;
        self
    }

    pub(super) async fn pass(&self, call: &Call) -> Exchange {
        let names = operations(&self.contract, call);
        let deeds: Vec<Deed<'_>> = names.iter().map(|name| deed(&self.contract, name)).collect();
        let cleans = self.cleans(call, &deeds);
        if !cleans && let Err(stop) = self.reins.room_beside(self.journal.count()) {
            return self.withheld(call, stop.to_string());
        }
        let is_costly = |name: &&String| {
            let obstacle = obstacle(&self.contract, name, &self.allowed);
            matches!(obstacle, Some(Obstacle::Costs(_)))
        };
        // Nothing may keep a run from deleting what it made; what else a deletion is told to do must be allowed.
        let is_free = cleans && self.only_deletes(call);
        if let Some(costly) = names.iter().find(is_costly).filter(|_| !is_free) {
            return self.withheld(call, format!("{costly} may cost money"));
        }
        if let Some(member) = self.leaves_behind(call, &deeds) {
            return self.withheld(
                call,
                format!("{member} may leave something behind that no journal lists"),
            );
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

    /// Whether it is a deletion, and of something that this run made.
    fn cleans(&self, call: &Call, deeds: &[Deed<'_>]) -> bool {
        let [Deed::Ends(named)] = deeds else { return false };
        let ids = values(call, named.member);
        !ids.is_empty() && ids.iter().all(|id| self.journal.lists(Some(named.name), id))
    }

    /// Whether a deletion says no more than which resource, and what the operation demands besides.
    fn only_deletes(&self, call: &Call) -> bool {
        let members = self.contract.input_members(&call.operation);
        let is_due = |name: &String| members.iter().any(|member| member.required && member.name == *name);
        call.tweaks.is_empty() && call.input.fields().iter().all(|(name, _)| is_due(name))
    }

    /// What a deletion of what is there is told to do besides: keep a part of it, or a copy. None is made by a creation.
    fn leaves_behind(&self, call: &Call, deeds: &[Deed<'_>]) -> Option<&str> {
        let named = deeds.iter().find_map(ended)?;
        let is_held = |id: &String| self.journal.lists(Some(named.name), id);
        if !values(call, named.member).iter().any(is_held) {
            return None;
        }
        let members = self.contract.input_members(named.resource.lifecycle.delete.as_deref()?);
        let is_told = |member: &&Member| {
            let is_yes = call.input.get(&member.name) == Some(&Value::Bool(true));
            !member.required && (is_yes || !values(call, &member.name).is_empty())
        };
        members.iter().find(is_told).map(|member| member.name.as_str())
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
        let is_ours = |id: &String| self.is_ours(Some(named.name), id);
        let strange = values(call, named.member).into_iter().find(|id| !is_ours(id));
        strange.map_or(Ok(()), |_| {
            Err(format!(
                "{} has no room for the run's token, by which its own are known",
                named.member
            ))
        })
    }

    /// Whether a name says that it is of this run, or the answer to a creation of this run said so.
    fn is_ours(&self, resource: Option<&str>, id: &str) -> bool {
        self.journal.marks(id) || self.journal.was_told(resource, id)
    }

    /// Whether an ARN is of something that this run made, or cannot be one at all.
    fn may_tag(&self, arn: &str) -> Result<(), String> {
        let parts: Vec<&str> = arn.splitn(7, ':').collect();
        let id = arn.rsplit(':').next().unwrap_or_default();
        match parts.first() {
            Some(&"arn") if parts.len() > 2 && !(self.is_ours(None, id) && self.journal.lists(None, id)) => {
                Err("the ARN may be of what this run did not make".to_owned())
            }
            _ => Ok(()),
        }
    }

    async fn send(&self, call: &Call, deeds: &[Deed<'_>]) -> io::Result<Exchange> {
        let makings = deeds.iter().filter_map(made);
        let makings = makings.map(|named| Making::begin(&self.journal, named, call));
        let makings = makings.collect::<io::Result<Vec<_>>>()?;
        let mut exchange = self.inner.ask(call).await;
        if matches!(&exchange.observation.outcome, Outcome::Lost(fault) if fault.is_unsent()) {
            exchange.request = self.protocol.encode_request(&self.contract, call);
        }
        for making in makings {
            if making.meets_another(&self.contract, &exchange.observation) {
                self.is_shared(making.resource()).await;
            }
            making.settle(&exchange.observation)?;
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

/// Whether the answer to a look says that there is none.
pub(super) fn is_absent(contract: &Contract, resource: &Resource, observation: &Observation) -> bool {
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

/// What an answer says, where it is not what was hoped for.
pub(super) fn reason(observation: &Observation) -> String {
    match &observation.outcome {
        Outcome::Error(error) => match &error.message {
            Some(message) => format!("{}: {message}", error.code),
            None => error.code.clone(),
        },
        Outcome::Lost(fault) => fault.to_string(),
        Outcome::Malformed(malformed) => malformed.why.clone(),
        Outcome::Success(_) => String::new(),
    }
}
