//! States that take their time, and members that a model declares.

use parallax_contract::{Answer, Call, Contract, Resource, Rule, Shape, ShapeKind, Value};

use super::variant;
use crate::fault::answers::{accepted, declared, listed, not_found};
use crate::fault::deeds::{ANY, Deed, deed, doing, id_text};
use crate::fault::sites::{field, resources};
use crate::fault::{Alteration, Change, Inner};

const GRANTED: &str = "documentation and live-run tests: more than one state follows";
const REVOKING: &str = "official samples: a permission that is being removed is still shown";
const TIME: &str = "a resource that tells its state changes in its own time";
const DECLARED: &str = "model: the shape declares these members";

pub(super) const VARIANTS: &[Alteration] = &[
    variant(
        "permissions-at-once",
        "a permission is in force at once",
        GRANTED,
        Change::Promise(|contract| granted(contract, 1)),
    ),
    variant(
        "permissions-in-third-state",
        "a permission is in the third of the states that were seen",
        GRANTED,
        Change::Promise(|contract| granted(contract, 2)),
    ),
    variant(
        "revoking-shown",
        "a permission that is removed is shown in the answer",
        REVOKING,
        Change::Serve(|inner, call| revoking(inner, call, false)),
    ),
    variant(
        "revoking-shown-for-a-while",
        "a permission that is removed is shown until it is described twice",
        REVOKING,
        Change::Serve(|inner, call| revoking(inner, call, true)),
    ),
    variant(
        "deleted-at-once",
        "a resource that tells its state is gone as soon as it is deleted",
        TIME,
        Change::Serve(at_once),
    ),
    variant(
        "not-ready",
        "a resource that tells its state refuses its first deletion",
        TIME,
        Change::Serve(not_ready),
    ),
    variant(
        "declared-members-shown",
        "every declared member has a value",
        DECLARED,
        Change::Serve(|inner, call| full(inner, call, 1_600_000_000.0)),
    ),
    variant(
        "times-in-milliseconds",
        "every declared member has a value, times with milliseconds",
        DECLARED,
        Change::Serve(|inner, call| full(inner, call, 1_600_000_000.123)),
    ),
    variant(
        "resource-in-answer-to-deletion",
        "a deletion answers with the resource as it was, in a state of going",
        TIME,
        Change::Serve(shown_going),
    ),
];

/// Puts the state of this number first.
fn granted(contract: &mut Contract, number: usize) {
    for grants in contract
        .resources
        .values_mut()
        .filter_map(|resource| resource.grants.as_mut())
    {
        let number = number.min(grants.granted.len().saturating_sub(1));
        grants.granted.rotate_left(number);
    }
}

/// Shows what is removed in the state of going; for a while also in the next answer.
fn revoking(inner: &Inner<'_>, call: &Call, longer: bool) -> Answer {
    let mut answer = inner.answer(call);
    let Some((resource, what)) = deed(inner.contract(), call) else {
        return answer;
    };
    let name = format!("going of {}", id_text(resource, call).to_lowercase());
    match what {
        Deed::Revoke if accepted(&answer) => {
            if let Some(going) = going(resource, call) {
                show(inner, call, &mut answer, &going);
                inner.remember(name, going);
            }
        }
        Deed::Describe if longer => {
            if let Some(going) = inner.forget(&name) {
                show(inner, call, &mut answer, &going);
            }
        }
        _ => drop(inner.forget(&name)),
    }
    answer
}

/// The permission of the call in the state of going.
fn going(resource: &Resource, call: &Call) -> Option<Value> {
    let grants = resource.grants.as_ref()?;
    let keys = grants
        .keys
        .iter()
        .filter_map(|key| Some((key.clone(), call.input.get(key)?.clone())));
    let mut going = Value::map(keys);
    going.set(grants.status_member.as_ref()?, Value::text(grants.revoking.first()?));
    Some(going)
}

fn show(inner: &Inner<'_>, call: &Call, answer: &mut Answer, going: &Value) {
    resources(inner.contract(), &call.operation, answer, &mut |resource, fields| {
        let Some(grants) = &resource.grants else { return };
        match field(fields, &grants.list) {
            Some(Value::List(items)) => items.push(going.clone()),
            Some(_) => {}
            None => fields.push((grants.list.clone(), Value::List(vec![going.clone()]))),
        }
    });
}

fn gone(resource: &Resource, id: &str) -> String {
    format!("gone {} {}", resource.shape, id.to_lowercase())
}

/// Denies what was deleted, though the emulator beneath still shows it going.
fn at_once(inner: &Inner<'_>, call: &Call) -> Answer {
    let contract = inner.contract();
    let Some((resource, what)) = deed(contract, call).filter(|(resource, _)| resource.status_member.is_some()) else {
        return inner.answer(call);
    };
    let name = gone(resource, id_text(resource, call));
    match what {
        Deed::Create => drop(inner.forget(&name)),
        Deed::Describe | Deed::Delete | Deed::Modify if inner.recall(&name).is_some() => {
            if let Some(refusal) = not_found(contract, resource) {
                inner.settle(call, &refusal);
                return refusal;
            }
        }
        _ => {}
    }
    let member = resource.identifier.output.clone();
    let is_gone = |item: &Value| {
        let id = item.get(&member).and_then(Value::as_text).unwrap_or_default();
        inner.recall(&gone(resource, id)).is_some()
    };
    let answer = listed(inner, call, &[Deed::List], &mut |items| {
        items.retain(|item| !is_gone(item));
    });
    if what == Deed::Delete && accepted(&answer) {
        inner.remember(name, Value::Bool(true));
    }
    answer
}

fn not_ready(inner: &Inner<'_>, call: &Call) -> Answer {
    let contract = inner.contract();
    if let Some(resource) = doing(contract, call, &[Deed::Delete])
        && resource.status_member.is_some()
        && !id_text(resource, call).is_empty()
        && accepted(&inner.answer(&asking(resource, call)))
        && inner.count(format!("deleting {} {}", resource.shape, id_text(resource, call))) == 1
        && let Some(refusal) = declared(contract, resource.lifecycle.invalid_state.as_ref())
    {
        return refusal;
    }
    inner.answer(call)
}

/// The call that describes what this one deletes.
fn asking(resource: &Resource, call: &Call) -> Call {
    let filter = resource.lifecycle.describe_filter.clone().unwrap_or_default();
    let id = Value::text(id_text(resource, call));
    Call::new(
        resource.lifecycle.describe.clone().unwrap_or_default(),
        Value::map([(filter, id)]),
    )
}

/// Fills in every scalar member that the emulator beneath leaves out.
fn full(inner: &Inner<'_>, call: &Call, time: f64) -> Answer {
    let contract = inner.contract();
    let mut answer = inner.answer(call);
    if doing(contract, call, ANY).is_none() {
        return answer;
    }
    resources(contract, &call.operation, &mut answer, &mut |resource, fields| {
        for member in contract.shape(&resource.shape).map_or(&[][..], Shape::members) {
            let known = fields.iter().any(|(name, _)| *name == member.name) || speaks(resource, &member.name);
            if let (false, Some(value)) = (
                known,
                contract.shape(&member.shape).and_then(|shape| plausible(shape, time)),
            ) {
                fields.push((member.name.clone(), value));
            }
        }
    });
    answer
}

/// Whether the sources say what this member holds, so that no value may be made up.
fn speaks(resource: &Resource, member: &str) -> bool {
    let echoes = resource
        .description
        .iter()
        .chain(&resource.echoes)
        .map(|echo| &echo.output);
    let arn = resource.arn.iter().map(|rule| &rule.member);
    let other = [Some(&resource.identifier.output), resource.owner_member.as_ref()]
        .into_iter()
        .flatten();
    echoes.chain(arn).chain(other).any(|name| name == member)
}

fn plausible(shape: &Shape, time: f64) -> Option<Value> {
    Some(match &shape.kind {
        ShapeKind::String => {
            let listed = shape.constraints.iter().find_map(|constraint| match &constraint.rule {
                Rule::ValidValues { values } => values.first(),
                _ => None,
            });
            Value::text(listed.map_or("available", String::as_str))
        }
        ShapeKind::Integer | ShapeKind::Long => Value::Int(1),
        ShapeKind::Float | ShapeKind::Double => Value::Float(0.5),
        ShapeKind::Boolean => Value::Bool(false),
        ShapeKind::Timestamp { .. } => Value::Timestamp(time),
        _ => return None,
    })
}

/// The answer to a deletion, where it shows the resource, tells its state.
fn shown_going(inner: &Inner<'_>, call: &Call) -> Answer {
    let mut answer = inner.answer(call);
    if doing(inner.contract(), call, &[Deed::Delete]).is_some() {
        resources(
            inner.contract(),
            &call.operation,
            &mut answer,
            &mut |resource, fields| {
                if let Some(status) = &resource.status_member
                    && field(fields, status).is_none()
                {
                    fields.push((status.clone(), Value::text("deleting")));
                }
            },
        );
    }
    answer
}
