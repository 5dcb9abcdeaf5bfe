//! Other references than the documentation.

use std::sync::Arc;

use parallax_contract::{Call, Observation, Outcome, Value};
use parallax_endpoint::cassette::{Cassette, Header, Position, Provenance, Redactor, Writer, contract_hash};
use parallax_endpoint::{Endpoint, Exchange};
use parallax_oracle::{Oracle, State};
use parallax_outcome::Report;
use parallax_runner::{Lack, Reference, Standing, standing};
use parallax_scenario::{Names, Scenario, Step, resolve};
use parallax_wire::{HttpAnswer, protocol_of};

use crate::fixture::*;

fn against(reference: Reference, target: Arc<Memory>, scenarios: Vec<Scenario>) -> Report {
    report(events(plan(scenarios), target, reference).unwrap())
}

fn silent_description(mut observation: Observation) -> Observation {
    if let Outcome::Success(output) = &mut observation.outcome
        && let Some(thing) = output.get("Thing").cloned()
    {
        let mut thing = thing;
        thing.set("Description", Value::text("a b"));
        output.set("Thing", thing);
    }
    observation
}

#[test]
fn a_target_is_held_to_what_another_endpoint_answers() {
    let other = Memory::with(|_, right| silent_description(right));
    let report = against(Reference::Endpoint(other), Memory::honest(), vec![life("one")]);
    assert_eq!(report.divergences.len(), 1, "{:#?}", report.divergences);
    let divergence = &report.divergences[0];
    assert_eq!((&*divergence.step, &*divergence.path), ("create", "Thing.Description"));
    assert_eq!((&*divergence.expected, &*divergence.observed), ("\"a b\"", "\"A b\""));
}

#[test]
fn what_was_said_at_a_divergence_is_kept_without_the_tokens() {
    let other = Memory::with(|_, right| silent_description(right));
    let events = events(plan(vec![life("one")]), Memory::honest(), Reference::Endpoint(other)).unwrap();
    let said: Vec<_> = steps(&events)
        .iter()
        .filter_map(|step| step.transcript.as_deref())
        .collect();
    assert_eq!(said.len(), 1, "{said:#?}");
    let (request, fields) = (&said[0].request.text, &said[0].fields.text);
    assert!(request.contains("Name=t{run}"), "{request}");
    assert!(fields.starts_with("\taccepted\taccepted\n"), "{fields}");
    assert!(fields.contains("\nThing.Description\t\"a b\"\t\"A b\"\n"), "{fields}");
    assert!(
        fields.contains("\nThing.ThingName\t\"t{run}\"\t\"t{run}\"\n"),
        "{fields}"
    );
}

#[test]
fn both_sides_are_asked_and_cleaned_up_under_their_own_names() {
    let (target, other) = (Memory::honest(), Memory::honest());
    let mut story = life("one");
    story.steps.truncate(2);
    let report = against(Reference::Endpoint(other.clone()), target.clone(), vec![story]);
    assert_eq!((report.summary.agree, report.summary.steps), (2, 2));
    for side in [&target, &other] {
        assert_eq!((side.count("CreateThing"), side.count("DeleteThing")), (1, 1));
    }
    let names = |side: &Memory| {
        side.asked
            .lock()
            .unwrap()
            .iter()
            .map(|call| name(call).to_owned())
            .max()
    };
    assert_eq!(
        (names(&target).as_deref(), names(&other).as_deref()),
        (Some("tabc0001"), Some("trbc0001"))
    );
}

#[test]
fn what_the_reference_does_not_implement_is_inconclusive() {
    let other = Memory::with(|call, right| {
        if call.operation == "DescribeThings" {
            error("InvalidAction", 400)
        } else {
            right
        }
    });
    let report = against(Reference::Endpoint(other), Memory::honest(), vec![life("one")]);
    let reasons: Vec<_> = report.inconclusive.into_iter().collect();
    assert_eq!(
        reasons,
        [("the reference does not implement DescribeThings".to_owned(), 2)]
    );
}

#[test]
fn after_the_sides_parted_nothing_is_concluded() {
    let other = Memory::with(|call, right| {
        if call.operation == "CreateThing" {
            error("InvalidParameterValue", 400)
        } else {
            right
        }
    });
    let report = against(Reference::Endpoint(other), Memory::honest(), vec![life("one")]);
    assert_eq!((report.summary.diverge, report.summary.inconclusive), (1, 3));
}

#[test]
fn who_knows_an_account_as_its_own_is_not_held_to_who_does_not() {
    let story = |name: &str| scenario("one", vec![Step::new("ask", describe(name))]);
    let found = |_: &Call, right: Observation| match right.error() {
        Some(_) => seen(200, Outcome::Success(Value::map([("Things", Value::List(vec![]))]))),
        None => right,
    };
    let outcome = |name: &str| {
        let other = Memory::with(found);
        let report = against(Reference::Endpoint(other), Memory::honest(), vec![story(name)]);
        (report.summary.diverge, report.summary.inconclusive)
    };
    assert_eq!(outcome("arn:aws:things:us-east-1:000000000000:thing:t{run}"), (0, 1));
    assert_eq!(outcome("t{run}"), (1, 0));
}

/// A cassette of one endpoint's answers to these scenarios, with the oracle's expectations or without.
fn recorded(scenarios: &[Scenario], expectations: bool) -> Reference {
    Reference::Cassette(tape(scenarios, expectations, |right| right))
}

/// The same of somebody who answers with what `change` makes of the right answers.
fn tape(scenarios: &[Scenario], expectations: bool, change: impl Fn(HttpAnswer) -> HttpAnswer) -> Arc<Cassette> {
    let (oracle, protocol) = (Oracle::new(CONTRACT.clone()), protocol_of(&CONTRACT).unwrap());
    let header = Header {
        service: "things".into(),
        contract: contract_hash(&CONTRACT),
        provenance: Provenance::Documented,
        updated: None,
        profile: None,
        tool: "test".into(),
        seed: None,
        settings: [].into(),
    };
    let mut writer = Writer::create(Vec::new(), header).unwrap();
    for scenario in scenarios {
        let (mut state, token) = (State::default(), "old0001");
        let mut redactor = Redactor::new(token);
        for step in &scenario.steps {
            let call = resolve(&step.call, &Names::new(token)).unwrap();
            let due = oracle.expect(&state, &call);
            let answer = oracle.answer(&mut state, &call);
            let answer = change(protocol.encode_response(&CONTRACT, &call.operation, &answer, "id"));
            let exchange = Exchange {
                request: protocol.encode_request(&CONTRACT, &call),
                observation: protocol.decode_response(&CONTRACT, &call.operation, &answer),
                answer: Some(answer),
            };
            let position = Position::new(&*scenario.path, &*step.name);
            let clean = redactor.redact(&exchange);
            let due = expectations.then(|| redactor.redact_expectation(&due).unwrap());
            writer.write(position, clean, due).unwrap();
        }
    }
    let bytes = writer.finish().unwrap();
    Arc::new(Cassette::read(&*bytes).unwrap())
}

#[test]
fn a_cassette_of_answers_is_as_good_as_who_gave_them() {
    let report = against(recorded(&[life("one")], false), Memory::honest(), vec![life("one")]);
    assert_eq!((report.summary.agree, report.summary.steps), (4, 4), "{report:#?}");
    let target = Memory::with(|_, right| silent_description(right));
    let report = against(recorded(&[life("one")], false), target, vec![life("one")]);
    assert_eq!(report.summary.diverge, 1);
}

#[test]
fn a_cassette_of_expectations_is_as_good_as_the_documentation() {
    let report = against(recorded(&[life("one")], true), Memory::honest(), vec![life("one")]);
    assert_eq!((report.summary.agree, report.summary.steps), (4, 4), "{report:#?}");
    let target = Memory::with(|_, right| silent_description(right));
    let report = against(recorded(&[life("one")], true), target, vec![life("one")]);
    assert_eq!(report.summary.diverge, 1);
}

#[test]
fn what_a_cassette_does_not_hold_is_inconclusive_and_named() {
    let report = against(recorded(&[life("one")], true), Memory::honest(), vec![life("two")]);
    assert_eq!(report.summary.inconclusive, 4);
    let named = |step: &str| {
        report
            .inconclusive
            .contains_key(&format!("the cassette has no answer to two / {step}"))
    };
    assert!(named("create") && named("describe-after"), "{:?}", report.inconclusive);
}

#[test]
fn an_answer_to_another_request_is_no_evidence() {
    let mut changed = life("one");
    changed.steps[1].call = describe("u{run}");
    let report = against(recorded(&[life("one")], true), Memory::honest(), vec![changed]);
    let reason = "the cassette holds the answer to another request at one / describe";
    assert_eq!(report.inconclusive.get(reason), Some(&1), "{:?}", report.inconclusive);
}

#[test]
fn a_live_reference_is_compared_over_all_pages() {
    let mut story = life("one");
    story.steps.truncate(1);
    story.steps.push(Step {
        all_pages: true,
        ..Step::new("list", Call::new("DescribeThings", Value::Map(vec![])))
    });
    // The target shows one thing a page, and forgets the last.
    let target = Memory::with(|call, right| {
        if call.operation == "DescribeThings" && call.input.get("ThingName").is_none() {
            seen(200, Outcome::Success(Value::map([("Things", Value::List(vec![]))])))
        } else {
            right
        }
    });
    let other: Arc<dyn Endpoint> = Memory::honest();
    let report = against(Reference::Endpoint(other), target, vec![story]);
    assert_eq!(report.summary.diverge, 1);
    assert_eq!(report.divergences[0].path, "Things[t{run}]");
    assert_ne!(report.scenarios[0].agree, 0);
}

#[test]
fn a_scenario_stands_to_a_cassette_as_what_is_there_of_it() {
    let cassette = tape(&[life("one")], false, |right| right);
    let stands = |scenario: &Scenario| standing(&CONTRACT, &cassette, scenario);
    assert_eq!(stands(&life("one")), Standing::Whole);
    assert_eq!(stands(&life("two")), Standing::Missing);
    let stale = |step: &str, lack| Standing::Stale {
        step: step.to_owned(),
        lack,
    };
    let mut asks_another = life("one");
    asks_another.steps[1].call = describe("u{run}");
    assert_eq!(stands(&asks_another), stale("describe", Lack::Request));
    let mut asks_more = life("one");
    asks_more.steps.push(Step::new("more", describe("t{run}")));
    assert_eq!(stands(&asks_more), stale("more", Lack::Step));
    let mut asks_less = life("one");
    asks_less.steps.pop();
    assert_eq!(stands(&asks_less), Standing::Whole);
    let failures: [fn(&mut HttpAnswer); 2] = [
        |answer| answer.body = b"<html><h1>Bad gateway</h1></html>".to_vec(),
        |answer| answer.status = 503,
    ];
    for fail in failures {
        let cassette = tape(&[life("one")], false, |mut answer| {
            fail(&mut answer);
            answer
        });
        let found = standing(&CONTRACT, &cassette, &life("one"));
        assert_eq!(found, stale("create", Lack::Answer));
    }
}
