//! Patterns along values, and the declared shape beyond them.

use parallax_contract::{Pattern, Piece, Value};
use parallax_diff::{Bindings, compare};
use parallax_outcome::Verdict;

use crate::fixture::*;

/// A creation whose thing has one member under test.
fn check_member(name: &str, due: Pattern, seen: Option<Value>, expected: &[&str]) {
    let output = match seen {
        Some(seen) => Value::map([("Thing", Value::map([(name, seen)]))]),
        None => thing([]),
    };
    check(
        &success(fields([("Thing", fields([(name, due)]))])),
        &accepted(output),
        expected,
    );
}

fn check_text(due: &str, seen: &str, expected: &[&str]) {
    check_member("Description", text(due), Some(Value::text(seen)), expected);
}

#[test]
fn texts_are_compared_to_the_character() {
    check_text("a", "a", &[]);
    check_text("Ab", "ab", &[r#"case error Thing.Description: "Ab" / "ab""#]);
    check_text(" a", "a", &[r#"whitespace error Thing.Description: " a" / "a""#]);
    check_text("abc", "ab", &[r#"truncated error Thing.Description: "abc" / "ab""#]);
    check_text(
        "<a>",
        "&lt;a&gt;",
        &[r#"escaped error Thing.Description: "<a>" / "&lt;a&gt;""#],
    );
    check_text("a", "b", &[r#"value error Thing.Description: "a" / "b""#]);
}

#[test]
fn empty_text_and_absence_differ_but_lightly() {
    check_member(
        "Description",
        text(""),
        None,
        &[r#"null-empty warning Thing.Description: "" / nothing"#],
    );
    let absent = Pattern::Absent { basis: documented() };
    let seen = Some(Value::text(""));
    check_member(
        "Description",
        absent,
        seen,
        &[r#"null-empty warning Thing.Description: nothing / """#],
    );
    check_member(
        "Description",
        text("a"),
        None,
        &[r#"missing error Thing.Description: "a" / nothing"#],
    );
}

#[test]
fn an_empty_list_and_an_absent_one_are_the_same() {
    check_member("Tags", exactly(Value::List(vec![])), None, &[]);
    check_member(
        "Tags",
        Pattern::Absent { basis: documented() },
        Some(Value::List(vec![])),
        &[],
    );
    let bag = Pattern::Bag {
        key: "Key".into(),
        items: vec![],
        optional: vec![],
        basis: documented(),
    };
    check_member("Tags", bag, None, &[]);
}

#[test]
fn one_of_several_takes_each_and_names_all() {
    let due = || Pattern::OneOf {
        values: vec![Value::text("a"), Value::Null],
        basis: documented(),
    };
    check_member("Description", due(), Some(Value::text("a")), &[]);
    check_member("Description", due(), None, &[]);
    let seen = Some(Value::text("A"));
    check_member(
        "Description",
        due(),
        seen,
        &[r#"case error Thing.Description: one of "a", nothing / "A""#],
    );
}

#[test]
fn a_missing_structure_is_one_difference() {
    let due = success(fields([(
        "Thing",
        fields([("ThingName", text("a")), ("Description", text("b"))]),
    )]));
    let expected = ["missing error Thing: a structure with ThingName / nothing"];
    check(&due, &accepted(Value::map::<&str>([])), &expected);
}

#[test]
fn an_exact_list_has_an_order() {
    let list = |items: &[&str]| Value::List(items.iter().map(|item| Value::text(*item)).collect());
    check_member("Zones", exactly(list(&["a", "b"])), Some(list(&["a", "b"])), &[]);
    let swapped = [r#"order warning Thing.Zones: ["a", "b"] / ["b", "a"]"#];
    check_member("Zones", exactly(list(&["a", "b"])), Some(list(&["b", "a"])), &swapped);
    let longer = [r#"unexpected warning Thing.Zones[1]: nothing / "b""#];
    check_member("Zones", exactly(list(&["a"])), Some(list(&["a", "b"])), &longer);
}

#[test]
fn a_number_and_its_text_are_the_same() {
    check_member("Size", text("5"), Some(Value::Int(5)), &[]);
    check_member("Shiny", text("true"), Some(Value::Bool(true)), &[]);
    check_member(
        "Size",
        exactly(Value::Int(5)),
        Some(Value::Int(6)),
        &["value error Thing.Size: 5 / 6"],
    );
}

#[test]
fn what_nobody_asked_about_must_still_be_of_its_declared_type() {
    let any = || Pattern::any("any");
    let wrong = [r#"type error Thing.Size: a whole number of 32 bits / "many""#];
    check_member("Size", any(), Some(Value::text("many")), &wrong);
    let wrong = [r#"type error Thing.Created: a point in time / "soon""#];
    check_member("Created", any(), Some(Value::text("soon")), &wrong);
    check_member("Created", any(), Some(Value::Timestamp(0.0)), &[]);
    let new = [r#"value note Thing.State: one of active, gone / "resting""#];
    check_member("State", any(), Some(Value::text("resting")), &new);
}

#[test]
fn one_wrong_member_is_told_once() {
    let wrong = [r#"type error Thing.Size: 5 / "many""#];
    check_member("Size", exactly(Value::Int(5)), Some(Value::text("many")), &wrong);
}

fn bag(items: &[(&str, &str)]) -> Pattern {
    let item = |(key, value): &(&str, &str)| fields([("Key", text(key)), ("Value", text(value))]);
    let items = items.iter().map(item).collect();
    Pattern::Bag {
        key: "Key".into(),
        items,
        optional: vec![],
        basis: documented(),
    }
}

fn tags(items: &[(&str, &str)]) -> Option<Value> {
    let item = |(key, value): &(&str, &str)| Value::map([("Key", Value::text(*key)), ("Value", Value::text(*value))]);
    Some(Value::List(items.iter().map(item).collect()))
}

#[test]
fn a_bag_has_no_order_but_exact_elements() {
    check_member(
        "Tags",
        bag(&[("a", "1"), ("b", "2")]),
        tags(&[("b", "2"), ("a", "1")]),
        &[],
    );
    check_member(
        "Tags",
        bag(&[("a", "1"), ("b", "2")]),
        tags(&[("a", "x"), ("c", "2")]),
        &[
            r#"value error Thing.Tags[a].Value: "1" / "x""#,
            r#"unexpected error Thing.Tags[c]: nothing / {Key: "c", Value: "2"}"#,
            r#"missing error Thing.Tags[b]: "b" / nothing"#,
        ],
    );
}

#[test]
fn a_bag_counts_duplicates() {
    check_member(
        "Tags",
        bag(&[("a", "1"), ("a", "2")]),
        tags(&[("a", "1"), ("a", "2")]),
        &[],
    );
    let twice = [r#"unexpected error Thing.Tags[a]: nothing / {Key: "a", Value: "1"}"#];
    check_member("Tags", bag(&[("a", "1")]), tags(&[("a", "1"), ("a", "1")]), &twice);
}

#[test]
fn elements_of_one_key_go_to_the_pattern_that_fits() {
    check_member(
        "Tags",
        bag(&[("a", "1"), ("a", "2")]),
        tags(&[("a", "2"), ("a", "1")]),
        &[],
    );
    let third = [r#"value error Thing.Tags[a].Value: "1" / "3""#];
    check_member(
        "Tags",
        bag(&[("a", "1"), ("a", "2")]),
        tags(&[("a", "3"), ("a", "2")]),
        &third,
    );
}

#[test]
fn optional_elements_may_be_there_but_not_otherwise() {
    let with = || match bag(&[("a", "1"), ("b", "2")]) {
        Pattern::Bag {
            key, mut items, basis, ..
        } => {
            let optional = items.split_off(1);
            Pattern::Bag {
                key,
                items,
                optional,
                basis,
            }
        }
        other => other,
    };
    check_member("Tags", with(), tags(&[("a", "1")]), &[]);
    check_member("Tags", with(), tags(&[("b", "2"), ("a", "1")]), &[]);
    let wrong = [r#"value error Thing.Tags[b].Value: "2" / "x""#];
    check_member("Tags", with(), tags(&[("a", "1"), ("b", "x")]), &wrong);
}

#[test]
fn a_key_written_otherwise_is_the_same_element() {
    let expected = [r#"case error Thing.Tags[key].Key: "Key" / "key""#];
    check_member("Tags", bag(&[("Key", "1")]), tags(&[("key", "1")]), &expected);
}

#[test]
fn an_identity_is_bound_by_the_first_sight() {
    let literal = |text: &str| Piece::Literal(text.into());
    let template = Pattern::Template {
        pieces: vec![literal("arn:"), Piece::Bound("account".into()), literal(":thing:a")],
        basis: documented(),
    };
    let due = success(fields([("Thing", fields([("ARN", template)]))]));
    let mut bindings = Bindings::default();
    let mut see = |arn: &str| {
        let seen = accepted(thing([("ARN", Value::text(arn))]));
        let comparison = compare(&CONTRACT, "CreateThing", &due, &seen, &mut bindings);
        (comparison.verdict == Verdict::Agree, lines(&comparison))
    };
    assert!(see("arn:123456789012:thing:a").0);
    assert!(see("arn:123456789012:thing:a").0);
    let other = r#"value error Thing.ARN: "arn:{account=123456789012}:thing:a" / "arn:000000000000:thing:a""#;
    assert_eq!(see("arn:000000000000:thing:a").1, [other]);
    let upper = r#"case error Thing.ARN: "arn:{account=123456789012}:thing:a" / "arn:123456789012:thing:A""#;
    assert_eq!(see("arn:123456789012:thing:A").1, [upper]);
}
