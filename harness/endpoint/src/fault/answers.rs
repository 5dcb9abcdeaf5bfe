//! Answers made up by alterations.

use parallax_contract::{Answer, Call, Contract, Fault, Refused, Resource, Value};

use super::Inner;
use super::deeds::{Deed, deed, doing, renamed};
use super::sites::{Fields, Site, field, resources, rewrite};

/// What the emulator beneath answers, with the texts at `site` rewritten where the call does one of these deeds.
pub(crate) fn shown(inner: &Inner<'_>, call: &Call, on: &[Deed], site: Site, with: &dyn Fn(&str) -> String) -> Answer {
    let mut answer = inner.answer(call);
    if doing(inner.contract(), call, on).is_some() {
        rewrite(inner.contract(), &call.operation, &mut answer, site, with);
    }
    answer
}

/// What the emulator beneath answers, with every resource in it changed where the call does one of these deeds.
pub(crate) fn altered(
    inner: &Inner<'_>,
    call: &Call,
    on: &[Deed],
    with: &mut dyn FnMut(&Resource, &mut Fields),
) -> Answer {
    let mut answer = inner.answer(call);
    if doing(inner.contract(), call, on).is_some() {
        resources(inner.contract(), &call.operation, &mut answer, with);
    }
    answer
}

/// What the emulator beneath answers, with the list of what is described changed.
pub(crate) fn listed(inner: &Inner<'_>, call: &Call, on: &[Deed], with: &mut dyn FnMut(&mut Vec<Value>)) -> Answer {
    let mut answer = inner.answer(call);
    let name = doing(inner.contract(), call, on).and_then(|resource| resource.lifecycle.describe_list.as_ref());
    if let Some(items) = name.and_then(|name| super::sites::list(&mut answer, name)) {
        with(items);
    }
    answer
}

/// Lets a refused creation succeed after all under another identifier, and shows it under its own.
pub(crate) fn taken_as(inner: &Inner<'_>, call: &Call, other: &dyn Fn(&str) -> String) -> Answer {
    let first = inner.answer(call);
    let contract = inner.contract();
    let Some((resource, Deed::Create)) = deed(contract, call) else {
        return first;
    };
    if matches!(first, Answer::Success(_)) {
        return first;
    }
    let given = super::deeds::id_text(resource, call).to_owned();
    let mut answer = inner.answer(&renamed(resource, call, other));
    rewrite(contract, &call.operation, &mut answer, Site::Identifier, &|_| {
        given.to_lowercase()
    });
    answer
}

/// A refusal with an error of the contract, by its shape; `None` where the contract does not have it.
pub(crate) fn declared(contract: &Contract, shape: Option<&String>) -> Option<Answer> {
    let error = contract.errors.get(shape?)?;
    Some(Answer::Refused(Refused {
        code: error.code.clone(),
        status: error.status,
        fault: error.fault,
        message: "The request cannot be served.".to_owned(),
    }))
}

/// The refusal of a resource that is not there.
pub(crate) fn not_found(contract: &Contract, resource: &Resource) -> Option<Answer> {
    declared(contract, resource.lifecycle.not_found.as_ref())
}

/// The refusal of a value.
pub(crate) fn invalid() -> Answer {
    refused("InvalidParameterValue", 400)
}

/// A refusal that blames the caller.
pub(crate) fn refused(code: &str, status: u16) -> Answer {
    Answer::Refused(Refused {
        code: code.to_owned(),
        status,
        fault: Fault::Sender,
        message: "The request cannot be served.".to_owned(),
    })
}

/// A success that says nothing.
pub(crate) fn nothing() -> Answer {
    Answer::Success(Value::Map(Vec::new()))
}

/// Whether the call was accepted.
pub(crate) fn accepted(answer: &Answer) -> bool {
    matches!(answer, Answer::Success(_))
}

/// Changes the refusal, if it is one with this code of the contract.
pub(crate) fn recoded(inner: &Inner<'_>, call: &Call, with: &dyn Fn(&Contract, &mut Refused)) -> Answer {
    let mut answer = inner.answer(call);
    if let Answer::Refused(refused) = &mut answer {
        with(inner.contract(), refused);
    }
    answer
}

/// The members of the resource that was made or is shown first.
pub(crate) fn first_resource(contract: &Contract, call: &Call, answer: &Answer) -> Option<Fields> {
    let mut first = None;
    let mut copy = answer.clone();
    resources(contract, &call.operation, &mut copy, &mut |_, fields| {
        first.get_or_insert_with(|| fields.clone());
    });
    first
}

/// Sets a member that is there.
pub(crate) fn replace(fields: &mut Fields, name: &str, value: Value) {
    if let Some(slot) = field(fields, name) {
        *slot = value;
    }
}
