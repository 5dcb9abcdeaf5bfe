//! Permissions inside a resource.

use parallax_contract::{Basis, Grants, Pattern, Value};

use super::On;
use crate::codes::{self, INVALID_VALUE};
use crate::draft::Draft;
use crate::pattern;
use crate::state::{Found, Grant};

pub(super) fn authorize(on: &On<'_>, draft: &mut Draft) {
    let Some(rule) = &on.resource.grants else { return };
    let (Some(found), Some(keys)) = (on.existing(draft), keys(rule, &on.call.input)) else {
        return;
    };
    if absent(on, &found) {
        return;
    }
    let basis = on.documented("a permission that exists already is refused");
    let exists = codes::declared(&on.oracle.contract, rule.already_exists.as_ref(), &basis);
    let known = grants_of(&found);
    match known.as_deref().map(|known| standing(known, &keys)) {
        Some(Standing::Given) => draft.refuse(exists),
        Some(Standing::Absent) => {
            let basis = on.documented("a value is refused as invalid");
            let refusal = codes::refusal(&on.oracle.contract, &[INVALID_VALUE], &basis);
            draft.doubt("whether what is permitted must exist, no source says", Some(refusal));
        }
        Some(Standing::Leaving | Standing::OtherCase) | None => {
            draft.doubt("whether the permission exists already is open", None);
        }
    }
    let after = known.map(|mut known| {
        known.push(Grant { keys, leaving: false });
        known
    });
    accept(on, &found, after.as_deref(), draft);
}

pub(super) fn revoke(on: &On<'_>, draft: &mut Draft) {
    let Some(rule) = &on.resource.grants else { return };
    let (Some(found), Some(keys)) = (on.existing(draft), keys(rule, &on.call.input)) else {
        return;
    };
    if absent(on, &found) {
        return;
    }
    let basis = on.documented("a permission that does not exist is refused");
    let missing = codes::declared(&on.oracle.contract, rule.not_found.as_ref(), &basis);
    let known = grants_of(&found);
    match known.as_deref().map(|known| standing(known, &keys)) {
        Some(Standing::Given) => {}
        Some(Standing::Absent) => draft.refuse(missing),
        Some(Standing::Leaving | Standing::OtherCase) | None => {
            draft.doubt("whether the permission exists is open", Some(missing));
        }
    }
    let after = known.map(|mut known| {
        known
            .iter_mut()
            .filter(|grant| grant.keys == keys)
            .for_each(|grant| grant.leaving = true);
        known
    });
    accept(on, &found, after.as_deref(), draft);
}

/// Whether there is surely nothing that could hold permissions.
fn absent(on: &On<'_>, found: &Found<'_>) -> bool {
    matches!(found, Found::Absent) && !on.id().is_some_and(|id| on.may_exist(id))
}

/// Where a permission stands among the known ones.
enum Standing {
    Given,
    Leaving,
    OtherCase,
    Absent,
}

fn standing(known: &[Grant], keys: &[(String, String)]) -> Standing {
    let alike = |grant: &&Grant| {
        grant
            .keys
            .iter()
            .zip(keys)
            .all(|((_, a), (_, b))| a.to_lowercase() == b.to_lowercase())
    };
    match known.iter().find(|grant| grant.keys == keys) {
        Some(grant) if grant.leaving => Standing::Leaving,
        Some(_) => Standing::Given,
        None if known.iter().any(|grant| alike(&grant)) => Standing::OtherCase,
        None => Standing::Absent,
    }
}

/// The members that identify a permission; `None` where one is missing or no text.
pub(crate) fn keys(rule: &Grants, input: &Value) -> Option<Vec<(String, String)>> {
    let key = |name: &String| Some((name.clone(), input.get(name)?.as_text()?.to_owned()));
    rule.keys.iter().map(key).collect()
}

fn grants_of(found: &Found<'_>) -> Option<Vec<Grant>> {
    match found {
        Found::Surely(_, instance) | Found::Maybe(_, instance, _) => instance.grants.clone(),
        Found::Absent => None,
    }
}

fn accept(on: &On<'_>, found: &Found<'_>, after: Option<&[Grant]>, draft: &mut Draft) {
    let mut members = match found {
        Found::Surely(_, instance) | Found::Maybe(_, instance, _) => instance.members.clone(),
        Found::Absent => Vec::new(),
    };
    if after.is_some() {
        members.extend(pattern::grants(on.resource, after));
    }
    let output = pattern::at(&on.resource.lifecycle.create_path, Pattern::Fields(members));
    draft.accept(output, Basis::clone(&pattern::ADDRESS));
}
