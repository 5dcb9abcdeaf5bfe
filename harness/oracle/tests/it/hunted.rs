//! What no source settles, as hunts on emulators showed.

use std::sync::Arc;

use parallax_contract::{Answer, Call, Contract, Expected, Observation, Pattern, Value};
use parallax_oracle::{Oracle, State};

use crate::meets_itself::CONTRACT;

fn call(operation: &str, fields: &[(&str, Value)]) -> Call {
    Call::new(
        operation,
        Value::map(fields.iter().map(|(name, value)| (*name, value.clone()))),
    )
}

fn user(more: &[(&str, Value)]) -> Call {
    let sure = [
        ("UserId", Value::text("ann")),
        ("UserName", Value::text("ann")),
        ("Engine", Value::text("redis")),
        ("AccessString", Value::text("on ~* +@all")),
    ];
    call("CreateUser", &[&sure[..], more].concat())
}

/// What is due after these calls were answered by the emulator that the oracle makes.
fn due(before: &[Call], call: &Call) -> Expected {
    let oracle = Oracle::new(Arc::new(Contract::from_json(CONTRACT).unwrap()));
    let mut state = State::default();
    for call in before {
        oracle.answer(&mut state, call);
    }
    oracle.expect(&state, call).expected
}

fn check_open(before: &[Call], call: &Call) {
    let due = due(before, call);
    assert!(matches!(due, Expected::Open { .. }), "{call:?}: {due:?}");
}

#[test]
fn a_creation_that_leaves_out_what_a_valid_one_has_is_open() {
    let whole = user(&[("NoPasswordRequired", Value::Bool(true))]);
    assert!(matches!(due(&[], &whole), Expected::Success { .. }));
    check_open(&[], &user(&[]));
}

#[test]
fn a_list_that_is_too_short_for_being_empty_is_open() {
    let users = |users: Vec<Value>| call("DescribeUsers", &[("Filters", Value::List(users))]);
    let filter = Value::map([("Name", Value::text("a")), ("Values", Value::List(Vec::new()))]);
    check_open(&[], &users(vec![filter]));
}

#[test]
fn what_becomes_of_a_number_that_32_bits_cannot_hold_is_open() {
    let most = |number: i64| call("DescribeUsers", &[("MaxRecords", Value::Int(number))]);
    check_open(&[], &most(i64::from(i32::MAX) + 1));
    check_open(&[], &most(i64::from(i32::MIN) - 1));
    let text = call("DescribeUsers", &[("MaxRecords", Value::text("a"))]);
    assert!(matches!(due(&[], &text), Expected::Refusal(_)));
    // A rule that it breaks is broken for all that.
    let snapshots = call(
        "DescribeSnapshots",
        &[("MaxRecords", Value::Int(i64::from(i32::MAX) + 1))],
    );
    assert!(matches!(due(&[], &snapshots), Expected::Refusal(_)));
}

#[test]
fn an_optional_word_that_was_given_empty_is_open_wherever_it_stands() {
    let kind = |text: &str| {
        let mode = Value::map([("Type", Value::text(text))]);
        user(&[("NoPasswordRequired", Value::Bool(true)), ("AuthenticationMode", mode)])
    };
    check_open(&[], &kind(""));
    assert!(matches!(due(&[], &kind("a")), Expected::Refusal(_)));
}

#[test]
fn a_pattern_holds_for_the_whole_text() {
    let named = |id: &str| {
        let mut call = user(&[("NoPasswordRequired", Value::Bool(true))]);
        call.input.set("UserId", Value::text(id));
        call
    };
    assert!(matches!(due(&[], &named("ann-b")), Expected::Success { .. }));
    assert!(matches!(due(&[], &named("ann_b")), Expected::Refusal(_)));
}

#[test]
fn a_marker_beside_a_name_is_open() {
    let whole = user(&[("NoPasswordRequired", Value::Bool(true))]);
    let named = [("UserId", Value::text("ann"))];
    assert!(matches!(
        due(std::slice::from_ref(&whole), &call("DescribeUsers", &named)),
        Expected::Success { .. }
    ));
    let marked = [&named[..], &[("Marker", Value::text("a"))]].concat();
    check_open(&[whole], &call("DescribeUsers", &marked));
}

#[test]
fn how_an_optional_text_is_shown_that_was_given_empty_is_open() {
    let shown = |text: &str| {
        let made = [
            ("ServerlessCacheName", Value::text("a")),
            ("Engine", Value::text("redis")),
            ("Description", Value::text(text)),
        ];
        let (Expected::Open { output, .. } | Expected::Success { output, .. }) =
            due(&[], &call("CreateServerlessCache", &made))
        else {
            panic!("refused")
        };
        format!("{output:?}")
    };
    let echoed = r#"("Description", Exactly"#;
    assert!(shown("a").contains(echoed), "{}", shown("a"));
    assert!(!shown("").contains(echoed), "{}", shown(""));
    assert!(shown("").contains("no source says whether an optional text"));
}

#[test]
fn which_complaint_comes_first_about_a_deletion_of_nothing_that_says_more_is_open() {
    let fields = [
        ("ServerlessCacheName", Value::text("a")),
        ("FinalSnapshotName", Value::text("b")),
    ];
    let codes = |call: &Call| match due(&[], call) {
        Expected::Refusal(refusal) => refusal.codes.len(),
        other => panic!("{other:?}"),
    };
    assert_eq!(codes(&call("DeleteServerlessCache", &fields[..1])), 1);
    assert_eq!(codes(&call("DeleteServerlessCache", &fields)), 0);
}

#[test]
fn two_spellings_that_were_both_taken_may_both_be_listed() {
    let oracle = Oracle::new(Arc::new(Contract::from_json(CONTRACT).unwrap()));
    let mut state = State::default();
    let listed = |state: &State| match oracle.expect(state, &call("DescribeUsers", &[])).expected {
        Expected::Success {
            output: Pattern::Listing(listing),
            ..
        } => listing.items.iter().any(|item| item.ids.contains(&"ann".to_owned())),
        other => panic!("{other:?}"),
    };
    let whole = user(&[("NoPasswordRequired", Value::Bool(true))]);
    let answer = oracle.answer(&mut state, &whole);
    assert!(listed(&state));
    let mut again = whole.clone();
    again.input.set("UserId", Value::text("Ann"));
    oracle.follow(&mut state, &again, &Observation::from(answer));
    assert!(!listed(&state));
}

/// A group of parameters, and the answer to its creation with this ARN in it.
fn group(id: &str, arn: &str) -> (Call, Observation) {
    let call = call(
        "CreateCacheParameterGroup",
        &[
            ("CacheParameterGroupName", Value::text(id)),
            ("CacheParameterGroupFamily", Value::text("redis7")),
            ("Description", Value::text("a")),
        ],
    );
    let shown = Value::map([
        ("CacheParameterGroupName", Value::text(id)),
        (
            "ARN",
            Value::text(format!("arn:aws:elasticache:us-east-1:000000000000:{arn}")),
        ),
    ]);
    let answer = Answer::Success(Value::map([("CacheParameterGroup", shown)]));
    (call, Observation::from(answer))
}

fn tags_of(arn: &str) -> Call {
    let arn = format!("arn:aws:elasticache:us-east-1:000000000000:{arn}");
    call("ListTagsForResource", &[("ResourceName", Value::text(arn))])
}

#[test]
fn of_two_spellings_that_were_both_taken_one_may_be_left_when_the_other_is_deleted() {
    let oracle = Oracle::new(Arc::new(Contract::from_json(CONTRACT).unwrap()));
    let delete = |id: &str| {
        call(
            "DeleteCacheParameterGroup",
            &[("CacheParameterGroupName", Value::text(id))],
        )
    };
    let deleted = Observation::from(Answer::Success(Value::Map(Vec::new())));
    for spellings in [["a\u{30a}b", "A\u{30a}b"], ["ann", "Ann"]] {
        for (first, second) in [(0, 1), (1, 0)] {
            let mut state = State::default();
            for id in spellings {
                let (call, answer) = group(id, &format!("parametergroup:{id}"));
                oracle.follow(&mut state, &call, &answer);
            }
            oracle.follow(&mut state, &delete(spellings[first]), &deleted);
            let due = oracle.expect(&state, &delete(spellings[second])).expected;
            assert!(matches!(due, Expected::Open { .. }), "{spellings:?}: {due:?}");
        }
    }
}

#[test]
fn whom_an_arn_names_is_open_where_it_was_shown_with_another_identifier() {
    let oracle = Oracle::new(Arc::new(Contract::from_json(CONTRACT).unwrap()));
    for (id, shown, surely) in [("a&#65;", "a&#65;", true), ("a&#65;", "aA", false), ("Ab", "ab", true)] {
        let mut state = State::default();
        let (call, answer) = group(id, &format!("parametergroup:{shown}"));
        oracle.follow(&mut state, &call, &answer);
        let due = oracle
            .expect(&state, &tags_of(&format!("parametergroup:{shown}")))
            .expected;
        assert_eq!(matches!(due, Expected::Success { .. }), surely, "{id}: {due:?}");
    }
}

#[test]
fn a_resource_with_a_state_may_be_refused_as_absent_where_its_tags_are_asked_for() {
    let oracle = Oracle::new(Arc::new(Contract::from_json(CONTRACT).unwrap()));
    let mut state = State::default();
    let made = oracle.answer(&mut state, &user(&[("NoPasswordRequired", Value::Bool(true))]));
    let made = Observation::from(made);
    let arn = made.success().and_then(|user| user.get("ARN")).unwrap();
    let list = call("ListTagsForResource", &[("ResourceName", arn.clone())]);
    let Expected::Open { refusal, .. } = oracle.expect(&state, &list).expected else {
        panic!("it is sure");
    };
    assert!(
        refusal.codes.iter().any(|code| code.code == "UserNotFound"),
        "{refusal:?}"
    );
}
