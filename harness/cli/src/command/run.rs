//! `parallax run`.

mod ask;
pub(crate) mod token;

use std::sync::Arc;

use ask::Began;
use camino::Utf8Path;
use jiff::Timestamp;
use parallax_contract::Contract;
use parallax_endpoint::cassette::{Cassette, Rules, contract_hash};
use parallax_endpoint::live::Limits;
use parallax_outcome::{ExitCode, Report};
use parallax_report::baseline::Scope;
use parallax_runner::reference_token;
use parallax_scenario::Scenario;

use crate::args::{Global, RunArgs};
use crate::cassettes;
use crate::config::Config;
use crate::failure::Failure;
use crate::files;
use crate::gate::Judge;
use crate::live::{Order, Session};
use crate::outputs::{Manner, Outputs};
use crate::party::{Connected, Party, Places};
use crate::screen::Screen;
use crate::shards::Part;
use crate::{live, runtime, scenarios, scope, services, sources, standings, veil};

/// Asks both sides, writes the report, and judges it.
pub(crate) fn run(args: &RunArgs, global: &Global, screen: Screen) -> Result<ExitCode, Failure> {
    let job = Job::prepare(args, global, screen)?;
    if job.scenarios.is_empty() {
        screen.explain("nothing is selected: no scenario fits all that was given; `parallax list` prints every one");
        return Ok(ExitCode::TooLittle);
    }
    runtime::start()?.block_on(job.play(screen))
}

/// A run of which everything that could be wrong beforehand has been checked.
struct Job<'a> {
    args: &'a RunArgs,
    config: Config,
    contract: Arc<Contract>,
    scenarios: Vec<Scenario>,
    target: Party,
    reference: Party,
    cassette: Option<Arc<Cassette>>,
    /// What the names of the run begin with.
    token: String,
    /// How much the service itself is asked, where it is the reference.
    limits: Limits,
    outputs: Outputs,
    /// What is hidden besides.
    rules: Rules,
    manner: Manner,
    judge: Judge,
    /// The part that is played here, where it is not the whole run.
    part: Option<Part>,
}

impl<'a> Job<'a> {
    fn prepare(args: &'a RunArgs, global: &Global, screen: Screen) -> Result<Self, Failure> {
        let contract = services::contract(args.selection.service.as_deref())?;
        let config = Config::find(global.config.as_deref())?;
        let kept = scenarios::kept(&args.more, &config);
        let scenarios = scenarios::select(&contract, &args.selection, &args.more, kept)?;
        let target = Party::target(&args.target, &config)?;
        let reference = Party::reference(&args.reference, &config)?;
        target.check(&contract, &args.asking)?;
        reference.check(&contract, &args.asking)?;
        let cassette = match &reference {
            Party::Cassette(path) => Some(Arc::new(cassettes::of_service(
                path,
                args.salvage,
                (&contract, screen),
            )?)),
            _ => None,
        };
        let token = token::of(&target, &reference, Timestamp::now());
        let (scenarios, limits) = match reference {
            Party::Aws => {
                let names = reference_token(&token);
                let (plays, live) = (u64::from(args.repeat), &args.live);
                live::prepare(live, (&config, &contract), (scenarios, plays), &names, screen)?
            }
            _ => (scenarios, Limits::NONE),
        };
        let part = Part::of(args, &contract, (&scenarios, cassette.as_deref()))?;
        let judge = Judge::prepare(&args.gate)?;
        Ok(Self {
            judge: if part.is_some() { judge.of_part() } else { judge },
            part,
            rules: veil::rules(&args.redact)?,
            manner: Manner {
                fail_on: args.gate.fail_on.into(),
                sources: sources::of(&contract.service.name, args.rendering.sources.as_deref(), &config)?,
            },
            outputs: Outputs::of(args.rendering.out.as_deref(), &args.rendering.format)?,
            args,
            config,
            contract,
            scenarios,
            target,
            reference,
            cassette,
            token,
            limits,
        })
    }

    /// Plays, and leaves a report also where somebody never answered: whoever looks for one finds out why.
    async fn play(self, screen: Screen) -> Result<ExitCode, Failure> {
        let began = Began::now();
        match self.play_if_answered(&began, screen).await {
            Err(failure) if failure.code() == ExitCode::NoAnswer => {
                let report = self.report_of_nobody(&began, &failure);
                self.outputs.write_for_tools(&report, &self.manner, screen)?;
                Err(failure)
            }
            ended => ended,
        }
    }

    async fn play_if_answered(&self, began: &Began, screen: Screen) -> Result<ExitCode, Failure> {
        let scratch = files::scratch()?;
        let places = Places {
            folder: self.config.folder(),
            logs: self.outputs.folder().unwrap_or(scratch.path()),
            outlast_failure: self.outputs.folder().is_some(),
        };
        self.warn(screen);
        let connect = |party| Connected::to(party, &self.contract, &self.args.asking, &places);
        let target = runtime::unless_interrupted(connect(&self.target)).await?;
        let reference = match self.reference {
            Party::Aws => Some(Connected::live(
                runtime::unless_interrupted(Session::open(self.order())).await?,
            )),
            _ => runtime::unless_interrupted(connect(&self.reference)).await?,
        };
        let asked = self.ask(began, (target.as_ref(), reference.as_ref()), screen).await;
        let mut cleaned = Ok(());
        for (name, connected) in [(&self.args.target, target), (&self.args.reference, reference)] {
            let Some(mut connected) = connected else { continue };
            cleaned = cleaned.and(connected.clean(screen).await);
            if let Some(how) = connected.end().await {
                screen.say(&format!("`{name}` ended by itself during the run: {how}"));
            }
        }
        let mut report = match asked {
            Ok(report) => report,
            Err(failure) => return Err(failure.and(cleaned)),
        };
        let scope = self.scope(&report)?;
        let problems = self.judge.mark(&mut report, &scope);
        self.outputs.write(&report, &self.manner, screen)?;
        cleaned?;
        Ok(self.judge.end(&report, &problems, screen))
    }

    /// How the service itself is asked.
    fn order(&self) -> Order<'_> {
        let folder = self.outputs.folder().unwrap_or(Utf8Path::new("."));
        live::order(
            &self.args.live,
            &self.contract,
            (&self.args.asking, self.limits),
            (reference_token(&self.token), folder),
        )
    }

    /// What the run was to find, which decides what a silent entry of a baseline means.
    fn scope(&self, report: &Report) -> Result<Scope, Failure> {
        if !self.judge.has_baseline() || !scope::is_part(report) {
            return Ok(Scope::Whole);
        }
        let kept = scenarios::kept(&self.args.more, &self.config);
        scope::part(report, &self.contract, &self.args.more, kept)
    }

    /// Says what makes a cassette answer less than it could.
    fn warn(&self, screen: Screen) {
        let other = |cassette: &&Arc<Cassette>| cassette.header().contract != contract_hash(&self.contract);
        if self.cassette.as_ref().filter(other).is_some() {
            screen.say("the cassette was recorded with another contract; steps that it cannot answer are inconclusive");
        }
        if let Some(cassette) = &self.cassette
            && let Some(words) = standings::shortfall(&self.contract, cassette, &self.scenarios)
        {
            screen.say(&words);
        }
    }
}
