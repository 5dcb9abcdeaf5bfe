//! A service asked in memory, through the bytes of its protocol but without a network.

use std::sync::Arc;

use parallax_contract::{Call, Contract};
use parallax_endpoint::{BoxFuture, Emulator, Endpoint, Exchange, Service as _};
use parallax_oracle::Oracle;
use parallax_outcome::ExitCode;
use parallax_wire::{Protocol, protocol_of};

use crate::failure::Failure;

/// The request id of every answer; a cassette hides it anyway.
const REQUEST_ID: &str = "00000000-0000-4000-8000-000000000000";

/// Makes embedded emulators in which nothing was created yet.
pub(crate) struct Maker {
    contract: Arc<Contract>,
    oracle: Arc<Oracle>,
    protocol: &'static dyn Protocol,
}

impl Maker {
    /// For the service of this contract.
    pub(crate) fn new(contract: Arc<Contract>) -> Result<Self, Failure> {
        let protocol = protocol_of(&contract)
            .map_err(|error| Failure::new(ExitCode::Usage, "the service cannot be emulated").because(error))?;
        Ok(Self {
            oracle: Arc::new(Oracle::new(contract.clone())),
            contract,
            protocol,
        })
    }

    /// A fresh one.
    pub(crate) fn make(&self) -> Arc<dyn Endpoint> {
        Arc::new(Direct {
            contract: self.contract.clone(),
            emulator: Emulator::new(self.oracle.clone()),
            protocol: self.protocol,
        })
    }
}

struct Direct {
    contract: Arc<Contract>,
    emulator: Emulator,
    protocol: &'static dyn Protocol,
}

impl Endpoint for Direct {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Exchange> {
        let (contract, protocol) = (&*self.contract, self.protocol);
        let request = protocol.encode_request(contract, call);
        let understood = protocol.decode_request(contract, &request);
        let said = self.emulator.answer(&understood);
        let answer = protocol.encode_response(contract, &understood.operation, &said, REQUEST_ID);
        let observation = protocol.decode_response(contract, &call.operation, &answer);
        Box::pin(std::future::ready(Exchange {
            request,
            answer: Some(answer),
            observation,
        }))
    }
}
