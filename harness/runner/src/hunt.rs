//! Looking for divergences that nobody thought of.
//!
//! [`hunt`] plays generated sequences the way [`crate::run`] plays scenarios. Those that show a behaviour not seen before
//! are kept, and half of what is played next are mutations of them. A divergence is reduced to the least sequence that
//! still shows it, confirmed, and told once.

mod cause;
mod defect;
mod distill;
mod player;
mod pool;
mod scope;
mod turns;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parallax_contract::Contract;
use parallax_endpoint::Endpoint;
use parallax_outcome::{Divergence, SHORTAGE, Severity, StepRecord, Verdict};
use parallax_scenario::{Generator, Options, Scenario};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::play::{Context, Played, play};
use crate::{Cancel, Reference, RunError, Which, token};
use cause::Sighting;
use defect::Trace;
pub use player::{Player, Showing};
use pool::{Case, Claim, Pool};
use turns::Turns;

/// So long after the time is up what was found by then is still confirmed.
const OVERTIME: Duration = Duration::from_secs(1);
/// How many events may have happened without having been taken note of.
const WAITING: usize = 64;
/// Of all plays at most one in so many is spent on following up what was seen before.
const SPENT_AGAIN: usize = 3;

/// What to hunt.
pub struct HuntPlan {
    /// What the service promises.
    pub contract: Arc<Contract>,
    /// What is generated.
    pub options: Options,
    /// Where the choices come from. With one job and a number of cases, the same seed makes the same finds.
    pub seed: u64,
    /// After this many sequences the hunt ends; reductions and confirmations are not counted.
    pub cases: Option<u64>,
    /// So long after it began, asking what the target implements included, no sequence is begun and none is reduced any
    /// further. A second later nothing is asked any more, but for deletions, which end with the first answer that is lost.
    pub time: Option<Duration>,
    /// How many sequences to play at a time; 0 counts as 1.
    pub jobs: usize,
    /// The ids of causes that are not to be found again.
    pub known: BTreeSet<String>,
    /// Sequences to begin with, such as those of earlier hunts; each is played once, and mutated from then on.
    pub corpus: Vec<Scenario>,
    /// The least severity that is worth a find. Habits of an endpoint never are.
    pub least: Severity,
    /// What the names of all that is created begin with, as in [`crate::Plan`].
    pub token: String,
    /// Whether to ask first what the target implements, and leave out the rest.
    pub probe: bool,
}

/// One thing that happened in a hunt.
#[derive(Clone, Debug, PartialEq)]
pub enum HuntEvent {
    /// What the target implements, by operation, as far as it was asked.
    Coverage(BTreeMap<String, bool>),
    /// A sequence was played, a new one or one on the way of a reduction.
    Played {
        /// How many steps it had.
        steps: usize,
        /// How many behaviours have been seen by now.
        behaviours: usize,
        /// Whether it showed a new one.
        new: bool,
    },
    /// A divergence, reduced and confirmed as far as there was time.
    Found(Box<Find>),
}

/// A divergence with the least sequence that shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Find {
    /// The sequence; its path is `regression/<id>`.
    pub scenario: Scenario,
    /// The divergence as the sequence shows it; its id is that of its cause.
    pub divergence: Divergence,
    /// How far it can be relied on.
    pub trust: Trust,
    /// Whether nothing simpler shows it, as far as that was tried to the end.
    pub reduced: bool,
}

impl Find {
    fn name(&mut self, id: String) {
        self.scenario.path = format!("regression/{id}");
        self.divergence.scenario.clone_from(&self.scenario.path);
        self.divergence.id = id;
    }
}

/// How far a find can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Every repetition showed it.
    Confirmed,
    /// Only some repetitions showed it.
    Flaky {
        /// How many.
        shown: u32,
        /// Of how many.
        of: u32,
    },
    /// Every repetition showed it, but so did a target on which earlier sequences had left something behind: the cause
    /// may be there, so the sequence was left as it was.
    Stained,
    /// The hunt was broken off, or its time was up, before it could be repeated.
    Unrepeated,
    /// The target answered no more from then on; the sequence is the one that was played last.
    LastWords,
}

/// What a hunt came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HuntEnd {
    /// Sequences played, reductions and confirmations left out.
    pub cases: u64,
    /// Divergences that no sequence showed without one of the finds before them, and so were not told.
    pub consequences: u64,
    /// Steps that agreed or diverged; where there is none, nothing was checked.
    pub judged: u64,
    /// Steps that were not asked since this machine had run short of descriptors or ports.
    pub short_steps: u64,
    /// How many resources could not be deleted.
    pub left_behind: u64,
    /// Who stopped answering, where that ended the hunt.
    pub gone: Option<Which>,
    /// Whether it was broken off.
    pub interrupted: bool,
}

impl HuntEnd {
    /// Whether nothing was found because nothing could be judged, and not because somebody broke off.
    pub fn is_blind(&self) -> bool {
        self.judged == 0 && !self.interrupted
    }
}

/// Why a hunt came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum HuntError {
    /// Nobody answered, or a bug of ours.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A cassette holds no answers to what was never asked.
    #[error(
        "a cassette cannot answer generated input; hunt against `docs` or a live reference, or record generated input \
         first and replay it with `run`"
    )]
    Cassette,
    /// Nothing is left to ask.
    #[error("no operation that the target implements is selected, so there is nothing to hunt; select others")]
    Nothing,
}

/// Hunts until the cases or the time are up, or `cancel` is on, and says what happens through `events`, on the caller's
/// task. A find is told as soon as it is confirmed.
///
/// # Errors
/// [`HuntError::Cassette`] for a reference that cannot answer, [`HuntError::Nothing`] where no operation is left to ask,
/// [`HuntError::Run`] where nobody answered at the beginning, and for a bug of ours.
pub async fn hunt(
    plan: HuntPlan,
    target: Arc<dyn Endpoint>,
    reference: Reference,
    mut events: impl FnMut(HuntEvent),
    cancel: Cancel,
) -> Result<HuntEnd, HuntError> {
    let jobs = plan.jobs.max(1);
    let hunt = Arc::new(Hunt::prepare(plan, target, reference, &mut events, cancel).await?);
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let mut workers = JoinSet::new();
    for _ in 0..jobs {
        workers.spawn(Arc::clone(&hunt).work(sender.clone()));
    }
    drop(sender);
    while let Some(event) = receiver.recv().await {
        events(event);
    }
    while let Some(ended) = workers.join_next().await {
        ended.map_err(|error| RunError::Worker(error.to_string()))?;
    }
    Ok(hunt.end())
}

/// What the workers of a hunt share.
struct Hunt {
    context: Context,
    /// What somebody breaks it off by; that of the context is on when the time is up, too.
    cancel: Cancel,
    pool: Pool,
    least: Severity,
    token: String,
    deadline: Option<Instant>,
    /// Plays so far; each has a token of its own.
    plays: AtomicUsize,
    /// Those among them that followed up what was seen before.
    again: AtomicUsize,
    turns: Turns,
    /// Steps so far that agreed or diverged.
    judged: AtomicU64,
    /// Steps so far that this machine was too short of something to ask.
    short_steps: AtomicU64,
    left_behind: AtomicU64,
}

impl Hunt {
    async fn prepare(
        plan: HuntPlan,
        target: Arc<dyn Endpoint>,
        reference: Reference,
        events: &mut impl FnMut(HuntEvent),
        cancel: Cancel,
    ) -> Result<Self, HuntError> {
        if matches!(reference, Reference::Cassette(_)) {
            return Err(HuntError::Cassette);
        }
        let deadline = plan.time.and_then(|time| Instant::now().checked_add(time));
        let end = deadline.and_then(|deadline| deadline.checked_add(OVERTIME));
        let sides = (target, reference);
        let (mut context, unknown) = Context::of(&plan.contract, sides, cancel.until(end), true).await?;
        let (options, left_behind) = match plan.probe {
            true => scope::narrow(&mut context, &plan, &unknown, events).await?,
            false => (plan.options.clone(), 0),
        };
        let generator = Generator::new(&plan.contract, &options);
        if generator.nth(plan.seed, 0).steps.is_empty() {
            return Err(HuntError::Nothing);
        }
        Ok(Self {
            context,
            cancel,
            least: plan.least,
            token: plan.token,
            pool: Pool::new(generator, (plan.seed, plan.cases), plan.corpus, plan.known),
            deadline,
            plays: AtomicUsize::new(0),
            again: AtomicUsize::new(0),
            turns: Turns::new(),
            judged: AtomicU64::new(0),
            short_steps: AtomicU64::new(0),
            left_behind: AtomicU64::new(left_behind),
        })
    }

    async fn work(self: Arc<Self>, events: mpsc::Sender<HuntEvent>) {
        while !self.is_over()
            && let Some(case) = self.pool.draw()
        {
            self.examine(case, &events).await;
        }
    }

    /// Plays a case, learns from it, and follows up whatever new it shows.
    async fn examine(&self, case: Case, events: &mpsc::Sender<HuntEvent>) {
        let turn = self.turns.take().await;
        // It may have been a long wait.
        if self.is_over() {
            return;
        }
        let played = self.play(&case.scenario).await;
        drop(turn);
        let new = self.pool.learn(&case.scenario, &played.watch.behaviours);
        self.tell(&played, new, events).await;
        self.context.look_after(&played).await;
        for sighting in cause::sightings(&played.record, self.least) {
            if case.kept {
                let contract = &self.context.contract;
                let trace = Trace::of(contract, &case.scenario, &played.record, &sighting);
                self.pool.recognise(&sighting, &trace);
            }
            self.follow_up(&case.scenario, sighting, events).await;
        }
    }

    /// Makes a find of a sighting, if it is worth that, and tells it, if it is none that was told.
    async fn follow_up(&self, scenario: &Scenario, sighting: Sighting, events: &mpsc::Sender<HuntEvent>) {
        let before = self.plays.load(Ordering::Relaxed);
        let is_time = self.again.load(Ordering::Relaxed).saturating_mul(SPENT_AGAIN) <= before;
        let claim = self.pool.claim(&sighting, is_time);
        if claim == Claim::No || (claim == Claim::Again && self.is_over()) {
            return;
        }
        let cause = sighting.cause.clone();
        let _turn = self.turns.alone().await;
        let (mut find, trace) = self.distill(scenario, sighting, events).await;
        let id = match (&trace, claim) {
            (Some(trace), _) => self.pool.tell(&cause, trace),
            // What cannot be relied on is told once.
            (None, Claim::First) => Some(cause.id()),
            (None, _) => None,
        };
        if claim == Claim::Again {
            let spent = self.plays.load(Ordering::Relaxed).saturating_sub(before);
            self.again.fetch_add(spent, Ordering::Relaxed);
        }
        if let Some(id) = id {
            find.name(id);
            // Nobody listens any more only where the caller is gone, too.
            let _ = events.send(HuntEvent::Found(Box::new(find))).await;
        }
    }

    async fn play(&self, scenario: &Scenario) -> Played {
        let number = self.plays.fetch_add(1, Ordering::Relaxed);
        // The first number is the probe's.
        let token = token::of_play(&self.token, number.saturating_add(1));
        let played = play(&self.context, number, scenario, token).await;
        self.left_behind.fetch_add(played.left_behind, Ordering::Relaxed);
        let told = |step: &&StepRecord| matches!(step.verdict, Verdict::Agree | Verdict::Diverge);
        let judged = played.record.steps.iter().filter(told).count();
        self.judged.fetch_add(judged as u64, Ordering::Relaxed);
        let short = |step: &&StepRecord| matches!(&step.verdict, Verdict::Inconclusive(why) if why.contains(SHORTAGE));
        let short = played.record.steps.iter().filter(short).count();
        self.short_steps.fetch_add(short as u64, Ordering::Relaxed);
        played
    }

    async fn tell(&self, played: &Played, new: bool, events: &mpsc::Sender<HuntEvent>) {
        let event = HuntEvent::Played {
            steps: played.record.steps.len(),
            behaviours: self.pool.behaviours(),
            new,
        };
        // As above.
        let _ = events.send(event).await;
    }

    /// Whether nothing is to be asked any more.
    fn is_broken_off(&self) -> bool {
        self.context.is_broken_off()
    }

    /// Whether no new case is begun, and none is reduced any further.
    fn is_over(&self) -> bool {
        self.is_broken_off() || self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    fn end(&self) -> HuntEnd {
        let gone = match (
            self.context.target_gone.is_cancelled(),
            self.context.reference_gone.is_cancelled(),
        ) {
            (true, _) => Some(Which::Target),
            (false, true) => Some(Which::Reference),
            (false, false) => None,
        };
        HuntEnd {
            cases: self.pool.drawn(),
            consequences: self.pool.consequences(),
            judged: self.judged.load(Ordering::Relaxed),
            short_steps: self.short_steps.load(Ordering::Relaxed),
            left_behind: self.left_behind.load(Ordering::Relaxed),
            gone,
            interrupted: self.cancel.is_cancelled(),
        }
    }
}
