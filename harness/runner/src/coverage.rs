//! What an answer from an implementation looks like that does not know the operation.

use std::mem;

use parallax_contract::{Observation, Outcome};

/// Codes that say so: AWS's own for an unknown action of a query service, and those of JSON services, gateways and
/// emulators that answer for it.
const CODES: [&str; 6] = [
    "InvalidAction",
    "UnknownOperation",
    "UnknownOperationException",
    "NotImplemented",
    "NotImplementedException",
    "UnsupportedOperation",
];

/// Whether this is how somebody answers who does not know the operation. `unknown` is the same endpoint's answer to an
/// action that nobody has: some give one and the same page for that, for what they lack, and for their own crashes, so
/// an operation is judged by all its answers and never by one.
pub(crate) fn looks_unimplemented(observation: &Observation, unknown: &Observation) -> bool {
    says_unimplemented(observation) || is_of_one_kind(observation, unknown)
}

/// Whether the answer says so by itself, by its status or its code.
pub(crate) fn says_unimplemented(observation: &Observation) -> bool {
    observation.status == 501
        || observation
            .error()
            .is_some_and(|error| CODES.contains(&error.code.as_str()))
}

/// Whether the answer can be read as the protocol's error.
pub(crate) fn is_proper_error(observation: &Observation) -> bool {
    matches!(&observation.outcome, Outcome::Error(_))
}

fn is_of_one_kind(one: &Observation, other: &Observation) -> bool {
    match (&one.outcome, &other.outcome) {
        (Outcome::Malformed(first), Outcome::Malformed(second)) => {
            one.status == other.status && first.why == second.why
        }
        (Outcome::Lost(first), Outcome::Lost(second)) => mem::discriminant(first) == mem::discriminant(second),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use parallax_contract::{ApiError, Malformed, TransportFault, Value};

    use super::*;

    fn seen(status: u16, outcome: Outcome) -> Observation {
        Observation {
            status,
            ..Observation {
                outcome,
                ..Observation::lost(TransportFault::TimedOut)
            }
        }
    }

    fn page(status: u16, why: &str) -> Observation {
        seen(
            status,
            Outcome::Malformed(Malformed {
                why: why.into(),
                excerpt: String::new(),
            }),
        )
    }

    fn error(code: &str) -> Observation {
        seen(
            400,
            Outcome::Error(ApiError {
                code: code.into(),
                fault: None,
                message: None,
            }),
        )
    }

    #[test]
    fn an_operation_is_unknown_by_status_by_code_or_by_likeness() {
        let unknown = page(500, "an HTML page");
        assert!(looks_unimplemented(&error("InvalidAction"), &unknown));
        assert!(looks_unimplemented(&page(501, "anything"), &unknown));
        assert!(looks_unimplemented(&page(500, "an HTML page"), &unknown));
        assert!(!looks_unimplemented(&page(500, "JSON"), &unknown));
        assert!(looks_unimplemented(
            &page(200, "an HTML page"),
            &page(200, "an HTML page")
        ));
        assert!(!looks_unimplemented(
            &page(404, "an HTML page"),
            &page(200, "an HTML page")
        ));
        assert!(!looks_unimplemented(
            &page(500, "an HTML page"),
            &error("InvalidAction")
        ));
        assert!(!looks_unimplemented(
            &error("InvalidParameterValue"),
            &error("InvalidParameterValue")
        ));
        assert!(!looks_unimplemented(
            &seen(200, Outcome::Success(Value::Null)),
            &unknown
        ));
        let closed = |why: &str| seen(0, Outcome::Lost(TransportFault::Closed(why.into())));
        assert!(looks_unimplemented(&closed("reset"), &closed("end of file")));
        assert!(!looks_unimplemented(&closed("reset"), &unknown));
    }
}
