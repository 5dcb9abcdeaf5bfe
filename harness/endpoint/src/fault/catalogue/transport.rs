//! How bytes travel, where they travel badly.

use std::time::Duration;

use parallax_contract::Call;

use crate::fault::{Alteration, Change, Class, Delivery};

const HTTP: &str = "HTTP: every request is answered, whole";

/// Longer than any time limit that a run sets.
const LONG: Duration = Duration::from_secs(600);

const fn fault(name: &'static str, summary: &'static str, change: Change) -> Alteration {
    Alteration::new(Class::Transport, name, summary, HTTP, change)
}

pub(super) const FAULTS: &[Alteration] = &[
    fault(
        "hangs",
        "no request is answered",
        Change::Deliver(|_, _| Delivery::Never),
    ),
    fault(
        "hangs-now-and-then",
        "every fifth request is not answered",
        Change::Deliver(|_, number| every(number, 5, Delivery::Never)),
    ),
    fault(
        "hangs-on-reading",
        "requests that read are not answered",
        Change::Deliver(|call, _| reading(call, Delivery::Never)),
    ),
    fault(
        "slower-than-the-time-limit",
        "answers come after every time limit",
        Change::Deliver(|_, _| Delivery::Late(LONG)),
    ),
    fault(
        "closes",
        "every connection is closed without an answer",
        Change::Deliver(|_, _| Delivery::Closed),
    ),
    fault(
        "closes-kept-alive",
        "every second request is not answered, and its connection closed",
        Change::Deliver(|_, number| every(number, 2, Delivery::Closed)),
    ),
    fault(
        "closes-on-reading",
        "requests that read are answered by closing the connection",
        Change::Deliver(|call, _| reading(call, Delivery::Closed)),
    ),
    fault(
        "truncates",
        "half of every body is sent",
        Change::Deliver(|_, _| Delivery::Part(50)),
    ),
    fault(
        "truncates-the-end",
        "the last bytes of every body are not sent",
        Change::Deliver(|_, _| Delivery::Part(98)),
    ),
    fault(
        "truncates-all",
        "a body is announced and not sent",
        Change::Deliver(|_, _| Delivery::Part(0)),
    ),
    fault(
        "truncates-now-and-then",
        "half of every third body is sent",
        Change::Deliver(|_, number| every(number, 3, Delivery::Part(50))),
    ),
    fault(
        "stalls",
        "half of every body is sent, and the rest never",
        Change::Deliver(|_, _| Delivery::Stalled(50)),
    ),
];

fn every(number: u64, which: u64, delivery: Delivery) -> Delivery {
    match number % which == which - 1 {
        true => delivery,
        false => Delivery::Plain,
    }
}

/// By the verbs that AWS's interfaces use for it.
fn reading(call: &Call, delivery: Delivery) -> Delivery {
    match ["Describe", "List"].iter().any(|verb| call.operation.starts_with(verb)) {
        true => delivery,
        false => Delivery::Plain,
    }
}
