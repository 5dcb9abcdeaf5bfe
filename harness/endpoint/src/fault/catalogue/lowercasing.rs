//! Identifiers and their case.

use parallax_contract::{Answer, Call, Contract};

use crate::fault::sites::{Site, rewrite};
use crate::fault::{Alteration, Change, Class, Inner};

const LAW: &str = "identifiers that are documented as stored in lower case";

pub(super) const FAULTS: &[Alteration] = &[
    Alteration {
        name: "identifier-kept-as-given",
        class: Class::Lowercasing,
        summary: "identifiers are stored and found as they were given",
        grounds: LAW,
        generated: false,
        change: Change::Promise(as_given),
    },
    Alteration {
        name: "identifier-in-upper-case",
        class: Class::Lowercasing,
        summary: "answers show identifiers in upper case",
        grounds: LAW,
        generated: false,
        change: Change::Serve(upper),
    },
];

fn as_given(contract: &mut Contract) {
    contract
        .resources
        .values_mut()
        .for_each(|resource| resource.identifier.lowercase = false);
}

fn upper(inner: &Inner<'_>, call: &Call) -> Answer {
    let mut answer = inner.answer(call);
    rewrite(
        inner.contract(),
        &call.operation,
        &mut answer,
        Site::Identifier,
        &str::to_uppercase,
    );
    answer
}
