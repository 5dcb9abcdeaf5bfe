//! What is created twice, and what becomes of what was deleted.

use parallax_contract::{Answer, Call, Resource, Value};

use super::{about, duplicate, existing, fault, is_duplicate, is_error, keep_deleted};
use crate::fault::answers::{accepted, declared, listed, nothing};
use crate::fault::deeds::{Deed, doing, id_text};
use crate::fault::{Alteration, Change, Inner};

const ADDRESS: &str = "the law of address: the identifier that created a resource addresses it from then on";
const ABSENT: &str = "model: the error of an absent resource";
const DUPLICATE: &str = "model: the error of a resource that exists already";
const DELETED: &str = "model: what was deleted does not exist";

pub(super) const FAULTS: &[Alteration] = &[
    // Created twice, or in spite of a refusal.
    fault(
        "duplicate-taken",
        "a duplicate is accepted and changes nothing",
        DUPLICATE,
        Change::Serve(|inner, call| duplicate(inner, call, false)),
    ),
    fault(
        "duplicate-replaces",
        "a duplicate replaces what exists",
        DUPLICATE,
        Change::Serve(|inner, call| duplicate(inner, call, true)),
    ),
    fault(
        "refused-is-made",
        "what was refused exists all the same",
        ABSENT,
        Change::Serve(refused_is_made),
    ),
    // Deleted.
    fault(
        "delete-does-nothing",
        "what was deleted stays",
        DELETED,
        Change::Serve(delete_does_nothing),
    ),
    fault(
        "deleted-is-described",
        "what was deleted is still described",
        DELETED,
        Change::Serve(deleted_is_described),
    ),
    fault(
        "deleted-is-listed",
        "what was deleted is still listed",
        DELETED,
        Change::Serve(deleted_is_listed),
    ),
    fault(
        "deleted-blocks-its-name",
        "an identifier is never free again",
        DELETED,
        Change::Serve(blocks),
    ),
    fault(
        "deleted-comes-back",
        "creating a resource brings the one deleted last back",
        DELETED,
        Change::Serve(comes_back),
    ),
    fault(
        "delete-twice-taken",
        "what was deleted can be deleted again",
        ABSENT,
        Change::Serve(|inner, call| absent_taken(inner, call, Deed::Delete)),
    ),
    fault(
        "absent-described-as-empty",
        "describing what does not exist shows an empty list",
        ABSENT,
        Change::Serve(|inner, call| absent_taken(inner, call, Deed::Describe)),
    ),
    fault(
        "absent-authorized",
        "permissions are added to what does not exist",
        ABSENT,
        Change::Serve(|inner, call| absent_taken(inner, call, Deed::Authorize)),
    ),
    fault(
        "absent-revoked",
        "permissions are removed from what does not exist",
        ABSENT,
        Change::Serve(|inner, call| absent_taken(inner, call, Deed::Revoke)),
    ),
    fault(
        "absent-modified",
        "every other operation takes what does not exist",
        ABSENT,
        Change::Serve(|inner, call| absent_taken(inner, call, Deed::Modify)),
    ),
    fault(
        "delete-deletes-all",
        "deleting one deletes all",
        ADDRESS,
        Change::Serve(|inner, call| {
            let answer = inner.answer(call);
            if doing(inner.contract(), call, &[Deed::Delete]).is_some() && accepted(&answer) {
                inner.lose_all();
            }
            answer
        }),
    ),
    fault(
        "builtin-deleted",
        "what cannot be deleted is deleted",
        "documentation: the built-in one cannot be deleted",
        Change::Promise(|contract| {
            for resource in contract.resources.values_mut() {
                resource.builtin.iter_mut().for_each(|builtin| builtin.deletable = true);
            }
        }),
    ),
];

fn is_absent(inner: &Inner<'_>, resource: &Resource, answer: &Answer) -> bool {
    is_error(inner, resource.lifecycle.not_found.as_ref(), answer)
}

/// A creation that is refused for its description or tags is made without them.
fn refused_is_made(inner: &Inner<'_>, call: &Call) -> Answer {
    let answer = inner.answer(call);
    if let Some(resource) = doing(inner.contract(), call, &[Deed::Create])
        && !accepted(&answer)
        && !is_duplicate(inner, resource, &answer)
    {
        let name = about("refused", resource, id_text(resource, call));
        inner.remember(name, Value::Bool(true));
    }
    if let Some(resource) = doing(inner.contract(), call, &[Deed::Describe])
        && is_absent(inner, resource, &answer)
        && inner
            .recall(&about("refused", resource, id_text(resource, call)))
            .is_some()
        && let Some(list) = &resource.lifecycle.describe_list
    {
        let one = Value::map([(resource.identifier.output.clone(), Value::text(id_text(resource, call)))]);
        return Answer::Success(Value::map([(list.clone(), Value::List(vec![one]))]));
    }
    answer
}

fn delete_does_nothing(inner: &Inner<'_>, call: &Call) -> Answer {
    if let Some(resource) = doing(inner.contract(), call, &[Deed::Delete])
        && existing(inner, resource, id_text(resource, call)).is_some()
    {
        return nothing();
    }
    inner.answer(call)
}

fn deleted_is_described(inner: &Inner<'_>, call: &Call) -> Answer {
    keep_deleted(inner, call);
    let answer = inner.answer(call);
    if let Some(resource) = doing(inner.contract(), call, &[Deed::Describe])
        && is_absent(inner, resource, &answer)
        && let Some(kept) = inner.recall(&about("deleted", resource, id_text(resource, call)))
        && let Some(list) = &resource.lifecycle.describe_list
    {
        return Answer::Success(Value::map([(list.clone(), Value::List(vec![kept]))]));
    }
    answer
}

fn deleted_is_listed(inner: &Inner<'_>, call: &Call) -> Answer {
    keep_deleted(inner, call);
    let last = doing(inner.contract(), call, &[Deed::List])
        .and_then(|resource| inner.recall(&format!("last deleted {}", resource.shape)));
    listed(inner, call, &[Deed::List], &mut |items| items.extend(last.clone()))
}

fn blocks(inner: &Inner<'_>, call: &Call) -> Answer {
    keep_deleted(inner, call);
    if let Some(resource) = doing(inner.contract(), call, &[Deed::Create])
        && inner
            .recall(&about("deleted", resource, id_text(resource, call)))
            .is_some()
        && let Some(refusal) = declared(inner.contract(), resource.lifecycle.already_exists.as_ref())
    {
        return refusal;
    }
    inner.answer(call)
}

/// The resource deleted last is listed, and described, again once another call has created anything.
fn comes_back(inner: &Inner<'_>, call: &Call) -> Answer {
    keep_deleted(inner, call);
    if let Some(resource) = doing(inner.contract(), call, &[Deed::Create])
        && let Some(back) = inner.forget(&format!("last deleted {}", resource.shape))
    {
        inner.remember(format!("back {}", resource.shape), back);
    }
    let back = doing(inner.contract(), call, &[Deed::List])
        .and_then(|resource| inner.recall(&format!("back {}", resource.shape)));
    listed(inner, call, &[Deed::List], &mut |items| items.extend(back.clone()))
}

fn absent_taken(inner: &Inner<'_>, call: &Call, on: Deed) -> Answer {
    let answer = inner.answer(call);
    let Some(resource) = doing(inner.contract(), call, &[on]) else {
        return answer;
    };
    if !is_absent(inner, resource, &answer) {
        return answer;
    }
    match (on, &resource.lifecycle.describe_list) {
        (Deed::Describe, Some(list)) => Answer::Success(Value::map([(list.clone(), Value::List(Vec::new()))])),
        _ => nothing(),
    }
}
