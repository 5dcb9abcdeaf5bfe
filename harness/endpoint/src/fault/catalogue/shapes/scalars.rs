//! The forms of scalars in an answer.

use parallax_contract::{ShapeKind, Value};

use super::with_declared;
use crate::fault::answers::shown;
use crate::fault::deeds::ANY;
use crate::fault::sites::Site;
use crate::fault::{Alteration, Change, Class};

const FORM: &str = "the query protocol: the form of a scalar of this type";

const fn fault(name: &'static str, summary: &'static str, change: Change) -> Alteration {
    Alteration::new(Class::Shapes, name, summary, FORM, change)
}

/// A member of the declared type, written in a form of another protocol or language.
pub(super) const FAULTS: &[Alteration] = &[
    fault(
        "times-in-seconds",
        "points in time are numbers of seconds",
        Change::Serve(|inner, call| with_declared(inner, call, &|kind| time(kind, "1600000000"))),
    ),
    fault(
        "times-as-in-headers",
        "points in time have the form of an HTTP header",
        Change::Serve(|inner, call| with_declared(inner, call, &|kind| time(kind, "Sun, 13 Sep 2020 12:26:40 GMT"))),
    ),
    fault(
        "times-with-a-space",
        "points in time have a space between date and time",
        Change::Serve(|inner, call| with_declared(inner, call, &|kind| time(kind, "2020-09-13 12:26:40"))),
    ),
    fault(
        "times-without-zone",
        "points in time do not tell their zone",
        Change::Serve(|inner, call| with_declared(inner, call, &|kind| time(kind, "2020-09-13T12:26:40.000"))),
    ),
    fault(
        "times-empty",
        "points in time are empty texts",
        Change::Serve(|inner, call| with_declared(inner, call, &|kind| time(kind, ""))),
    ),
    fault(
        "booleans-capitalised",
        "booleans are True and False",
        Change::Serve(|inner, call| with_declared(inner, call, &|kind| boolean(kind, "False"))),
    ),
    fault(
        "booleans-as-numbers",
        "booleans are 0 and 1",
        Change::Serve(|inner, call| with_declared(inner, call, &|kind| boolean(kind, "0"))),
    ),
    fault(
        "booleans-in-words",
        "booleans are yes and no",
        Change::Serve(|inner, call| with_declared(inner, call, &|kind| boolean(kind, "no"))),
    ),
    fault(
        "numbers-with-fractions",
        "whole numbers are written as fractions",
        Change::Serve(|inner, call| with_declared(inner, call, &|kind| number(kind, "1.0"))),
    ),
    fault(
        "numbers-in-words",
        "numbers that are not known are the word None",
        Change::Serve(|inner, call| with_declared(inner, call, &|kind| number(kind, "None"))),
    ),
    fault(
        "owner-without-leading-digits",
        "the owner's account is shown as a number, padded by a space",
        Change::Serve(|inner, call| {
            shown(inner, call, ANY, Site::Owner, &|account| {
                format!(" {}", account.trim_start_matches('1'))
            })
        }),
    ),
];

fn time(kind: &ShapeKind, text: &str) -> Option<Value> {
    matches!(kind, ShapeKind::Timestamp { .. }).then(|| Value::text(text))
}

fn boolean(kind: &ShapeKind, text: &str) -> Option<Value> {
    matches!(kind, ShapeKind::Boolean).then(|| Value::text(text))
}

fn number(kind: &ShapeKind, text: &str) -> Option<Value> {
    matches!(kind, ShapeKind::Integer | ShapeKind::Long).then(|| Value::text(text))
}
