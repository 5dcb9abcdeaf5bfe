//! One endpoint as one scenario sees it.

use std::sync::Arc;

use parallax_contract::{Call, Expectation, Observation};
use parallax_endpoint::{Endpoint, Exchange};
use parallax_oracle::{Oracle, State};
use parallax_scenario::{Names, Scenario, Step, Unresolved, resolve};

use crate::tag;

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
    /// Whether what is created gets the run's tag on the way.
    tags: bool,
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
            tags: false,
        }
    }

    /// For this scenario: what it creates gets the run's tag, where the endpoint wants one and nobody sees it.
    pub(crate) fn playing(mut self, scenario: &Scenario) -> Self {
        self.tags = self.endpoint.wants_tags() && tag::goes_unseen(self.oracle.contract(), scenario);
        self
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
        let exchange = self.send(call).await;
        self.oracle
            .follow_due(&mut self.state, call, due, &exchange.observation);
        exchange
    }

    /// Asks, and takes note of what the answer implies.
    pub(crate) async fn ask(&mut self, call: &Call) -> Exchange {
        self.requests += 1;
        let exchange = self.send(call).await;
        self.oracle.follow(&mut self.state, call, &exchange.observation);
        exchange
    }

    /// Asks. The run's tag is added on the way as a signature is: what is kept of the request is what the scenario says.
    async fn send(&self, call: &Call) -> Exchange {
        let contract = self.oracle.contract();
        let tagged = self.tags.then(|| tag::tagged(contract, call, &self.token)).flatten();
        match tagged {
            Some(tagged) => self.endpoint.ask(&tagged).await.told_as(contract, call),
            None => self.endpoint.ask(call).await,
        }
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
