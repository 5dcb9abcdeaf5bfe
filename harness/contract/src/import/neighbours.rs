//! The files beside a model: paginators and waiters.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::raw::Ordered;
use crate::model::{Acceptor, Paginator, Waiter};
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
