//! Expectations made of a reference's answers.

use parallax_contract::{ApiError, Contract, Expected, Fault, Malformed, Observation, Outcome, TransportFault, Value};
use parallax_diff::{Bindings, Rename, compare, expectation_from};
use parallax_outcome::Verdict;
use proptest::prelude::*;

use crate::fixture::*;

const RENAME: Rename<'_> = Rename {
    from: "aaaa",
    to: "bbbb",
};

fn check(operation: &str, reference: &Observation, target: &Observation, expected: &[&str]) {
    let due = expectation_from(&CONTRACT, operation, reference, &RENAME);
    let comparison = compare(&CONTRACT, operation, &due, target, &mut Bindings::default());
    assert_eq!(lines(&comparison), expected);
}

fn made(token: &str, account: &str, created: f64, tags: [&str; 2]) -> Observation {
    accepted(thing([
        ("ThingName", Value::text(format!("t-{token}"))),
        ("Description", Value::text(format!("of {}", token.to_uppercase()))),
        ("OwnerId", Value::text(account)),
        (
            "ARN",
            Value::text(format!("arn:aws:things:us-east-1:{account}:thing:t-{token}")),
        ),
        ("Created", Value::Timestamp(created)),
        (
            "Tags",
            Value::List(tags.map(|key| Value::map([("Key", Value::text(key))])).to_vec()),
        ),
    ]))
}

#[test]
fn names_accounts_times_and_order_are_no_difference() {
    let reference = made("aaaa", "123456789012", 1.0, ["x", "y"]);
    check(
        "CreateThing",
        &reference,
        &made("bbbb", "000000000000", 2.0, ["y", "x"]),
        &[],
    );
}

#[test]
fn one_account_has_one_number() {
    let mut target = made("bbbb", "000000000000", 2.0, ["y", "x"]);
    if let Outcome::Success(Value::Map(fields)) = &mut target.outcome {
        fields[0].1.set("OwnerId", Value::text("111111111111"));
    }
    let expected = r#"value error Thing.ARN: "arn:{partition aws}:things:{region us-east-1}:{account 123456789012=111111111111}:thing:t-bbbb" / "arn:aws:things:us-east-1:000000000000:thing:t-bbbb""#;
    check(
        "CreateThing",
        &made("aaaa", "123456789012", 1.0, ["x", "y"]),
        &target,
        &[expected],
    );
}

#[test]
fn the_id_that_ends_an_arn_is_the_endpoints_own() {
    let of = |id: &str| {
        let arn = format!("arn:aws:things:us-east-1:123456789012:thing/{id}");
        accepted(thing([("ARN", Value::text(arn))]))
    };
    let (one, other) = (
        "2b1c8035-b7fa-11e0-9326-b7275b9d4a6c",
        "00000000-0000-4000-8000-000000000000",
    );
    check("CreateThing", &of(one), &of(other), &[]);
    check("CreateThing", &of(one), &of(one), &[]);
}

#[test]
fn an_id_and_a_time_in_a_list_leave_the_rest_to_its_own_pattern() {
    let of = |zones: [&str; 4]| accepted(thing([("Zones", Value::List(zones.map(Value::text).to_vec()))]));
    let one = [
        "2015-02-02T00:00:00Z",
        "2b1c8035-b7fa-11e0-9326-b7275b9d4a6c",
        "arn:aws:t:r:123456789012:x",
        "plain",
    ];
    let other = [
        "plain",
        "arn:aws:t:q:000000000000:x",
        "00000000-0000-4000-8000-000000000000",
        "2026-01-01T00:00:00Z",
    ];
    check("CreateThing", &of(one), &of(other), &[]);
}

#[test]
fn a_reference_refusal_is_held_to_code_and_status() {
    let reference = error("ThingNotFound", 404, "t-aaaa not found");
    check(
        "CreateThing",
        &reference,
        &error("ThingNotFound", 404, "t-bbbb not found"),
        &[],
    );
    check(
        "CreateThing",
        &reference,
        &error("ThingNotFound", 404, "no t-bbbb"),
        &[r#"error-message note Message: "t-bbbb not found" / "no t-bbbb""#],
    );
    check(
        "CreateThing",
        &reference,
        &accepted(thing([])),
        &["outcome error : refused: ThingNotFound / accepted"],
    );
}

#[test]
fn a_reference_that_says_nothing_leaves_the_step_open() {
    let malformed = Malformed {
        why: "an HTML page".into(),
        excerpt: String::new(),
    };
    let silent = [
        error("InvalidParameterValue", 400, "Use of things is not permitted."),
        error("QuotaExceeded.Thing", 400, "x"),
        error("Throttling", 400, "Rate exceeded"),
        error("InternalFailure", 500, "x"),
        observed(200, Outcome::Malformed(malformed)),
        Observation::lost(TransportFault::TimedOut),
    ];
    for reference in silent {
        let due = expectation_from(&CONTRACT, "CreateThing", &reference, &RENAME);
        assert!(matches!(due.expected, Expected::Open { .. }), "{reference:?}");
    }
}

#[test]
fn listings_are_held_to_the_runs_own_names() {
    let page = |names: &[&str]| {
        let element = |name: &&str| Value::map([("ThingName", Value::text(*name))]);
        accepted(Value::map([(
            "Things",
            Value::List(names.iter().map(element).collect()),
        )]))
    };
    check("DescribeThings", &page(&["x", "t-aaaa"]), &page(&["t-bbbb", "y"]), &[]);
    let missing = ["state error Things[t-bbbb]: it is listed / it is not listed"];
    check("DescribeThings", &page(&["x", "t-aaaa"]), &page(&["y"]), &missing);
}

/// Texts that look like what a service sends: names, identities, times, escapes.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9 ]{0,12}",
        any::<String>(),
        Just("123456789012".to_owned()),
        Just("arn:aws:things:eu-west-1:123456789012:thing:aaaa".to_owned()),
        "arn:[a-z]{0,3}:[a-z]{0,3}:[a-z]{0,3}:[0-9]{0,12}:[a-z:/]{0,8}",
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        Just("us-east-1".to_owned()),
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_map(Value::Float),
        any_text().prop_map(Value::Text),
        any::<Vec<u8>>().prop_map(Value::Blob),
        any::<f64>().prop_map(Value::Timestamp),
    ];
    let name = prop_oneof![
        Just("Thing"),
        Just("Things"),
        Just("ThingName"),
        Just("Tags"),
        Just("Key"),
        Just("Value"),
        Just("Marker"),
        Just("State"),
        Just("Port"),
        Just("Zones"),
        Just("Other"),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            prop::collection::btree_map(name.clone(), inner, 0..5).prop_map(Value::map),
        ]
    })
}

fn any_outcome() -> impl Strategy<Value = (u16, Outcome)> {
    let success = any_value().prop_map(|value| match value {
        Value::Map(_) => (200, Outcome::Success(value)),
        other => (200, Outcome::Success(Value::map([("Thing", other)]))),
    });
    let code = prop_oneof![
        Just("ThingNotFound".to_owned()),
        Just("QuotaExceeded.Thing".to_owned()),
        any_text()
    ];
    let fault = prop_oneof![Just(Some(Fault::Sender)), Just(Some(Fault::Receiver))];
    let error = (400_u16..600, code, fault, prop::option::of(any_text()))
        .prop_map(|(status, code, fault, message)| (status, Outcome::Error(ApiError { code, fault, message })));
    prop_oneof![success, error]
}

/// The contract without what it declares of outputs, so that only the expectation speaks.
fn undeclared() -> Contract {
    let mut contract = CONTRACT.clone();
    contract.shapes.clear();
    contract
}

proptest! {
    #[test]
    fn nothing_differs_from_itself((status, outcome) in any_outcome(), describes in any::<bool>()) {
        let operation = if describes { "DescribeThings" } else { "CreateThing" };
        let seen = observed(status, outcome);
        let contract = undeclared();
        let due = expectation_from(&contract, operation, &seen, &Rename { from: "aaaa", to: "aaaa" });
        let comparison = compare(&contract, operation, &due, &seen, &mut Bindings::default());
        // What the reference left open is still held to the contract.
        if !matches!(due.expected, Expected::Open { .. }) {
            prop_assert_eq!(lines(&comparison), Vec::<String>::new());
            prop_assert_eq!(comparison.verdict, Verdict::Agree);
        }
    }

    #[test]
    fn any_two_answers_can_be_compared((_, one) in any_outcome(), (_, other) in any_outcome()) {
        let due = expectation_from(&CONTRACT, "CreateThing", &observed(200, one), &RENAME);
        let comparison = compare(&CONTRACT, "CreateThing", &due, &observed(200, other), &mut Bindings::default());
        for difference in &comparison.differences {
            prop_assert!(!difference.expected.contains('\n') && !difference.observed.contains('\n'));
            prop_assert!(difference.expected != difference.observed, "{:?}", difference);
        }
    }

    #[test]
    fn descriptions_agree_exactly_if_they_are_equal(one in any_text(), other in any_text()) {
        let differ = one != other;
        let due = success(fields([("Thing", fields([("Description", text(&one))]))]));
        let seen = accepted(thing([("Description", Value::Text(other))]));
        prop_assert_eq!(create(&due, &seen).verdict == Verdict::Diverge, differ);
    }
}
