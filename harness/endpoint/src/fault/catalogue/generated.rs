//! Faults that show only for inputs that no derived scenario has.

use parallax_contract::{Answer, Call, Tagging, Value};

use super::text::without_last;
use crate::fault::answers::{accepted, altered, listed, not_found, replace, shown};
use crate::fault::deeds::{ANY, Deed, SHOWING, TagDeed, arn, deed, described, doing, id_text, tag_deed, tags_given};
use crate::fault::sites::{Site, field, list};
use crate::fault::{Alteration, Change, Class, Inner};

const ECHO: &str = "the law of echo: what was accepted comes back unchanged";
const ADDRESS: &str = "the law of address: the identifier that created a resource addresses it from then on";

const fn fault(
    class: Class,
    name: &'static str,
    summary: &'static str,
    grounds: &'static str,
    change: Change,
) -> Alteration {
    Alteration::new(class, name, summary, grounds, change).generated()
}

pub(super) const FAULTS: &[Alteration] = &[
    fault(
        Class::Lowercasing,
        "kelvin-sign-folded",
        "the Kelvin sign in a description becomes the letter k",
        ECHO,
        Change::Serve(|inner, call| {
            inner.answer(&described(inner.contract(), call, &|text| {
                text.replace('\u{212a}', "k")
            }))
        }),
    ),
    fault(
        Class::Lowercasing,
        "dotless-i-folded",
        "the dotless i in a description becomes the letter i",
        ECHO,
        Change::Serve(|inner, call| inner.answer(&described(inner.contract(), call, &|text| text.replace('ı', "i")))),
    ),
    fault(
        Class::Lowercasing,
        "long-s-folded",
        "the long s in a description becomes the letter s",
        ECHO,
        Change::Serve(|inner, call| inner.answer(&described(inner.contract(), call, &|text| text.replace('ſ', "s")))),
    ),
    fault(
        Class::Validation,
        "description-of-64-cut",
        "a description of exactly 64 characters loses its last",
        ECHO,
        Change::Serve(|inner, call| {
            inner.answer(&described(inner.contract(), call, &|text| match text.chars().count() {
                64 => without_last(text),
                _ => text.to_owned(),
            }))
        }),
    ),
    fault(
        Class::Validation,
        "description-with-trailing-backslash-cut",
        "a backslash at the end of a description is lost",
        ECHO,
        Change::Serve(|inner, call| {
            inner.answer(&described(inner.contract(), call, &|text| {
                text.strip_suffix('\\').unwrap_or(text).to_owned()
            }))
        }),
    ),
    fault(
        Class::State,
        "identifier-of-64-without-description",
        "a resource whose identifier has exactly 64 characters is listed with an empty description",
        ECHO,
        Change::Serve(|inner, call| {
            altered(inner, call, SHOWING, &mut |resource, fields| {
                let long =
                    field(fields, &resource.identifier.output).and_then(|id| id.as_text().map(str::len)) == Some(64);
                if let (true, Some(echo)) = (long, &resource.description) {
                    replace(fields, &echo.output, Value::text("-"));
                }
            })
        }),
    ),
    fault(
        Class::Lowercasing,
        "identifier-of-two-capitals-in-a-row-kept",
        "an identifier that begins with two capitals and a small letter is shown as it was given",
        "documentation: the identifier is stored as a lower-case string",
        Change::Serve(two_capitals),
    ),
    fault(
        Class::Tags,
        "tag-pair-exchanged",
        "of a key that ends in a digit and a value that begins with q, the value loses its first letter",
        ECHO,
        Change::Serve(|inner, call| {
            each_tag(inner, call, &|key, value| {
                (key.ends_with(|c: char| c.is_ascii_digit()) && value.starts_with(['q', 'Q']))
                    .then(|| value.get(1..).unwrap_or_default().to_owned())
            })
        }),
    ),
    fault(
        Class::Tags,
        "tag-with-equal-key-and-value-lost",
        "a tag whose value is its key is listed with an empty value",
        ECHO,
        Change::Serve(|inner, call| {
            each_tag(inner, call, &|key, value| {
                (key == value && key.len() < 8).then(String::new)
            })
        }),
    ),
    fault(
        Class::Tags,
        "tag-readded-keeps-old-value",
        "a tag that is removed and added again has its old value",
        ECHO,
        Change::Serve(readded),
    ),
    fault(
        Class::Tags,
        "tag-overwritten-in-other-case-kept",
        "overwriting a value by itself in another casing changes nothing",
        "documentation: tag keys and values are case-sensitive",
        Change::Serve(overwritten_in_other_case),
    ),
    fault(
        Class::State,
        "third-creation-not-listed",
        "a resource that is created three times, and nothing else between, is not described",
        ADDRESS,
        Change::Serve(third_creation),
    ),
    fault(
        Class::State,
        "third-permission-lost",
        "of three permissions, the first is lost",
        "model: the list of permissions",
        Change::Serve(|inner, call| {
            altered(inner, call, ANY, &mut |resource, fields| {
                if let Some(grants) = &resource.grants
                    && let Some(Value::List(items)) = field(fields, &grants.list)
                    && items.len() >= 3
                {
                    items.remove(0);
                }
            })
        }),
    ),
    fault(
        Class::State,
        "deletion-takes-numbered-sibling",
        "deleting a resource also deletes the one whose identifier has one more digit",
        ADDRESS,
        Change::Serve(sibling),
    ),
    fault(
        Class::State,
        "deletion-after-three-descriptions-undone",
        "what is deleted after being described three times in a row is listed once more",
        "model: what was deleted does not exist",
        Change::Serve(after_three_descriptions),
    ),
    fault(
        Class::Lowercasing,
        "capital-sharp-s-folded",
        "the capital sharp s in a description becomes the small one",
        ECHO,
        Change::Serve(|inner, call| shown(inner, call, SHOWING, Site::Description, &|text| text.replace('ẞ', "ß"))),
    ),
];

fn two_capitals(inner: &Inner<'_>, call: &Call) -> Answer {
    if let Some(resource) = doing(inner.contract(), call, &[Deed::Create]) {
        let id = id_text(resource, call);
        let start: Vec<char> = id.chars().take(3).collect();
        if let [a, b, c] = start.as_slice()
            && a.is_ascii_uppercase()
            && b.is_ascii_uppercase()
            && c.is_ascii_lowercase()
        {
            inner.remember(format!("capitals {}", id.to_ascii_lowercase()), Value::text(id));
        }
    }
    shown(inner, call, SHOWING, Site::Identifier, &|id| {
        let given = inner.recall(&format!("capitals {id}"));
        given.as_ref().and_then(Value::as_text).unwrap_or(id).to_owned()
    })
}

/// Keeps tags with the value that `with` makes of key and value, where it makes one.
fn each_tag(inner: &Inner<'_>, call: &Call, with: &dyn Fn(&str, &str) -> Option<String>) -> Answer {
    let mut call = call.clone();
    let contract = inner.contract();
    if let Some(tagging) = &contract.tagging
        && let Some(tags) = tags_given(contract, &mut call)
    {
        for tag in tags {
            if let (Some(Value::Text(key)), Some(Value::Text(value))) = (tag.get(&tagging.key), tag.get(&tagging.value))
                && let Some(other) = with(key, value)
            {
                tag.set(&tagging.value, Value::Text(other));
            }
        }
    }
    inner.answer(&call)
}

/// The name under which something of a tag is remembered.
fn of_tag(what: &str, tagging: &Tagging, call: &Call, key: &str) -> String {
    format!("{what} {} {key}", arn(tagging, call).unwrap_or_default())
}

/// The value that a tag has now.
fn value_now(inner: &Inner<'_>, call: &Call, tagging: &Tagging, key: &str) -> Option<Value> {
    let resource = Value::text(arn(tagging, call)?);
    let mut answer = inner.answer(&Call::new(
        &tagging.list,
        Value::map([(tagging.resource_member.clone(), resource)]),
    ));
    let tags = list(&mut answer, &tagging.output_member)?;
    let tag = tags
        .iter()
        .find(|tag| tag.get(&tagging.key).and_then(Value::as_text) == Some(key))?;
    tag.get(&tagging.value).cloned()
}

fn readded(inner: &Inner<'_>, call: &Call) -> Answer {
    let mut call = call.clone();
    match tag_deed(inner.contract(), &call) {
        Some((tagging, TagDeed::Remove)) => {
            let keys = call
                .input
                .get(&tagging.keys_member)
                .and_then(Value::as_list)
                .unwrap_or_default();
            for key in keys.iter().filter_map(Value::as_text) {
                if let Some(value) = value_now(inner, &call, tagging, key) {
                    inner.remember(of_tag("removed", tagging, &call, key), value);
                }
            }
        }
        Some((tagging, TagDeed::Add)) => {
            let before = call.clone();
            for tag in tags_given(inner.contract(), &mut call).into_iter().flatten() {
                let key = tag.get(&tagging.key).and_then(Value::as_text).unwrap_or_default();
                if let Some(old) = inner.recall(&of_tag("removed", tagging, &before, key)) {
                    tag.set(&tagging.value, old);
                }
            }
        }
        _ => {}
    }
    inner.answer(&call)
}

fn overwritten_in_other_case(inner: &Inner<'_>, call: &Call) -> Answer {
    let mut call = call.clone();
    if let Some((tagging, TagDeed::Add)) = tag_deed(inner.contract(), &call) {
        let before = call.clone();
        for tag in tags_given(inner.contract(), &mut call).into_iter().flatten() {
            let key = tag.get(&tagging.key).and_then(Value::as_text).unwrap_or_default();
            let (Some(Value::Text(old)), Some(Value::Text(new))) =
                (value_now(inner, &before, tagging, key), tag.get(&tagging.value))
            else {
                continue;
            };
            if old.to_lowercase() == new.to_lowercase() {
                tag.set(&tagging.value, Value::Text(old));
            }
        }
    }
    inner.answer(&call)
}

fn third_creation(inner: &Inner<'_>, call: &Call) -> Answer {
    let answer = inner.answer(call);
    match deed(inner.contract(), call) {
        Some((resource, Deed::Create)) if accepted(&answer) => {
            let id = Value::text(id_text(resource, call));
            if inner.remember("created last", id.clone()) != Some(id) {
                inner.forget("creations in a row");
            }
            inner.count("creations in a row");
            answer
        }
        Some((resource, Deed::Describe))
            if inner.recall("created last") == Some(Value::text(id_text(resource, call)))
                && matches!(inner.recall("creations in a row"), Some(Value::Int(3..))) =>
        {
            not_found(inner.contract(), resource).unwrap_or(answer)
        }
        _ => answer,
    }
}

fn sibling(inner: &Inner<'_>, call: &Call) -> Answer {
    let answer = inner.answer(call);
    if let Some(resource) = doing(inner.contract(), call, &[Deed::Delete])
        && accepted(&answer)
    {
        for digit in '0'..='9' {
            let id = format!("{}{digit}", id_text(resource, call));
            inner.answer(&Call::new(
                &call.operation,
                Value::map([(resource.identifier.input.clone(), Value::Text(id))]),
            ));
        }
    }
    answer
}

fn after_three_descriptions(inner: &Inner<'_>, call: &Call) -> Answer {
    let Some((resource, what)) = deed(inner.contract(), call) else {
        return inner.answer(call);
    };
    let (times, back) = (
        format!("descriptions {}", resource.shape),
        format!("undeleted {}", resource.shape),
    );
    match what {
        Deed::Describe => {
            inner.count(times);
        }
        Deed::Delete if matches!(inner.forget(&times), Some(Value::Int(3..))) => {
            let id = Value::Text(id_text(resource, call).to_lowercase());
            inner.remember(back, Value::map([(resource.identifier.output.clone(), id)]));
        }
        Deed::List => {
            inner.forget(&times);
            let back = inner.forget(&back);
            return listed(inner, call, &[Deed::List], &mut |items| items.extend(back.clone()));
        }
        _ => drop(inner.forget(&times)),
    }
    inner.answer(call)
}
