//! Readings of what is open about tags.

use parallax_contract::{Answer, Call, Tagging, Value};

use super::super::variant;
use super::{refuse_if_open, when};
use crate::fault::answers::{declared, invalid};
use crate::fault::deeds::{TagDeed, arn, tag_deed, tags_given};
use crate::fault::sites::list;
use crate::fault::{Alteration, Change, Inner};

const OPEN: &str = "the sources do not say, so either is right";
const CONTESTED: &str = "the sources disagree, so either is right";

pub(super) const VARIANTS: &[Alteration] = &[
    // Tags.
    variant(
        "null-value-absent",
        "a tag without a value is shown without one",
        OPEN,
        Change::Serve(|inner, call| blank_values(inner, call, None)),
    ),
    variant(
        "null-value-null",
        "a tag without a value is shown with an empty element",
        OPEN,
        Change::Serve(|inner, call| blank_values(inner, call, Some(&Value::Null))),
    ),
    variant(
        "empty-value-refused",
        "a tag with an empty value is refused",
        CONTESTED,
        Change::Serve(|inner, call| {
            when(inner, call, &|call| {
                any_tag(inner, call, &|_, value| value.is_none_or(str::is_empty))
            })
        }),
    ),
    variant(
        "slashes-in-tags-refused",
        "tags with slashes are refused",
        CONTESTED,
        Change::Serve(|inner, call| {
            when(inner, call, &|call| {
                any_tag(inner, call, &|key, value| {
                    [key, value]
                        .into_iter()
                        .flatten()
                        .any(|text| text.contains(['/', '\\']))
                })
            })
        }),
    ),
    variant(
        "tags-beyond-ascii-refused",
        "tags beyond ASCII are refused",
        CONTESTED,
        Change::Serve(|inner, call| {
            when(inner, call, &|call| {
                any_tag(inner, call, &|key, value| {
                    [key, value].into_iter().flatten().any(|text| !text.is_ascii())
                })
            })
        }),
    ),
    variant(
        "unusual-characters-in-tags-refused",
        "tags of other characters than every service takes are refused",
        CONTESTED,
        Change::Serve(|inner, call| {
            when(inner, call, &|call| {
                let is_usual = |c: char| c.is_ascii_alphanumeric() || " _.:=+-@".contains(c);
                any_tag(inner, call, &|key, value| {
                    [key, value]
                        .into_iter()
                        .flatten()
                        .any(|text| !text.chars().all(is_usual))
                })
            })
        }),
    ),
    variant(
        "reserved-prefix-of-value-refused",
        "values with the reserved prefix are refused",
        CONTESTED,
        Change::Serve(|inner, call| {
            when(inner, call, &|call| {
                any_tag(inner, call, &|_, value| {
                    value.is_some_and(|value| value.starts_with("aws:"))
                })
            })
        }),
    ),
    variant(
        "reserved-prefix-refused-in-any-case",
        "keys and values with the reserved prefix are refused in every casing",
        OPEN,
        Change::Serve(|inner, call| {
            when(inner, call, &|call| {
                any_tag(inner, call, &|key, value| {
                    [key, value]
                        .into_iter()
                        .flatten()
                        .any(|text| text.to_ascii_lowercase().starts_with("aws:"))
                })
            })
        }),
    ),
    variant(
        "duplicate-keys-refused",
        "a key that is given twice is refused",
        OPEN,
        Change::Serve(|inner, call| when(inner, call, &|call| repeats_a_key(inner, call))),
    ),
    variant(
        "first-of-duplicate-keys-kept",
        "of a key that is given twice, the first is kept",
        OPEN,
        Change::Serve(|inner, call| of_duplicates(inner, call, true)),
    ),
    variant(
        "last-of-duplicate-keys-kept",
        "of a key that is given twice, the last is kept",
        OPEN,
        Change::Serve(|inner, call| of_duplicates(inner, call, false)),
    ),
    variant(
        "empty-lists-refused",
        "an empty list of tags or keys is refused",
        OPEN,
        Change::Serve(|inner, call| {
            when(inner, call, &|call| {
                call.input
                    .fields()
                    .iter()
                    .any(|(_, value)| value.as_list().is_some_and(<[Value]>::is_empty))
            })
        }),
    ),
    variant(
        "absent-among-keys-refused",
        "absent keys among present ones are refused",
        OPEN,
        Change::Serve(|inner, call| match tag_deed(inner.contract(), call) {
            Some((tagging, TagDeed::Remove)) if several_keys(tagging, call) => {
                let refusal = declared(inner.contract(), tagging.not_found.as_ref());
                refuse_if_open(inner, call, refusal.unwrap_or_else(invalid))
            }
            _ => inner.answer(call),
        }),
    ),
];

/// Whether `is` holds of the key and the value of a tag that the call gives.
fn any_tag(inner: &Inner<'_>, call: &Call, is: &dyn Fn(Option<&str>, Option<&str>) -> bool) -> bool {
    let mut call = call.clone();
    let Some(tagging) = &inner.contract().tagging else {
        return false;
    };
    let text = |tag: &Value, name: &str| tag.get(name).and_then(Value::as_text).map(str::to_owned);
    tags_given(inner.contract(), &mut call)
        .into_iter()
        .flatten()
        .any(|tag| is(text(tag, &tagging.key).as_deref(), text(tag, &tagging.value).as_deref()))
}

/// Shows tags whose value is empty with this value, or without any.
fn blank_values(inner: &Inner<'_>, call: &Call, value: Option<&Value>) -> Answer {
    let mut answer = inner.answer(call);
    if let Some((tagging, _)) = tag_deed(inner.contract(), call)
        && let Some(tags) = list(&mut answer, &tagging.output_member)
    {
        for tag in tags
            .iter_mut()
            .filter(|tag| tag.get(&tagging.value).and_then(Value::as_text) == Some(""))
        {
            match value {
                Some(value) => tag.set(&tagging.value, value.clone()),
                None => tag.remove(&tagging.value),
            }
        }
    }
    answer
}

/// Whether a removal names a resource and more than one key.
fn several_keys(tagging: &Tagging, call: &Call) -> bool {
    let keys = call.input.get(&tagging.keys_member).and_then(Value::as_list);
    keys.is_some_and(|keys| keys.len() > 1) && arn(tagging, call).is_some_and(|arn| !arn.is_empty())
}

fn repeats_a_key(inner: &Inner<'_>, call: &Call) -> bool {
    let seen = std::cell::RefCell::new(Vec::new());
    any_tag(inner, call, &|key, _| {
        let key = key.map(str::to_owned);
        let again = seen.borrow().contains(&key);
        seen.borrow_mut().push(key);
        again
    })
}

fn of_duplicates(inner: &Inner<'_>, call: &Call, first: bool) -> Answer {
    let mut call = call.clone();
    let contract = inner.contract();
    if let Some(tagging) = &contract.tagging
        && let Some(tags) = tags_given(contract, &mut call)
    {
        let mut kept: Vec<Value> = Vec::with_capacity(tags.len());
        for tag in tags.drain(..) {
            let known = kept
                .iter()
                .position(|other| other.get(&tagging.key) == tag.get(&tagging.key));
            match known.and_then(|at| kept.get_mut(at)) {
                Some(_) if first => {}
                Some(slot) => *slot = tag,
                None => kept.push(tag),
            }
        }
        *tags = kept;
    }
    inner.answer(&call)
}
