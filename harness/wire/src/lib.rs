//! Values to bytes and back, for each protocol, both sides.
//!
//! A client encodes a [`Call`] and decodes the answer into an [`Observation`]; a server decodes the call and encodes an
//! [`Answer`]. Every protocol is one implementation of [`Protocol`], the same four functions in the same order, and has
//! one file for each of them. Decoding is total: whatever the bytes are, it says what they mean to an SDK, and what an
//! SDK would overlook comes back as [`Forgiven`](parallax_contract::Forgiven).
//!
//! This crate never does I/O, reads no clock and no environment, draws nothing at random, and knows no service by name.

mod base64;
mod form;
mod http;
mod query;
mod scalar;
mod time;
mod xml;

#[cfg(test)]
mod fixture;

pub use http::{HttpAnswer, HttpRequest, Method};
use parallax_contract::{Answer, Call, Contract, Observation};
pub use query::Query;

/// How calls and answers of one protocol become bytes, and bytes calls and answers.
pub trait Protocol: Sync {
    /// What a client sends for `call`. An operation that the contract lacks is sent with its input as it is.
    fn encode_request(&self, contract: &Contract, call: &Call) -> HttpRequest;

    /// What a server understands of `request`. Total: what departs from the usual encoding comes back as tweaks, in the
    /// order in which [`Tweak`](parallax_contract::Tweak) declares them, so that decoding undoes encoding.
    fn decode_request(&self, contract: &Contract, request: &HttpRequest) -> Call;

    /// What a server sends for `answer` to a call of `operation`, in the form of the real service.
    fn encode_response(&self, contract: &Contract, operation: &str, answer: &Answer, request_id: &str) -> HttpAnswer;

    /// What a client understands of `answer` to a call of `operation`.
    fn decode_response(&self, contract: &Contract, operation: &str, answer: &HttpAnswer) -> Observation;
}

/// The protocol that the contract's service speaks.
///
/// # Errors
///
/// Where that protocol is not built in.
pub fn protocol_of(contract: &Contract) -> Result<&'static dyn Protocol, UnsupportedProtocol> {
    match contract.service.protocol.as_str() {
        "query" => Ok(&Query),
        other => Err(UnsupportedProtocol {
            service: contract.service.name.clone(),
            protocol: other.to_owned(),
        }),
    }
}

/// A contract whose protocol is not built in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the contract of `{service}` names the protocol `{protocol}`; only `query` is supported, so choose a service that speaks it"
)]
pub struct UnsupportedProtocol {
    /// The service.
    pub service: String,
    /// Its protocol.
    pub protocol: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_protocol_that_is_not_built_in_is_named() {
        let mut contract = fixture::library();
        assert!(protocol_of(&contract).is_ok());
        contract.service.protocol = "smoke".to_owned();
        let error = protocol_of(&contract).err().unwrap().to_string();
        assert!(error.contains("`library`") && error.contains("`smoke`"), "{error}");
    }
}
