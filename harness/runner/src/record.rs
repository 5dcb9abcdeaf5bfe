//! Recording a reference, for a cassette.

use std::io;
use std::sync::Arc;

use parallax_contract::{Call, Contract, Expectation, Outcome, TransportFault};
use parallax_endpoint::cassette::{Position, Redacted, Redactor};
use parallax_endpoint::{Endpoint, Exchange};
use parallax_oracle::Oracle;
use parallax_scenario::{Scenario, Step};

use crate::page::{Next, Pages};
use crate::probe::hello;
use crate::side::Side;
use crate::{Cancel, RunError, Which, cleanup, token};

/// What to record, and from whom.
pub struct Recording<'a> {
    /// What the service promises.
    pub contract: Arc<Contract>,
    /// The scenarios, in the order of the cassette.
    pub scenarios: &'a [Scenario],
    /// What the run's tokens begin with, as in [`crate::Plan`].
    pub token: String,
    /// Who answers a scenario. A fresh one for each keeps scenarios apart; one for all is how a live endpoint is asked.
    pub endpoint: &'a (dyn Fn() -> Arc<dyn Endpoint> + Sync),
    /// Whether the documentation itself is recorded, so that each answer has its expectation beside it.
    pub documented: bool,
}

/// One exchange, fit for a cassette.
pub struct Recorded {
    /// Which one.
    pub position: Position,
    /// The request and its answer.
    pub exchange: Redacted<Exchange>,
    /// What had to be answered; only where the documentation is recorded.
    pub expectation: Option<Redacted<Expectation>>,
}

/// Why a recording came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// None of the first requests was answered.
    #[error(transparent)]
    Run(#[from] RunError),
    /// What was recorded cannot be kept.
    #[error("the recording cannot be written")]
    Write(#[from] io::Error),
}

/// Plays the scenarios one after the other and hands out every exchange in order; how many resources could not be
/// deleted again. A recording that was broken off ends early and without an error.
///
/// # Errors
/// [`RecordError`] where nobody answers, or `keep` fails.
pub async fn record(
    recording: Recording<'_>,
    mut keep: impl FnMut(Recorded) -> io::Result<()>,
    cancel: Cancel,
) -> Result<u64, RecordError> {
    hello(&*(recording.endpoint)(), Which::Reference).await?;
    let oracle = Arc::new(Oracle::new(Arc::clone(&recording.contract)));
    let mut left_behind = 0;
    for (at, scenario) in recording.scenarios.iter().enumerate() {
        if cancel.is_cancelled() {
            break;
        }
        let token = token::of_play(&recording.token, at.saturating_add(1));
        let mut tape = Tape {
            contract: &recording.contract,
            side: Side::new((recording.endpoint)(), Arc::clone(&oracle), token.clone()),
            redactor: Redactor::new(&token),
            documented: recording.documented,
            cancel: &cancel,
        };
        let played = tape.play(scenario, &mut keep).await;
        left_behind += cleanup::clean(&mut tape.side, &Default::default()).await;
        played?;
    }
    Ok(left_behind)
}

struct Tape<'a> {
    contract: &'a Contract,
    side: Side,
    redactor: Redactor,
    documented: bool,
    cancel: &'a Cancel,
}

impl Tape<'_> {
    async fn play(&mut self, scenario: &Scenario, keep: &mut impl FnMut(Recorded) -> io::Result<()>) -> io::Result<()> {
        for step in &scenario.steps {
            // A step that lacks what an earlier one did not give cannot be asked; a replay will say so, too.
            if let Ok(call) = self.side.resolve(step)
                && self.step(&scenario.path, step, call, keep).await?
            {
                break;
            }
        }
        Ok(())
    }

    /// Records a step with all its pages; whether the rest of the scenario is left out.
    async fn step(
        &mut self,
        scenario: &str,
        step: &Step,
        mut call: Call,
        keep: &mut impl FnMut(Recorded) -> io::Result<()>,
    ) -> io::Result<bool> {
        let contract = self.contract;
        let mut pages = Pages::new(contract, &call.operation, self.side.page_limit());
        loop {
            let expectation = self
                .documented
                .then(|| self.side.oracle().expect(&self.side.state, &call));
            let exchange = self.side.ask(&call).await;
            if self.cancel.is_cancelled() && is_no_answer(&exchange) {
                return Ok(true);
            }
            self.side.capture(step, &exchange.observation);
            let mut position = Position::new(scenario, &*step.name);
            position.page = pages.number;
            let redacted = self.redactor.redact(&exchange);
            let expectation = expectation
                .map(|due| self.redactor.redact_expectation(&due))
                .transpose()?;
            keep(Recorded {
                position,
                exchange: redacted,
                expectation,
            })?;
            if !(step.all_pages && matches!(pages.turn(&mut call, &exchange.observation), Next::Page)) {
                return Ok(step.until_refused && exchange.observation.error().is_some());
            }
        }
    }
}

/// Whether the conversation had ended, so that there is nothing to keep.
fn is_no_answer(exchange: &Exchange) -> bool {
    let outcome = &exchange.observation.outcome;
    matches!(
        outcome,
        Outcome::Lost(TransportFault::Withheld(_) | TransportFault::GivenUp(_))
    )
}
