//! A service asked in memory, through the bytes of its protocol but without a network.

use std::sync::Arc;

use parallax_contract::Call;
use parallax_wire::Protocol;

use crate::{BoxFuture, Endpoint, Exchange, Service};

/// The request id of every answer: nothing tells one from another, so that equal calls give equal bytes.
const REQUEST_ID: &str = "00000000-0000-4000-8000-000000000000";

/// A service behind its own voice and ears. How an answer would travel plays no part.
pub struct Direct {
    service: Arc<dyn Service>,
    protocol: &'static dyn Protocol,
}

impl Direct {
    /// Asks this service from now on, in this protocol.
    pub fn new(service: Arc<dyn Service>, protocol: &'static dyn Protocol) -> Self {
        Self { service, protocol }
    }
}

impl Endpoint for Direct {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Exchange> {
        let (service, protocol) = (&*self.service, self.protocol);
        let request = protocol.encode_request(service.contract(), call);
        let understood = protocol.decode_request(service.contract(), &request);
        let said = service.answer(&understood);
        let mut answer = protocol.encode_response(service.form(), &understood.operation, &said, REQUEST_ID);
        service.finish(&understood, &mut answer);
        let observation = protocol.decode_response(service.contract(), &call.operation, &answer);
        Box::pin(std::future::ready(Exchange {
            request,
            answer: Some(answer),
            observation,
        }))
    }
}
