//! Recording a reference, for a cassette.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use parallax_contract::{Call, Contract, Expectation, Expected, Observation, Outcome, TransportFault};
use parallax_diff::{Bindings, compare, may_pass};
use parallax_endpoint::cassette::{Cassette, Position, Redacted, Redactor, Rules};
use parallax_endpoint::{Endpoint, Exchange, Keyring};
use parallax_oracle::Oracle;
use parallax_outcome::Difference;
use parallax_scenario::{Scenario, Step};

use crate::greeting::{Hearing, Known};
use crate::page::{Next, Pages};
use crate::side::Side;
use crate::{Cancel, RunError, cleanup, hide, judge, token};

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
    /// What is hidden besides.
    pub rules: Rules,
    /// What requests are signed with, which is hidden whatever its form.
    pub keys: Keyring,
    /// Whether the documentation itself is recorded, so that each answer has its expectation beside it.
    pub documented: bool,
    /// What was recorded before, which new answers to the same requests are held against.
    pub before: Option<Arc<Cassette>>,
}

/// One exchange, fit for a cassette.
pub struct Recorded {
    /// Which one.
    pub position: Position,
    /// The request and its answer.
    pub exchange: Redacted<Exchange>,
    /// What had to be answered; only where the documentation is recorded.
    pub expectation: Option<Redacted<Expectation>>,
    /// In what a step, all its pages together, is answered otherwise than before, as people may see it. Beside its last page.
    pub news: Vec<Difference>,
}

/// What a recording came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// How many resources could not be deleted again.
    pub left_behind: u64,
    /// How many requests have no answer that counts, those left unsent aside.
    pub lost: u64,
    /// How many answers are none that the protocol knows, such as a page of a proxy.
    pub unreadable: u64,
    /// How many answers can be read.
    pub readable: u64,
    /// Whether from some request on the reference gave no answer that says anything, which ended the recording.
    pub gone: bool,
    /// The kinds of account that answers were given to, such as `vpc-only`, where they tell. One, unless something is amiss.
    pub profiles: BTreeSet<String>,
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

/// Plays the scenarios one after the other and hands out every exchange in order. A recording that was broken off ends early and without an error.
///
/// # Errors
/// [`RecordError`] where nobody answers, or `keep` fails.
pub async fn record(
    recording: Recording<'_>,
    mut keep: impl FnMut(Recorded) -> io::Result<()>,
    cancel: Cancel,
) -> Result<Ending, RecordError> {
    let known = Known::of(&*(recording.endpoint)(), &recording.contract, &cancel).await?;
    let oracle = Arc::new(Oracle::new(Arc::clone(&recording.contract)));
    let mut ending = Ending::default();
    for (at, scenario) in recording.scenarios.iter().enumerate() {
        if cancel.is_cancelled() {
            break;
        }
        let token = token::of_play(&recording.token, at.saturating_add(1));
        let mut tape = Tape {
            contract: &recording.contract,
            side: Side::new((recording.endpoint)(), Arc::clone(&oracle), token.clone()).playing(scenario),
            redactor: Redactor::new(&token).by(recording.rules.clone()),
            keys: &recording.keys,
            documented: recording.documented,
            before: recording.before.as_ref().map(|before| Before::new(before, &token)),
            cancel: &cancel,
            hearing: Hearing::default(),
            ending: &mut ending,
        };
        let played = tape.play(scenario, &mut keep).await;
        let left_behind = cleanup::clean(&mut tape.side, &Default::default(), &cancel).await;
        let hearing = tape.hearing;
        ending.left_behind += left_behind;
        played?;
        let contract = &recording.contract;
        if hearing.is_doubtful()
            && known
                .greeting
                .is_in_vain(&*(recording.endpoint)(), contract, &cancel)
                .await
        {
            ending.gone = true;
            break;
        }
    }
    Ok(ending)
}

struct Tape<'a> {
    contract: &'a Contract,
    side: Side,
    redactor: Redactor,
    keys: &'a Keyring,
    documented: bool,
    before: Option<Before>,
    cancel: &'a Cancel,
    hearing: Hearing,
    ending: &'a mut Ending,
}

/// What was recorded of a scenario before.
struct Before {
    cassette: Arc<Cassette>,
    judge: judge::Tape,
    bindings: Bindings,
    token: String,
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
        let first = self.before.is_some().then(|| call.clone());
        let mut whole: Option<Exchange> = None;
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
            self.hearing.hear(contract, &exchange.observation);
            self.ending.see(contract, &call, &exchange.observation);
            let mut position = Position::new(scenario, &*step.name);
            position.page = pages.number;
            self.keys.hide_in(&mut self.redactor);
            let redacted = self.redactor.redact(&exchange);
            let expectation = expectation
                .map(|due| self.redactor.redact_expectation(&due))
                .transpose()?;
            let goes_on = step.all_pages && matches!(pages.turn(&mut call, &exchange.observation), Next::Page);
            let is_refused = exchange.observation.error().is_some();
            let news = match (&mut self.before, &first) {
                (Some(before), Some(call)) => {
                    join(&pages, &mut whole, exchange);
                    let whole = whole.as_ref().filter(|_| !goes_on);
                    whole.map(|whole| before.news(contract, (scenario, step), call, whole))
                }
                _ => None,
            };
            let mut news = news.unwrap_or_default();
            // What it learns of what was recorded before is no part of the recording.
            news.iter_mut()
                .for_each(|difference| shown(difference, &mut self.redactor.clone()));
            keep(Recorded {
                position,
                exchange: redacted,
                expectation,
                news,
            })?;
            if !goes_on {
                return Ok(step.until_refused && is_refused);
            }
        }
    }
}

impl Ending {
    fn see(&mut self, contract: &Contract, call: &Call, observation: &Observation) {
        if let Some(profile) = contract.profile(&call.operation, observation) {
            self.profiles.insert(profile.to_owned());
        }
        match &observation.outcome {
            Outcome::Lost(TransportFault::Withheld(_)) => {}
            Outcome::Lost(_) => self.lost += 1,
            Outcome::Malformed(_) => self.unreadable += 1,
            Outcome::Success(_) | Outcome::Error(_) => self.readable += 1,
        }
    }
}

impl Before {
    fn new(cassette: &Arc<Cassette>, token: &str) -> Self {
        Self {
            judge: judge::Tape::new(Arc::clone(cassette), token),
            cassette: Arc::clone(cassette),
            bindings: Bindings::default(),
            token: token.to_owned(),
        }
    }

    /// In what this answer differs from the one that was recorded. One where either says nothing for a reason that may pass is no news, nor is what
    /// follows a step that was accepted before and is refused now, or the reverse.
    fn news(
        &mut self,
        contract: &Contract,
        (scenario, step): (&str, &Step),
        call: &Call,
        exchange: &Exchange,
    ) -> Vec<Difference> {
        let due = self.judge.due(contract, (scenario, step), call, exchange);
        let was_there = self.cassette.holds(&Position::new(scenario, &*step.name));
        if !was_there || may_pass(&exchange.observation) || matches!(due.expected, Expected::Open { .. }) {
            return Vec::new();
        }
        let observation = &exchange.observation;
        let mut news = compare(contract, &call.operation, &due, observation, &mut self.bindings).differences;
        news.iter_mut()
            .for_each(|difference| hide::in_difference(difference, &self.token));
        news
    }
}

/// A difference as people may see it.
fn shown(difference: &mut Difference, redactor: &mut Redactor) {
    for text in [&mut difference.path, &mut difference.expected, &mut difference.observed] {
        *text = redactor.shown_text(text);
    }
}

/// Adds a page to those before it.
fn join(pages: &Pages<'_>, whole: &mut Option<Exchange>, page: Exchange) {
    match whole {
        None => *whole = Some(page),
        Some(whole) => pages.join(&mut whole.observation, &page.observation),
    }
}

/// Whether the conversation had ended, so that there is nothing to keep.
fn is_no_answer(exchange: &Exchange) -> bool {
    matches!(&exchange.observation.outcome, Outcome::Lost(fault) if fault.is_ours())
}
