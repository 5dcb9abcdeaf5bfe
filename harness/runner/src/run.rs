//! The run: who is there, what is implemented, then scenario after scenario.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parallax_contract::Observation;
use parallax_endpoint::Endpoint;
use parallax_oracle::Oracle;
use parallax_outcome::Event;
use parallax_scenario::Scenario;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::play::{Context, Played, play};
use crate::probe::{coverage, hello};
use crate::{Cancel, Plan, Reference, RunError, Which, token};

/// How many scenarios may have ended without having been taken note of.
const WAITING: usize = 64;

/// Plays the plan and says what happens through `events`, on the caller's task.
///
/// Scenarios arrive in the order in which they end; what they say does not depend on that order, nor on the number of
/// jobs. Exclusive scenarios are played alone, after the others.
///
/// # Errors
/// [`RunError::NeverAnswered`] where the first requests reached nobody; [`RunError::Worker`] for a bug of ours.
pub async fn run(
    plan: Plan,
    target: Arc<dyn Endpoint>,
    reference: Reference,
    mut events: impl FnMut(Event),
    cancel: Cancel,
) -> Result<(), RunError> {
    let oracle = match &reference {
        Reference::Docs(oracle) => Arc::clone(oracle),
        Reference::Endpoint(_) | Reference::Cassette(_) => Arc::new(Oracle::new(Arc::clone(&plan.contract))),
    };
    events(Event::Started(plan.info.clone()));
    let unknown = hello(&*target, Which::Target).await?;
    let unknown_to_reference = match &reference {
        Reference::Endpoint(endpoint) => Some(hello(&**endpoint, Which::Reference).await?),
        Reference::Docs(_) | Reference::Cassette(_) => None,
    };
    let mut run = Run {
        deck: Arc::new(Deck::new(plan.scenarios, plan.repeat, &plan.token)),
        jobs: plan.jobs.max(1),
        context: Context {
            contract: plan.contract,
            oracle,
            target,
            reference,
            unknown_to_reference,
            not_implemented: BTreeSet::new(),
            cancel: cancel.clone(),
            watched: false,
        },
        left_behind: 0,
    };
    if plan.probe {
        run.probe(&unknown, &mut events).await;
    }
    run.play(&mut events).await?;
    Ok(())
}

struct Run {
    deck: Arc<Deck>,
    jobs: usize,
    context: Context,
    left_behind: u64,
}

impl Run {
    async fn probe(&mut self, unknown: &Observation, events: &mut impl FnMut(Event)) {
        let context = &mut self.context;
        let sides = (&context.target, &context.oracle);
        let deck = &self.deck;
        let found = coverage(sides, (&deck.scenarios, deck.spare_token()), unknown, &context.cancel).await;
        let lacking = found.implemented.iter().filter(|(_, implemented)| !**implemented);
        context.not_implemented = lacking.map(|(name, _)| name.clone()).collect();
        self.left_behind += found.left_behind;
        events(Event::Coverage(found.implemented));
        if let Some(record) = found.divergence {
            events(Event::Scenario(record));
        }
    }

    async fn play(self, events: &mut impl FnMut(Event)) -> Result<(), RunError> {
        let cancel = self.context.cancel.clone();
        let mut left_behind = self.left_behind;
        let mut take = |played: Played| {
            left_behind += played.left_behind;
            if !played.record.steps.is_empty() || !cancel.is_cancelled() {
                events(Event::Scenario(played.record));
            }
        };
        let context = Arc::new(self.context);
        let (shared, exclusive) = (self.deck.hand(false), self.deck.hand(true));
        together(&context, &self.deck, shared, self.jobs, &mut take).await?;
        together(&context, &self.deck, exclusive, 1, &mut take).await?;
        if cancel.is_cancelled() {
            events(Event::Interrupted { left_behind });
        }
        Ok(())
    }
}

/// The scenarios, each as often as it is played.
struct Deck {
    scenarios: Vec<Scenario>,
    repeat: usize,
    token: String,
}

impl Deck {
    fn new(scenarios: Vec<Scenario>, repeat: u32, token: &str) -> Self {
        Self {
            scenarios,
            repeat: usize::try_from(repeat).unwrap_or(usize::MAX).max(1),
            token: token.to_owned(),
        }
    }

    /// The places of the scenarios that run alone, or of the others.
    fn hand(&self, exclusive: bool) -> Vec<usize> {
        let places = self.scenarios.iter().enumerate();
        places
            .filter(|(_, scenario)| scenario.exclusive == exclusive)
            .map(|(at, _)| at)
            .collect()
    }

    fn token(&self, round: usize, at: usize) -> String {
        let number = round.saturating_mul(self.scenarios.len()).saturating_add(at);
        // The first number is the probe's.
        token::of_play(&self.token, number.saturating_add(1))
    }

    fn spare_token(&self) -> String {
        token::of_play(&self.token, 0)
    }
}

/// Plays the scenarios at these places, as many at a time as there are jobs.
async fn together(
    context: &Arc<Context>,
    deck: &Arc<Deck>,
    hand: Vec<usize>,
    jobs: usize,
    take: &mut impl FnMut(Played),
) -> Result<(), RunError> {
    let total = hand.len().saturating_mul(deck.repeat);
    let (hand, next) = (Arc::new(hand), Arc::new(AtomicUsize::new(0)));
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let mut workers = JoinSet::new();
    for _ in 0..jobs.min(total) {
        let (context, deck, hand) = (Arc::clone(context), Arc::clone(deck), Arc::clone(&hand));
        let (next, sender) = (Arc::clone(&next), sender.clone());
        workers.spawn(async move {
            while let Some((round, at)) = draw(&next, &hand, total)
                && let Some(scenario) = deck.scenarios.get(at)
                && !context.cancel.is_cancelled()
            {
                let played = play(&context, at, scenario, deck.token(round, at)).await;
                if sender.send(played).await.is_err() {
                    break;
                }
            }
        });
    }
    drop(sender);
    while let Some(played) = receiver.recv().await {
        take(played);
    }
    while let Some(ended) = workers.join_next().await {
        ended.map_err(|error| RunError::Worker(error.to_string()))?;
    }
    Ok(())
}

/// The next play: its round and its place in the plan.
fn draw(next: &AtomicUsize, hand: &[usize], total: usize) -> Option<(usize, usize)> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    let at = hand.get(number.checked_rem(hand.len())?)?;
    (number < total).then_some((number / hand.len(), *at))
}
