//! The run: who is there, what is implemented, then scenario after scenario.

use std::sync::Arc;

use parallax_contract::Observation;
use parallax_endpoint::Endpoint;
use parallax_outcome::Event;

use crate::crew::{Deck, one_by_one, together};
use crate::play::{Context, Played};
use crate::probe::{coverage, used};
use crate::{Cancel, Plan, Reference, RunError};

/// Plays the plan and says what happens through `events`, on the caller's task.
///
/// Scenarios arrive in the order in which they end; what they say does not depend on that order, nor on the number of
/// jobs. Exclusive scenarios are played alone: at an endpoint of their own where there can be one, else after the others.
///
/// # Errors
/// [`RunError::NeverAnswered`] where the first requests were answered by nobody, [`RunError::BrokenOff`] where that was
/// not waited for; [`RunError::Cassette`] where a line of the reference is not what was written; [`RunError::Worker`] for a
/// bug of ours.
pub async fn run(
    plan: Plan,
    target: Arc<dyn Endpoint>,
    reference: Reference,
    mut events: impl FnMut(Event),
    cancel: Cancel,
) -> Result<(), RunError> {
    events(Event::Started(plan.info.clone()));
    let (context, unknown) = Context::of(&plan.contract, (target, reference), cancel, false).await?;
    let mut run = Run {
        deck: Arc::new(Deck::new(plan.scenarios, plan.places, plan.repeat, &plan.token)),
        jobs: plan.jobs.max(1),
        context,
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
        let wanted = used(deck.scenarios());
        let asked = (&wanted, deck.scenarios(), deck.spare_token());
        let found = coverage(sides, asked, unknown, &context.cancel).await;
        let lacking = found.implemented.iter().filter(|(_, implemented)| !**implemented);
        context.not_implemented = lacking.map(|(name, _)| name.clone()).collect();
        self.left_behind += found.left_behind;
        events(Event::Coverage(found.implemented));
        if let Some(record) = found.divergence {
            events(Event::Scenario(record));
        }
    }

    async fn play(self, events: &mut impl FnMut(Event)) -> Result<(), RunError> {
        let context = Arc::new(self.context);
        let mut left_behind = self.left_behind;
        let mut take = |played: Played| {
            left_behind += played.left_behind;
            if !played.record.steps.is_empty() || !context.is_broken_off() {
                events(Event::Scenario(played.record));
            }
        };
        let later = together(&context, &self.deck, self.jobs, &mut take).await?;
        one_by_one(&context, &self.deck, later, &mut take).await;
        if let Some(error) = context.trouble() {
            return Err(RunError::Cassette(error.clone()));
        }
        if context.is_broken_off() {
            events(Event::Interrupted {
                left_behind,
                target_gone: context.target_gone.is_cancelled(),
                reference_gone: context.reference_gone.is_cancelled(),
            });
        }
        Ok(())
    }
}
