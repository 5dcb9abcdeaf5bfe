//! Whether a reference that answered still does.

use std::time::Duration;

use parallax_contract::{Call, Contract, Observation, Outcome, Value, only_reads};
use parallax_diff::says_nothing;
use parallax_endpoint::Endpoint;

use crate::probe::{hello, is_gone, unknown_action};
use crate::{Cancel, RunError, Which};

/// How many questions that only read are tried, until one is answered.
const TRIES: usize = 8;
/// After so many empty answers in a row the reference is gone.
const PATIENCE: u32 = 3;
/// How long to wait before asking again, the first time; a proxy may be without its server for a moment.
const PAUSE: Duration = Duration::from_millis(300);

/// What is known of a live reference before anything is asked in earnest.
pub(crate) struct Known {
    /// Its answer to an action that nobody has.
    pub(crate) unknown: Observation,
    pub(crate) greeting: Greeting,
}

impl Known {
    /// Asks it.
    ///
    /// # Errors
    /// As [`hello`].
    pub(crate) async fn of(endpoint: &dyn Endpoint, contract: &Contract, cancel: &Cancel) -> Result<Self, RunError> {
        let unknown = hello(endpoint, contract, Which::Reference, cancel).await?;
        let greeting = Greeting::of(endpoint, contract, &unknown, cancel).await;
        Ok(Self { unknown, greeting })
    }
}

/// A question that the reference answered in the beginning with something that can be used. One that answers even this
/// with nothing but errors of its own, pages of a proxy or silence is as good as gone: whatever is asked of it from then
/// on is inconclusive, and that must not pass for a comparison.
pub(crate) struct Greeting(Option<Call>);

impl Greeting {
    /// Finds a question, given the answer to an action that nobody has; none where it is broken off meanwhile.
    async fn of(endpoint: &dyn Endpoint, contract: &Contract, unknown: &Observation, cancel: &Cancel) -> Self {
        if says_nothing(contract, unknown).is_none() {
            return Self(Some(unknown_action()));
        }
        let reads = contract.operations.keys().filter(|operation| only_reads(operation));
        for operation in reads.take(TRIES) {
            if cancel.is_cancelled() {
                break;
            }
            let call = Call::new(&**operation, Value::Map(Vec::new()));
            if says_nothing(contract, &endpoint.ask(&call).await.observation).is_none() {
                return Self(Some(call));
            }
        }
        Self(None)
    }

    /// Whether the reference is gone. Where nothing ever came that can be used, it is gone when nothing comes at all.
    pub(crate) async fn is_in_vain(&self, endpoint: &dyn Endpoint, contract: &Contract, cancel: &Cancel) -> bool {
        let Some(call) = &self.0 else {
            return is_gone(endpoint, contract, Which::Reference, cancel).await;
        };
        for round in 0..PATIENCE {
            let observation = endpoint.ask(call).await.observation;
            match &observation.outcome {
                Outcome::Lost(fault) if fault.is_ours() => return true,
                _ if says_nothing(contract, &observation).is_none() => return false,
                // Waiting for it took its time already.
                Outcome::Lost(_) => {}
                _ => tokio::time::sleep(PAUSE.saturating_mul(round.saturating_add(1))).await,
            }
            if cancel.is_cancelled() {
                return false;
            }
        }
        true
    }
}

/// What the answers of one scenario come to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hearing {
    /// Whether an answer never came.
    lost: bool,
    /// Whether any answer came that can be used.
    told: bool,
    /// Whether any came that cannot.
    untold: bool,
}

impl Hearing {
    /// Takes note of an answer.
    pub(crate) fn hear(&mut self, contract: &Contract, observation: &Observation) {
        match &observation.outcome {
            Outcome::Lost(fault) if fault.is_ours() => {}
            Outcome::Lost(_) => self.lost = true,
            _ if says_nothing(contract, observation).is_some() => self.untold = true,
            _ => self.told = true,
        }
    }

    /// Whether there is reason to see if anybody is there.
    pub(crate) fn is_doubtful(self) -> bool {
        self.lost || (self.untold && !self.told)
    }
}
