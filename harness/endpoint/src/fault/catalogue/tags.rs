//! Tags: what becomes of them.

mod limits;
mod removal;

use parallax_contract::{Answer, Call, Tagging, Value};

use super::text;
use crate::fault::answers::{accepted, declared};
use crate::fault::deeds::{TagDeed, arn, retagged, tag_deed, tags_given};
use crate::fault::sites::list;
use crate::fault::{Alteration, Change, Class, Inner};

const ECHO: &str = "the law of echo: tags come back unchanged";
const AFTER: &str = "documentation: the answer holds the tags as they are after the call";
const CASE: &str = "documentation: tag keys and values are case-sensitive";
const OVERWRITE: &str = "documentation: adding a tag whose key exists overwrites its value";
const LENGTH: &str = "documentation: the lengths of keys and values";

const fn fault(name: &'static str, summary: &'static str, grounds: &'static str, change: Change) -> Alteration {
    Alteration::new(Class::Tags, name, summary, grounds, change)
}

/// Everything of this kind: what is here, then removal, limits.
pub(super) fn all() -> Vec<Alteration> {
    [HERE, removal::FAULTS, limits::FAULTS].concat()
}

const HERE: &[Alteration] = &[
    // Dropped.
    fault(
        "tags-on-create-dropped",
        "tags given at creation are not kept",
        ECHO,
        Change::Serve(|inner, call| given(inner, call, &|_, deed| deed.is_none(), &|_, tags| tags.clear())),
    ),
    fault(
        "last-tag-dropped",
        "the last of several tags is not kept",
        ECHO,
        Change::Serve(|inner, call| {
            given(inner, call, &|_, _| true, &|_, tags| {
                tags.truncate(tags.len().saturating_sub(1).max(1));
            })
        }),
    ),
    fault(
        "added-tags-not-kept",
        "adding tags answers as if they were kept",
        AFTER,
        Change::Serve(add_without_keeping),
    ),
    fault(
        "tags-listed-to-ten",
        "no more than ten tags are listed",
        ECHO,
        Change::Serve(|inner, call| tags_shown(inner, call, &[TagDeed::List], &|tags| tags.truncate(10))),
    ),
    fault(
        "first-tag-not-listed",
        "the first tag is not listed",
        ECHO,
        Change::Serve(|inner, call| {
            tags_shown(inner, call, &[TagDeed::List], &|tags| {
                drop(tags.drain(..1.min(tags.len())));
            })
        }),
    ),
    fault(
        "tags-with-empty-value-dropped",
        "tags with an empty value are not listed",
        ECHO,
        Change::Serve(|inner, call| {
            let value = inner
                .contract()
                .tagging
                .as_ref()
                .map(|tagging| tagging.value.clone())
                .unwrap_or_default();
            tags_shown(inner, call, &[TagDeed::Add, TagDeed::List], &|tags| {
                tags.retain(|tag| tag.get(&value).and_then(Value::as_text) != Some(""));
            })
        }),
    ),
    fault(
        "tags-shown-twice",
        "every tag is listed twice",
        ECHO,
        Change::Serve(|inner, call| tags_shown(inner, call, &[TagDeed::List], &|tags| tags.extend_from_within(..))),
    ),
    fault(
        "key-and-value-exchanged",
        "keys are shown as values and values as keys",
        ECHO,
        Change::Serve(exchanged),
    ),
    // What adding does.
    fault(
        "add-replaces-all",
        "adding tags removes those that were there",
        OVERWRITE,
        Change::Serve(add_replaces),
    ),
    fault(
        "add-keeps-old-value",
        "adding a tag whose key exists keeps the old value",
        OVERWRITE,
        Change::Serve(add_keeps),
    ),
    fault(
        "add-appends-duplicate",
        "adding a tag whose key exists makes a second one",
        OVERWRITE,
        Change::Serve(add_appends),
    ),
    fault(
        "add-answers-added-only",
        "adding tags answers with the added ones alone",
        AFTER,
        Change::Serve(|inner, call| {
            answers(inner, call, TagDeed::Add, &|_, call, tagging, _| {
                Some(call.input.get(&tagging.tags_member)?.as_list()?.to_vec())
            })
        }),
    ),
    fault(
        "add-answers-nothing",
        "adding tags answers with no tags",
        AFTER,
        Change::Serve(|inner, call| answers(inner, call, TagDeed::Add, &|_, _, _, _| Some(Vec::new()))),
    ),
    fault(
        "add-answers-before",
        "adding tags answers with those that were there before",
        AFTER,
        Change::Serve(|inner, call| answers(inner, call, TagDeed::Add, &|before, _, _, _| Some(before.to_vec()))),
    ),
    // Merged and folded.
    fault(
        "keys-compared-without-case",
        "keys that differ in case are one",
        CASE,
        Change::Serve(merged_without_case),
    ),
    fault(
        "keys-stored-in-lower-case",
        "keys are stored in lower case",
        CASE,
        Change::Serve(|inner, call| stored(inner, call, true, &str::to_lowercase)),
    ),
    fault(
        "keys-capitalised",
        "keys are stored with a capital first letter",
        CASE,
        Change::Serve(|inner, call| stored(inner, call, true, &text::capitalised)),
    ),
    fault(
        "keys-trimmed",
        "white space around a key is removed",
        ECHO,
        Change::Serve(|inner, call| stored(inner, call, true, &text::trimmed)),
    ),
    fault(
        "values-trimmed",
        "white space around a value is removed",
        ECHO,
        Change::Serve(|inner, call| stored(inner, call, false, &text::trimmed)),
    ),
    fault(
        "values-collapsed",
        "runs of white space in a value become one space",
        ECHO,
        Change::Serve(|inner, call| stored(inner, call, false, &text::collapsed)),
    ),
    fault(
        "values-cut-at-equals-sign",
        "what follows an equals sign in a value is lost",
        ECHO,
        Change::Serve(|inner, call| {
            stored(inner, call, false, &|text| {
                text.split('=').next().unwrap_or_default().to_owned()
            })
        }),
    ),
    fault(
        "keys-cut-at-colon",
        "what precedes a colon in a key is lost",
        ECHO,
        Change::Serve(|inner, call| {
            stored(inner, call, true, &|text| {
                text.rsplit(':').next().unwrap_or_default().to_owned()
            })
        }),
    ),
    fault(
        "values-read-as-numbers",
        "values that are numbers are written as fractions",
        ECHO,
        Change::Serve(|inner, call| {
            stored(inner, call, false, &|text| match text.parse::<i64>() {
                Ok(number) => format!("{number}.0"),
                Err(_) => text.to_owned(),
            })
        }),
    ),
    fault(
        "values-cut-at-128",
        "values are cut at 128 characters",
        LENGTH,
        Change::Serve(|inner, call| stored(inner, call, false, &text::first(128))),
    ),
    fault(
        "keys-cut-at-127",
        "keys are cut at 127 characters",
        LENGTH,
        Change::Serve(|inner, call| stored(inner, call, true, &text::first(127))),
    ),
];

/// Changes the tags that a call gives; `deed` is absent for a creation.
fn given(
    inner: &Inner<'_>,
    call: &Call,
    when: &dyn Fn(&Call, Option<TagDeed>) -> bool,
    with: &dyn Fn(&Tagging, &mut Vec<Value>),
) -> Answer {
    let contract = inner.contract();
    let mut call = call.clone();
    let deed = tag_deed(contract, &call).map(|(_, deed)| deed);
    if when(&call, deed)
        && let Some(tagging) = &contract.tagging
        && let Some(tags) = tags_given(contract, &mut call)
    {
        with(tagging, tags);
    }
    inner.answer(&call)
}

/// Keeps keys, or values, as `with` makes them.
fn stored(inner: &Inner<'_>, call: &Call, keys: bool, with: &dyn Fn(&str) -> String) -> Answer {
    let contract = inner.contract();
    let Some(tagging) = &contract.tagging else {
        return inner.answer(call);
    };
    let member = if keys { &tagging.key } else { &tagging.value };
    inner.answer(&retagged(contract, call, member, with))
}

/// Changes the list of tags in an answer.
fn tags_shown(inner: &Inner<'_>, call: &Call, on: &[TagDeed], with: &dyn Fn(&mut Vec<Value>)) -> Answer {
    let mut answer = inner.answer(call);
    if let Some((tagging, deed)) = tag_deed(inner.contract(), call)
        && on.contains(&deed)
        && let Some(tags) = list(&mut answer, &tagging.output_member)
    {
        with(tags);
    }
    answer
}

/// The tags that the resource of this call has.
fn before(inner: &Inner<'_>, call: &Call, tagging: &Tagging) -> Option<Vec<Value>> {
    let arn = arn(tagging, call)?;
    let ask = Call::new(
        &tagging.list,
        Value::map([(tagging.resource_member.clone(), Value::text(arn))]),
    );
    list(&mut inner.answer(&ask), &tagging.output_member).cloned()
}

/// Makes an answer's tags of those before, the call, and those after.
type Tell<'t> = &'t dyn Fn(&[Value], &Call, &Tagging, &[Value]) -> Option<Vec<Value>>;

fn answers(inner: &Inner<'_>, call: &Call, on: TagDeed, tell: Tell<'_>) -> Answer {
    let Some((tagging, deed)) = tag_deed(inner.contract(), call) else {
        return inner.answer(call);
    };
    let before = before(inner, call, tagging).unwrap_or_default();
    let mut answer = inner.answer(call);
    if deed == on
        && let Some(tags) = list(&mut answer, &tagging.output_member)
        && let Some(told) = tell(&before, call, tagging, tags)
    {
        *tags = told;
    }
    answer
}

fn removed(before: &[Value], _: &Call, _: &Tagging, after: &[Value]) -> Option<Vec<Value>> {
    Some(before.iter().filter(|tag| !after.contains(tag)).cloned().collect())
}

fn add_without_keeping(inner: &Inner<'_>, call: &Call) -> Answer {
    let answer = inner.answer(call);
    let Some((tagging, TagDeed::Add)) = tag_deed(inner.contract(), call) else {
        return answer;
    };
    if accepted(&answer) {
        remove(
            inner,
            call,
            tagging,
            keys_of(call.input.get(&tagging.tags_member), tagging),
        );
    }
    answer
}

fn keys_of(tags: Option<&Value>, tagging: &Tagging) -> Vec<Value> {
    let tags = tags.and_then(Value::as_list).unwrap_or_default().iter();
    tags.filter_map(|tag| tag.get(&tagging.key).cloned()).collect()
}

/// Removes tags beneath; the answer after that.
fn remove(inner: &Inner<'_>, call: &Call, tagging: &Tagging, keys: Vec<Value>) -> Answer {
    let resource = call.input.get(&tagging.resource_member).cloned().unwrap_or(Value::Null);
    let input = Value::map([
        (tagging.resource_member.clone(), resource),
        (tagging.keys_member.clone(), Value::List(keys)),
    ]);
    inner.answer(&Call::new(&tagging.remove, input))
}

fn add_replaces(inner: &Inner<'_>, call: &Call) -> Answer {
    if let Some((tagging, TagDeed::Add)) = tag_deed(inner.contract(), call)
        && let Some(before) = before(inner, call, tagging).filter(|before| !before.is_empty())
    {
        remove(inner, call, tagging, keys_of(Some(&Value::List(before)), tagging));
    }
    inner.answer(call)
}

fn add_keeps(inner: &Inner<'_>, call: &Call) -> Answer {
    let mut call = call.clone();
    if let Some((tagging, TagDeed::Add)) = tag_deed(inner.contract(), &call)
        && let Some(before) = before(inner, &call, tagging)
        && let Some(given) = tags_given(inner.contract(), &mut call)
    {
        for tag in given {
            if let Some(old) = before.iter().find(|old| old.get(&tagging.key) == tag.get(&tagging.key)) {
                *tag = old.clone();
            }
        }
    }
    inner.answer(&call)
}

fn add_appends(inner: &Inner<'_>, call: &Call) -> Answer {
    answers(inner, call, TagDeed::Add, &|before, _, tagging, after| {
        let changed = before.iter().filter(|old| !after.contains(old));
        let again = changed.filter(|old| after.iter().any(|new| new.get(&tagging.key) == old.get(&tagging.key)));
        Some(after.iter().chain(again).cloned().collect())
    })
}

/// Answers a refusal of this kind as if there were no tags.
fn pardoned(inner: &Inner<'_>, call: &Call, error: fn(&Tagging) -> Option<&String>, on: TagDeed) -> Answer {
    let answer = inner.answer(call);
    let Some((tagging, deed)) = tag_deed(inner.contract(), call) else {
        return answer;
    };
    let is_that = match (&answer, declared(inner.contract(), error(tagging))) {
        (Answer::Refused(given), Some(Answer::Refused(that))) => given.code == that.code,
        _ => false,
    };
    if deed == on && is_that {
        let tags = before(inner, call, tagging).unwrap_or_default();
        return Answer::Success(Value::map([(tagging.output_member.clone(), Value::List(tags))]));
    }
    answer
}

/// Of keys that differ in case alone, the last wins; and a key is found by its lower-case form.
fn merged_without_case(inner: &Inner<'_>, call: &Call) -> Answer {
    let mut answer = inner.answer(call);
    if let Some((tagging, _)) = tag_deed(inner.contract(), call)
        && let Some(tags) = list(&mut answer, &tagging.output_member)
    {
        let folded = |tag: &Value| tag.get(&tagging.key).and_then(Value::as_text).map(str::to_lowercase);
        let mut kept: Vec<Value> = Vec::with_capacity(tags.len());
        for tag in tags.drain(..) {
            kept.retain(|other| folded(other) != folded(&tag));
            kept.push(tag);
        }
        *tags = kept;
    }
    answer
}

fn exchanged(inner: &Inner<'_>, call: &Call) -> Answer {
    let value = |inner: &Inner<'_>| {
        inner
            .contract()
            .tagging
            .as_ref()
            .map(|tagging| (tagging.key.clone(), tagging.value.clone()))
    };
    let Some((key, value)) = value(inner) else {
        return inner.answer(call);
    };
    tags_shown(inner, call, &[TagDeed::List], &|tags| {
        for tag in tags {
            if let (Some(one), Some(other)) = (tag.get(&key).cloned(), tag.get(&value).cloned()) {
                tag.set(&key, other);
                tag.set(&value, one);
            }
        }
    })
}
