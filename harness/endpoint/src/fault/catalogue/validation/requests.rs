//! How a request is read.

use parallax_contract::{Answer, Call, ListForm, Tweak, Value};

use super::{fault, spaces};
use crate::fault::answers::{nothing, refused};
use crate::fault::{Alteration, Change, Inner};

const FORM: &str = "the query protocol: how parameters are encoded";

pub(super) const FAULTS: &[Alteration] = &[
    // How a request is read.
    fault(
        "plus-not-decoded",
        "a plus sign in a form is read as a plus sign",
        FORM,
        Change::Serve(|inner, call| spaces(inner, call, false)),
    ),
    fault(
        "percent-20-not-decoded",
        "a percent-encoded space is read as it stands",
        FORM,
        Change::Serve(|inner, call| spaces(inner, call, true)),
    ),
    fault(
        "get-refused",
        "requests by GET are refused",
        "documentation: GET with a query string is an official way to call",
        Change::Serve(|inner, call| match call.tweaks.contains(&Tweak::Get) {
            true => refused("InvalidAction", 400),
            false => inner.answer(call),
        }),
    ),
    fault(
        "get-without-parameters",
        "of requests by GET only the action is read",
        "documentation: GET with a query string is an official way to call",
        Change::Serve(|inner, call| match call.tweaks.contains(&Tweak::Get) {
            true => inner.answer(&Call::new(&call.operation, Value::Map(Vec::new()))),
            false => inner.answer(call),
        }),
    ),
    fault(
        "unknown-action-taken",
        "an action that does not exist is answered with nothing",
        "common errors: InvalidAction",
        Change::Serve(
            |inner, call| match call.tweaks.iter().any(|tweak| matches!(tweak, Tweak::Action(Some(_)))) {
                true => nothing(),
                false => inner.answer(call),
            },
        ),
    ),
    fault(
        "missing-action-taken",
        "a request without an action is answered with nothing",
        "common errors: MissingAction",
        Change::Serve(|inner, call| {
            match call
                .tweaks
                .iter()
                .any(|tweak| matches!(tweak, Tweak::Action(None) | Tweak::EmptyBody))
            {
                true => nothing(),
                false => inner.answer(call),
            }
        }),
    ),
    fault(
        "lists-in-member-form-overlooked",
        "lists whose elements are named `member` are not read",
        "documentation: both forms of tag lists are official",
        Change::Serve(|inner, call| {
            without_lists(inner, call, &|call| {
                call.tweaks.contains(&Tweak::Lists(ListForm::Member))
            })
        }),
    ),
    fault(
        "lists-in-location-form-overlooked",
        "lists whose elements have the name of the model are not read",
        "documentation: both forms of tag lists are official",
        Change::Serve(|inner, call| {
            without_lists(inner, call, &|call| {
                !call.tweaks.contains(&Tweak::Lists(ListForm::Member))
            })
        }),
    ),
];

fn without_lists(inner: &Inner<'_>, call: &Call, when: &dyn Fn(&Call) -> bool) -> Answer {
    let mut call = call.clone();
    if when(&call)
        && let Value::Map(fields) = &mut call.input
    {
        fields.retain(|(_, value)| value.as_list().is_none_or(<[Value]>::is_empty));
    }
    inner.answer(&call)
}
