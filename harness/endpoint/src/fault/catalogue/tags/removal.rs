//! What removing tags does.

use parallax_contract::{Answer, Call, Value};

use super::{answers, before, fault, keys_of, pardoned, remove, removed};
use crate::fault::answers::accepted;
use crate::fault::deeds::{TagDeed, tag_deed};
use crate::fault::{Alteration, Change, Inner};

const AFTER: &str = "documentation: the answer holds the tags as they are after the call";
const CASE: &str = "documentation: tag keys and values are case-sensitive";
const ABSENT: &str = "model: the error of an absent tag, resource or ARN";

pub(super) const FAULTS: &[Alteration] = &[
    // What removal does.
    fault(
        "remove-does-nothing",
        "removed tags stay",
        AFTER,
        Change::Serve(|inner, call| with_keys(inner, call, &|_| Vec::new())),
    ),
    fault(
        "remove-removes-first-only",
        "of several keys, only the first is removed",
        AFTER,
        Change::Serve(|inner, call| with_keys(inner, call, &|keys| keys.iter().take(1).cloned().collect())),
    ),
    fault(
        "remove-removes-all",
        "removing a tag removes them all",
        AFTER,
        Change::Serve(remove_all),
    ),
    fault(
        "remove-folds-case",
        "a tag is removed whatever the case of its key",
        CASE,
        Change::Serve(remove_folding),
    ),
    fault(
        "remove-answers-before",
        "removing tags answers with those that were there before",
        AFTER,
        Change::Serve(|inner, call| answers(inner, call, TagDeed::Remove, &|before, _, _, _| Some(before.to_vec()))),
    ),
    fault(
        "remove-answers-removed",
        "removing tags answers with the removed ones",
        AFTER,
        Change::Serve(|inner, call| answers(inner, call, TagDeed::Remove, &removed)),
    ),
    fault(
        "remove-answers-nothing",
        "removing tags answers with no tags",
        AFTER,
        Change::Serve(|inner, call| answers(inner, call, TagDeed::Remove, &|_, _, _, _| Some(Vec::new()))),
    ),
    fault(
        "remove-absent-taken",
        "a tag that is not there can be removed",
        ABSENT,
        Change::Serve(|inner, call| pardoned(inner, call, |tagging| tagging.not_found.as_ref(), TagDeed::Remove)),
    ),
];

/// Removes other keys than asked for; where none is left, answers with the tags as they are.
fn with_keys(inner: &Inner<'_>, call: &Call, with: &dyn Fn(&[Value]) -> Vec<Value>) -> Answer {
    let Some((tagging, TagDeed::Remove)) = tag_deed(inner.contract(), call) else {
        return inner.answer(call);
    };
    let keys = with(
        call.input
            .get(&tagging.keys_member)
            .and_then(Value::as_list)
            .unwrap_or_default(),
    );
    match (keys.is_empty(), before(inner, call, tagging)) {
        (true, Some(before)) => Answer::Success(Value::map([(tagging.output_member.clone(), Value::List(before))])),
        _ => remove(inner, call, tagging, keys),
    }
}

fn remove_all(inner: &Inner<'_>, call: &Call) -> Answer {
    let answer = inner.answer(call);
    let Some((tagging, TagDeed::Remove)) = tag_deed(inner.contract(), call) else {
        return answer;
    };
    match before(inner, call, tagging).filter(|left| accepted(&answer) && !left.is_empty()) {
        Some(left) => remove(inner, call, tagging, keys_of(Some(&Value::List(left)), tagging)),
        None => answer,
    }
}

fn remove_folding(inner: &Inner<'_>, call: &Call) -> Answer {
    let Some((tagging, TagDeed::Remove)) = tag_deed(inner.contract(), call) else {
        return inner.answer(call);
    };
    let before = before(inner, call, tagging).unwrap_or_default();
    with_keys(inner, call, &|keys| {
        let spelt = |key: &Value| {
            let found = before.iter().filter_map(|tag| tag.get(&tagging.key));
            found
                .filter_map(Value::as_text)
                .find(|known| {
                    key.as_text()
                        .is_some_and(|key| key.to_lowercase() == known.to_lowercase())
                })
                .map_or_else(|| key.clone(), Value::text)
        };
        keys.iter().map(spelt).collect()
    })
}
