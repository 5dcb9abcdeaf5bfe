//! Runs that are broken off.

use std::sync::Arc;

use parallax_contract::{Observation, TransportFault};
use parallax_endpoint::cassette::Rules;
use parallax_endpoint::{Endpoint, Keyring};
use parallax_outcome::{Event, ScenarioRecord};
use parallax_runner::{Cancel, Ending, Plan, Recording, Reference, record, run};

use crate::fixture::*;

/// Runs until this many creations were asked for, then turns the switch.
fn broken_off(after: usize, deletable: bool) -> (Vec<Event>, Arc<Memory>) {
    let cancel = Cancel::new();
    let (switch, created) = (cancel.clone(), std::sync::atomic::AtomicUsize::new(0));
    let target = Memory::with(move |call, right| {
        let created_before = || created.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
        if call.operation == "CreateThing" && created_before() == after {
            switch.cancel();
        }
        if call.operation == "DeleteThing" && !deletable {
            error("InvalidParameterValue", 400)
        } else {
            right
        }
    });
    let scenarios = (0..50).map(|number| life(&format!("s{number}"))).collect();
    let plan = Plan {
        jobs: 2,
        ..plan(scenarios)
    };
    let mut events = Vec::new();
    block_on(run(plan, target.clone(), docs(), |event| events.push(event), cancel)).unwrap();
    (events, target)
}

fn records(events: &[Event]) -> Vec<&ScenarioRecord> {
    let mut records = Vec::new();
    for event in events {
        if let Event::Scenario(record) = event {
            records.push(record);
        }
    }
    records
}

#[test]
fn a_run_that_is_broken_off_deletes_what_it_made_and_says_so() {
    let (events, target) = broken_off(6, true);
    let made = target.count("CreateThing");
    assert!(made < 10, "{made}");
    assert_eq!(target.count("DeleteThing"), made);
    assert_eq!(
        events.last(),
        Some(&Event::Interrupted {
            left_behind: 0,
            target_gone: false,
            reference_gone: false
        })
    );
}

#[test]
fn what_had_ended_before_is_reported() {
    let (events, _) = broken_off(6, true);
    let records = records(&events);
    assert!((1..10).contains(&records.len()), "{}", records.len());
    assert!(records.iter().all(|record| !record.steps.is_empty()));
    assert!(report(events).summary.interrupted);
}

#[test]
fn what_could_not_be_deleted_is_counted() {
    let (events, target) = broken_off(4, false);
    let Some(Event::Interrupted { left_behind, .. }) = events.last() else {
        panic!("{events:?}");
    };
    let made = target.count("CreateThing");
    assert_eq!(*left_behind, made as u64);
}

/// Somebody who answers nothing from this creation on: everything, or the creation alone.
fn forsaking(from: usize, alone: bool) -> Arc<Memory> {
    turning(from, alone, || {
        Observation::lost(TransportFault::Refused("nobody listens".into()))
    })
}

/// Somebody who answers with this from this creation on: everything, or the creation alone.
fn turning(from: usize, alone: bool, to: fn() -> Observation) -> Arc<Memory> {
    let created = std::sync::atomic::AtomicUsize::new(0);
    Memory::with(move |call, right| {
        let creates = usize::from(call.operation == "CreateThing");
        let number = created.fetch_add(creates, std::sync::atomic::Ordering::SeqCst) + creates;
        let is_turned = if alone {
            creates == 1 && number == from
        } else {
            number >= from
        };
        if is_turned { to() } else { right }
    })
}

/// A run of many creations.
fn played(target: Arc<Memory>, reference: Reference) -> Vec<Event> {
    let scenarios = (0..50).map(|number| life(&format!("s{number}"))).collect();
    let mut events = Vec::new();
    let plan = Plan {
        jobs: 2,
        ..plan(scenarios)
    };
    let events_of = |event| events.push(event);
    block_on(run(plan, target, reference, events_of, Cancel::new())).unwrap();
    events
}

/// Runs on a target that answers nothing from this creation on: everything, or the creation alone.
fn lost(from: usize, alone: bool) -> Vec<Event> {
    played(forsaking(from, alone), docs())
}

#[test]
fn a_run_ends_where_the_target_answers_nobody_any_more() {
    let events = lost(6, false);
    let played = records(&events).len();
    assert!((5..12).contains(&played), "{played}");
    let Some(Event::Interrupted { target_gone: true, .. }) = events.last() else {
        panic!("{:?}", events.last());
    };
    let report = report(events);
    assert!(report.summary.interrupted);
    assert!(report.summary.divergences.error > 0);
}

#[test]
fn a_target_that_loses_a_single_answer_is_asked_to_the_end() {
    let events = lost(6, true);
    assert_eq!(records(&events).len(), 50);
    assert!(!report(events).summary.interrupted);
}

#[test]
fn a_run_ends_where_a_live_reference_answers_nobody_any_more() {
    let events = played(Memory::honest(), Reference::Endpoint(forsaking(6, false)));
    let many = records(&events).len();
    assert!((5..12).contains(&many), "{many}");
    let Some(Event::Interrupted {
        target_gone: false,
        reference_gone: true,
        ..
    }) = events.last()
    else {
        panic!("{:?}", events.last());
    };
    assert_eq!(report(events).summary.diverge, 0);
}

#[test]
fn a_reference_that_loses_a_single_answer_is_asked_to_the_end() {
    let events = played(Memory::honest(), Reference::Endpoint(forsaking(6, true)));
    assert_eq!(records(&events).len(), 50);
    assert!(!report(events).summary.interrupted);
}

/// What a reference that is still reachable, but has nothing behind it any more, may answer.
const EMPTY: [fn() -> Observation; 5] = [
    page,
    || seen(200, page().outcome),
    || error("ServiceUnavailable", 503),
    || error("Throttling", 400),
    || error("ExpiredToken", 403),
];

#[test]
fn a_run_ends_where_a_live_reference_gives_nothing_but_failures_from_then_on() {
    for to in EMPTY {
        let events = played(Memory::honest(), Reference::Endpoint(turning(6, false, to)));
        let many = records(&events).len();
        assert!((5..12).contains(&many), "{many}");
        let Some(Event::Interrupted {
            reference_gone: true, ..
        }) = events.last()
        else {
            panic!("{:?}", events.last());
        };
        assert_eq!(report(events).summary.diverge, 0);
    }
}

#[test]
fn a_reference_that_fails_now_and_then_is_asked_to_the_end() {
    for to in EMPTY {
        let events = played(Memory::honest(), Reference::Endpoint(turning(6, true, to)));
        assert_eq!(records(&events).len(), 50);
    }
    // It gives the same page for what it does not know and for its own crashes.
    let crashing = Memory::with(|call, right| match &*call.operation {
        "CreateThing" | "" => page(),
        _ => right,
    });
    let events = played(Memory::honest(), Reference::Endpoint(crashing));
    assert_eq!(records(&events).len(), 50);
}

/// Records somebody who answers nothing from the sixth creation on: everything, or the creation alone.
fn recorded(alone: bool) -> Ending {
    recording(&forsaking(6, alone))
}

fn recording(reference: &Arc<Memory>) -> Ending {
    let scenarios: Vec<_> = (0..50).map(|number| life(&format!("s{number}"))).collect();
    let recording = Recording {
        contract: CONTRACT.clone(),
        scenarios: &scenarios,
        token: "abc".into(),
        endpoint: &|| -> Arc<dyn Endpoint> { reference.clone() },
        rules: Rules::default(),
        keys: Keyring::default(),
        documented: false,
        before: None,
    };
    block_on(record(recording, |_| Ok(()), Cancel::new())).unwrap()
}

#[test]
fn a_recording_ends_where_the_reference_answers_nobody_any_more_and_says_so() {
    let ending = recorded(false);
    assert!(ending.gone);
    assert!(ending.lost < 10, "{ending:?}");
    let ending = recorded(true);
    assert!(!ending.gone);
    assert_eq!(ending.lost, 1, "{ending:?}");
}

#[test]
fn a_recording_ends_where_the_reference_gives_nothing_but_failures_from_then_on() {
    for to in EMPTY {
        let ending = recording(&turning(6, false, to));
        assert!(ending.gone, "{ending:?}");
        assert!(!recording(&turning(6, true, to)).gone);
    }
}
