//! Embedded emulators asked in memory.

use std::sync::Arc;

use parallax_contract::Contract;
use parallax_endpoint::{Direct, Emulator, Endpoint};
use parallax_oracle::Oracle;
use parallax_outcome::ExitCode;
use parallax_wire::{Protocol, protocol_of};

use crate::failure::Failure;

/// Makes embedded emulators in which nothing was created yet.
pub(crate) struct Maker {
    oracle: Arc<Oracle>,
    protocol: &'static dyn Protocol,
}

impl Maker {
    /// For the service of this contract.
    pub(crate) fn new(contract: Arc<Contract>) -> Result<Self, Failure> {
        let protocol = protocol_of(&contract)
            .map_err(|error| Failure::new(ExitCode::Usage, "the service cannot be emulated").because(error))?;
        Ok(Self {
            oracle: Arc::new(Oracle::new(contract)),
            protocol,
        })
    }

    /// A fresh one.
    pub(crate) fn make(&self) -> Arc<dyn Endpoint> {
        Arc::new(Direct::new(Arc::new(Emulator::new(self.oracle.clone())), self.protocol))
    }
}
