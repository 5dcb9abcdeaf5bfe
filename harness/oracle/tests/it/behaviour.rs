//! What the oracle expects, behaviour by behaviour.

use parallax_contract::{Call, Outcome, Pattern, Presence, Tweak, Value};

use crate::shelf::{
    Shelf, add, arn, authorize, create, delete, describe, describe_all, list, lost, refused, remove, revoke, tags,
};

#[test]
fn a_name_is_judged_by_its_rules_and_contested_points_are_open() {
    for (name, expected) in [
        ("plain", "accepted"),
        ("Mixed", "accepted"),
        ("eightttt", "accepted"),
        ("nineninee", "refused InvalidParameterValue"),
        ("a b", "refused InvalidParameterValue"),
        ("Default", "refused InvalidParameterValue|BoxAlreadyExists"),
        ("a-b", "open InvalidParameterValue"),
        ("a-b.", "refused InvalidParameterValue"),
        ("é", "open InvalidParameterValue"),
        ("", "open InvalidParameterValue|MissingParameter"),
    ] {
        Shelf::new().check(&create(name), expected);
    }
}

#[test]
fn a_required_member_that_is_missing_is_refused_and_null_is_open() {
    let missing = Call::new("CreateBox", Value::map([("BoxName", Value::text("a"))]));
    Shelf::new().check(&missing, "refused InvalidParameterValue|MissingParameter");
    let null = Call::new(
        "CreateBox",
        Value::map([("BoxName", Value::text("a")), ("Description", Value::Null)]),
    );
    Shelf::new().check(&null, "open InvalidParameterValue|MissingParameter");
}

#[test]
fn an_identifier_is_found_as_given_and_in_lower_case_and_open_in_another_casing() {
    let shelf = Shelf::new().after(&[create("MixedOne")]);
    shelf.check(&describe("MixedOne"), "accepted");
    shelf.check(&describe("mixedone"), "accepted");
    shelf.check(&describe("MIXEDONE"), "open BoxNotFound");
    shelf.check(&describe("other"), "refused BoxNotFound");
    shelf.check(&delete("MixedOne"), "accepted");
    shelf.check(&delete("MIXEDONE"), "open BoxNotFound");
}

#[test]
fn a_duplicate_is_refused_in_every_casing() {
    let shelf = Shelf::new().after(&[create("MixedOne")]);
    for name in ["MixedOne", "mixedone", "MIXEDONE"] {
        shelf.check(&create(name), "refused BoxAlreadyExists");
    }
}

#[test]
fn what_was_created_is_shown_in_lower_case_with_its_description_as_it_was() {
    let shelf = Shelf::new().after(&[create("MixedOne")]);
    let Pattern::Listing(listing) = shelf.output(&describe("MixedOne")) else {
        panic!("no listing")
    };
    assert!(!listing.others, "a filtered listing holds one");
    let Pattern::Fields(fields) = &listing.items[0].pattern else {
        panic!("no fields")
    };
    let exactly = |name: &str| match fields.iter().find(|(field, _)| field == name) {
        Some((_, Pattern::Exactly { value, .. })) => value.clone(),
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(exactly("BoxName"), Value::text("mixedone"));
    assert_eq!(exactly("Description"), Value::text("Some Text"));
}

#[test]
fn an_arn_of_ours_in_another_casing_is_open_down_to_its_first_word() {
    let shelf = Shelf::new().after(&[create("one")]);
    let upper = arn("one").to_uppercase();
    assert!(upper.starts_with("ARN:"));
    shelf.check(&list(&upper), "open");
    shelf.check(&list(&upper[4..]), "refused InvalidARN");
}

#[test]
fn what_was_deleted_is_gone_and_can_be_made_again() {
    let shelf = Shelf::new().after(&[create("one"), delete("one")]);
    shelf.check(&describe("one"), "refused BoxNotFound");
    shelf.check(&delete("one"), "refused BoxNotFound");
    shelf.check(&create("one"), "accepted");
    let Pattern::Listing(listing) = shelf.output(&describe_all(None, None)) else {
        panic!("no listing")
    };
    assert_eq!(listing.items[0].presence, Presence::Forbidden);
}

#[test]
fn the_built_in_instance_may_exist_and_is_never_deleted() {
    let shelf = Shelf::new();
    shelf.check(&describe("default"), "open BoxNotFound|InvalidParameterValue");
    shelf.check(&delete("default"), "refused BoxNotFound|InvalidParameterValue");
}

#[test]
fn a_lost_creation_leaves_open_whether_it_exists() {
    let shelf = Shelf::new().saw(&create("one"), lost());
    shelf.check(&describe("one"), "open BoxNotFound");
    assert_eq!(shelf.oracle.leftovers(&shelf.state), [delete("one")]);
}

#[test]
fn an_accepted_open_point_is_followed() {
    let shown = Value::map([("Box", Value::map([("BoxName", Value::text("a-b"))]))]);
    let shelf = Shelf::new().saw(&create("a-b"), Outcome::Success(shown));
    shelf.check(&describe("a-b"), "accepted");
    let shelf = Shelf::new().saw(&create("a-b"), refused("InvalidParameterValue"));
    shelf.check(&describe("a-b"), "refused BoxNotFound|InvalidParameterValue");
}

#[test]
fn what_an_endpoint_denies_is_no_longer_sure() {
    let shelf = Shelf::new()
        .after(&[create("one")])
        .saw(&describe("one"), refused("BoxNotFound"));
    shelf.check(&describe("one"), "open BoxNotFound");
}

#[test]
fn tags_are_added_overwritten_and_removed_by_exact_key() {
    let shelf = Shelf::new().after(&[
        create("one"),
        add(&arn("one"), &[("K", "1")]),
        add(&arn("one"), &[("k", "2")]),
    ]);
    shelf.check(&add(&arn("one"), &[("third", "3")]), "refused TooManyTags");
    shelf.check(&add(&arn("one"), &[("K", "new")]), "accepted");
    shelf.check(&remove(&arn("one"), &["K"]), "accepted");
    shelf.check(&remove(&arn("one"), &["absent"]), "refused TagNotFound");
    shelf.check(&remove(&arn("one"), &["K", "absent"]), "open TagNotFound");
    shelf.check(&add(&arn("one"), &[("a", "1"), ("a", "2")]), "open");
    let Pattern::Fields(fields) = shelf.output(&list(&arn("one"))) else {
        panic!("no fields")
    };
    let Pattern::Bag { items, .. } = &fields[0].1 else {
        panic!("no bag")
    };
    assert_eq!(items.len(), 2);
}

#[test]
fn tags_of_what_is_not_there_are_refused() {
    let shelf = Shelf::new().after(&[create("one"), create("two"), delete("one")]);
    shelf.check(&list(&arn("one")), "refused BoxNotFound");
    shelf.check(&list(&arn("never")), "refused BoxNotFound");
    shelf.check(&list("no arn"), "refused InvalidARN");
    shelf.check(&list("arn:aws:other:us-east-1:123456789012:thing:x"), "open");
}

#[test]
fn too_many_tags_at_creation_are_refused() {
    let mut call = create("one");
    call.input.set("Tags", tags(&[("a", "1"), ("b", "2"), ("c", "3")]));
    Shelf::new().check(&call, "refused TooManyTags");
}

#[test]
fn a_permission_is_given_once_and_revoked_once() {
    let shelf = Shelf::new().after(&[create("one")]);
    shelf.check(&revoke("one", "x"), "refused GrantNotFound");
    shelf.check(&authorize("none", "x"), "refused BoxNotFound");
    let shelf = shelf.after(&[authorize("one", "x")]);
    shelf.check(&authorize("one", "x"), "refused GrantAlreadyExists");
    shelf.check(&authorize("ONE", "y"), "open BoxNotFound|InvalidParameterValue");
    shelf.check(&revoke("one", "x"), "accepted");
}

#[test]
fn pages_are_followed_to_the_end_without_repetition() {
    let mut shelf = Shelf::new().after(&[create("a"), create("b"), create("c")]);
    let first = shelf.oracle.answer(&mut shelf.state, &describe_all(Some(2), None));
    let parallax_contract::Answer::Success(first) = first else {
        panic!("refused")
    };
    let marker = first.get("Marker").and_then(Value::as_text).unwrap();
    let Pattern::Listing(listing) = shelf.output(&describe_all(Some(2), Some(marker))) else {
        panic!("no listing")
    };
    let presences: Vec<_> = listing
        .items
        .iter()
        .map(|item| (item.ids[0].as_str(), item.presence))
        .collect();
    let (no, yes) = (Presence::Forbidden, Presence::Required);
    assert_eq!(presences, [("a", no), ("b", no), ("c", yes)]);
    shelf.check(&describe_all(None, Some("never given out")), "open");
    shelf.check(&describe_all(Some(1), None), "refused InvalidParameterValue");
}

#[test]
fn departures_from_the_protocol_are_refused_open_or_nothing() {
    let shelf = Shelf::new();
    for (tweak, expected) in [
        (Tweak::Get, "accepted"),
        (Tweak::OtherSpace, "accepted"),
        (Tweak::Action(Some("Nonsense".into())), "refused InvalidAction"),
        (
            Tweak::Action(Some("createbox".into())),
            "open InvalidAction|BoxAlreadyExists|TooManyTags|InvalidParameterValue|MissingParameter",
        ),
        (Tweak::Action(None), "open MissingAction|InvalidAction"),
        (Tweak::Version(Some("1999-01-01".into())), "open"),
        (Tweak::Param("BoxName".into(), "b".into()), "open"),
        (Tweak::Raw("%zz".into()), "open"),
    ] {
        shelf.check(&create("a").tweak(tweak), expected);
    }
}

#[test]
fn a_structure_that_leaves_no_trace_in_the_request_leaves_everything_open() {
    let shelf = Shelf::new();
    let tag = |fields: &[(&str, &str)]| Value::map(fields.iter().map(|(name, value)| (*name, Value::text(*value))));
    let full = tag(&[("Key", "k"), ("Value", "v")]);
    for (tags, expected) in [
        (vec![full.clone()], "accepted"),
        (vec![tag(&[]), full.clone()], "open"),
        (vec![full, tag(&[])], "open"),
    ] {
        let mut call = create("a");
        let Value::Map(fields) = &mut call.input else { panic!() };
        fields.push(("Tags".into(), Value::List(tags)));
        shelf.check(&call, expected);
    }
}
