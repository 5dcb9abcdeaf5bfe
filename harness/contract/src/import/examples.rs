//! The examples beside a model: inputs and outputs, typed by their shapes, without prose.

use serde::Deserialize;

use super::raw::Ordered;
use crate::model::{Example, Operation, ShapeKind};
use crate::{Contract, Value};

/// `examples-1.json`.
#[derive(Deserialize)]
pub(super) struct Examples {
    #[serde(default)]
    examples: Ordered<Vec<RawExample>>,
}

#[derive(Deserialize)]
struct RawExample {
    id: String,
    #[serde(default)]
    input: Option<Value>,
    #[serde(default)]
    output: Option<Value>,
}

/// The examples of the operations that the contract has, in the file's order.
pub(super) fn examples(contract: &Contract, raw: Examples) -> Vec<Example> {
    let known = raw
        .examples
        .0
        .into_iter()
        .filter(|(operation, _)| contract.operations.contains_key(operation));
    known
        .flat_map(|(operation, list)| list.into_iter().map(move |entry| example(contract, &operation, entry)))
        .collect()
}

fn example(contract: &Contract, operation: &str, raw: RawExample) -> Example {
    let shapes = contract.operations.get(operation);
    let shape = |pick: fn(&Operation) -> Option<&String>| shapes.and_then(pick).map_or("", String::as_str);
    let input = raw.input.unwrap_or_else(|| Value::Map(Vec::new()));
    let output = raw.output.map(without_prose);
    Example {
        id: raw.id,
        operation: operation.to_owned(),
        input: typed(contract, shape(|operation| operation.input.as_ref()), input),
        output: output.map(|output| typed(contract, shape(|operation| operation.output.as_ref()), output)),
        contradicts: Vec::new(),
    }
}

/// Above this many words a text in an answer is a sentence of the documentation, and not a name or a value.
const WORDS_OF_A_VALUE: usize = 3;

/// Leaves out the members that hold sentences.
fn without_prose(value: Value) -> Value {
    match value {
        Value::List(items) => Value::List(items.into_iter().map(without_prose).collect()),
        Value::Map(fields) => {
            let kept = fields.into_iter().filter(|(_, value)| !is_prose(value));
            Value::Map(kept.map(|(name, value)| (name, without_prose(value))).collect())
        }
        other => other,
    }
}

fn is_prose(value: &Value) -> bool {
    value
        .as_text()
        .is_some_and(|text| text.split_whitespace().count() > WORDS_OF_A_VALUE)
}

/// JSON has no points in time, and examples write some numbers where the shape is text.
fn typed(contract: &Contract, shape: &str, value: Value) -> Value {
    let inner = |shape: &str, value| typed(contract, shape, value);
    match (contract.shape(shape).map(|shape| &shape.kind), value) {
        (Some(ShapeKind::Timestamp { .. }), Value::Text(text)) => {
            seconds(&text).map_or(Value::Text(text), Value::Timestamp)
        }
        (Some(ShapeKind::String), Value::Int(number)) => Value::Text(number.to_string()),
        (Some(ShapeKind::List { member, .. }), Value::List(items)) => {
            Value::List(items.into_iter().map(|item| inner(member, item)).collect())
        }
        (Some(ShapeKind::Map { value: element, .. }), Value::Map(fields)) => Value::Map(
            fields
                .into_iter()
                .map(|(key, value)| (key, inner(element, value)))
                .collect(),
        ),
        (Some(ShapeKind::Structure { members }), Value::Map(fields)) => {
            let shape_of = |name: &str| {
                members
                    .iter()
                    .find(|member| member.name == name)
                    .map_or("", |m| &m.shape)
            };
            let fields = fields.into_iter().map(|(name, value)| {
                let value = inner(shape_of(&name), value);
                (name, value)
            });
            Value::Map(fields.collect())
        }
        (_, value) => value,
    }
}

/// Seconds since the epoch of `2016-12-22T15:00:00.000Z`; the fraction may be missing.
fn seconds(text: &str) -> Option<f64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let [year, month, day] = numbers::<i64, 3>(date, '-')?;
    let [hour, minute, second] = numbers::<f64, 3>(time, ':')?;
    let whole = days(year, month, day)?.checked_mul(86_400)?;
    let whole = f64::from(i32::try_from(whole).ok()?);
    Some(whole + hour * 3600.0 + minute * 60.0 + second)
}

fn numbers<T: std::str::FromStr, const N: usize>(text: &str, separator: char) -> Option<[T; N]> {
    let parsed: Option<Vec<T>> = text.split(separator).map(|part| part.parse().ok()).collect();
    parsed?.try_into().ok()
}

/// Days from the epoch to a date of the Gregorian calendar; years are taken to begin in March, so that the leap day is
/// their last.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leaps = year / 4 - year / 100 + year / 400;
    Some(365 * year + leaps + (153 * month + 2) / 5 + day - 1 - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<f64>) {
        assert_eq!(seconds(text), expected, "{text}");
    }

    #[test]
    fn points_in_time_become_seconds() {
        check("1970-01-01T00:00:00Z", Some(0.0));
        check("2000-02-29T12:00:00Z", Some(951_825_600.0));
        check("2016-12-22T15:00:00.500Z", Some(1_482_418_800.5));
        check("1969-12-31T23:59:59Z", Some(-1.0));
        check("2016-12-22", None);
        check("2016-13-22T15:00:00Z", None);
        check("soon", None);
    }
}
