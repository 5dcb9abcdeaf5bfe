use parallax_contract::{Call, Tweak, Value};
use parallax_scenario::reduce::{candidates, measure};
use parallax_scenario::{Generator, Options, Reducer, Scenario, Step, derive, reduce};
use proptest::prelude::*;

use crate::derived::unresolved;
use crate::library::contract;

fn scenario(steps: Vec<Step>) -> Scenario {
    Scenario {
        path: "a".to_owned(),
        resource: None,
        steps,
        exclusive: false,
    }
}

fn step(name: &str, operation: &str, fields: &[(&str, &str)]) -> Step {
    let fields = fields.iter().map(|(name, text)| (*name, Value::text(*text)));
    Step::new(name, Call::new(operation, Value::map(fields)))
}

/// The operations and inputs of what is left.
fn shown(scenario: &Scenario) -> Vec<String> {
    let show = |step: &Step| {
        format!(
            "{} {}",
            step.call.operation,
            serde_json::to_string(&step.call.input).expect("JSON")
        )
    };
    scenario.steps.iter().map(show).collect()
}

#[test]
fn what_needs_a_capture_goes_with_the_step_that_captures() {
    let given = scenario(vec![
        step("1", "Create", &[("Name", "px{run}")]).capture("arn", "Arn"),
        step("2", "Tags", &[("Arn", "{arn:lower}")]),
        step("3", "Ping", &[]),
    ]);
    let least = reduce(
        given,
        |scenario| scenario.steps.iter().any(|step| step.call.operation == "Ping"),
        100,
    );
    assert_eq!(shown(&least), ["Ping {}"]);
}

#[test]
fn a_step_that_is_needed_keeps_the_one_that_it_depends_on() {
    let given = scenario(vec![
        step("1", "Create", &[("Name", "px{run}"), ("Text", "long text")]).capture("arn", "Arn"),
        step("2", "Describe", &[]),
        step("3", "Tags", &[("Arn", "{arn:lower}")]),
    ]);
    let tagged = |step: &Step| step.call.input.get("Arn").is_some();
    let least = reduce(given, |scenario| scenario.steps.iter().any(tagged), 200);
    assert_eq!(shown(&least), [r#"Tags {"Arn":""}"#]);
}

#[test]
fn a_name_is_shortened_wherever_it_stands_at_once_and_keeps_the_token() {
    let given = scenario(vec![
        step("1", "Create", &[("Name", "prefixÉ{run}suffix")]),
        step("2", "Describe", &[("Name", "prefixÉ{run}suffix")]),
    ]);
    let same = |scenario: &Scenario| {
        let names: Vec<_> = scenario.steps.iter().map(|step| step.call.input.get("Name")).collect();
        matches!(names[..], [Some(Value::Text(a)), Some(Value::Text(b))] if a == b && a.contains('É'))
    };
    let least = reduce(given, same, 500);
    assert_eq!(
        shown(&least),
        [r#"Create {"Name":"É{run}"}"#, r#"Describe {"Name":"É{run}"}"#]
    );
}

#[test]
fn a_length_is_found_to_the_character() {
    let given = scenario(vec![step("1", "Create", &[("Text", "p{é*300}x")])]);
    let long = |scenario: &Scenario| measure(scenario).length >= 65;
    assert_eq!(shown(&reduce(given, long, 500)), [r#"Create {"Text":"{a*65}"}"#]);
}

#[test]
fn numbers_flags_departures_and_elements_go_too() {
    let mut call = Call::new(
        "List",
        Value::map([("Most", Value::Int(-100)), ("Hard", Value::Bool(true))]),
    );
    call.input.set("Keys", Value::List((0..9).map(Value::Int).collect()));
    let mut step = Step::new("1", call.tweak(Tweak::Get)).capture("id", "Id");
    step.all_pages = true;
    let mut given = scenario(vec![step]);
    given.exclusive = true;
    let needed = |scenario: &Scenario| {
        let input = &scenario.steps[0].call.input;
        let low = matches!(input.get("Most"), Some(Value::Int(number)) if *number <= -7);
        low && input.get("Hard").is_some()
            && input
                .get("Keys")
                .and_then(Value::as_list)
                .is_some_and(|keys| keys.len() > 1)
    };
    let least = reduce(given, needed, 500);
    assert_eq!(shown(&least), [r#"List {"Most":-7,"Hard":false,"Keys":[0,0]}"#]);
    assert!(least.steps[0].captures.is_empty() && least.steps[0].call.tweaks.is_empty());
    assert!(!least.steps[0].all_pages && !least.exclusive);
}

#[test]
fn the_budget_is_kept_and_the_same_reduction_is_made_again() {
    let generator = Generator::new(&contract(), &Options::default());
    let given = generator.nth(1, 3);
    let mut asked = 0;
    let first = reduce(
        given.clone(),
        |_| {
            asked += 1;
            asked % 3 == 0
        },
        20,
    );
    assert_eq!(asked, 20);
    asked = 0;
    assert_eq!(
        reduce(
            given,
            |_| {
                asked += 1;
                asked % 3 == 0
            },
            20
        ),
        first
    );
}

#[test]
fn a_candidate_stays_until_its_verdict() {
    let given = Generator::new(&contract(), &Options::default()).nth(1, 3);
    let mut reducer = Reducer::new(given.clone());
    let first = reducer.next().cloned();
    assert!(first.is_some());
    assert_eq!(reducer.next().cloned(), first);
    reducer.verdict(false);
    assert_ne!(reducer.next().cloned(), first);
    assert_eq!(reducer.into_best(), given);
}

fn check_candidates(scenario: &Scenario) {
    for candidate in candidates(scenario) {
        assert!(measure(&candidate) < measure(scenario), "{candidate:?} of {scenario:?}");
        assert_eq!(unresolved(&candidate), None, "{candidate:?}");
        assert!(!candidate.steps.is_empty());
    }
}

#[test]
fn every_candidate_of_a_derived_scenario_is_less_and_can_be_played() {
    derive(&contract()).iter().step_by(5).for_each(check_candidates);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_candidate_is_less_and_can_be_played(index in any::<u64>()) {
        check_candidates(&Generator::new(&contract(), &Options::default()).nth(5, index));
    }
}
