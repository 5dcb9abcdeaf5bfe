//! A small service to ask the oracle about, and a notation for calls and answers.

use std::sync::Arc;

use parallax_contract::{
    Answer, ApiError, Call, Contract, Expected, Observation, Outcome, Pattern, TransportFault, Value,
};
use parallax_oracle::{Oracle, State};

/// An endpoint as the oracle believes it to be, and the oracle.
pub(crate) struct Shelf {
    pub(crate) oracle: Oracle,
    pub(crate) state: State,
}

impl Shelf {
    pub(crate) fn new() -> Self {
        Self::but(|_| ())
    }

    /// The service with a change to its contract.
    pub(crate) fn but(change: impl FnOnce(&mut Contract)) -> Self {
        let mut contract = Contract::from_json(include_str!("shelf.json")).unwrap();
        change(&mut contract);
        Self {
            oracle: Oracle::new(Arc::new(contract)),
            state: State::default(),
        }
    }

    /// Plays calls as an emulator does; each must be accepted.
    pub(crate) fn after(mut self, calls: &[Call]) -> Self {
        for call in calls {
            let answer = self.oracle.answer(&mut self.state, call);
            assert!(matches!(answer, Answer::Success(_)), "{call:?}: {answer:?}");
        }
        self
    }

    /// Lets the oracle follow an answer that somebody else gave.
    pub(crate) fn saw(mut self, call: &Call, outcome: Outcome) -> Self {
        let status = 200;
        let forgiven = Vec::new();
        let observation = Observation {
            status,
            header_request_id: None,
            body_request_id: None,
            outcome,
            forgiven,
        };
        self.oracle.follow(&mut self.state, call, &observation);
        self
    }

    /// What must be answered, in short: `accepted`, `refused CODE|CODE`, or `open`, `open CODE`.
    pub(crate) fn verdict(&self, call: &Call) -> String {
        let codes = |codes: &[parallax_contract::RefusalCode]| {
            codes
                .iter()
                .map(|code| code.code.as_str())
                .collect::<Vec<_>>()
                .join("|")
        };
        match self.oracle.expect(&self.state, call).expected {
            Expected::Success { .. } => "accepted".into(),
            Expected::Refusal(refusal) => format!("refused {}", codes(&refusal.codes)).trim_end().to_owned(),
            Expected::Open { refusal, .. } => format!("open {}", codes(&refusal.codes)).trim_end().to_owned(),
        }
    }

    /// The pattern of the output, whether it must be accepted or only may be.
    pub(crate) fn output(&self, call: &Call) -> Pattern {
        match self.oracle.expect(&self.state, call).expected {
            Expected::Success { output, .. } | Expected::Open { output, .. } => output,
            Expected::Refusal(refusal) => panic!("refused: {refusal:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn check(&self, call: &Call, expected: &str) {
        assert_eq!(self.verdict(call), expected, "{call:?}");
    }
}

fn call(operation: &str, fields: &[(&str, &str)]) -> Call {
    Call::new(
        operation,
        Value::map(fields.iter().map(|(name, value)| (*name, Value::text(*value)))),
    )
}

pub(crate) fn create(name: &str) -> Call {
    call("CreateBox", &[("BoxName", name), ("Description", "Some Text")])
}

pub(crate) fn describe(name: &str) -> Call {
    call("DescribeBoxes", &[("BoxName", name)])
}

pub(crate) fn describe_all(limit: Option<i64>, marker: Option<&str>) -> Call {
    let limit = limit.map(|limit| ("MaxRecords", Value::Int(limit)));
    let marker = marker.map(|marker| ("Marker", Value::text(marker)));
    Call::new("DescribeBoxes", Value::map(limit.into_iter().chain(marker)))
}

pub(crate) fn delete(name: &str) -> Call {
    call("DeleteBox", &[("BoxName", name)])
}

pub(crate) fn authorize(name: &str, whom: &str) -> Call {
    call("AuthorizeBox", &[("BoxName", name), ("Whom", whom)])
}

pub(crate) fn revoke(name: &str, whom: &str) -> Call {
    call("RevokeBox", &[("BoxName", name), ("Whom", whom)])
}

pub(crate) fn arn(name: &str) -> String {
    format!("arn:aws:shelf:us-east-1:123456789012:box:{name}")
}

pub(crate) fn tags(tags: &[(&str, &str)]) -> Value {
    let tag = |(key, value): &(&str, &str)| Value::map([("Key", Value::text(*key)), ("Value", Value::text(*value))]);
    Value::List(tags.iter().map(tag).collect())
}

pub(crate) fn add(arn: &str, given: &[(&str, &str)]) -> Call {
    Call::new(
        "AddTags",
        Value::map([("Resource", Value::text(arn)), ("Tags", tags(given))]),
    )
}

pub(crate) fn list(arn: &str) -> Call {
    call("ListTags", &[("Resource", arn)])
}

pub(crate) fn remove(arn: &str, keys: &[&str]) -> Call {
    let keys = Value::List(keys.iter().map(|key| Value::text(*key)).collect());
    Call::new(
        "RemoveTags",
        Value::map([("Resource", Value::text(arn)), ("TagKeys", keys)]),
    )
}

pub(crate) fn refused(code: &str) -> Outcome {
    Outcome::Error(ApiError {
        code: code.into(),
        fault: None,
        message: None,
    })
}

pub(crate) fn lost() -> Outcome {
    Outcome::Lost(TransportFault::TimedOut)
}
