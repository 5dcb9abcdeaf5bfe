//! From a sequence that shows a divergence to the least one that does.

use std::sync::atomic::Ordering;

use parallax_contract::{Call, Contract, Member, Value, only_reads};
use parallax_outcome::{Kind, ScenarioRecord};
use parallax_scenario::{Reducer, Scenario};
use tokio::sync::mpsc;

use super::cause::{Cause, Sighting};
use super::defect::Trace;
use super::{Find, Hunt, HuntEvent, Trust};
use crate::naming::is_anybodys;

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
    ) -> (Find, Option<Trace>) {
        let mut least = Least {
            hunt: self,
            events,
            scenario: scenario.clone(),
            sighting,
            before: scenario.clone(),
            reduced: false,
            shown: None,
        };
        if !self.context.target_gone.is_cancelled() {
            least.cut().await;
            least.reduce().await;
        }
        let stained = least.restore_if_stained();
        let trust = match least.confirm().await {
            Trust::Confirmed if stained => Trust::Stained,
            trust => trust,
        };
        let trace = least.trace().filter(|_| trust == Trust::Confirmed);
        (least.into_find(trust), trace)
    }
}

/// The least sequence so far, and what it showed.
struct Least<'h> {
    hunt: &'h Hunt,
    events: &'h mpsc::Sender<HuntEvent>,
    scenario: Scenario,
    sighting: Sighting,
    /// The sequence as it was before it was reduced.
    before: Scenario,
    /// Whether nothing simpler was left to try.
    reduced: bool,
    /// The last play that showed it.
    shown: Option<ScenarioRecord>,
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
        self.before = self.scenario.clone();
        let mut reducer = Reducer::new(self.scenario.clone());
        for _ in 0..TRIES {
            if self.hunt.is_over() {
                break;
            }
            let Some(candidate) = reducer.next().cloned() else {
                self.reduced = true;
                break;
            };
            let shows = !self.is_worse(&candidate) && self.shows(&candidate).await;
            reducer.verdict(shows);
        }
        self.scenario = reducer.into_best();
    }

    /// Whether a sequence is simpler only at a price: it makes something under a name that another sequence may use as well,
    /// where it did not before, so that what it shows depends on who else is about; or it leaves out what a call requires,
    /// which a target may take, so that it shows another fault on the way.
    fn is_worse(&self, scenario: &Scenario) -> bool {
        let contract = &self.hunt.context.contract;
        let counts: [fn(&Contract, &Scenario) -> usize; 2] = [common_names, lacking];
        counts
            .iter()
            .any(|count| count(contract, scenario) > count(contract, &self.before))
    }

    /// Takes the reduction back where it may have kept nothing of the cause: the divergence shows in an answer that only
    /// reads, the sequence makes nothing any more, and what earlier ones left behind may be what is read.
    fn restore_if_stained(&mut self) -> bool {
        let left_behind = self.hunt.left_behind.load(Ordering::Relaxed) > 0;
        // Whether a call is accepted, and in what form it is answered, is no matter of what there is to read.
        let reads = !matches!(
            self.sighting.divergence.kind,
            Kind::Outcome | Kind::ErrorCode | Kind::ErrorType | Kind::ErrorMessage | Kind::Status | Kind::Envelope
        );
        let stained = reads && left_behind && makes_something(&self.before) && !makes_something(&self.scenario);
        if stained {
            self.scenario = self.before.clone();
            self.reduced = false;
        }
        stained
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
            _ if self.hunt.context.target_gone.is_cancelled() => Trust::LastWords,
            _ if of < CONFIRMATIONS => Trust::Unrepeated,
            _ if shown == of => Trust::Confirmed,
            _ => Trust::Flaky { shown, of },
        }
    }

    /// Whether a sequence shows the same divergence.
    async fn shows(&mut self, scenario: &Scenario) -> bool {
        let played = self.hunt.play(scenario).await;
        self.hunt.tell(&played, false, self.events).await;
        self.hunt.context.look_after(&played).await;
        let cause: &Cause = &self.sighting.cause;
        let sighted = cause.sighted(&played.record);
        let shows = sighted.is_some();
        if let Some(sighting) = sighted {
            self.sighting = sighting;
            self.shown = Some(played.record);
        }
        shows
    }

    /// What tells it from others; confirmation has played the least sequence last.
    fn trace(&self) -> Option<Trace> {
        let record = self.shown.as_ref()?;
        let contract = &self.hunt.context.contract;
        Some(Trace::of(contract, &self.scenario, record, &self.sighting))
    }

    fn into_find(self, trust: Trust) -> Find {
        let mut find = Find {
            divergence: self.sighting.divergence,
            scenario: self.scenario,
            trust,
            reduced: self.reduced,
        };
        find.name(self.sighting.cause.id());
        find
    }
}

/// How many creations have a name that is not theirs alone.
fn common_names(contract: &Contract, scenario: &Scenario) -> usize {
    let steps = scenario.steps.iter();
    steps.filter(|step| is_anybodys(contract, &step.call)).count()
}

/// How many required parameters are lacking, or say nothing.
fn lacking(contract: &Contract, scenario: &Scenario) -> usize {
    let calls = scenario.steps.iter().map(|step| &step.call);
    let lacking = |call: &Call| {
        let members = contract.input_members(&call.operation).iter();
        let is_lacking = |member: &&Member| member.required && call.input.get(&member.name).is_none_or(is_empty);
        members.filter(is_lacking).count()
    };
    calls.map(lacking).sum()
}

/// Whether on the wire the value is as good as none.
fn is_empty(value: &Value) -> bool {
    value.is_empty() || value.as_text() == Some("")
}

fn makes_something(scenario: &Scenario) -> bool {
    scenario.steps.iter().any(|step| !only_reads(&step.call.operation))
}
