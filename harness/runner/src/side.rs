//! One endpoint as one scenario sees it.

use std::sync::Arc;

use parallax_contract::{Call, Expectation, Observation};
use parallax_endpoint::{Endpoint, Exchange};
use parallax_oracle::{Oracle, State};
use parallax_scenario::{Names, Step, Unresolved, resolve};

/// An endpoint with the names, and the memory, that a scenario has there.
pub(crate) struct Side {
    endpoint: Arc<dyn Endpoint>,
    oracle: Arc<Oracle>,
    /// What the endpoint is believed to hold.
    pub(crate) state: State,
    /// What placeholders stand for.
    pub(crate) names: Names,
    /// The run token in the names.
    pub(crate) token: String,
    /// How many requests it was sent.
    pub(crate) requests: u64,
}

impl Side {
    pub(crate) fn new(endpoint: Arc<dyn Endpoint>, oracle: Arc<Oracle>, token: String) -> Self {
        Self {
            endpoint,
            oracle,
            state: State::shared(&token),
            names: Names::new(&token),
            token,
            requests: 0,
        }
    }

    /// The most pages of one listing that it should be asked for.
    pub(crate) fn page_limit(&self) -> u32 {
        self.endpoint.page_limit()
    }

    pub(crate) fn oracle(&self) -> &Oracle {
        &self.oracle
    }

    /// The step's call with its placeholders filled in.
    pub(crate) fn resolve(&self, step: &Step) -> Result<Call, Unresolved> {
        resolve(&step.call, &self.names)
    }

    /// The same as [`Side::ask`], where it is known what is due.
    pub(crate) async fn ask_due(&mut self, call: &Call, due: &Expectation) -> Exchange {
        self.requests += 1;
        let exchange = self.endpoint.ask(call).await;
        self.oracle
            .follow_due(&mut self.state, call, due, &exchange.observation);
        exchange
    }

    /// Asks, and takes note of what the answer implies.
    pub(crate) async fn ask(&mut self, call: &Call) -> Exchange {
        self.requests += 1;
        let exchange = self.endpoint.ask(call).await;
        self.oracle.follow(&mut self.state, call, &exchange.observation);
        exchange
    }

    /// Keeps what the step wants of a successful answer. What is not there stays unknown.
    pub(crate) fn capture(&mut self, step: &Step, observation: &Observation) {
        capture(&mut self.names, step, observation);
    }
}

/// Keeps what a step wants of a successful answer.
pub(crate) fn capture(names: &mut Names, step: &Step, observation: &Observation) {
    let Some(output) = observation.success() else {
        return;
    };
    for capture in &step.captures {
        if let Some(text) = output.at(&capture.path).and_then(parallax_contract::Value::as_text) {
            names.set(&capture.name, text);
        }
    }
}
