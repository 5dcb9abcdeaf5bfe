//! The other reading of what the sources leave open.

use parallax_contract::{Answer, Call, Contest, Expected, ListForm, Rule, Tagging, Tweak, Value};

use super::variant;
use crate::fault::answers::{accepted, declared, invalid, not_found, refused};
use crate::fault::deeds::{Deed, TagDeed, arn, deed, described, doing, id_text, tag_deed, tags_given};
use crate::fault::pages::goes_on;
use crate::fault::rules;
use crate::fault::sites::list;
use crate::fault::{Alteration, Change, Inner};

const OPEN: &str = "the sources do not say, so either is right";
const CONTESTED: &str = "the sources disagree, so either is right";
const ACCOUNT: &str = "what an account may do is its own";

pub(super) const VARIANTS: &[Alteration] = &[
    // Whatever is open.
    variant(
        "open-points-refused",
        "what may be refused is, with the code that a source names",
        OPEN,
        Change::Serve(|inner, call| open(inner, call, false)),
    ),
    variant(
        "open-points-all-refused",
        "what may be refused is, whatever its code",
        OPEN,
        Change::Serve(|inner, call| open(inner, call, true)),
    ),
    variant(
        "open-points-taken",
        "what may be accepted is",
        OPEN,
        Change::Serve(taken),
    ),
    // Identifiers.
    variant(
        "contested-characters-refused",
        "characters that the sources disagree on are refused",
        CONTESTED,
        Change::Promise(|contract| {
            rules::each(contract, &|rule| {
                !matches!(
                    rule,
                    Rule::Contested {
                        point: Contest::Chars(_),
                        ..
                    }
                )
            });
        }),
    ),
    variant(
        "contested-lengths-refused",
        "lengths that the sources disagree on are refused",
        CONTESTED,
        Change::Serve(|inner, call| {
            when(inner, call, &|call| {
                touches(inner, call, &|rule, text| match rule {
                    Rule::Contested {
                        point: Contest::Lengths(from, to),
                        ..
                    } => (*from..=*to).contains(&(text.chars().count() as u64)),
                    _ => false,
                })
            })
        }),
    ),
    variant(
        "letters-beyond-ascii-refused",
        "identifiers of letters beyond ASCII are refused",
        OPEN,
        Change::Serve(|inner, call| {
            when(inner, call, &|call| {
                identifier(inner, call).is_some_and(|id| !id.is_ascii())
            })
        }),
    ),
    variant(
        "reserved-word-refused-in-any-case",
        "a reserved word is refused in every casing",
        OPEN,
        Change::Serve(|inner, call| {
            when(inner, call, &|call| {
                touches(inner, call, &|rule, text| match rule {
                    Rule::Reserved { words } => words.iter().any(|word| word.eq_ignore_ascii_case(text)),
                    _ => false,
                })
            })
        }),
    ),
    variant(
        "found-in-two-cases-only",
        "a resource is found in the casing given and in the stored form alone",
        OPEN,
        Change::Serve(when_absent),
    ),
    // Descriptions.
    variant(
        "empty-description-refused",
        "an empty description is refused",
        OPEN,
        Change::Serve(|inner, call| when(inner, call, &|call| description(inner, call).as_deref() == Some(""))),
    ),
    variant(
        "control-characters-refused",
        "a description with control characters is refused",
        OPEN,
        Change::Serve(|inner, call| {
            when(inner, call, &|call| {
                description(inner, call).is_some_and(|text| text.contains(char::is_control))
            })
        }),
    ),
    variant(
        "long-descriptions-refused",
        "descriptions of more than 255 characters are refused where the sources state no bound",
        OPEN,
        Change::Serve(|inner, call| {
            when(inner, call, &|call| {
                description(inner, call).is_some_and(|text| text.chars().count() > 255)
            })
        }),
    ),
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
            Some((tagging, TagDeed::Remove)) if several_keys(tagging, call) && is_open(inner, call) => {
                declared(inner.contract(), tagging.not_found.as_ref()).unwrap_or_else(invalid)
            }
            _ => inner.answer(call),
        }),
    ),
    // How requests are read.
    variant(
        "unknown-parameters-refused",
        "unknown parameters are refused",
        OPEN,
        Change::Serve(|inner, call| {
            when(inner, call, &|call| {
                call.tweaks.iter().any(|tweak| matches!(tweak, Tweak::Param(..)))
            })
        }),
    ),
    variant(
        "other-versions-refused",
        "other versions are refused",
        OPEN,
        Change::Serve(|inner, call| {
            match call.tweaks.iter().any(|tweak| matches!(tweak, Tweak::Version(_))) && !call.operation.is_empty() {
                true => refused("InvalidAction", 400),
                false => inner.answer(call),
            }
        }),
    ),
    variant(
        "last-of-repeated-parameters-read",
        "of a repeated parameter, the last is read",
        OPEN,
        Change::Serve(last_wins),
    ),
    variant(
        "broken-encoding-refused",
        "broken percent-encoding is refused",
        OPEN,
        Change::Serve(|inner, call| {
            match call.tweaks.iter().any(|tweak| matches!(tweak, Tweak::Raw(_))) && !call.operation.is_empty() {
                true => refused("MalformedQueryString", 404),
                false => inner.answer(call),
            }
        }),
    ),
    variant(
        "odd-lists-refused",
        "lists that are not numbered from 1 without gaps are refused",
        OPEN,
        Change::Serve(|inner, call| {
            when(inner, call, &|call| {
                call.tweaks
                    .iter()
                    .any(|tweak| matches!(tweak, Tweak::Lists(ListForm::Gaps | ListForm::FromZero)))
            })
        }),
    ),
    variant(
        "odd-lists-overlooked",
        "lists that are not numbered from 1 without gaps are not read",
        OPEN,
        Change::Serve(odd_lists),
    ),
    variant(
        "actions-found-in-any-case",
        "an action is found in any casing",
        OPEN,
        Change::Serve(any_case),
    ),
    variant(
        "unknown-marker-refused",
        "a marker that was never given out is refused",
        OPEN,
        Change::Serve(|inner, call| {
            when(inner, call, &|call| {
                deed(inner.contract(), call).is_some_and(|(_, deed)| deed == Deed::List)
            })
        }),
    ),
    // Accounts.
    variant(
        "quota-of-fifty",
        "an account may have fifty of a resource",
        ACCOUNT,
        Change::Serve(quota),
    ),
    variant(
        "family-refused",
        "the account is refused the whole family",
        ACCOUNT,
        Change::Serve(gated),
    ),
    variant(
        "throttled-now-and-then",
        "every seventh request came too soon",
        "common errors: Throttling",
        Change::Serve(|inner, call| match inner.count("throttling") % 7 == 0 {
            true => refused("Throttling", 400),
            false => inner.answer(call),
        }),
    ),
];

fn is_open(inner: &Inner<'_>, call: &Call) -> bool {
    !goes_on(inner, call) && matches!(inner.expect(call).expected, Expected::Open { .. })
}

/// Refuses what is open, with the code that a source names; `any` also where none does. Only deletions are carried
/// out, or nothing would ever end.
fn open(inner: &Inner<'_>, call: &Call, any: bool) -> Answer {
    if doing(inner.contract(), call, &[Deed::Delete]).is_some() || goes_on(inner, call) {
        return inner.answer(call);
    }
    let Expected::Open { refusal, .. } = inner.expect(call).expected else {
        return inner.answer(call);
    };
    let Some(first) = refusal.codes.first() else {
        return if any { invalid() } else { inner.answer(call) };
    };
    let mut answer = refused(&first.code, first.status.unwrap_or(400));
    if let Answer::Refused(refused) = &mut answer {
        refused.fault = first.fault.unwrap_or(refused.fault);
    }
    inner.settle(call, &answer);
    answer
}

/// Accepts what is open and would be refused, as far as that can be done without the emulator beneath: a creation under
/// a word that is taken by nobody.
fn taken(inner: &Inner<'_>, call: &Call) -> Answer {
    let answer = inner.answer(call);
    if accepted(&answer) || !is_open(inner, call) || !can_be_shown(&call.input) {
        return answer;
    }
    match (inner.expect(call).expected, deed(inner.contract(), call)) {
        (Expected::Open { output, .. }, Some((_, Deed::Create))) => {
            let answer = Answer::Success(sample(&output).unwrap_or(Value::Map(Vec::new())));
            inner.settle(call, &answer);
            answer
        }
        _ => answer,
    }
}

/// Whether an answer in XML can hold every text of the input.
fn can_be_shown(input: &Value) -> bool {
    let plain = |text: &str| !text.contains(|c: char| c.is_control() && !"\t\n\r".contains(c));
    input
        .fields()
        .iter()
        .all(|(_, value)| value.as_text().is_none_or(plain))
}

/// The parts of a pattern that are exactly known.
fn sample(pattern: &parallax_contract::Pattern) -> Option<Value> {
    use parallax_contract::{Pattern, Piece};
    match pattern {
        Pattern::Exactly { value, .. } => Some(value.clone()),
        Pattern::Fields(fields) => Some(Value::map(
            fields
                .iter()
                .filter_map(|(name, pattern)| Some((name.clone(), sample(pattern)?))),
        )),
        Pattern::Template { pieces, .. } => Some(Value::Text(
            pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Literal(text) => text.as_str(),
                    Piece::Bound(name) if name == "account" => "123456789012",
                    Piece::Bound(name) if name == "region" => "us-east-1",
                    Piece::Bound(_) => "aws",
                })
                .collect(),
        )),
        _ => None,
    }
}

/// Refuses the value of an open call of which `is` holds.
fn when(inner: &Inner<'_>, call: &Call, is: &dyn Fn(&Call) -> bool) -> Answer {
    match is(call) && is_open(inner, call) {
        true => invalid(),
        false => inner.answer(call),
    }
}

/// Denies a resource whose spelling is neither the one given nor the stored one.
fn when_absent(inner: &Inner<'_>, call: &Call) -> Answer {
    let asks = [Deed::Describe, Deed::Delete, Deed::Authorize, Deed::Revoke];
    let Some((resource, what)) = deed(inner.contract(), call) else {
        return inner.answer(call);
    };
    let id = id_text(resource, call);
    let name = format!("given {} {}", resource.shape, id.to_lowercase());
    if what == Deed::Create {
        inner.remember(name, Value::text(id));
    } else if asks.contains(&what)
        && id != id.to_lowercase()
        && inner.recall(&name).is_some_and(|given| given.as_text() != Some(id))
        && let Some(refusal) = not_found(inner.contract(), resource)
    {
        return refusal;
    }
    inner.answer(call)
}

/// The identifier that a creation gives.
fn identifier(inner: &Inner<'_>, call: &Call) -> Option<String> {
    doing(inner.contract(), call, &[Deed::Create]).map(|resource| id_text(resource, call).to_owned())
}

/// The description that a creation gives.
fn description(inner: &Inner<'_>, call: &Call) -> Option<String> {
    let resource = doing(inner.contract(), call, &[Deed::Create])?;
    let member = &resource.description.as_ref()?.input;
    described(inner.contract(), call, &str::to_owned)
        .input
        .get(member)?
        .as_text()
        .map(str::to_owned)
}

/// Whether a text of the input touches a rule in this way.
fn touches(inner: &Inner<'_>, call: &Call, how: &dyn Fn(&Rule, &str) -> bool) -> bool {
    inner.contract().input_members(&call.operation).iter().any(|member| {
        let text = call.input.get(&member.name).and_then(Value::as_text);
        text.is_some_and(|text| member.constraints.iter().any(|constraint| how(&constraint.rule, text)))
    })
}

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

/// The first of a repeated parameter comes as input, the others as departures.
fn last_wins(inner: &Inner<'_>, call: &Call) -> Answer {
    let mut call = call.clone();
    let members = inner.contract().input_members(&call.operation);
    for tweak in std::mem::take(&mut call.tweaks) {
        match tweak {
            Tweak::Param(name, value) if members.iter().any(|member| member.name == name) => {
                call.input.set(&name, Value::Text(value));
            }
            other => call.tweaks.push(other),
        }
    }
    inner.answer(&call)
}

fn odd_lists(inner: &Inner<'_>, call: &Call) -> Answer {
    let mut call = call.clone();
    let odd = |tweak: &Tweak| matches!(tweak, Tweak::Lists(ListForm::Gaps | ListForm::FromZero));
    if call.tweaks.iter().any(odd)
        && let Value::Map(fields) = &mut call.input
    {
        fields.retain(|(_, value)| value.as_list().is_none());
    }
    inner.answer(&call)
}

fn any_case(inner: &Inner<'_>, call: &Call) -> Answer {
    let action = call.tweaks.iter().find_map(|tweak| match tweak {
        Tweak::Action(Some(action)) => Some(action),
        _ => None,
    });
    let known = action.and_then(|action| {
        inner
            .contract()
            .operations
            .keys()
            .find(|name| name.eq_ignore_ascii_case(action))
    });
    match known {
        // What the action was called with is not known here, so it is found and refused.
        Some(_) => invalid(),
        None => inner.answer(call),
    }
}

fn quota(inner: &Inner<'_>, call: &Call) -> Answer {
    let Some((resource, what)) = deed(inner.contract(), call) else {
        return inner.answer(call);
    };
    let name = format!("living {}", resource.shape);
    let living = match inner.recall(&name) {
        Some(Value::Int(count)) => count,
        _ => 0,
    };
    if let (Deed::Create, true, Some(refusal)) = (
        what,
        living >= 50,
        declared(inner.contract(), resource.lifecycle.quota_exceeded.as_ref()),
    ) {
        return refusal;
    }
    let answer = inner.answer(call);
    match (what, accepted(&answer)) {
        (Deed::Create, true) => drop(inner.remember(name, Value::Int(living + 1))),
        (Deed::Delete, true) => drop(inner.remember(name, Value::Int(living - 1))),
        _ => {}
    }
    answer
}

fn gated(inner: &Inner<'_>, call: &Call) -> Answer {
    let gate = deed(inner.contract(), call).and_then(|(resource, _)| resource.gates.first());
    match gate {
        Some(gate) => match refused(&gate.code, 400) {
            Answer::Refused(refused) => Answer::Refused(parallax_contract::Refused {
                message: gate.message.clone(),
                ..refused
            }),
            answer => answer,
        },
        None => inner.answer(call),
    }
}
