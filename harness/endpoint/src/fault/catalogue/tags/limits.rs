//! How many tags there may be, how long and of what, and for whom.

use parallax_contract::{Answer, Call, Contract, Rule, Value};

use super::{before, fault, pardoned};
use crate::fault::answers::declared;
use crate::fault::deeds::{TagDeed, arn, tag_deed};
use crate::fault::rules;
use crate::fault::sites::list;
use crate::fault::{Alteration, Change, Inner};

const ECHO: &str = "the law of echo: tags come back unchanged";
const LIMIT: &str = "documentation: at most so many tags for a resource";
const LENGTH: &str = "documentation: the lengths of keys and values";
const PREFIX: &str = "documentation: keys may not begin with the reserved prefix";
const ABSENT: &str = "model: the error of an absent tag, resource or ARN";
const DELETED: &str = "documentation: deleting a resource deletes its tags";

pub(super) const FAULTS: &[Alteration] = &[
    // Limits.
    fault(
        "one-tag-fewer",
        "a resource may have one tag fewer than documented",
        LIMIT,
        Change::Promise(|contract| limit(contract, -1)),
    ),
    fault(
        "one-tag-more",
        "a resource may have one tag more than documented",
        LIMIT,
        Change::Promise(|contract| limit(contract, 1)),
    ),
    fault(
        "tags-not-counted",
        "a resource may have any number of tags",
        LIMIT,
        Change::Promise(|contract| {
            if let Some(tagging) = &mut contract.tagging {
                tagging.limit = None;
            }
        }),
    ),
    fault(
        "tags-counted-by-call",
        "only the tags of one call are counted",
        LIMIT,
        Change::Serve(counted_by_call),
    ),
    fault(
        "overwriting-counts",
        "overwriting a tag of a full resource is one too many",
        LIMIT,
        Change::Serve(overwriting_counts),
    ),
    fault(
        "key-one-longer",
        "a key may be one character longer than documented",
        LENGTH,
        Change::Promise(|contract| lengths(contract, true, 1)),
    ),
    fault(
        "key-one-shorter",
        "the longest key is refused",
        LENGTH,
        Change::Promise(|contract| lengths(contract, true, -1)),
    ),
    fault(
        "value-one-longer",
        "a value may be one character longer than documented",
        LENGTH,
        Change::Promise(|contract| lengths(contract, false, 1)),
    ),
    fault(
        "value-one-shorter",
        "the longest value is refused",
        LENGTH,
        Change::Promise(|contract| lengths(contract, false, -1)),
    ),
    fault(
        "empty-key-taken",
        "an empty key is taken",
        LENGTH,
        Change::Promise(|contract| {
            rules::of_tags(contract, &|rule, _| {
                !matches!(rule, Rule::MinLength { .. } | Rule::NotBlank)
            });
        }),
    ),
    fault(
        "reserved-prefix-taken",
        "keys with the reserved prefix are taken",
        PREFIX,
        Change::Promise(|contract| rules::of_tags(contract, &|rule, _| !matches!(rule, Rule::ForbiddenPrefix { .. }))),
    ),
    fault(
        "reserved-prefix-without-colon",
        "keys that begin with the prefix without its colon are refused",
        PREFIX,
        Change::Promise(|contract| prefix(contract, &|prefix| prefix.trim_end_matches(':').to_owned())),
    ),
    // Addresses and deletion.
    fault(
        "tags-of-no-arn",
        "tags of what is no ARN are listed",
        ABSENT,
        Change::Serve(|inner, call| pardoned(inner, call, |tagging| tagging.invalid_arn.as_ref(), TagDeed::List)),
    ),
    fault(
        "tags-of-absent-listed",
        "tags of a resource that does not exist are listed",
        ABSENT,
        Change::Serve(|inner, call| of_absent(inner, call, &[TagDeed::List])),
    ),
    fault(
        "tags-of-absent-added",
        "tags are added to a resource that does not exist",
        ABSENT,
        Change::Serve(|inner, call| of_absent(inner, call, &[TagDeed::Add])),
    ),
    fault(
        "tags-outlive-deletion",
        "a resource of a deleted one's identifier has its tags",
        DELETED,
        Change::Serve(outlive),
    ),
    fault(
        "tags-leak",
        "tags are listed for every resource",
        ECHO,
        Change::Serve(leak),
    ),
];

/// Accepts what is refused because the resource does not exist.
fn of_absent(inner: &Inner<'_>, call: &Call, on: &[TagDeed]) -> Answer {
    let answer = inner.answer(call);
    let contract = inner.contract();
    let Some((tagging, _)) = tag_deed(contract, call).filter(|(_, deed)| on.contains(deed)) else {
        return answer;
    };
    let absent = contract.resources.values().any(|resource| {
        let shape = resource
            .lifecycle
            .not_found
            .as_ref()
            .and_then(|shape| contract.errors.get(shape));
        matches!((&answer, shape), (Answer::Refused(refused), Some(error)) if refused.code == error.code)
    });
    match absent {
        true => Answer::Success(Value::map([(tagging.output_member.clone(), Value::List(Vec::new()))])),
        false => answer,
    }
}

fn limit(contract: &mut Contract, by: i64) {
    if let Some(limit) = contract.tagging.as_mut().and_then(|tagging| tagging.limit.as_mut()) {
        limit.limit = limit.limit.saturating_add_signed(by);
    }
}

/// The refusal of one tag too many is taken back where the call itself has few.
fn counted_by_call(inner: &Inner<'_>, call: &Call) -> Answer {
    let answer = inner.answer(call);
    let Some((tagging, TagDeed::Add)) = tag_deed(inner.contract(), call) else {
        return answer;
    };
    let few = call
        .input
        .get(&tagging.tags_member)
        .and_then(Value::as_list)
        .is_some_and(|tags| tags.len() < 10);
    match (
        few,
        declared(inner.contract(), tagging.quota_exceeded.as_ref()),
        &answer,
    ) {
        (true, Some(Answer::Refused(due)), Answer::Refused(given)) if due.code == given.code => {
            let mut tags = before(inner, call, tagging).unwrap_or_default();
            tags.extend_from_slice(
                call.input
                    .get(&tagging.tags_member)
                    .and_then(Value::as_list)
                    .unwrap_or_default(),
            );
            Answer::Success(Value::map([(tagging.output_member.clone(), Value::List(tags))]))
        }
        _ => answer,
    }
}

fn overwriting_counts(inner: &Inner<'_>, call: &Call) -> Answer {
    if let Some((tagging, TagDeed::Add)) = tag_deed(inner.contract(), call)
        && let Some(limit) = &tagging.limit
        && before(inner, call, tagging).is_some_and(|before| before.len() as u64 >= limit.limit)
        && let Some(refusal) = declared(inner.contract(), tagging.quota_exceeded.as_ref())
    {
        return refusal;
    }
    inner.answer(call)
}

fn lengths(contract: &mut Contract, of_key: bool, by: i64) {
    rules::of_tags(contract, &|rule, is_key| {
        if let (Rule::MaxLength { max }, true) = (rule, is_key == of_key) {
            *max = max.saturating_add_signed(by);
        }
        true
    });
}

fn prefix(contract: &mut Contract, with: &dyn Fn(&str) -> String) {
    rules::of_tags(contract, &|rule, _| {
        if let Rule::ForbiddenPrefix { prefix } = rule {
            *prefix = with(prefix);
        }
        true
    });
}

/// Whatever tags an ARN ever had are listed for it.
fn outlive(inner: &Inner<'_>, call: &Call) -> Answer {
    let Some((tagging, deed)) = tag_deed(inner.contract(), call) else {
        return inner.answer(call);
    };
    let name = format!("tags of {}", arn(tagging, call).unwrap_or_default());
    let mut answer = inner.answer(call);
    if let Some(tags) = list(&mut answer, &tagging.output_member) {
        match (deed, inner.recall(&name)) {
            (TagDeed::List, Some(Value::List(old))) if tags.is_empty() => *tags = old,
            _ => drop(inner.remember(name, Value::List(tags.clone()))),
        }
    }
    answer
}

/// A resource that has no tags of its own shows those that were added last to any.
fn leak(inner: &Inner<'_>, call: &Call) -> Answer {
    let Some((tagging, deed)) = tag_deed(inner.contract(), call) else {
        return inner.answer(call);
    };
    let mut answer = inner.answer(call);
    if let Some(tags) = list(&mut answer, &tagging.output_member) {
        match (deed, inner.recall("tags of any")) {
            (TagDeed::List, Some(Value::List(others))) if tags.is_empty() => *tags = others,
            (TagDeed::Add, _) => drop(inner.remember("tags of any", Value::List(tags.clone()))),
            _ => {}
        }
    }
    answer
}
