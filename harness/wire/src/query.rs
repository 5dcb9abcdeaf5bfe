//! The query protocol (`awsQuery`): form parameters in, XML out.

mod place;
mod request_decode;
mod request_encode;
mod response_decode;
mod response_encode;

use parallax_contract::{Answer, Call, Contract, Observation};

use crate::{HttpAnswer, HttpRequest, Protocol};

/// The query protocol.
#[derive(Clone, Copy, Debug, Default)]
pub struct Query;

impl Protocol for Query {
    fn encode_request(&self, contract: &Contract, call: &Call) -> HttpRequest {
        request_encode::encode(contract, call)
    }

    fn decode_request(&self, contract: &Contract, request: &HttpRequest) -> Call {
        request_decode::decode(contract, request)
    }

    fn encode_response(&self, contract: &Contract, operation: &str, answer: &Answer, request_id: &str) -> HttpAnswer {
        response_encode::encode(contract, operation, answer, request_id)
    }

    fn decode_response(&self, contract: &Contract, operation: &str, answer: &HttpAnswer) -> Observation {
        response_decode::decode(contract, operation, answer)
    }
}
