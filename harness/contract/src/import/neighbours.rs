//! The files beside a model: paginators, waiters, examples.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::raw::Ordered;
use crate::model::{Acceptor, Example, Paginator, Waiter};
use crate::{Contract, Value};

/// `paginators-1.json`.
#[derive(Deserialize)]
pub(super) struct Paginators {
    pagination: Ordered<RawPaginator>,
}

#[derive(Deserialize)]
struct RawPaginator {
    input_token: OneOrMore,
    output_token: OneOrMore,
    limit_key: Option<String>,
    result_key: OneOrMore,
}

/// Some entries name several members; the first is the one that counts.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn first(self) -> Option<String> {
        match self {
            Self::One(name) => Some(name),
            Self::More(names) => names.into_iter().next(),
        }
    }
}

/// `waiters-2.json`.
#[derive(Deserialize)]
pub(super) struct Waiters {
    waiters: Ordered<RawWaiter>,
}

#[derive(Deserialize)]
struct RawWaiter {
    operation: String,
    acceptors: Vec<RawAcceptor>,
}

#[derive(Deserialize)]
struct RawAcceptor {
    state: String,
    matcher: String,
    argument: Option<String>,
    expected: Value,
}

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

/// Sets the paginators of the operations that the contract has.
pub(super) fn paginators(contract: &mut Contract, raw: Paginators) {
    for (name, entry) in raw.pagination.0 {
        if let Some(operation) = contract.operations.get_mut(&name) {
            operation.paginator = paginator(entry);
        }
    }
}

fn paginator(raw: RawPaginator) -> Option<Paginator> {
    Some(Paginator {
        input_token: raw.input_token.first()?,
        output_token: raw.output_token.first()?,
        limit_key: raw.limit_key,
        result_key: raw.result_key.first()?,
    })
}

/// The waiters by name.
pub(super) fn waiters(raw: Waiters) -> BTreeMap<String, Waiter> {
    raw.waiters
        .0
        .into_iter()
        .map(|(name, entry)| (name, waiter(entry)))
        .collect()
}

fn waiter(raw: RawWaiter) -> Waiter {
    Waiter {
        operation: raw.operation,
        acceptors: raw.acceptors.into_iter().map(acceptor).collect(),
    }
}

fn acceptor(raw: RawAcceptor) -> Acceptor {
    Acceptor {
        state: raw.state,
        matcher: raw.matcher,
        argument: raw.argument,
        expected: match raw.expected {
            Value::Text(text) => text,
            // Numbers (a status) and booleans read the same as JSON.
            other => serde_json::to_string(&other).unwrap_or_default(),
        },
    }
}

/// The examples of the operations that the contract has, in the file's order.
pub(super) fn examples(contract: &Contract, raw: Examples) -> Vec<Example> {
    let known = raw
        .examples
        .0
        .into_iter()
        .filter(|(operation, _)| contract.operations.contains_key(operation));
    known
        .flat_map(|(operation, list)| list.into_iter().map(move |entry| example(&operation, entry)))
        .collect()
}

fn example(operation: &str, raw: RawExample) -> Example {
    let empty = || Value::Map(Vec::new());
    Example {
        id: raw.id,
        operation: operation.to_owned(),
        input: raw.input.unwrap_or_else(empty),
        output: raw.output.map(without_prose),
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
