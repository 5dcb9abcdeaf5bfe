//! A small made-up contract, and short ways to say expectations and answers.

use std::sync::LazyLock;

use parallax_contract::{
    ApiError, Basis, Confidence, Contract, Evidence, Expectation, Expected, Fault, Observation, Outcome, Pattern,
    Refusal, RefusalCode, Value,
};
use parallax_diff::{Bindings, Comparison, compare};
use parallax_outcome::{Difference, Verdict};

pub(crate) static CONTRACT: LazyLock<Contract> =
    LazyLock::new(|| serde_json::from_str(include_str!("contract.json")).unwrap());

pub(crate) fn basis(confidence: Confidence) -> Basis {
    Evidence::basis("because", "a page", confidence)
}

pub(crate) fn documented() -> Basis {
    basis(Confidence::Documented)
}

pub(crate) fn exactly(value: Value) -> Pattern {
    Pattern::exactly(value, &documented())
}

pub(crate) fn text(text: &str) -> Pattern {
    exactly(Value::text(text))
}

pub(crate) fn fields<const N: usize>(fields: [(&str, Pattern); N]) -> Pattern {
    Pattern::Fields(
        fields
            .into_iter()
            .map(|(name, pattern)| (name.to_owned(), pattern))
            .collect(),
    )
}

pub(crate) fn success(output: Pattern) -> Expectation {
    let basis = documented();
    Expectation {
        expected: Expected::Success { output, basis },
    }
}

pub(crate) fn refusal(codes: &[&str]) -> Refusal {
    let code = |code: &&str| RefusalCode {
        code: (*code).to_owned(),
        status: None,
        fault: None,
    };
    Refusal {
        codes: codes.iter().map(code).collect(),
        ..Refusal::any(documented())
    }
}

pub(crate) fn refused(refusal: Refusal) -> Expectation {
    Expectation {
        expected: Expected::Refusal(refusal),
    }
}

pub(crate) fn open(output: Pattern, refusal: Refusal) -> Expectation {
    let reason = "the sources disagree".into();
    Expectation {
        expected: Expected::Open {
            reason,
            output,
            refusal,
            prefer_success: true,
        },
    }
}

pub(crate) fn observed(status: u16, outcome: Outcome) -> Observation {
    Observation {
        status,
        header_request_id: None,
        body_request_id: None,
        outcome,
        forgiven: vec![],
    }
}

pub(crate) fn accepted(output: Value) -> Observation {
    observed(200, Outcome::Success(output))
}

pub(crate) fn error(code: &str, status: u16, message: &str) -> Observation {
    let (code, message) = (code.to_owned(), Some(message.to_owned()));
    observed(
        status,
        Outcome::Error(ApiError {
            code,
            fault: Some(Fault::Sender),
            message,
        }),
    )
}

/// `{"Thing": {fields}}`, the answer to a creation.
pub(crate) fn thing<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::map([("Thing", Value::map(fields))])
}

pub(crate) fn create(expectation: &Expectation, observation: &Observation) -> Comparison {
    compare(
        &CONTRACT,
        "CreateThing",
        expectation,
        observation,
        &mut Bindings::default(),
    )
}

/// Every difference as `kind severity path: expected / observed`.
pub(crate) fn lines(comparison: &Comparison) -> Vec<String> {
    let line = |d: &Difference| format!("{} {} {}: {} / {}", d.kind, d.severity, d.path, d.expected, d.observed);
    comparison.differences.iter().map(line).collect()
}

/// The comparison of a creation has these lines, and diverges exactly if one of them is no mere habit.
pub(crate) fn check(expectation: &Expectation, observation: &Observation, expected: &[&str]) {
    let comparison = create(expectation, observation);
    assert_eq!(lines(&comparison), expected);
    let beyond_habit = comparison.differences.iter().any(|difference| !difference.habit);
    assert_eq!(comparison.verdict == Verdict::Diverge, beyond_habit);
}
