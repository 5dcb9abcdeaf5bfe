//! What must stay open because the sources differ, or say nothing.

use parallax_contract::{
    Call, Confidence, Constraint, Evidence, ListForm, Origin, Outcome, Rule, ShapeKind, Tweak, Value,
};

use crate::shelf::{Shelf, add, arn, create, delete, describe, list, refused, remove};

fn described(name: &str, text: &str) -> Call {
    let fields = [("BoxName", Value::text(name)), ("Description", Value::text(text))];
    Call::new("CreateBox", Value::map(fields))
}

fn made(name: &str) -> Outcome {
    Outcome::Success(Value::map([("Box", Value::map([("BoxName", Value::text(name))]))]))
}

#[test]
fn an_identifier_that_was_seen_not_to_be_found_as_given_is_surely_found_as_stored_alone() {
    let seen = |contract: &mut parallax_contract::Contract| {
        let fact = Evidence {
            fact: "not found as given".into(),
            source: "somebody's trace".into(),
            confidence: Confidence::Recorded,
        };
        contract.resources.get_mut("Box").unwrap().stored_form = Some(fact);
    };
    let shelf = Shelf::but(seen).after(&[create("MixedOne")]);
    shelf.check(&describe("MixedOne"), "open BoxNotFound");
    shelf.check(&delete("MixedOne"), "open BoxNotFound");
    shelf.check(&describe("mixedone"), "accepted");
    shelf.check(&delete("mixedone"), "accepted");
    shelf.check(&create("MixedOne"), "refused BoxAlreadyExists");
    let shelf = Shelf::but(seen).after(&[create("lower")]);
    shelf.check(&describe("lower"), "accepted");
}

#[test]
fn what_is_cleaned_up_is_deleted_by_both_spellings_that_may_find_it() {
    let shelf = Shelf::new().after(&[create("MixedOne"), create("lower")]);
    assert_eq!(
        shelf.oracle.leftovers(&shelf.state),
        [delete("lower"), delete("MixedOne"), delete("mixedone")]
    );
}

#[test]
fn a_name_that_came_back_wrong_does_not_become_the_name_where_lists_alone_were_unclear() {
    let unclear = create("one").tweak(Tweak::Lists(ListForm::Gaps));
    let shelf = Shelf::new().saw(&unclear, made("other"));
    shelf.check(&describe("one"), "open BoxNotFound");
    shelf.check(&describe("other"), "refused BoxNotFound");
}

#[test]
fn a_name_that_was_given_twice_may_be_either() {
    let twice = create("one").tweak(Tweak::Param("BoxName".into(), "other".into()));
    let shelf = Shelf::new().saw(&twice, made("other"));
    for name in ["one", "other"] {
        shelf.check(&describe(name), "open BoxNotFound");
    }
    shelf.check(&describe("third"), "refused BoxNotFound");
    assert_eq!(shelf.oracle.leftovers(&shelf.state).len(), 2);
}

#[test]
fn an_empty_list_may_be_refused_before_its_arn_is_looked_at() {
    let shelf = Shelf::new().after(&[create("one")]);
    shelf.check(&remove("nonsense", &["a"]), "refused InvalidARN");
    shelf.check(&remove("nonsense", &[]), "refused");
    shelf.check(&add("nonsense", &[]), "refused");
    shelf.check(&remove(&arn("one"), &[]), "open");
    shelf.check(&add(&arn("one"), &[]), "open");
    shelf.check(&list("nonsense"), "refused InvalidARN");
}

#[test]
fn an_empty_element_may_be_called_invalid() {
    let shelf = Shelf::new().after(&[create("one")]);
    shelf.check(&remove(&arn("one"), &["absent"]), "refused TagNotFound");
    shelf.check(
        &remove(&arn("one"), &[""]),
        "open InvalidParameterValue|MissingParameter|TagNotFound",
    );
}

#[test]
fn a_rule_of_an_operation_that_declares_no_errors_is_open() {
    let silent = |contract: &mut parallax_contract::Contract| {
        contract.operations.get_mut("CreateBox").unwrap().errors.clear();
    };
    Shelf::new().check(&create("a b"), "refused InvalidParameterValue");
    Shelf::but(silent).check(&create("a b"), "open InvalidParameterValue");
}

#[test]
fn a_rule_of_the_model_itself_may_be_enforced_with_the_common_error_for_it() {
    let modelled = |contract: &mut parallax_contract::Contract| {
        let ShapeKind::Structure { members } = &mut contract.shapes.get_mut("CreateBoxMessage").unwrap().kind else {
            panic!("no structure")
        };
        let member = members.iter_mut().find(|member| member.name == "Description").unwrap();
        member.constraints.push(Constraint {
            rule: Rule::MaxLength { max: 3 },
            origin: Origin::Model,
            confidence: Confidence::Documented,
            at: "Description".into(),
        });
    };
    Shelf::but(modelled).check(
        &described("one", "long"),
        "refused InvalidParameterValue|ValidationError",
    );
}

#[test]
fn what_was_made_without_a_name_is_cleaned_up_by_an_empty_one() {
    let nameless = Call::new("CreateBox", Value::map([("Description", Value::text("x"))]));
    let shelf = Shelf::new().saw(&nameless, made(""));
    assert_eq!(shelf.oracle.leftovers(&shelf.state), [delete("")]);
    let shelf = shelf.saw(&delete(""), Outcome::Success(Value::Map(Vec::new())));
    assert_eq!(shelf.oracle.leftovers(&shelf.state), []);
    let refused_first = Shelf::new().saw(&nameless, refused("InvalidParameterValue"));
    assert_eq!(refused_first.oracle.leftovers(&refused_first.state), []);
}
