//! A refusal against what it had to be, and refusals that say nothing of the call.

use parallax_contract::{
    ApiError, Confidence, Contract, Evidence, Fault, Forgiveness, Observation, Refusal, RefusalCode,
};
use parallax_outcome::{Kind, Severity};

use crate::findings::Findings;
use crate::path::Path;
use crate::show;

/// Codes by which a service says that it was asked too often; they say nothing of the call.
const THROTTLES: [&str; 5] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestLimitExceeded",
    "SlowDown",
];

/// Codes by which a service does not let the caller in, whatever is asked.
/// <https://docs.aws.amazon.com/general/latest/gr/CommonErrors.html>, and those of other services.
const LOCKED_OUT: [&str; 16] = [
    "AccessDenied",
    "AccessDeniedException",
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "NotAuthorized",
    "OptInRequired",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnauthorizedOperation",
    "UnrecognizedClientException",
];

/// Whether the caller was not let in, which says nothing of what was asked.
pub(crate) fn is_locked_out(error: &ApiError) -> bool {
    LOCKED_OUT.contains(&error.code.as_str())
}

/// Why a refusal says nothing of the call: the account is refused the whole family, has too many of the resource, or
/// asked too often. `due` is the refusal that was due, if one was: a quota error is no accident where it was called for.
pub(crate) fn accident(contract: &Contract, error: &ApiError, due: Option<&Refusal>) -> Option<String> {
    if is_throttle(error) {
        return Some("throttled".to_owned());
    }
    gate(contract, error).or_else(|| {
        let called_for = due.is_some_and(|due| due.codes.iter().any(|code| code.code == error.code));
        (!called_for && is_quota(contract, &error.code)).then(|| "quota".to_owned())
    })
}

/// Whether the caller asked too often.
pub(crate) fn is_throttle(error: &ApiError) -> bool {
    THROTTLES.contains(&error.code.as_str())
}

/// The reason, if this is the refusal of a whole family of operations to the account.
fn gate(contract: &Contract, error: &ApiError) -> Option<String> {
    let (name, gate) = contract.gate(error)?;
    Some(format!("accounts of profile {} are refused {name}", gate.profile))
}

fn is_quota(contract: &Contract, code: &str) -> bool {
    let quotas = contract
        .resources
        .values()
        .filter_map(|resource| resource.lifecycle.quota_exceeded.as_ref());
    quotas
        .filter_map(|name| contract.errors.get(name))
        .any(|error| error.code == code)
}

/// An error in a few words.
pub(crate) fn shown(error: &ApiError, status: u16) -> String {
    let message = error
        .message
        .as_deref()
        .map(|message| format!(": {}", show::text(message)));
    format!(
        "refused: {} ({status}){}",
        show::bare(&error.code),
        message.unwrap_or_default()
    )
}

impl Findings<'_> {
    /// Holds a refusal against the one that was due; `open` says that an acceptance would have been as good.
    pub(crate) fn refusal(&mut self, due: &Refusal, open: bool, error: &ApiError, observation: &Observation) {
        let named = due.codes.iter().find(|code| code.code == error.code);
        let declared = declared(self.contract, &error.code);
        if named.is_none() && due.wrong.contains(&error.code) {
            let sides = (format!("not {}", error.code), shown(error, observation.status));
            return self.usual(Kind::ErrorCode, CODE, sides, &due.basis);
        }
        if named.is_none() && !due.codes.is_empty() {
            let codes: Vec<_> = due.codes.iter().map(|code| code.code.as_str()).collect();
            let accepted = if open { "accepted, or " } else { "" };
            let sides = (
                format!("{accepted}{}", codes.join(" or ")),
                shown(error, observation.status),
            );
            // A wrong code's own status and blame are not this refusal's matter.
            return self.usual(Kind::ErrorCode, CODE, sides, &due.basis);
        }
        if named.is_none() && declared.is_none() {
            let sides = ("a code that the service declares".to_owned(), show::text(&error.code));
            let why = declaration("a refusal", "a code that the service declares");
            self.add((Kind::ErrorCode, Severity::Note), CODE, sides, &why);
        }
        self.status((due, named, declared), &error.code, observation.status);
        self.fault(due, (named, declared), error, observation);
        self.message(due, error);
    }

    fn status(
        &mut self,
        (due, named, declared): (&Refusal, Option<&RefusalCode>, Option<Declared>),
        code: &str,
        seen: u16,
    ) {
        let from_refusal = named.and_then(|code| code.status);
        match from_refusal.or(declared.map(|declared| declared.status)) {
            Some(status) if status != seen => {
                let sides = (format!("status {status}"), format!("status {seen}"));
                let contract = declaration(code, &format!("status {status}"));
                let why = if from_refusal.is_some() { &due.basis } else { &contract };
                self.usual(Kind::Status, Path::Root, sides, why);
            }
            None if !(400..600).contains(&seen) => {
                let sides = ("a status from 400 to 599".to_owned(), format!("status {seen}"));
                self.usual(
                    Kind::Status,
                    Path::Root,
                    sides,
                    &declaration("a refusal", "a status of 4xx or 5xx"),
                );
            }
            _ => {}
        }
    }

    fn fault(
        &mut self,
        refusal: &Refusal,
        (named, declared): (Option<&RefusalCode>, Option<Declared>),
        error: &ApiError,
        observation: &Observation,
    ) {
        let from_refusal = named.and_then(|code| code.fault);
        let due = from_refusal.or(declared.map(|declared| declared.fault));
        // A `Type` that is missing altogether is told as a departure of the envelope.
        let told = error.fault.is_none()
            && observation
                .forgiven
                .iter()
                .any(|forgiven| forgiven.what == Forgiveness::ErrorEnvelope);
        if due.is_none() || due == error.fault || told {
            return;
        }
        let word = |fault: Option<Fault>| fault.map_or("neither Sender nor Receiver", Fault::as_str).to_owned();
        let contract = declaration(&error.code, &format!("type {}", word(due)));
        let why = if from_refusal.is_some() {
            &refusal.basis
        } else {
            &contract
        };
        self.usual(Kind::ErrorType, TYPE, (word(due), word(error.fault)), why);
    }

    /// The wording was recorded with the likeliest code; of another code's wording nothing is known.
    fn message(&mut self, refusal: &Refusal, error: &ApiError) {
        let Some(due) = refusal.message.as_deref().filter(|_| refusal.message_recorded) else {
            return;
        };
        let seen = error.message.as_deref().unwrap_or_default();
        let likeliest = refusal.codes.first().is_none_or(|code| code.code == error.code);
        if likeliest && due != seen {
            self.usual(Kind::ErrorMessage, MESSAGE, show::pair(due, seen), &refusal.basis);
        }
    }
}

const CODE: Path<'_> = Path::Member(&Path::Root, "Code");
const TYPE: Path<'_> = Path::Member(&Path::Root, "Type");
const MESSAGE: Path<'_> = Path::Member(&Path::Root, "Message");

/// What the contract says of a code.
#[derive(Clone, Copy)]
struct Declared {
    status: u16,
    fault: Fault,
}

/// A code of the service's own, or one that is common to all services.
fn declared(contract: &Contract, code: &str) -> Option<Declared> {
    let own = contract.error_by_code(code).map(|error| (error.status, error.fault));
    let common = || contract.common_errors.values().find(|error| error.code == code);
    let (status, fault) = own.or_else(|| common().map(|error| (error.status, error.fault)))?;
    Some(Declared { status, fault })
}

fn declaration(code: &str, what: &str) -> Evidence {
    Evidence {
        fact: format!("{code} has {what}"),
        source: "model: errors".to_owned(),
        confidence: Confidence::Documented,
    }
}
