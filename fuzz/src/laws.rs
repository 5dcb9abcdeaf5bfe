//! The laws of comparing.

use parallax_contract::{
    Answer, Confidence, Contract, Evidence, Expectation, Expected, Observation, Pattern, Rule, ShapeKind, Value,
};
use parallax_diff::{Bindings, Rename, compare, expectation_from};
use parallax_outcome::Verdict;
use parallax_scenario::Choose;

use crate::contracts::{SHAPES, THINGS};

/// How deep made-up answers are.
const DEPTH: usize = 4;

/// Members that tell elements apart: a caller gave them, so no endpoint has its own.
const GIVEN: [&str; 2] = ["ThingName", "Key"];

/// Where an answer comes from: what an endpoint has of its own.
#[derive(Clone, Copy)]
pub struct Home {
    token: &'static str,
    account: &'static str,
    region: &'static str,
    id: &'static str,
    date: &'static str,
    seconds: f64,
    /// Whether lists come in the other order.
    backwards: bool,
}

const HERE: Home = Home {
    token: "aaaa",
    account: "123456789012",
    region: "us-east-1",
    id: "2b1c8035-b7fa-11e0-9326-b7275b9d4a6c",
    date: "2015-02-02T00:00:00Z",
    seconds: 1.0,
    backwards: false,
};

const ELSEWHERE: Home = Home {
    token: "bbbb",
    account: "000000000000",
    region: "eu-west-3",
    id: "00000000-0000-4000-8000-000000000000",
    date: "2026-11-22T01:02:03Z",
    seconds: 99.5,
    backwards: true,
};

/// What two endpoints answer that only differ in what is their own is the same.
pub fn check_reflexive(operation: &str, make: impl Fn(Home) -> Value) {
    let rename = Rename {
        from: HERE.token,
        to: ELSEWHERE.token,
    };
    let here = Observation::from(Answer::Success(make(HERE)));
    let elsewhere = Observation::from(Answer::Success(make(ELSEWHERE)));
    let due = expectation_from(&THINGS, operation, &here, &rename);
    let comparison = compare(&THINGS, operation, &due, &elsewhere, &mut Bindings::default());
    assert_eq!(
        comparison.verdict,
        Verdict::Agree,
        "{:#?}\n{here:#?}\n{elsewhere:#?}",
        comparison.differences
    );
}

/// Whether two answers agree does not depend on which of them is due, and an answer agrees with itself.
pub fn check_symmetric(one: &Value, other: &Value) {
    assert!(agrees(one, one), "{one:?}");
    assert_eq!(agrees(one, other), agrees(other, one), "{one:?}\n{other:?}");
}

fn agrees(due: &Value, seen: &Value) -> bool {
    let basis = Evidence::basis("the answer is due", "a fuzz target", Confidence::Documented);
    let expectation = Expectation {
        expected: Expected::Success {
            output: Pattern::exactly(due.clone(), &basis),
            basis,
        },
    };
    let seen = Observation::from(Answer::Success(seen.clone()));
    compare(&SHAPES, "DescribeThings", &expectation, &seen, &mut Bindings::default()).verdict == Verdict::Agree
}

/// An answer to the one operation of the shapes.
pub fn shapes(choose: &mut dyn Choose) -> Value {
    value(&SHAPES, "Things", choose, HERE, DEPTH)
}

/// An answer of the things, as it would be given there.
pub fn things(operation: &str, choose: &mut dyn Choose, home: Home) -> Value {
    let output = THINGS
        .operations
        .get(operation)
        .and_then(|operation| operation.output.as_deref());
    value(&THINGS, output.unwrap_or_default(), choose, home, DEPTH)
}

fn value(contract: &Contract, shape: &str, choose: &mut dyn Choose, home: Home, depth: usize) -> Value {
    let Some(known) = contract.shape(shape) else {
        return Value::Null;
    };
    match &known.kind {
        ShapeKind::Structure { members } => {
            let mut fields = Vec::new();
            for member in members.iter().filter(|_| depth > 0) {
                if GIVEN.contains(&member.name.as_str()) {
                    fields.push((member.name.clone(), name(choose, home)));
                } else if choose.below(3) > 0 {
                    fields.push((
                        member.name.clone(),
                        value(contract, &member.shape, choose, home, depth - 1),
                    ));
                }
            }
            Value::Map(fields)
        }
        // A list of bare texts in which ids, regions and times are mixed does not say which of them is which.
        ShapeKind::List { member, .. } if is_text(contract, member) => {
            let names = (0..choose.below(4)).map(|_| name(choose, home));
            let mut names: Vec<_> = names.collect();
            if home.backwards {
                names.reverse();
            }
            Value::List(names)
        }
        ShapeKind::List { member, .. } => {
            let count = choose.below(4);
            let items = (0..count).map(|_| value(contract, member, choose, home, depth.saturating_sub(1)));
            let mut items: Vec<_> = items.collect();
            tell_apart(&mut items);
            if home.backwards {
                items.reverse();
            }
            Value::List(items)
        }
        ShapeKind::Map { value: element, .. } => {
            let keys = ["a", "A", "b"].iter().take(choose.below(4) as usize);
            Value::map(keys.map(|key| (*key, value(contract, element, choose, home, depth.saturating_sub(1)))))
        }
        ShapeKind::Integer | ShapeKind::Long => Value::Int(i64::from(choose.below(3)) - 1),
        ShapeKind::Float | ShapeKind::Double => Value::Float(f64::from(choose.below(3)) / 2.0),
        ShapeKind::Boolean => Value::Bool(choose.below(2) == 1),
        ShapeKind::Timestamp { .. } => Value::Timestamp(home.seconds + f64::from(choose.below(3))),
        ShapeKind::Blob => Value::Blob(vec![0; choose.below(3) as usize]),
        ShapeKind::String => {
            let valid = known.constraints.iter().find_map(|constraint| match &constraint.rule {
                Rule::ValidValues { values } => values.first(),
                _ => None,
            });
            valid.map_or_else(|| text(choose, home), Value::text)
        }
    }
}

fn is_text(contract: &Contract, shape: &str) -> bool {
    contract
        .shape(shape)
        .is_some_and(|shape| shape.kind == ShapeKind::String)
}

/// Drops elements with the first member of an earlier one: what a service lists it tells apart.
fn tell_apart(items: &mut Vec<Value>) {
    let mut seen: Vec<Value> = Vec::new();
    items.retain(|item| {
        let key = item.fields().first().map(|(_, value)| value.clone());
        let new = key.as_ref().is_none_or(|key| !seen.contains(key));
        seen.extend(key);
        new
    });
}

/// A name of the run; a resource that is identified by its ARN is none of the things.
fn name(choose: &mut dyn Choose, home: Home) -> Value {
    Value::Text(format!("t{}-{}", choose.below(4), home.token))
}

fn text(choose: &mut dyn Choose, home: Home) -> Value {
    let Home {
        token,
        account,
        region,
        id,
        date,
        ..
    } = home;
    let number = choose.below(4);
    Value::Text(match choose.below(12) {
        0 => format!("t{number}-{token}"),
        1 => format!("T{number}-{}", token.to_ascii_uppercase()),
        2 => account.to_owned(),
        3 => format!("arn:aws:things:{region}:{account}:thing:t{number}-{token}"),
        4 => format!("arn:aws:things:{region}:{account}:thing/{id}"),
        5 => region.to_owned(),
        6 => id.to_owned(),
        7 => date.to_owned(),
        8 => ["", " ", "\n", "true"]
            .get(number as usize)
            .copied()
            .unwrap_or_default()
            .to_owned(),
        9 => ["a", "A", "a ", "&amp;"]
            .get(number as usize)
            .copied()
            .unwrap_or_default()
            .to_owned(),
        _ => char::from_u32(choose.below(0x3000)).unwrap_or('?').to_string(),
    })
}
