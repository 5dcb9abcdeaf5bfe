//! A hunt whose sequences come from somebody else: an engine with its own search.

use std::sync::Arc;

use parallax_endpoint::Endpoint;
use parallax_outcome::Divergence;
use parallax_scenario::{Generator, Scenario};

use super::{Hunt, HuntError, HuntPlan, cause};
use crate::{Cancel, Reference};

/// Plays one sequence after the other, and says of each what a hunt would learn from it.
pub struct Player {
    hunt: Hunt,
}

/// What a sequence showed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Showing {
    /// A number for what each step showed, the same on every machine: what was due, what came, of which operation, among
    /// how many resources.
    pub behaviours: Vec<u64>,
    /// The divergences that weigh enough, each cause once; the id is that of the cause.
    pub divergences: Vec<Divergence>,
    /// How many answers never arrived.
    pub lost: usize,
}

impl Player {
    /// Prepares as for a hunt of this plan. How long it lasts, where its choices come from and what it begins with plays
    /// no part.
    ///
    /// # Errors
    /// As [`hunt`](super::hunt()).
    pub async fn prepare(plan: HuntPlan, target: Arc<dyn Endpoint>, reference: Reference) -> Result<Self, HuntError> {
        let plan = HuntPlan { time: None, ..plan };
        let hunt = Hunt::prepare(plan, target, reference, &mut |_| {}, Cancel::new()).await?;
        Ok(Self { hunt })
    }

    /// What makes sequences of the operations that the target implements.
    pub fn generator(&self) -> &Generator {
        self.hunt.pool.generator()
    }

    /// Plays a sequence under names of its own, and deletes what it made.
    pub async fn play(&self, scenario: &Scenario) -> Showing {
        let played = self.hunt.play(scenario).await;
        let sightings = cause::sightings(&played.record, self.hunt.least);
        let divergences = sightings.into_iter().map(|sighting| Divergence {
            id: sighting.cause.id(),
            ..sighting.divergence
        });
        Showing {
            behaviours: played.watch.classes,
            divergences: divergences.collect(),
            lost: played.watch.lost,
        }
    }
}
