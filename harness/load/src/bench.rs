//! A bench: targets prepared, measured round by round, cleaned up, and told as data.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parallax_contract::Contract;
use parallax_endpoint::{Env as _, Http, HttpError, HttpSettings, RealEnv, Shortage};
use parallax_oracle::Oracle;
use parallax_outcome::bench::{BENCH_SCHEMA, Bench, BenchTarget, LoadInfo, Machine, MixInfo, Pace, Second};
use parallax_scenario::mix::Mix;

use crate::cancel::{Cancel, Farewell};
use crate::crew::{Crew, Order, StartLine};
use crate::machine::Busy;
use crate::record::{Tick, Totals};
use crate::search::{Goal, search};
use crate::seconds::Seconds;
use crate::stage::{Cast, Halt, Stage, StageError};
use crate::verify::Verify;
use crate::{contest, told};

/// The longest warm-up before rounds after the first: what is warm stays so.
const REWARM: Duration = Duration::from_millis(200);

/// What is measured, and how.
#[derive(Clone)]
pub struct Plan {
    /// What the service promises.
    pub contract: Arc<Contract>,
    /// What is asked.
    pub mix: Mix,
    /// What decides when a request starts.
    pub pace: Pace,
    /// Look for the highest rate within this goal, from the pace's rate on, and measure that.
    pub goal: Option<Goal>,
    /// How many connections are held.
    pub connections: u64,
    /// How many threads drive them.
    pub threads: usize,
    /// For how long each target is measured in all.
    pub duration: Duration,
    /// For how long each target is asked before.
    pub warm_up: Duration,
    /// In how many rounds, the targets by turns.
    pub rounds: u32,
    /// How answers are checked.
    pub verify: Verify,
    /// Where the choices come from.
    pub seed: u64,
    /// How each request is made.
    pub settings: HttpSettings,
}

/// Who is measured.
#[derive(Clone, Debug)]
pub struct Target {
    /// The name for the results.
    pub name: String,
    /// Where it listens.
    pub url: String,
    /// Where a server of this process counts that it ran short; of any other, one that nobody shares.
    pub shortage: Shortage,
}

/// What a bench tells while it goes on.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// What the mix needs is made at a target.
    Preparing(String),
    /// A target is measured from now on.
    Round {
        /// The target.
        target: String,
        /// Which round, from 1.
        round: u32,
    },
    /// A rate is tried in the search for the highest.
    Trying {
        /// The target.
        target: String,
        /// Requests a second.
        rate: f64,
    },
    /// A second is over.
    Second(Second),
    /// What was created at a target is deleted.
    Deleting(String),
    /// So many resources could not be deleted at a target of which no result will tell.
    LeftBehind(String, u64),
}

/// Why nothing can be measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A URL is none.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// A target does not take what the mix needs.
    #[error("{target}: {source}")]
    Stage {
        /// The target.
        target: String,
        /// Why not.
        source: StageError,
    },
    /// The system gives no thread or no timer.
    #[error("the load cannot be made here")]
    System(#[from] io::Error),
}

/// Measures each target and tells what came of it. What was created is deleted before it returns, also when it is
/// broken off or fails.
///
/// # Errors
/// [`BenchError`] where a target cannot be prepared or the system refuses. Whatever a target does while it is measured
/// is a result.
pub async fn bench(
    plan: &Plan,
    targets: &[Target],
    cancel: &Cancel,
    tell: &mut (dyn FnMut(Event) + Send),
) -> Result<Bench, BenchError> {
    let (mut arenas, mut ruin) = (Vec::new(), None);
    let mut outcome = Ok(());
    for target in targets {
        tell(Event::Preparing(target.name.clone()));
        let mut stage = match stage(plan, target) {
            Ok(stage) => stage,
            Err(error) => {
                outcome = Err(error);
                break;
            }
        };
        match Arena::crew(plan, target, &mut stage, cancel).await {
            Ok(Some(crew)) => arenas.push(Arena::new(plan, target, stage, crew)),
            unready => {
                outcome = unready.map(drop);
                ruin = Some((target, stage));
                break;
            }
        }
    }
    if outcome.is_ok() && ruin.is_none() {
        outcome = play(plan, &mut arenas, cancel, tell).await;
    }
    let interrupted = cancel.is_cancelled();
    let farewell = Farewell::new(cancel);
    let mut told = Vec::new();
    for arena in arenas {
        tell(Event::Deleting(arena.target.name.clone()));
        told.push(arena.close(plan, &farewell).await);
    }
    if let Some((target, stage)) = ruin {
        tell(Event::Deleting(target.name.clone()));
        told.push(unmeasured(plan, target, stage, &farewell).await);
    }
    match outcome {
        Ok(()) => Ok(of(plan, told, interrupted)),
        Err(error) => {
            // There will be no result to say it.
            for target in told.iter().filter(|target| target.left_behind > 0) {
                tell(Event::LeftBehind(target.name.clone(), target.left_behind));
            }
            Err(error)
        }
    }
}

fn stage(plan: &Plan, target: &Target) -> Result<Stage, BenchError> {
    let settings = HttpSettings {
        shortage: target.shortage.clone(),
        ..plan.settings.clone()
    };
    let http = Arc::new(Http::new(Arc::clone(&plan.contract), &target.url, &settings)?);
    Ok(Stage::new(http, Arc::new(Oracle::new(Arc::clone(&plan.contract)))))
}

/// What is told of a target whose preparation did not come to its end, after what it made was deleted.
async fn unmeasured(plan: &Plan, target: &Target, stage: Stage, farewell: &Farewell) -> BenchTarget {
    let mut told = BenchTarget {
        name: target.name.clone(),
        left_behind: stage.clear(&plan.mix, Vec::new(), farewell).await,
        ..BenchTarget::default()
    };
    let totals = Totals::new(plan.mix.operations().len());
    told::target(&mut told, plan, &plan.pace, &totals, Duration::ZERO);
    told.warnings = told::left_behind(&told).into_iter().collect();
    told
}

/// Round by round, each target in turn; every other round the other way about, so that what drifts drifts for all.
async fn play(
    plan: &Plan,
    arenas: &mut [Arena],
    cancel: &Cancel,
    tell: &mut (dyn FnMut(Event) + Send),
) -> Result<(), BenchError> {
    if let Some(goal) = &plan.goal {
        for arena in arenas.iter_mut() {
            search(plan, arena, goal, cancel, tell).await?;
        }
    }
    for round in 0..plan.rounds {
        let mut order: Vec<&mut Arena> = arenas.iter_mut().collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for arena in order {
            if cancel.is_cancelled() {
                return Ok(());
            }
            let target = arena.target.name.clone();
            tell(Event::Round {
                target,
                round: round + 1,
            });
            arena.round(plan, round, cancel, tell).await?;
        }
    }
    Ok(())
}

fn of(plan: &Plan, targets: Vec<BenchTarget>, interrupted: bool) -> Bench {
    Bench {
        schema: BENCH_SCHEMA,
        tool: String::new(),
        started: String::new(),
        service: plan.contract.service.full_name.clone(),
        machine: Machine {
            system: std::env::consts::OS.to_owned(),
            architecture: std::env::consts::ARCH.to_owned(),
            cores: std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64),
            count: 1,
        },
        mix: MixInfo {
            name: plan.mix.name.clone(),
            resource: plan.mix.resource.clone(),
            operations: plan.mix.operations().into_iter().map(str::to_owned).collect(),
        },
        load: LoadInfo {
            pace: plan.pace.clone(),
            goal: plan.goal.as_ref().map(ToString::to_string),
            connections: plan.connections,
            threads: plan.threads as u64,
            duration: plan.duration.as_secs_f64(),
            warm_up: plan.warm_up.as_secs_f64(),
            rounds: u64::from(plan.rounds),
            verify: plan.verify.as_str().to_owned(),
            time_limit: plan.settings.time_limit.as_secs_f64(),
            seed: plan.seed,
        },
        comparisons: contest::contests(&targets),
        targets,
        interrupted,
    }
}

/// One target with all that asks it.
pub(crate) struct Arena {
    pub(crate) target: Target,
    stage: Stage,
    crew: Crew,
    /// The pace from now on: the plan's, or the one that was found.
    pub(crate) pace: Pace,
    pub(crate) told: BenchTarget,
    totals: Totals,
    seconds: Seconds,
    busy: Busy,
    measured: Duration,
    /// Whether nobody was there any more at the end of the last round.
    stopped: bool,
}

impl Arena {
    /// Prepares a target, and who asks it. None where somebody broke it off meanwhile.
    async fn crew(
        plan: &Plan,
        target: &Target,
        stage: &mut Stage,
        cancel: &Cancel,
    ) -> Result<Option<Crew>, BenchError> {
        let cast = Cast {
            connections: plan.connections,
            verify: plan.verify,
            seed: plan.seed,
        };
        let mix = Arc::new(plan.mix.clone());
        let actors = match stage.prepare(&mix, &run_token(), cast, cancel).await {
            Ok(actors) => actors,
            Err(Halt::BrokenOff) => return Ok(None),
            Err(Halt::Failed(source)) => {
                let target = target.name.clone();
                return Err(BenchError::Stage { target, source });
            }
        };
        let operations = mix.operations().len();
        Ok(Some(Crew::new(actors, plan.threads, operations, cancel)?))
    }

    fn new(plan: &Plan, target: &Target, stage: Stage, crew: Crew) -> Self {
        Self {
            crew,
            target: target.clone(),
            stage,
            pace: plan.pace.clone(),
            told: BenchTarget {
                name: target.name.clone(),
                ..BenchTarget::default()
            },
            totals: Totals::new(plan.mix.operations().len()),
            seconds: Seconds::default(),
            busy: Busy::default(),
            measured: Duration::ZERO,
            stopped: false,
        }
    }

    /// Measures once, and keeps what comes. A round that is broken off counts for as long as it lasted.
    async fn round(
        &mut self,
        plan: &Plan,
        round: u32,
        cancel: &Cancel,
        tell: &mut (dyn FnMut(Event) + Send),
    ) -> Result<(), BenchError> {
        let duration = plan.duration / plan.rounds;
        let warm_up = match round {
            0 => plan.warm_up,
            _ => plan.warm_up.min(REWARM),
        };
        self.seconds.begin(self.measured, duration, self.crew.size());
        let seed = plan.seed ^ u64::from(round);
        let (pace, seconds) = (self.pace.clone(), &mut self.seconds);
        let mut on_tick = |tick: Tick| seconds.add(&tick, &mut |second| tell(Event::Second(second)));
        let order = order(&self.crew, pace, (warm_up, duration), (plan, seed));
        let since = Busy::now();
        let totals = self
            .crew
            .round(&order, plan.mix.operations().len(), &mut on_tick)
            .await?;
        let lasted = match cancel.is_cancelled() {
            true => order.measured(Instant::now()),
            false => duration,
        };
        // Of all rounds the last one tells: whoever came back is there.
        self.stopped = tokio::select! {
            stopped = self.is_gone(&totals) => stopped,
            () = cancel.cancelled() => false,
        };
        self.busy.add(&since, &Busy::now());
        self.seconds.finish(lasted, &mut |second| tell(Event::Second(second)));
        if !lasted.is_zero() {
            told::round(&mut self.told.by_round, &totals, lasted);
            self.totals.merge(&totals);
            self.measured += lasted;
        }
        Ok(())
    }

    /// Whether nobody answers any more: what was asked last was not answered, and neither is what is asked now. Slowness
    /// under load is none of it.
    async fn is_gone(&self, totals: &Totals) -> bool {
        (totals.ends_forsaken() && self.stage.is_deserted().await)
            || (totals.ends_silent() && self.stage.is_silent().await)
    }

    /// Asks at a rate for a while; nothing of it is kept.
    pub(crate) async fn attempt(&mut self, plan: &Plan, rate: f64, duration: Duration) -> Result<Totals, BenchError> {
        let pace = Pace::Constant { rate };
        let times = (plan.warm_up.min(REWARM), duration);
        let order = order(&self.crew, pace, times, (plan, plan.seed));
        let operations = plan.mix.operations().len();
        Ok(self.crew.round(&order, operations, &mut |_| {}).await?)
    }

    async fn close(self, plan: &Plan, farewell: &Farewell) -> BenchTarget {
        let mut told = self.told;
        let actors = self.crew.end();
        told.left_behind = self.stage.clear(&plan.mix, actors, farewell).await;
        told.timeline = self.seconds.into_all();
        told::target(&mut told, plan, &self.pace, &self.totals, self.measured);
        // Whoever never answered cannot stop.
        told.stopped = self.stopped && told.answers > 0;
        told.client.machine = self.busy.share();
        told.warnings = told::warnings(&told, plan, &self.totals);
        told
    }
}

fn order(crew: &Crew, pace: Pace, (warm_up, duration): (Duration, Duration), (plan, seed): (&Plan, u64)) -> Order {
    Order {
        pace,
        line: StartLine::new(crew.size()),
        warm_up,
        duration,
        patience: plan.settings.time_limit,
        seed,
    }
}

/// Three lower-case letters that tell this bench's names from others'.
fn run_token() -> String {
    let id = RealEnv::new().id();
    let digits = id.bytes().filter(u8::is_ascii_hexdigit).take(6);
    let number = digits.fold(0_u32, |number, digit| number * 16 + (u32::from(digit) & 0x1f) % 16);
    let letter = |place: u32| char::from(b'a' + u8::try_from(number / 26_u32.pow(place) % 26).unwrap_or_default());
    [letter(2), letter(1), letter(0)].iter().collect()
}
