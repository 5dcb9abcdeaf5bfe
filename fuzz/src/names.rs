//! What holds for names: their rules, how they are found again, and how a difference of casing is called.

use std::sync::Arc;

use parallax_contract::{
    Call, CharClass, Confidence, Constraint, Contract, Evidence, Expectation, Expected, Observation, Origin, Pattern,
    Rule, ShapeKind, Value,
};
use parallax_diff::{Bindings, compare};
use parallax_oracle::{Oracle, State};
use parallax_outcome::Kind;

use crate::contracts::BOXES;
use crate::rules::{self, Says};

const CREATE: &str = "CreateBox";
const DESCRIBE: &str = "DescribeBoxes";
const NAME: &str = "BoxName";

/// The oracle judges a name as the rule's second definition does.
pub fn check_rule(which: u8, number: u8, text: &str) {
    let rule = rule(which, number);
    let Some(says) = rules::judge(&rule, text).filter(|_| in_xml(text) && !text.is_empty()) else {
        return;
    };
    if rules::may_meet(text, "default") {
        return;
    }
    let oracle = Oracle::new(Arc::new(with(Some(rule.clone()))));
    let expected = oracle.expect(&State::default(), &create(text)).expected;
    let seen = match expected {
        Expected::Success { .. } => Says::Kept,
        Expected::Refusal(_) => Says::Broken,
        Expected::Open { .. } => Says::Open,
    };
    assert_eq!(seen, says, "{rule:?} on {text:?}");
}

/// What was created under one name is found under it, surely not found under a name that nothing brings together with
/// it, and under no name that some folding brings together with it surely not found.
pub fn check_lookup(given: &str, asked: &str) {
    let empty = |text: &str| text.is_empty() || !in_xml(text) || rules::may_meet(text, "default");
    if empty(given) || empty(asked) {
        return;
    }
    let oracle = Oracle::new(Arc::new(with(None)));
    let mut state = State::default();
    let made = Observation::from(oracle.answer(&mut state, &create(given)));
    let shown = made
        .success()
        .and_then(|output| output.at("Box.BoxName"))
        .and_then(Value::as_text);
    if given.is_ascii() {
        assert_eq!(
            shown,
            Some(&*rules::ascii_lower(given)),
            "what is stored in lower case is shown so"
        );
    }
    let describe = Call::new(DESCRIBE, Value::map([(NAME, Value::text(asked))]));
    let absent = matches!(oracle.expect(&state, &describe).expected, Expected::Refusal(_));
    let same = given == asked || given.is_ascii() && rules::ascii_lower(given) == asked;
    assert!(!(same && absent), "{given:?} is there as {asked:?}");
    assert!(
        !(rules::same_folded(given, asked) && absent),
        "{given:?} may be there as {asked:?}"
    );
    assert!(
        rules::may_meet(given, asked) || absent,
        "{given:?} is not there as {asked:?}"
    );
}

/// Two texts that differ are told apart, and what only differs in casing is called so.
pub fn check_folding(due: &str, seen: &str) {
    let basis = Evidence::basis("the text is due", "a fuzz target", Confidence::Documented);
    let output = |text: &str| Value::map([("Box", Value::map([("Description", Value::text(text))]))]);
    let member = Pattern::Fields(vec![(
        "Description".to_owned(),
        Pattern::exactly(Value::text(due), &basis),
    )]);
    let expectation = Expectation {
        expected: Expected::Success {
            output: Pattern::Fields(vec![("Box".to_owned(), member)]),
            basis,
        },
    };
    let observation = Observation::from(parallax_contract::Answer::Success(output(seen)));
    let comparison = compare(&BOXES, CREATE, &expectation, &observation, &mut Bindings::default());
    let found = comparison
        .differences
        .iter()
        .find(|difference| difference.path == "Box.Description");
    assert_eq!(found.is_some(), due != seen, "{due:?} and {seen:?}");
    if let Some(found) = found.filter(|_| !due.is_empty() && !seen.is_empty()) {
        let cased = found.kind == Kind::Case;
        assert!(
            cased || !rules::same_folded(due, seen),
            "{due:?} and {seen:?} differ in {}",
            found.kind
        );
        assert!(
            !cased || rules::may_meet(due, seen),
            "{due:?} and {seen:?} differ in more than casing"
        );
    }
}

fn create(name: &str) -> Call {
    Call::new(
        CREATE,
        Value::map([(NAME, Value::text(name)), ("Description", Value::text("d"))]),
    )
}

/// The contract with this rule on the name and no other.
fn with(rule: Option<Rule>) -> Contract {
    let mut contract = BOXES.clone();
    let constraint = rule.map(|rule| Constraint {
        rule,
        origin: Origin::Model,
        confidence: Confidence::Documented,
        at: NAME.to_owned(),
    });
    for shape in contract.shapes.values_mut() {
        if let ShapeKind::Structure { members } = &mut shape.kind {
            for member in members.iter_mut().filter(|member| member.name == NAME) {
                member.constraints = constraint.iter().cloned().collect();
            }
        }
    }
    contract
}

fn rule(which: u8, number: u8) -> Rule {
    const CLASSES: [CharClass; 8] = [
        CharClass::Letters,
        CharClass::AsciiLetters,
        CharClass::LowercaseLetters,
        CharClass::Digits,
        CharClass::Hyphen,
        CharClass::Period,
        CharClass::Space,
        CharClass::PrintableAscii,
    ];
    let small = u64::from(number % 16);
    match which % 10 {
        0 => Rule::MinLength { min: small },
        1 => Rule::MaxLength { max: small },
        2 => {
            let chosen = CLASSES.iter().enumerate().filter(|(at, _)| number & (1 << at) != 0);
            Rule::Charset {
                classes: chosen.map(|(_, class)| *class).collect(),
            }
        }
        3 => Rule::Without {
            chars: "/\"@ é".to_owned(),
        },
        4 => Rule::FirstLetter,
        5 => Rule::NoTrailingHyphen,
        6 => Rule::NoDoubleHyphen,
        7 => Rule::NotBlank,
        8 => Rule::Reserved {
            words: vec!["Primary".to_owned(), "straße".to_owned()],
        },
        _ => Rule::ForbiddenPrefix {
            prefix: "aws:".to_owned(),
        },
    }
}

/// Whether XML can hold the text; what it cannot hold is open for that alone.
fn in_xml(text: &str) -> bool {
    text.chars()
        .all(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'))
}
