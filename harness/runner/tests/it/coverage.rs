//! What a target does not implement, and a target that is not there.

use std::collections::BTreeMap;
use std::sync::Arc;

use parallax_contract::{Call, Observation, Outcome, TransportFault, Tweak};
use parallax_outcome::{Event, Kind, Verdict};
use parallax_runner::{Cancel, Plan, Reference, RunError, Which};
use parallax_scenario::Step;

use crate::fixture::*;

fn probed(target: &Arc<Memory>) -> Vec<Event> {
    let plan = Plan {
        places: None,
        probe: true,
        ..plan(vec![life("one"), life("two")])
    };
    events(plan, target.clone(), docs()).unwrap()
}

fn covered(events: &[Event]) -> BTreeMap<String, bool> {
    let coverage = events.iter().find_map(|event| match event {
        Event::Coverage(coverage) => Some(coverage.clone()),
        _ => None,
    });
    coverage.unwrap()
}

fn is_greeting(call: &Call) -> bool {
    matches!(call.tweaks.as_slice(), [Tweak::Action(Some(_))])
}

/// Answers like this to `DescribeThings` and to what nobody knows.
fn lacking(answer: fn() -> Observation) -> Arc<Memory> {
    Memory::with(move |call, right| {
        if call.operation == "DescribeThings" || is_greeting(call) {
            answer()
        } else {
            right
        }
    })
}

#[test]
fn the_documentation_implements_all_of_itself() {
    let target = Memory::honest();
    let events = probed(&target);
    assert!(covered(&events).values().all(|implemented| *implemented));
    let report = report(events);
    assert_eq!((report.summary.steps, report.summary.agree), (8, 8));
}

#[test]
fn a_proper_refusal_of_an_unknown_action_is_coverage_and_no_divergence() {
    let target = lacking(|| error("InvalidAction", 400));
    let events = probed(&target);
    assert_eq!(covered(&events).get("DescribeThings"), Some(&false));
    assert_eq!(covered(&events).get("CreateThing"), Some(&true));
    assert_eq!(steps(&events)[1].verdict, Verdict::Skipped("not implemented".into()));
    let report = report(events);
    assert!(report.divergences.is_empty(), "{:#?}", report.divergences);
    let row = report
        .operations
        .iter()
        .find(|row| row.name == "DescribeThings")
        .unwrap();
    assert_eq!((row.implemented, row.steps), (false, 0));
}

#[test]
fn what_is_not_implemented_is_not_asked_again() {
    let target = lacking(|| error("InvalidAction", 400));
    probed(&target);
    // Without input, and in a few of the ways in which scenarios ask.
    assert_eq!(target.count("DescribeThings"), 1 + 3);
}

#[test]
fn what_is_implemented_does_not_depend_on_how_little_is_selected() {
    // It crashes on what is not there, and answers an unknown action with the same page.
    let target = Memory::with(|call, right| match &right.outcome {
        Outcome::Error(_) if call.operation == "DescribeThings" || is_greeting(call) => page(),
        _ => right,
    });
    let only = scenario("only", vec![Step::new("describe", describe("{run}-nothing"))]);
    let plan = Plan {
        probe: true,
        ..plan(vec![only])
    };
    let events = events(plan, target, docs()).unwrap();
    assert_eq!(covered(&events), BTreeMap::from([("DescribeThings".to_owned(), true)]));
    assert_eq!(steps(&events)[0].verdict, Verdict::Diverge);
}

#[test]
fn an_unreadable_answer_for_all_that_is_lacking_is_one_divergence() {
    let report = report(probed(&lacking(page)));
    assert_eq!(report.divergences.len(), 1, "{:#?}", report.divergences);
    let divergence = &report.divergences[0];
    assert_eq!(
        (divergence.kind, &*divergence.scenario),
        (Kind::Unimplemented, "coverage/not-implemented")
    );
    assert_eq!(
        divergence.observed,
        "status 500, an HTML page where XML was due, for 1 operation"
    );
    assert!(!divergence.curl.contains("abc0000"), "{}", divergence.curl);
}

#[test]
fn a_page_with_status_200_for_everything_implements_nothing() {
    let target = Memory::with(|_, _| seen(200, page().outcome));
    let events = probed(&target);
    assert!(covered(&events).values().all(|implemented| !implemented));
    assert_eq!(report(events).divergences.len(), 1);
}

fn closed() -> Observation {
    Observation::lost(TransportFault::Closed("reset".into()))
}

#[test]
fn what_is_dropped_as_an_unknown_operation_is_is_not_implemented() {
    let events = probed(&lacking(closed));
    assert_eq!(covered(&events).get("DescribeThings"), Some(&false));
    assert_eq!(covered(&events).get("CreateThing"), Some(&true));
}

#[test]
fn an_operation_that_is_dropped_where_unknown_ones_are_refused_is_broken() {
    let target = Memory::with(|call, right| {
        if call.operation == "DescribeThings" {
            closed()
        } else {
            right
        }
    });
    let events = probed(&target);
    assert_eq!(covered(&events).get("DescribeThings"), Some(&true));
    let report = report(events);
    assert!(report.divergences.iter().any(|one| one.kind == Kind::Transport));
}

#[test]
fn an_operation_that_crashes_now_and_then_is_implemented() {
    let target = Memory::with(|call, right| {
        let crashes = call.operation == "CreateThing" && call.input.get("ThingName").is_none();
        if crashes || is_greeting(call) { page() } else { right }
    });
    assert_eq!(covered(&probed(&target)).get("CreateThing"), Some(&true));
}

#[test]
fn what_the_probe_made_is_deleted() {
    // Takes anything for a name, even none at all, and says "unknown" to the first way of asking.
    let target = Memory::with(|call, right| {
        let first = call.operation == "CreateThing" && call.input.get("ThingName").is_none();
        if first { error("InvalidAction", 400) } else { right }
    });
    probed(&target);
    let asked = target.asked.lock().unwrap();
    let made = asked
        .iter()
        .filter(|call| call.operation == "CreateThing" && !name(call).is_empty());
    let deleted: Vec<_> = asked
        .iter()
        .filter(|call| call.operation == "DeleteThing")
        .map(name)
        .collect();
    for call in made {
        assert!(deleted.contains(&name(call)), "{call:?}");
    }
}

fn never(target: Arc<Memory>, reference: Reference, expected: Which) {
    let result = events(plan(vec![life("one")]), target, reference);
    assert!(
        matches!(result, Err(RunError::NeverAnswered { which, .. }) if which == expected),
        "{result:?}"
    );
}

#[test]
fn a_side_that_is_not_there_ends_the_run() {
    let nobody = || Memory::with(|_, _| lost());
    never(nobody(), docs(), Which::Target);
    never(Memory::with(|_, _| closed()), docs(), Which::Target);
    never(Memory::honest(), Reference::Endpoint(nobody()), Which::Reference);
}

#[test]
fn a_target_that_drops_what_it_does_not_know_is_there() {
    let target = Memory::with(|call, right| if is_greeting(call) { closed() } else { right });
    let report = report(probed(&target));
    assert_eq!((report.summary.steps, report.summary.agree), (8, 8));
}

#[test]
fn a_greeting_that_somebody_broke_off_is_not_repeated() {
    let cancel = Cancel::new();
    let switch = cancel.clone();
    let target = Memory::with(move |_, _| {
        switch.cancel();
        lost()
    });
    let plan = plan(vec![life("one")]);
    let ended = block_on(parallax_runner::run(plan, target.clone(), docs(), |_| {}, cancel));
    assert!(
        matches!(ended, Err(RunError::BrokenOff { which: Which::Target })),
        "{ended:?}"
    );
    assert_eq!(target.asked.lock().unwrap().len(), 1);
}

#[test]
fn a_target_that_went_away_gets_a_report() {
    let target = Memory::with(|call, right| if is_greeting(call) { right } else { lost() });
    let report = report(events(plan(vec![life("one")]), target, docs()).unwrap());
    assert_eq!(report.summary.diverge, 4);
    assert!(
        report
            .divergences
            .iter()
            .all(|divergence| divergence.kind == Kind::Transport)
    );
}
