//! The error codes that every service of the query protocols shares, and refusals made of them.

use parallax_contract::{Basis, Contract, Refusal, RefusalCode};

/// A value that breaks a rule. Recorded for identifiers, blank names and missing parameters alike.
pub(crate) const INVALID_VALUE: &str = "InvalidParameterValue";
/// A required parameter that is not there, in the common errors that every query service's reference lists.
pub(crate) const MISSING_PARAMETER: &str = "MissingParameter";
/// An input that breaks a constraint, in the same common errors.
pub(crate) const VALIDATION_ERROR: &str = "ValidationError";
/// An action that the service does not have.
pub(crate) const INVALID_ACTION: &str = "InvalidAction";
/// No action at all.
pub(crate) const MISSING_ACTION: &str = "MissingAction";

/// The code with the status and blame that the contract gives it.
pub(crate) fn code(contract: &Contract, code: &str) -> RefusalCode {
    let declared = contract.error_by_code(code).map(|error| (error.status, error.fault));
    let known = declared.or_else(|| {
        contract
            .common_errors
            .get(code)
            .map(|error| (error.status, error.fault))
    });
    RefusalCode {
        code: code.to_owned(),
        status: known.map(|known| known.0),
        fault: known.map(|known| known.1),
    }
}

/// A refusal with one of these codes.
pub(crate) fn refusal(contract: &Contract, codes: &[&str], basis: &Basis) -> Refusal {
    Refusal {
        codes: codes.iter().map(|name| code(contract, name)).collect(),
        ..Refusal::any(Basis::clone(basis))
    }
}

/// A refusal with a declared error, named by its shape; any code where the contract does not have it.
pub(crate) fn declared(contract: &Contract, shape: Option<&String>, basis: &Basis) -> Refusal {
    let code = shape
        .and_then(|name| contract.errors.get(name))
        .map(|error| RefusalCode {
            code: error.code.clone(),
            status: Some(error.status),
            fault: Some(error.fault),
        });
    Refusal {
        codes: code.into_iter().collect(),
        ..Refusal::any(Basis::clone(basis))
    }
}
