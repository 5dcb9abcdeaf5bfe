//! Both answers side by side.

use parallax_contract::{Expectation, Listing, ListingItem, Observation, Pattern, Presence, Value};
use parallax_diff::{Row, aligned};

use crate::fixture::{accepted, documented, error, fields, open, refusal, refused, success, text};

/// The rows as `path: expected / observed`.
fn check(due: &Expectation, seen: &Observation, expected: &[&str]) {
    let line = |row: &Row| format!("{}: {} / {}", row.path, row.expected, row.observed);
    assert_eq!(aligned(due, seen).iter().map(line).collect::<Vec<_>>(), expected);
}

fn named(name: &str) -> Pattern {
    fields([("Name", text(name))])
}

fn element(name: &str) -> Value {
    Value::map([("Name", Value::text(name))])
}

#[test]
fn members_stand_beside_what_was_due_and_the_rest_behind() {
    let due = fields([("Name", text("a")), ("Size", text("1"))]);
    let seen = Value::map([("Extra", Value::Int(3)), ("Name", Value::text("A"))]);
    check(
        &success(due),
        &accepted(seen),
        &[
            ": accepted / accepted",
            "Name: \"a\" / \"A\"",
            "Size: \"1\" / nothing",
            "Extra: unspecified / 3",
        ],
    );
}

#[test]
fn elements_of_a_list_stand_beside_those_with_their_key() {
    let due = Pattern::Bag {
        key: "Name".into(),
        items: vec![named("a"), named("b"), named("c")],
        optional: vec![],
        basis: documented(),
    };
    let seen = Value::List(vec![element("B"), element("a"), element("x")]);
    check(
        &success(fields([("Things", due)])),
        &accepted(Value::map([("Things", seen)])),
        &[
            ": accepted / accepted",
            "Things[a].Name: \"a\" / \"a\"",
            "Things[b].Name: \"b\" / \"B\"",
            "Things[c].Name: \"c\" / nothing",
            "Things[x]: nothing / {Name: \"x\"}",
        ],
    );
}

#[test]
fn what_others_made_is_only_counted() {
    let item = |id: &str, presence| ListingItem {
        ids: vec![id.into()],
        presence,
        pattern: named(id),
    };
    let due = Pattern::Listing(Listing {
        member: "Things".into(),
        key: "Name".into(),
        items: vec![
            item("a", Presence::Required),
            item("b", Presence::Required),
            item("c", Presence::Forbidden),
        ],
        others: true,
        at_most: None,
        marker: None,
        basis: documented(),
    });
    let seen = Value::List(["c", "x", "A", "y"].map(element).into());
    check(
        &success(due),
        &accepted(Value::map([("Things", seen)])),
        &[
            ": accepted / accepted",
            "Things[A].Name: \"a\" / \"A\"",
            "Things[b]: it is listed / it is not listed",
            "Things[c]: it is not listed / it is listed",
            "Things: unspecified / 2 others",
        ],
    );
}

#[test]
fn a_refusal_stands_beside_the_codes_that_are_right() {
    let seen = error("NotFound", 404, "no such thing");
    let rest = [
        "Error.Type: unspecified / \"Sender\"",
        "Error.Message: unspecified / \"no such thing\"",
    ];
    let outcome = "refused: NotFound (404): \"no such thing\"";
    check(
        &refused(refusal(&["Invalid", "Quota"])),
        &seen,
        &[
            &format!(": refused: Invalid or Quota / {outcome}"),
            "Error.Code: \"Invalid\" or \"Quota\" / \"NotFound\"",
            rest[0],
            rest[1],
        ],
    );
    check(
        &open(Pattern::any("?"), refusal(&[])),
        &seen,
        &[
            &format!(": unspecified: the sources disagree / {outcome}"),
            "Error.Code: unspecified / \"NotFound\"",
            rest[0],
            rest[1],
        ],
    );
}

#[test]
fn a_long_answer_ends_with_a_word_on_it() {
    let seen = Value::map((0..1000).map(|at| (format!("M{at}"), Value::Int(at))));
    let rows = aligned(&success(fields([])), &accepted(seen));
    let last = rows.last().unwrap();
    assert_eq!((rows.len(), last.path.as_str()), (250, "…"));
}
