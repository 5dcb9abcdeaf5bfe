//! The oracle as an emulator.

use std::sync::{Arc, Mutex, PoisonError};

use parallax_contract::{Answer, Call, Contract};
use parallax_oracle::{Oracle, State};
use parallax_wire::{HttpAnswer, HttpRequest};

use crate::fault::Delivery;

/// Somebody who answers calls in the words of the contract; a [`Server`](crate::Server) gives it a voice.
///
/// This is the seam for deliberate defects and other variants: they wrap a service and change what it answers.
pub trait Service: Send + Sync {
    /// What this service promises.
    fn contract(&self) -> &Contract;

    /// The answer to one call.
    fn answer(&self, call: &Call) -> Answer;

    /// The answer in bytes, of a service that has it so; any other is asked in the words of the contract.
    fn verbatim(&self, _request: &HttpRequest) -> Option<HttpAnswer> {
        None
    }

    /// The contract by which answers are written; another than [`Service::contract`] for a service that writes them
    /// wrongly.
    fn form(&self) -> &Contract {
        self.contract()
    }

    /// A last word on the bytes of an answer.
    fn finish(&self, _call: &Call, _answer: &mut HttpAnswer) {}

    /// How the answer to this call travels.
    fn delivery(&self, _call: &Call) -> Delivery {
        Delivery::Plain
    }
}

/// The documentation oracle, answering for itself: what it expects is what it sends.
pub struct Emulator {
    oracle: Arc<Oracle>,
    state: Mutex<State>,
}

impl Emulator {
    /// An emulator in which nothing was created yet.
    pub fn new(oracle: Arc<Oracle>) -> Self {
        Self {
            oracle,
            state: Mutex::default(),
        }
    }
}

impl Service for Emulator {
    fn contract(&self) -> &Contract {
        self.oracle.contract()
    }

    fn answer(&self, call: &Call) -> Answer {
        // A panic in another thread is a bug of ours that was reported there; the state is still one that can be asked.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.oracle.answer(&mut state, call)
    }
}
