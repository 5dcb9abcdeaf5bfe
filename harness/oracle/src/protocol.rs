//! Departures from the usual encoding, judged by what the sources say of the protocol.

use parallax_contract::{Basis, Call, Confidence, Evidence, ListForm, Tweak, Value};

use crate::Oracle;
use crate::codes::{self, INVALID_ACTION, INVALID_VALUE, MISSING_ACTION, MISSING_PARAMETER};
use crate::draft::Draft;

/// Judges the departures of a call. Returns whether its operation is known, so that the rules of it apply.
pub(crate) fn judge(oracle: &Oracle, call: &Call, draft: &mut Draft) -> bool {
    match action(call) {
        None => missing_action(oracle, draft),
        Some(name) if !oracle.contract.operations.contains_key(name) => unknown_action(oracle, name, draft),
        Some(_) => {
            call.tweaks
                .iter()
                .for_each(|tweak| departure(oracle, call, tweak, draft));
            if leaves_no_trace(&call.input) {
                draft.obscure("a structure without members leaves no trace in the request");
            }
            return true;
        }
    }
    false
}

/// Whether a structure somewhere in an input says nothing, so that another input arrives: without it, or with a gap in
/// the numbers of a list.
pub(crate) fn leaves_no_trace(input: &Value) -> bool {
    input.fields().iter().any(|(_, value)| holds_nothing(value))
}

fn holds_nothing(value: &Value) -> bool {
    match value {
        Value::Map(fields) => fields.is_empty() || fields.iter().any(|(_, value)| holds_nothing(value)),
        Value::List(items) => items.iter().any(holds_nothing),
        _ => false,
    }
}

/// The action that the request names.
fn action(call: &Call) -> Option<&str> {
    let named = Some(call.operation.as_str()).filter(|name| !name.is_empty());
    call.tweaks.iter().fold(named, |named, tweak| match tweak {
        Tweak::Action(action) => action.as_deref(),
        Tweak::EmptyBody => None,
        _ => named,
    })
}

fn departure(oracle: &Oracle, call: &Call, tweak: &Tweak, draft: &mut Draft) {
    match tweak {
        Tweak::Get | Tweak::OtherSpace | Tweak::Action(_) | Tweak::EmptyBody => {}
        Tweak::Version(_) => draft.obscure("no source says what becomes of another version"),
        Tweak::Param(..) => draft.obscure("no source says what becomes of a repeated or unknown parameter"),
        Tweak::Raw(_) => draft.obscure("no source says what becomes of broken percent-encoding"),
        Tweak::Lists(form) => lists(oracle, call, *form, draft),
    }
}

fn unknown_action(oracle: &Oracle, action: &str, draft: &mut Draft) {
    let basis = common(
        oracle,
        INVALID_ACTION,
        "an action that the service does not have is refused",
    );
    let mut refusal = codes::refusal(&oracle.contract, &[INVALID_ACTION], &basis);
    refusal.message = Some(format!("Could not find operation {action}"));
    let mut operations = oracle.contract.operations.iter();
    let found = operations.find(|(name, _)| name.eq_ignore_ascii_case(action));
    let Some((_, operation)) = found else {
        return draft.refuse(refusal);
    };
    // Where it is found, the call may still be refused for what it asks.
    let declared = operation.errors.iter();
    let declared = declared.flat_map(|shape| codes::declared(&oracle.contract, Some(shape), &basis).codes);
    let common = [INVALID_VALUE, MISSING_PARAMETER].map(|code| codes::code(&oracle.contract, code));
    for code in declared.chain(common) {
        if !refusal.codes.contains(&code) {
            refusal.codes.push(code);
        }
    }
    draft.doubt_and_refuse("no source says whether an action is found in another casing", refusal);
}

fn missing_action(oracle: &Oracle, draft: &mut Draft) {
    let basis = common(oracle, MISSING_ACTION, "a request without an action is refused");
    // The reference's table is the same text for all services; some services answer the other code.
    let mut refusal = codes::refusal(&oracle.contract, &[MISSING_ACTION, INVALID_ACTION], &basis);
    refusal.message = Some("The request is missing an action.".into());
    draft.refuse(refusal);
}

/// Both list forms of tags are documented; of the rest no source speaks.
fn lists(oracle: &Oracle, call: &Call, form: ListForm, draft: &mut Draft) {
    let tagging = oracle.contract.tagging.as_ref();
    let tags_only = call
        .input
        .fields()
        .iter()
        .filter(|(_, value)| value.as_list().is_some())
        .all(|(name, _)| tagging.is_some_and(|tagging| *name == tagging.tags_member || *name == tagging.keys_member));
    match form {
        ListForm::Member | ListForm::LocationName if tags_only => {}
        ListForm::Member | ListForm::LocationName => {
            draft.obscure("no source says whether this list is read in this form");
        }
        ListForm::Gaps | ListForm::FromZero => {
            draft.obscure("lists are numbered from 1 without gaps, and no source says what becomes of others");
        }
    }
}

/// What supports a common error: the contract's own evidence, else a claim.
fn common(oracle: &Oracle, code: &str, fact: &str) -> Basis {
    match oracle.contract.common_errors.get(code) {
        Some(error) => Evidence::basis(fact, &error.evidence.source, error.evidence.confidence),
        None => Evidence::basis(fact, "the common errors of the query protocol", Confidence::Claimed),
    }
}
