//! `parallax bench`.

mod compare;
mod live;
mod merge;
mod written;

use std::sync::Arc;
use std::time::Duration;

use camino::Utf8Path;
use jiff::Timestamp;
use parallax_contract::{Contract, TransportFault};
use parallax_load::{BenchError, Cancel, Plan, StageError, Target};
use parallax_outcome::ExitCode;
use parallax_outcome::bench::{Bench, BenchTarget, Pace};
use parallax_scenario::mix::{Mix, READY, ready};

use crate::args::{BenchArgs, BenchCommand, Global, LoadArgs, Rate, Spread};
use crate::config::Config;
use crate::failure::Failure;
use crate::files;
use crate::nearest::nearest;
use crate::party::{Connected, Party, Places, settings};
use crate::screen::Screen;
use crate::{runtime, services};
use live::Live;
use written::Outputs;

/// How many rounds several targets are measured in: the least number whose intervals leave out a stray round.
const ROUNDS: u32 = 9;

/// Measures, or does what belongs to it.
pub(crate) fn bench(args: &BenchArgs, global: &Global, screen: Screen) -> Result<ExitCode, Failure> {
    match &args.command {
        None => measure(&args.load, global, screen),
        Some(BenchCommand::Compare(args)) => compare::compare(args, screen),
        Some(BenchCommand::Merge(args)) => merge::merge(args, screen),
    }
}

fn measure(args: &LoadArgs, global: &Global, screen: Screen) -> Result<ExitCode, Failure> {
    let job = Job::prepare(args, global)?;
    runtime::start()?.block_on(job.play(screen))
}

/// A bench of which everything that could be wrong beforehand has been checked.
struct Job<'a> {
    args: &'a LoadArgs,
    config: Config,
    parties: Vec<Party>,
    plan: Plan,
    outputs: Outputs,
}

impl<'a> Job<'a> {
    fn prepare(args: &'a LoadArgs, global: &Global) -> Result<Self, Failure> {
        let contract = services::contract(args.service.as_deref())?;
        let config = Config::find(global.config.as_deref())?;
        let mix = mix(args, &contract)?;
        let party = |name: &String| {
            let party = Party::target(name, &config)?;
            party.check(&contract, &args.asking)?;
            Ok(party)
        };
        let parties: Vec<Party> = args.target.iter().map(party).collect::<Result<_, Failure>>()?;
        Ok(Self {
            plan: plan(args, contract, mix, threads(&parties)),
            outputs: Outputs::of(&args.rendering)?,
            args,
            config,
            parties,
        })
    }

    async fn play(self, screen: Screen) -> Result<ExitCode, Failure> {
        let scratch = files::scratch()?;
        let places = Places {
            folder: self.config.folder(),
            logs: self.outputs.folder().unwrap_or(scratch.path()),
            outlast_failure: false,
        };
        let (mut connected, mut targets) = (Vec::new(), Vec::new());
        for (name, party) in self.args.target.iter().zip(&self.parties) {
            let connecting = Connected::to(party, &self.plan.contract, &self.args.asking, &places);
            let Some(one) = runtime::unless_interrupted(connecting).await? else {
                continue;
            };
            targets.push(Target {
                name: name.clone(),
                url: one.url.clone(),
                shortage: one.shortage.clone(),
            });
            connected.push(one);
        }
        let cancel = cancel_on_interrupt(screen);
        let started = Timestamp::now();
        let mut live = Live::new(&self.plan, screen);
        let measured = parallax_load::bench(&self.plan, &targets, &cancel, &mut |event| live.see(&event)).await;
        live.end();
        for (name, one) in self.args.target.iter().zip(connected) {
            if let Some(how) = one.end().await {
                screen.say(&format!("`{name}` ended by itself during the bench: {how}"));
            }
        }
        let mut bench = measured.map_err(failure)?;
        bench.tool = format!("parallax {}", env!("CARGO_PKG_VERSION"));
        bench.started = format!("{started:.0}");
        self.outputs.write(&bench, screen)?;
        Ok(judge(&bench, screen))
    }
}

/// A bench is not a gate; but where nobody answered there is nothing to read, and what is not whole is not taken for it. What
/// was broken off may have had no time.
fn judge(bench: &Bench, screen: Screen) -> ExitCode {
    let names = |is_one: &dyn Fn(&BenchTarget) -> bool| {
        let names = bench.targets.iter().filter(|target| is_one(target));
        names.map(|target| target.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let silent = names(&|target| target.answers == 0 && (target.errors.total > 0 || !bench.interrupted));
    let wrong = names(&|target| {
        let is_checked = bench.load.verify != "off";
        is_checked && target.answers > 0 && target.verified == 0 && target.inconclusive == 0
    });
    let stopped = names(&|target| target.stopped);
    let left_behind = bench.targets.iter().map(|target| target.left_behind).sum();
    let told = [
        (
            !silent.is_empty(),
            format!("gave no answer while it was measured: {silent}"),
            ExitCode::NoAnswer,
        ),
        (
            !stopped.is_empty(),
            format!("stopped answering while it was measured, and this is no whole bench: {stopped}"),
            ExitCode::TooLittle,
        ),
        (
            !wrong.is_empty(),
            format!("gave no right answer, so that its speed says nothing: {wrong}"),
            ExitCode::TooLittle,
        ),
        (bench.interrupted, runtime::broken_off(left_behind), ExitCode::TooLittle),
    ];
    let told = told.into_iter().filter(|(is_so, ..)| *is_so);
    ExitCode::worst(told.map(|(_, why, code)| {
        screen.explain(&why);
        code
    }))
}

fn mix(args: &LoadArgs, contract: &Contract) -> Result<Mix, Failure> {
    let (given, resource) = (args.mix.as_str(), args.resource.as_deref());
    let path = Utf8Path::new(given);
    if READY.contains(&given) {
        return ready(contract, given, resource).map_err(|error| Failure::usage(error.to_string()));
    }
    if !path.is_file() && path.extension().is_none() && path.components().count() == 1 {
        return Err(Failure::usage(format!("no mix is named `{given}`")).mend(nearest(given, READY)));
    }
    let text = files::read_text(path)?;
    let name = path.file_stem().unwrap_or(given);
    parallax_load::mix_of(contract, name, &text, resource)
        .map_err(|error| Failure::usage(format!("{path} is no mix: {error}")))
}

/// How many threads drive the connections unless it is said: one for each core, or for each second one where a target shares
/// the machine. With more, both only wait for each other.
fn threads(parties: &[Party]) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    match parties.iter().any(Party::is_here) {
        true => (cores / 2).max(1),
        false => cores,
    }
}

fn plan(args: &LoadArgs, contract: Arc<Contract>, mix: Mix, threads: usize) -> Plan {
    let rounds = if args.target.len() > 1 { ROUNDS } else { 1 };
    Plan {
        contract,
        mix,
        pace: pace(args.rate, args.arrivals),
        goal: args.find_rate.clone(),
        connections: args.connections,
        threads: args.threads.map_or(threads, usize::from),
        duration: args.duration.0,
        warm_up: args.warm_up.0,
        rounds: args.rounds.unwrap_or(rounds),
        verify: args.verify.into(),
        seed: args.seed,
        settings: settings(&args.asking),
    }
}

fn pace(rate: Option<Rate>, spread: Spread) -> Pace {
    #[expect(clippy::float_cmp, reason = "both are the one number that was written")]
    match (rate, spread) {
        (None, _) => Pace::Closed,
        (Some(Rate { from, to }), Spread::Constant) if from == to => Pace::Constant { rate: from },
        (Some(Rate { from, to }), Spread::Poisson) if from == to => Pace::Poisson { rate: from },
        (Some(Rate { from, to }), Spread::Constant) => Pace::Ramp { from, to },
        (Some(Rate { from, to }), Spread::Poisson) => Pace::PoissonRamp { from, to },
    }
}

fn cancel_on_interrupt(screen: Screen) -> Cancel {
    let cancel = Cancel::new();
    let switch = cancel.clone();
    tokio::spawn(async move {
        runtime::interrupted().await;
        screen.say("breaking off: deleting what was created; once more, and that gets a few seconds only");
        switch.cancel();
        loop {
            runtime::interrupted().await;
            screen.say("breaking off: what is not deleted in a few seconds stays");
            switch.cancel();
        }
    });
    cancel
}

fn failure(error: BenchError) -> Failure {
    match error {
        BenchError::Stage { target, source } => {
            let code = match source {
                StageError::Quota { .. } | StageError::Protocol(_) => ExitCode::Usage,
                StageError::NoAnswer {
                    fault: TransportFault::Short(_),
                    ..
                } => {
                    // It says how to mend it itself.
                    return Failure::new(ExitCode::TooLittle, format!("`{target}` cannot be measured: {source}"));
                }
                _ => ExitCode::NoAnswer,
            };
            Failure::new(code, format!("`{target}` cannot be measured with this mix: {source}"))
                .mend("choose another --mix or --resource; `describe-all` prepares nothing")
        }
        other => Failure::usage("the bench cannot be made").because(other),
    }
}

/// How long each target is measured in a round.
fn round_of(plan: &Plan) -> Duration {
    plan.duration / plan.rounds
}
