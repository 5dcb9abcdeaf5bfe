//! Single scenarios: captures, pages, quotas, what is shown, what is deleted.

use std::sync::Arc;

use parallax_contract::{Call, Observation, Outcome, Value};
use parallax_outcome::{Kind, Verdict};
use parallax_scenario::Step;

use crate::fixture::*;

fn played(steps_: Vec<Step>, target: &Arc<Memory>) -> Vec<parallax_outcome::StepRecord> {
    let events = events(plan(vec![scenario("one", steps_)]), target.clone(), docs()).unwrap();
    steps(&events).to_vec()
}

/// The honest answer, unless the call is this operation's.
fn unless(
    operation: &'static str,
    answer: impl Fn(&Call, Observation) -> Observation + Send + Sync + 'static,
) -> Arc<Memory> {
    Memory::with(move |call, right| {
        if call.operation == operation {
            answer(call, right)
        } else {
            right
        }
    })
}

fn shout(mut observation: Observation) -> Observation {
    if let Outcome::Success(output) = &mut observation.outcome
        && let Some(name) = output
            .at("Thing.ThingName")
            .and_then(Value::as_text)
            .map(str::to_uppercase)
    {
        output.set(
            "Thing",
            Value::map([("ThingName", Value::Text(name)), ("Description", Value::text("A b"))]),
        );
    }
    observation
}

#[test]
fn an_honest_target_agrees_and_nothing_is_left_behind() {
    let target = Memory::honest();
    let steps = played(
        vec![
            Step::new("create", create("t{run}")),
            Step::new("describe", describe("t{run}")),
        ],
        &target,
    );
    assert!(steps.iter().all(|step| step.verdict == Verdict::Agree), "{steps:#?}");
    assert_eq!((target.count("CreateThing"), target.count("DeleteThing")), (1, 1));
}

#[test]
fn what_a_scenario_deletes_itself_is_not_deleted_again() {
    let target = Memory::honest();
    played(life("one").steps, &target);
    assert_eq!(target.count("DeleteThing"), 1);
}

#[test]
fn a_difference_shows_neither_the_token_nor_the_address() {
    let target = unless("CreateThing", |_, right| shout(right));
    let steps = played(vec![Step::new("create", create("t{run}"))], &target);
    let difference = &steps[0].differences[0];
    assert_eq!(
        (difference.kind, &*difference.expected, &*difference.observed),
        (Kind::Case, "\"t{run}\"", "\"T{RUN}\"")
    );
    let curl = &steps[0].curl;
    assert!(
        curl.starts_with("curl -sS \"$TARGET\" -H 'Authorization: AWS4-HMAC-SHA256 Credential="),
        "{curl}"
    );
    assert!(
        curl.contains("/us-east-1/things/aws4_request") && curl.contains("ThingName=tprlx000"),
        "{curl}"
    );
}

#[test]
fn what_was_not_captured_leaves_later_steps_out() {
    let first = Step::new("create", create("t{run}")).capture("id", "Thing.Nothing");
    let steps = played(vec![first, Step::new("describe", describe("{id}"))], &Memory::honest());
    assert_eq!(steps[1].verdict, Verdict::Skipped("no earlier step gave {id}".into()));
}

#[test]
fn what_was_captured_is_asked_for() {
    let target = Memory::honest();
    let first = Step::new("create", create("t{run}")).capture("id", "Thing.ThingName");
    let steps = played(vec![first, Step::new("describe", describe("{id}"))], &target);
    assert_eq!(steps[1].verdict, Verdict::Agree);
    assert!(
        target
            .asked
            .lock()
            .unwrap()
            .iter()
            .any(|call| call == &describe("tabc0001"))
    );
}

#[test]
fn filling_ends_with_the_first_refusal() {
    let target = unless("CreateThing", |call, right| {
        if name(call).starts_with("t3") {
            error("QuotaExceeded.Thing", 400)
        } else {
            right
        }
    });
    let fill = |number: u32| Step {
        until_refused: true,
        ..Step::new(format!("create-{number:02}"), create(&format!("t{number}{{run}}")))
    };
    let mut all: Vec<_> = (1..=6).map(fill).collect();
    all.push(Step::new("describe", describe("t1{run}")));
    let steps = played(all, &target);
    let skipped = steps
        .iter()
        .filter(|step| matches!(step.verdict, Verdict::Skipped(_)))
        .count();
    assert_eq!((target.count("CreateThing"), skipped), (3, 3));
    assert_eq!(steps[6].verdict, Verdict::Agree);
}

fn pages(target: &Arc<Memory>) -> parallax_outcome::StepRecord {
    let all = Call::new("DescribeThings", Value::Map(vec![]));
    let list = Step {
        all_pages: true,
        ..Step::new("pages", all)
    };
    played(vec![Step::new("create", create("t{run}")), list], target).remove(1)
}

/// A listing in which each page holds one name.
fn listing(name: &str, marker: Option<&str>) -> Observation {
    let thing = Value::map([("ThingName", Value::text(name)), ("Description", Value::text("A b"))]);
    let mut output = Value::map([("Things", Value::List(vec![thing]))]);
    if let Some(marker) = marker {
        output.set("Marker", Value::text(marker));
    }
    seen(200, Outcome::Success(output))
}

#[test]
fn a_marker_is_followed_to_the_end() {
    let target = unless("DescribeThings", |call, _| {
        match call.input.get("Marker").and_then(Value::as_text) {
            None => listing("other", Some("m1")),
            Some("m1") => listing("another", Some("m2")),
            _ => listing("tabc0001", None),
        }
    });
    let step = pages(&target);
    assert_eq!(target.count("DescribeThings"), 3);
    assert_eq!(step.verdict, Verdict::Agree, "{step:#?}");
}

#[test]
fn a_listing_that_ends_too_early_lacks_what_was_made() {
    let target = unless("DescribeThings", |call, _| match call.input.get("Marker") {
        None => listing("other", Some("m1")),
        Some(_) => listing("another", None),
    });
    let step = pages(&target);
    let difference = &step.differences[0];
    assert_eq!((difference.kind, &*difference.path), (Kind::State, "Things[t{run}]"));
}

#[test]
fn a_marker_that_comes_again_is_a_difference_and_is_not_followed() {
    let target = unless("DescribeThings", |_, _| listing("other", Some("m1")));
    let step = pages(&target);
    assert_eq!(target.count("DescribeThings"), 2);
    assert_eq!((step.verdict, step.differences.len()), (Verdict::Diverge, 1));
    assert_eq!(step.differences[0].observed, "the same marker again: paging never ends");
}

#[test]
fn what_a_lost_answer_may_have_made_is_deleted_too() {
    let target = unless("CreateThing", |_, _| lost());
    let steps = played(vec![Step::new("create", create("t{run}"))], &target);
    assert_eq!(steps[0].differences[0].kind, Kind::Transport);
    assert_eq!(target.count("DeleteThing"), 1);
}

#[test]
fn a_target_that_never_deletes_is_not_asked_for_ever() {
    let target = unless("DeleteThing", |_, _| error("InvalidParameterValue", 400));
    let many = (1..=5).map(|number| Step::new(format!("create-{number}"), create(&format!("t{number}{{run}}"))));
    played(many.collect(), &target);
    assert_eq!(target.count("DeleteThing"), 5);
}
