//! How requests may be read, and what an account may do.

use parallax_contract::{Answer, Call, ListForm, Tweak, Value};

use super::super::variant;
use super::when;
use crate::fault::answers::{accepted, declared, invalid, refused};
use crate::fault::deeds::{Deed, deed};
use crate::fault::{Alteration, Change, Inner};

const OPEN: &str = "the sources do not say, so either is right";
const ACCOUNT: &str = "what an account may do is its own";

pub(super) const VARIANTS: &[Alteration] = &[
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
