//! Making a resource.

use parallax_contract::{Basis, Refusal, Tagging, Value};

use super::On;
use crate::codes::{self, INVALID_VALUE};
use crate::draft::Draft;
use crate::pattern;
use crate::state::{self, Found, Instance, Key};

pub(super) fn judge(on: &On<'_>, draft: &mut Draft) {
    let id = on
        .call
        .input
        .get(&on.resource.identifier.input)
        .and_then(Value::as_text)
        .unwrap_or("");
    let twice = !id.is_empty() && !on.resource.identifier.assigned && duplicate(on, id, draft);
    if let Some(tagging) = &on.oracle.contract.tagging
        && let Some(Value::List(tags)) = on
            .resource
            .tags_member
            .as_ref()
            .and_then(|member| on.call.input.get(member))
    {
        tag_list(on, tagging, tags, draft);
    }
    quota(on, draft);
    let mut members = pattern::made(on.oracle, on.resource, id, &on.call.input);
    members.extend(pattern::grants(on.resource, Some(&[])));
    let output = pattern::at(
        &on.resource.lifecycle.create_path,
        parallax_contract::Pattern::Fields(members),
    );
    let basis = sure(on, twice, draft);
    draft.accept(output, basis);
}

/// Judges an identifier that may be taken; true if it surely is.
fn duplicate(on: &On<'_>, id: &str, draft: &mut Draft) -> bool {
    let found = on.state.find(on.number, on.resource, id);
    // The usual case, and no refusal need be made for it.
    if matches!(found, Found::Absent) && !on.may_exist(id) {
        return false;
    }
    let fact = format!("{} that exists already is refused", on.resource.shape);
    let mut basis = on.documented(&fact);
    let is_otherwise_spelt = match &found {
        Found::Surely(_, instance) => instance.id != id,
        Found::Maybe(key, instance, _) => instance.id != id && one_name(on, key, instance, id),
        Found::Absent => false,
    };
    if is_otherwise_spelt {
        basis = pattern::both(&basis, on.oracle.index.lowercase_basis(on.resource));
    }
    let mut refusal = codes::declared(
        &on.oracle.contract,
        on.resource.lifecycle.already_exists.as_ref(),
        &basis,
    );
    refusal.message = Some(format!("{} already exists: {id}", on.resource.shape));
    match found {
        Found::Surely(..) => {}
        // Stored in lower case, two casings are one name.
        Found::Maybe(key, instance, _) if one_name(on, &key, instance, id) => {}
        Found::Maybe(_, _, reason) => {
            draft.doubt(reason, Some(refusal));
            return false;
        }
        Found::Absent if on.state.may_be_others(id) => {
            draft.doubt("somebody else may have made it", Some(refusal));
            return false;
        }
        Found::Absent => {
            refusal.codes.push(codes::code(&on.oracle.contract, INVALID_VALUE));
            draft.doubt_and_refuse("it may exist without having been made", refusal);
            return false;
        }
    }
    draft.refuse(refusal);
    true
}

/// Whether an existing instance surely has this name in another casing.
fn one_name(on: &On<'_>, key: &Key, instance: &Instance, id: &str) -> bool {
    instance.sure
        && !instance.leaving
        && on.resource.identifier.lowercase
        && instance.id.is_ascii()
        && *key == state::key(on.number, on.resource, id)
}

/// Tags given at creation: their number and repeated keys. Their keys and values are judged as any input is.
pub(super) fn tag_list(on: &On<'_>, tagging: &Tagging, tags: &[Value], draft: &mut Draft) {
    let keys: Vec<_> = tags
        .iter()
        .filter_map(|tag| tag.get(&tagging.key).and_then(Value::as_text))
        .collect();
    let mut distinct = keys.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < keys.len() {
        draft.doubt("no source says what becomes of a key that is given twice", None);
    }
    if let Some(limit) = &tagging.limit
        && distinct.len() as u64 > limit.limit
    {
        draft.refuse(too_many_tags(on.oracle, tagging, &Basis::new(limit.evidence.clone())));
    }
    if keys.len() < tags.len() {
        draft.doubt("no source says what becomes of a tag without a key", None);
    }
}

pub(super) fn too_many_tags(oracle: &crate::Oracle, tagging: &Tagging, basis: &Basis) -> Refusal {
    let mut refusal = codes::declared(&oracle.contract, tagging.quota_exceeded.as_ref(), basis);
    refusal.message = Some("The resource has too many tags.".into());
    refusal
}

/// A claimed quota is no more than a claim: from there on it is open.
fn quota(on: &On<'_>, draft: &mut Draft) {
    let Some(quota) = &on.resource.quota else { return };
    let limit = usize::try_from(quota.limit).unwrap_or(usize::MAX);
    // No more are counted than it takes: an emulator may hold thousands.
    if on
        .state
        .of(on.number)
        .filter(|instance| instance.sure)
        .take(limit)
        .count()
        == limit
    {
        let basis = Basis::new(quota.evidence.clone());
        let refusal = codes::declared(
            &on.oracle.contract,
            on.resource.lifecycle.quota_exceeded.as_ref(),
            &basis,
        );
        draft.doubt("the account's quota is only claimed", Some(refusal));
    }
}

/// Doubts a creation that differs from what the sources call valid, or whose success depends on the account.
fn sure(on: &On<'_>, made_before: bool, draft: &mut Draft) -> Basis {
    let Some(sample) = &on.resource.sample else {
        draft.doubt("no source gives a complete valid input", None);
        return on.documented("a valid input is accepted");
    };
    if !sample.sure && !made_before {
        draft.doubt("whether it can be made depends on what else the account has", None);
    }
    let free = |name: &String| {
        *name == on.resource.identifier.input
            || on.resource.description.as_ref().is_some_and(|echo| echo.input == *name)
            || on.resource.tags_member.as_ref() == Some(name)
    };
    let unlike = |(name, value): &&(String, Value)| match sample.input.get(name) {
        Some(Value::Text(text)) if text.contains('{') => false,
        Some(valid) => valid != value,
        None => true,
    };
    if let Some((name, _)) = on
        .call
        .input
        .fields()
        .iter()
        .filter(|(name, _)| !free(name))
        .find(unlike)
    {
        draft.doubt(
            format!("no source says that this {name} is valid together with the rest"),
            None,
        );
    }
    let left_out = |(name, _): &&(String, Value)| on.call.input.get(name).is_none() && !is_required(on, name);
    if let Some((name, _)) = sample.input.fields().iter().find(left_out) {
        draft.doubt(format!("no source says that it is valid without {name}"), None);
    }
    Basis::new(sample.evidence.clone())
}

fn is_required(on: &On<'_>, member: &str) -> bool {
    let members = on.oracle.contract.input_members(&on.call.operation);
    members.iter().any(|known| known.name == member && known.required)
}
