//! Tags by ARN.

use parallax_contract::{Basis, Call, Confidence, Evidence, Pattern, Refusal, Resource, Tagging, Value};

use super::create::too_many_tags;
use crate::Oracle;
use crate::codes;
use crate::draft::Draft;
use crate::index::Role;
use crate::pattern;
use crate::state::{Instance, Key, State, Tags};

pub(super) fn judge(oracle: &Oracle, state: &State, call: &Call, role: &Role, draft: &mut Draft) {
    let Some(tagging) = &oracle.contract.tagging else {
        return;
    };
    let on = Tagged { oracle, tagging, call };
    on.empty_list(role, draft);
    let arn = match call.input.get(&tagging.resource_member) {
        Some(Value::Text(arn)) if !arn.is_empty() => arn,
        Some(Value::Text(_) | Value::Null) => {
            return draft.doubt("no source says whether an empty ARN is none", Some(on.invalid_arn()));
        }
        _ => return,
    };
    let instance = match owner(oracle, state, arn) {
        Owner::Instance(_, instance) => instance,
        Owner::Maybe(reason) => return draft.doubt(reason, None),
        Owner::Gone(number) | Owner::Never(number) => return on.absent(number, draft),
        Owner::NoArn => return on.no_arn(draft),
        Owner::Unknown => return draft.doubt("no source says what becomes of an ARN of something else", None),
    };
    on.taggable(instance.0, draft);
    let Some(tags) = instance.1.tags.clone() else {
        return draft.doubt("an earlier answer left the tags open", None);
    };
    match role {
        Role::TagAdd => on.add(tags, draft),
        Role::TagRemove => on.remove(tags, draft),
        _ => on.show(&tags, on.documented("what a resource is tagged with is listed"), draft),
    }
}

struct Tagged<'a> {
    oracle: &'a Oracle,
    tagging: &'a Tagging,
    call: &'a Call,
}

/// Whom an ARN names.
enum Owner<'s> {
    Instance(Key, (usize, &'s Instance)),
    Maybe(&'static str),
    Gone(usize),
    Never(usize),
    Unknown,
    NoArn,
}

fn owner<'s>(oracle: &Oracle, state: &'s State, arn: &str) -> Owner<'s> {
    let scheme = arn.get(..4).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("arn:") || arn.split(':').count() < 6 {
        return Owner::NoArn;
    }
    if scheme != "arn:" {
        return Owner::Maybe("no source says whether an ARN may be written in another casing");
    }
    let lower = arn.to_ascii_lowercase();
    for (key, instance) in state.instances() {
        let Some(known) = &instance.arn else { continue };
        if known.eq_ignore_ascii_case(arn) && !names(known, &instance.id) {
            return Owner::Maybe("the ARN that was shown has another identifier in it");
        }
        if known == arn || (known.eq_ignore_ascii_case(arn) && stored_form(oracle, key, arn, &lower)) {
            return match (instance.sure, instance.leaving) {
                (true, false) => Owner::Instance(key.clone(), (key.resource, instance)),
                _ => Owner::Maybe("an earlier answer left open whether it exists"),
            };
        }
        if known.eq_ignore_ascii_case(arn) {
            return Owner::Maybe("no source says whether an ARN is found in another casing");
        }
    }
    match state
        .gone()
        .find(|gone| gone.arn.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(arn)))
    {
        Some(gone) if asynchronous(oracle, gone.key.resource) => Owner::Maybe("a deletion may take its time"),
        Some(gone) => Owner::Gone(gone.key.resource),
        None => stranger(state, arn),
    }
}

/// Whether an ARN ends in this identifier, in whatever casing. One that does not was shown wrongly.
fn names(arn: &str, id: &str) -> bool {
    let begin = arn.len().checked_sub(id.len());
    let tail = begin.and_then(|begin| arn.get(begin..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(id)) || arn.to_lowercase().ends_with(&id.to_lowercase())
}

/// The ARN with its identifier in lower case, of a resource whose identifier is stored so.
fn stored_form(oracle: &Oracle, key: &Key, arn: &str, lower: &str) -> bool {
    oracle
        .index
        .resource(key.resource)
        .is_some_and(|resource| resource.identifier.lowercase)
        && arn == lower
        && pattern::is_plain(arn)
}

fn asynchronous(oracle: &Oracle, number: usize) -> bool {
    oracle
        .index
        .resource(number)
        .is_some_and(|resource| resource.status_member.is_some())
}

/// An ARN that differs from a known one only in its identifier names a resource that never was.
fn stranger<'s>(state: &State, arn: &str) -> Owner<'s> {
    let known = state
        .instances()
        .map(|(key, instance)| (key.resource, instance.arn.as_deref()));
    let gone = state.gone().map(|gone| (gone.key.resource, gone.arn.as_deref()));
    let sibling = known
        .chain(gone)
        .find(|(_, known)| known.is_some_and(|known| same_but_for_id(known, arn)));
    match sibling {
        Some((number, _)) if pattern::is_plain(arn) && !state.may_be_others(arn) => Owner::Never(number),
        _ => Owner::Unknown,
    }
}

fn same_but_for_id(known: &str, arn: &str) -> bool {
    match (known.rsplit_once(':'), arn.rsplit_once(':')) {
        (Some((known, _)), Some((arn, id))) => known == arn && !id.is_empty(),
        _ => false,
    }
}

impl Tagged<'_> {
    fn documented(&self, fact: &str) -> Basis {
        Evidence::basis(fact, format!("model: {}", self.call.operation), Confidence::Documented)
    }

    fn declares(&self, shape: Option<&String>) -> bool {
        let operation = self.oracle.contract.operations.get(&self.call.operation);
        shape.is_some_and(|shape| operation.is_some_and(|operation| operation.errors.contains(shape)))
    }

    fn resource(&self, number: usize) -> Option<&Resource> {
        self.oracle.index.resource(number)
    }

    fn absent(&self, number: usize, draft: &mut Draft) {
        let shape = self
            .resource(number)
            .and_then(|resource| resource.lifecycle.not_found.as_ref());
        let basis = self.documented("tags of a resource that does not exist are refused");
        let refusal = codes::declared(&self.oracle.contract, shape, &basis);
        if self.declares(shape) {
            draft.refuse(refusal);
        } else {
            draft.doubt("no declared error speaks of an absent one", None);
        }
    }

    /// An empty list may be refused whatever else is wrong with the call.
    fn empty_list(&self, role: &Role, draft: &mut Draft) {
        let member = match role {
            Role::TagAdd => &self.tagging.tags_member,
            Role::TagRemove => &self.tagging.keys_member,
            _ => return,
        };
        if matches!(self.call.input.get(member), Some(Value::List(items)) if items.is_empty()) {
            draft.doubt("no source says what becomes of an empty list", None);
        }
    }

    fn no_arn(&self, draft: &mut Draft) {
        draft.refuse(self.invalid_arn());
    }

    fn invalid_arn(&self) -> Refusal {
        let fact = "what is no ARN is refused";
        let known = self.oracle.contract.messages.get("invalid-arn");
        let basis = known.map_or_else(
            || self.documented(fact),
            |message| Evidence::basis(fact, &message.evidence.source, message.evidence.confidence),
        );
        let mut refusal = codes::declared(&self.oracle.contract, self.tagging.invalid_arn.as_ref(), &basis);
        refusal.message = known.map(|message| message.text.clone());
        refusal
    }

    /// A resource whose state the operation may refuse, or that no source calls taggable, leaves it open. One that is not
    /// ready may be refused as if it were not there.
    fn taggable(&self, number: usize, draft: &mut Draft) {
        let Some(resource) = self.resource(number) else { return };
        let contract = &self.oracle.contract;
        let cycle = &resource.lifecycle;
        if self.declares(cycle.invalid_state.as_ref()) || resource.status_member.is_some() {
            let basis = self.tagging.facts.get("in-transition").cloned();
            let basis = basis.map_or_else(|| self.documented("a resource in another state is refused"), Basis::new);
            let mut refusal = codes::declared(contract, cycle.not_found.as_ref(), &basis);
            if self.declares(cycle.invalid_state.as_ref()) {
                refusal
                    .codes
                    .extend(codes::declared(contract, cycle.invalid_state.as_ref(), &basis).codes);
            }
            draft.doubt("a resource with a state may not be ready", Some(refusal));
        } else if resource.tags_member.is_none() && !self.declares(resource.lifecycle.not_found.as_ref()) {
            draft.doubt("no source says that this can be tagged", None);
        }
    }

    fn add(&self, mut tags: Tags, draft: &mut Draft) {
        let Some(Value::List(given)) = self.call.input.get(&self.tagging.tags_member) else {
            return;
        };
        let before = tags.len();
        if !merge(self.tagging, &mut tags, given) {
            draft.doubt("no source says what becomes of a key given twice or not at all", None);
            return draft.accept(Pattern::any("the keys are not clear"), Basis::clone(&pattern::ECHO));
        }
        if let Some(limit) = &self.tagging.limit
            && tags.len() as u64 > limit.limit
            && tags.len() > before
        {
            draft.refuse(too_many_tags(
                self.oracle,
                self.tagging,
                &Basis::new(limit.evidence.clone()),
            ));
        }
        self.show(&tags, self.after_call(), draft);
    }

    fn remove(&self, mut tags: Tags, draft: &mut Draft) {
        let Some(Value::List(keys)) = self.call.input.get(&self.tagging.keys_member) else {
            return;
        };
        let keys: Vec<_> = keys.iter().filter_map(Value::as_text).collect();
        let absent = keys.iter().filter(|key| !tags.contains_key(**key)).count();
        let basis = self.documented("a tag that does not exist is refused");
        let refusal = codes::declared(&self.oracle.contract, self.tagging.not_found.as_ref(), &basis);
        // An empty key may be taken for none.
        let sure = !keys.is_empty() && !keys.contains(&"");
        if absent == keys.len() && sure && self.declares(self.tagging.not_found.as_ref()) {
            draft.refuse(refusal);
        } else if absent > 0 {
            draft.doubt(
                "no source says what becomes of a list with absent keys in it",
                Some(refusal),
            );
        }
        tags.retain(|key, _| !keys.contains(&key.as_str()));
        self.show(&tags, self.after_call(), draft);
    }

    fn after_call(&self) -> Basis {
        let fact = self.tagging.facts.get("after-call").cloned();
        fact.map_or_else(|| Basis::clone(&pattern::ECHO), Basis::new)
    }

    fn show(&self, tags: &Tags, basis: Basis, draft: &mut Draft) {
        let shown = pattern::tags(&self.tagging.key, &self.tagging.value, tags, &basis);
        draft.accept(pattern::at(&self.tagging.output_member, shown), basis);
    }
}

/// Adds the given tags; false where a key is missing or repeated, so that the result is open.
pub(crate) fn merge(tagging: &Tagging, tags: &mut Tags, given: &[Value]) -> bool {
    let mut keys = Vec::with_capacity(given.len());
    for tag in given {
        let Some(key) = tag.get(&tagging.key).and_then(Value::as_text) else {
            return false;
        };
        if keys.contains(&key) {
            return false;
        }
        keys.push(key);
        tags.insert(key.to_owned(), tag.get(&tagging.value).cloned().unwrap_or(Value::Null));
    }
    true
}

/// The instance that an ARN surely or possibly names, for following.
pub(crate) fn named(oracle: &Oracle, state: &State, arn: &str) -> Option<Key> {
    match owner(oracle, state, arn) {
        Owner::Instance(key, _) => Some(key),
        _ => None,
    }
}
