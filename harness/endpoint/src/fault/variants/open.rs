//! The other reading of what the sources leave open.

mod requests;
mod tags;

use parallax_contract::{Answer, Call, Contest, Expected, Rule, Value};

use super::variant;
use crate::fault::answers::{accepted, invalid, not_found, refused};
use crate::fault::deeds::{Deed, deed, described, doing, id_text};
use crate::fault::pages::goes_on;
use crate::fault::rules;
use crate::fault::{Alteration, Change, Inner};

const OPEN: &str = "the sources do not say, so either is right";
const CONTESTED: &str = "the sources disagree, so either is right";

/// Everything of this kind: what is here, then tags, how requests are read.
pub(super) fn all() -> Vec<Alteration> {
    [HERE, tags::VARIANTS, requests::VARIANTS].concat()
}

const HERE: &[Alteration] = &[
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
];

pub(super) fn is_open(inner: &Inner<'_>, call: &Call) -> bool {
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
    match input {
        Value::Text(text) => !text.contains(|c: char| c.is_control() && !"\t\n\r".contains(c)),
        Value::List(items) => items.iter().all(can_be_shown),
        Value::Map(fields) => fields.iter().all(|(_, value)| can_be_shown(value)),
        _ => true,
    }
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
    match is(call) {
        true => refuse_if_open(inner, call, invalid()),
        false => inner.answer(call),
    }
}

/// Refuses with this where it is open whether the call is refused, and the refusal may be this one.
pub(super) fn refuse_if_open(inner: &Inner<'_>, call: &Call, refusal: Answer) -> Answer {
    let may_be = match (inner.expect(call).expected, &refusal) {
        (Expected::Open { refusal: due, .. }, Answer::Refused(refused)) => {
            due.codes.is_empty() || due.codes.iter().any(|code| code.code == refused.code)
        }
        _ => false,
    };
    match may_be && !goes_on(inner, call) {
        true => refusal,
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
