//! Listings of what the scenario made, among what others made.

use parallax_contract::{Forgiven, Forgiveness, Listing, ListingItem, Observation, Pattern, Presence, Value};
use parallax_diff::{Bindings, compare};

use crate::fixture::*;

fn item(id: &str, presence: Presence) -> ListingItem {
    ListingItem {
        ids: vec![id.into()],
        presence,
        pattern: fields([("ThingName", text(id))]),
    }
}

fn listing(items: Vec<ListingItem>) -> Listing {
    Listing {
        member: "Things".into(),
        key: "ThingName".into(),
        items,
        others: true,
        at_most: None,
        marker: Some("Marker".into()),
        basis: documented(),
    }
}

fn page(names: &[&str], marker: Option<&str>) -> Value {
    let element = |name: &&str| Value::map([("ThingName", Value::text(*name))]);
    let mut page = Value::map([("Things", Value::List(names.iter().map(element).collect()))]);
    if let Some(marker) = marker {
        page.set("Marker", Value::text(marker));
    }
    page
}

fn check(listing: Listing, page: Value, expected: &[&str]) {
    let due = success(Pattern::Listing(listing));
    let comparison = compare(
        &CONTRACT,
        "DescribeThings",
        &due,
        &accepted(page),
        &mut Bindings::default(),
    );
    assert_eq!(lines(&comparison), expected);
}

#[test]
fn what_was_made_is_listed_among_others() {
    let due = || listing(vec![item("a", Presence::Required), item("b", Presence::Optional)]);
    check(due(), page(&["z", "a"], None), &[]);
    check(due(), page(&["a", "b"], None), &[]);
    check(
        due(),
        page(&["z", "b"], None),
        &["state error Things[a]: it is listed / it is not listed"],
    );
}

#[test]
fn a_required_element_may_come_on_a_later_page() {
    let due = || listing(vec![item("a", Presence::Required)]);
    check(due(), page(&[], Some("next")), &[]);
    check(
        due(),
        page(&[], Some("")),
        &["state error Things[a]: it is listed / it is not listed"],
    );
}

#[test]
fn what_is_gone_is_not_listed() {
    let due = listing(vec![item("a", Presence::Forbidden)]);
    check(
        due,
        page(&["a"], None),
        &["state error Things[a]: it is not listed / it is listed"],
    );
}

#[test]
fn nothing_is_listed_twice() {
    let due = listing(vec![item("a", Presence::Required)]);
    check(
        due,
        page(&["a", "a"], None),
        &["unexpected error Things[a]: it once / it again"],
    );
}

#[test]
fn others_count_only_where_a_filter_should_have_left_them_out() {
    let due = Listing {
        others: false,
        ..listing(vec![item("a", Presence::Required)])
    };
    check(
        due,
        page(&["a", "b", "c"], None),
        &["unexpected error Things: only what was asked for / others beside it"],
    );
}

#[test]
fn a_page_has_a_limit() {
    let due = Listing {
        at_most: Some(2),
        ..listing(vec![])
    };
    check(due.clone(), page(&["a", "b"], None), &[]);
    check(
        due,
        page(&["a", "b", "c"], None),
        &["value warning Things: at most 2 elements / more"],
    );
}

#[test]
fn an_identifier_in_another_case_is_a_difference_of_case() {
    let due = || listing(vec![item("ab", Presence::Required)]);
    check(
        due(),
        page(&["AB"], None),
        &[r#"case error Things[AB].ThingName: "ab" / "AB""#],
    );
    let mut silent = due();
    silent.items[0].pattern = Pattern::any("any");
    check(
        silent,
        page(&["AB"], None),
        &[r#"case error Things[AB].ThingName: "ab" / "AB""#],
    );
}

#[test]
fn another_name_that_begins_alike_is_somebody_elses() {
    let due = listing(vec![item("abc", Presence::Required)]);
    check(
        due,
        page(&["ab"], None),
        &["state error Things[abc]: it is listed / it is not listed"],
    );
}

#[test]
fn what_others_made_is_nobodys_divergence() {
    let mut page = page(&["z", "a"], None);
    let Value::Map(fields) = &mut page else {
        panic!("{page:?}")
    };
    let Value::List(things) = &mut fields[0].1 else {
        panic!("{fields:?}")
    };
    for thing in things {
        thing.set("Size", Value::text("many"));
    }
    let forgiven = |path: &str| Forgiven {
        what: Forgiveness::Scalar,
        path: path.into(),
        detail: "this".into(),
    };
    let seen = Observation {
        forgiven: vec![forgiven("Things.0.Description"), forgiven("Things.1.Description")],
        ..accepted(page)
    };
    let due = success(Pattern::Listing(listing(vec![item("a", Presence::Required)])));
    let comparison = compare(&CONTRACT, "DescribeThings", &due, &seen, &mut Bindings::default());
    assert_eq!(
        lines(&comparison),
        [
            r#"type error Things[a].Size: a whole number of 32 bits / "many""#,
            "type warning Things[a].Description: the protocol's form / this",
        ]
    );
}

#[test]
fn what_is_no_list_is_of_the_wrong_type() {
    let page = Value::map([("Things", Value::text("none"))]);
    check(listing(vec![]), page, &[r#"type error Things: a list / "none""#]);
}
