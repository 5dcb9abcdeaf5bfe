//! From a sequence that shows a divergence to the least one that does.

use parallax_scenario::{Reducer, Scenario};
use tokio::sync::mpsc;

use super::cause::{Cause, Sighting};
use super::{Find, Hunt, HuntEvent, Trust};

/// How many simpler sequences are tried, at most.
const TRIES: usize = 400;
/// How often the least sequence is played again.
const CONFIRMATIONS: u32 = 3;

impl Hunt {
    /// The find that a sighting comes to. Breaking off loses what was not tried yet, never the find.
    pub(super) async fn distill(
        &self,
        scenario: &Scenario,
        sighting: Sighting,
        events: &mpsc::Sender<HuntEvent>,
    ) -> Find {
        let mut least = Least {
            hunt: self,
            events,
            scenario: scenario.clone(),
            sighting,
        };
        if !self.target_gone.is_cancelled() {
            least.cut().await;
            least.reduce().await;
        }
        let trust = least.confirm().await;
        least.into_find(trust)
    }
}

/// The least sequence so far, and what it showed.
struct Least<'h> {
    hunt: &'h Hunt,
    events: &'h mpsc::Sender<HuntEvent>,
    scenario: Scenario,
    sighting: Sighting,
}

impl Least<'_> {
    /// Leaves out what comes after the divergence.
    async fn cut(&mut self) {
        let mut cut = self.scenario.clone();
        cut.steps.truncate(self.sighting.at.saturating_add(1));
        if cut.steps.len() < self.scenario.steps.len() && !self.hunt.is_over() && self.shows(&cut).await {
            self.scenario = cut;
        }
    }

    async fn reduce(&mut self) {
        let mut reducer = Reducer::new(self.scenario.clone());
        for _ in 0..TRIES {
            if self.hunt.is_over() {
                break;
            }
            let Some(candidate) = reducer.next().cloned() else {
                break;
            };
            let shows = self.shows(&candidate).await;
            reducer.verdict(shows);
        }
        self.scenario = reducer.into_best();
    }

    /// Plays the least sequence again; confirmation goes on when the time is up, since it is short.
    async fn confirm(&mut self) -> Trust {
        let (mut shown, mut of) = (0, 0);
        while of < CONFIRMATIONS && !self.hunt.is_broken_off() {
            let scenario = self.scenario.clone();
            let shows = self.shows(&scenario).await;
            // A play that was broken off says nothing.
            if !self.hunt.is_broken_off() {
                shown += u32::from(shows);
                of += 1;
            }
        }
        match (shown, of) {
            _ if self.hunt.target_gone.is_cancelled() => Trust::LastWords,
            _ if of < CONFIRMATIONS => Trust::Unrepeated,
            _ if shown == of => Trust::Confirmed,
            _ => Trust::Flaky { shown, of },
        }
    }

    /// Whether a sequence shows the same divergence.
    async fn shows(&mut self, scenario: &Scenario) -> bool {
        let played = self.hunt.play(scenario).await;
        self.hunt.tell(&played, false, self.events).await;
        let cause: &Cause = &self.sighting.cause;
        let sighted = cause.sighted(&played.record);
        let shows = sighted.is_some();
        if let Some(sighting) = sighted {
            self.sighting = sighting;
        }
        shows
    }

    fn into_find(self, trust: Trust) -> Find {
        let id = self.sighting.cause.id();
        let path = format!("regression/{id}");
        let mut divergence = self.sighting.divergence;
        divergence.id = id;
        divergence.scenario.clone_from(&path);
        Find {
            scenario: Scenario { path, ..self.scenario },
            divergence,
            trust,
        }
    }
}
