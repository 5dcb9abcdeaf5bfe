//! `parallax hunt`.

mod finds;
mod status;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use camino::Utf8PathBuf;
use jiff::Timestamp;
use parallax_contract::Contract;
use parallax_endpoint::cassette::Rules;
use parallax_oracle::Oracle;
use parallax_outcome::{ExitCode, Severity};
use parallax_runner::{HuntEnd, HuntError, HuntEvent, HuntPlan, Reference, RunError, reference_token};
use parallax_scenario::{Options, Scenario, Selection};

use crate::args::{FailOn, Global, HuntArgs};
use crate::command::run::token;
use crate::config::Config;
use crate::failure::Failure;
use crate::files::{self, Folder};
use crate::live::{Order, Session};
use crate::party::{Connected, Party, Places};
use crate::regressions;
use crate::screen::Screen;
use crate::veil::{self, Veil};
use crate::{live, runtime, scenarios, services};
use finds::Finds;
use status::Status;

/// How long a hunt takes where nothing bounds it.
const USUAL: Duration = Duration::from_secs(60);

/// Hunts, and keeps every find.
pub(crate) fn hunt(args: &HuntArgs, global: &Global, screen: Screen) -> Result<ExitCode, Failure> {
    let job = Job::prepare(args, global)?;
    runtime::start()?.block_on(job.hunt(screen))
}

/// A hunt of which everything that could be wrong beforehand has been checked.
struct Job<'a> {
    args: &'a HuntArgs,
    /// What the names of the hunt begin with.
    token: String,
    config: Config,
    contract: Arc<Contract>,
    options: Options,
    target: Party,
    reference: Party,
    folder: Folder,
    /// What earlier hunts found.
    known: BTreeSet<String>,
    corpus: Vec<Scenario>,
    /// What is hidden besides.
    rules: Rules,
}

impl<'a> Job<'a> {
    fn prepare(args: &'a HuntArgs, global: &Global) -> Result<Self, Failure> {
        let contract = services::contract(args.service.as_deref())?;
        let options = options(&contract, args)?;
        let config = Config::find(global.config.as_deref())?;
        let target = Party::target(&args.target, &config)?;
        let reference = Party::reference(&args.reference, &config)?;
        if let Party::Cassette(path) = &reference {
            return Err(no_cassette(path));
        }
        target.check(&contract, &args.asking)?;
        reference.check(&contract, &args.asking)?;
        let folder = Folder::open(&args.out.clone().unwrap_or_else(|| config.regressions()))?;
        if reference == Party::Aws {
            live::allow(args.live.allow_aws, &config)?;
        }
        let mut job = Self {
            token: token::of(&target, &reference, Timestamp::now()),
            args,
            config,
            contract,
            options,
            target,
            reference,
            folder,
            known: BTreeSet::new(),
            corpus: Vec::new(),
            rules: veil::rules(&args.redact)?,
        };
        job.remember()?;
        Ok(job)
    }

    /// Reads what earlier hunts found.
    fn remember(&mut self) -> Result<(), Failure> {
        for regression in regressions::read(self.folder.path(), &self.contract)? {
            self.known.insert(regression.id);
            self.corpus.push(regression.scenario);
        }
        Ok(())
    }

    async fn hunt(self, screen: Screen) -> Result<ExitCode, Failure> {
        let scratch = files::scratch()?;
        let places = Places {
            folder: self.config.folder(),
            logs: scratch.path(),
            outlast_failure: false,
        };
        let (args, contract) = (self.args, &self.contract);
        let connect = |party| runtime::unless_interrupted(Connected::to(party, contract, &args.asking, &places));
        let target = connect(&self.target).await?;
        let reference = match self.reference {
            Party::Aws => Some(Connected::live(
                runtime::unless_interrupted(Session::open(self.order())).await?,
            )),
            _ => connect(&self.reference).await?,
        };
        let ended = self.play(target.as_ref(), reference.as_ref(), screen).await;
        let mut cleaned = Ok(());
        for (name, connected) in [(&args.target, target), (&args.reference, reference)] {
            let Some(mut connected) = connected else { continue };
            cleaned = cleaned.and(connected.clean(screen).await);
            if let Some(how) = connected.end().await {
                screen.say(&format!("`{name}` ended by itself during the hunt: {how}"));
            }
        }
        cleaned.and(ended)
    }

    /// How the service itself is asked.
    fn order(&self) -> Order<'_> {
        let limits = live::unplanned(&self.args.live);
        live::order(
            &self.args.live,
            &self.contract,
            (&self.args.asking, limits),
            (reference_token(&self.token), self.folder.path()),
        )
    }

    async fn play(
        &self,
        target: Option<&Connected>,
        reference: Option<&Connected>,
        screen: Screen,
    ) -> Result<ExitCode, Failure> {
        let target = target.ok_or_else(|| Failure::new(ExitCode::Bug, "the target has no endpoint"))?;
        let judge = match reference {
            Some(connected) => Reference::Endpoint(connected.endpoint.clone()),
            None => Reference::Docs(Arc::new(Oracle::new(self.contract.clone()))),
        };
        let mut status = Status::new(screen.progress());
        let mut finds = Finds::new(self.args, &self.folder);
        let veil = Veil::of(&self.reference, reference).by(self.rules.clone());
        let take = |event: HuntEvent| {
            status.see(&event);
            if let HuntEvent::Found(mut find) = event {
                veil.over_divergence(&mut find.divergence);
                // A find that cannot be written is told in the summary.
                if let Err(failure) = finds.keep(*find) {
                    status.aside(|| screen.complain(failure));
                }
            }
        };
        let cancel = runtime::cancel_on_interrupt(screen);
        if let Some(reference) = reference {
            reference.breaks(&cancel, screen);
        }
        let ended = parallax_runner::hunt(self.plan(), target.endpoint.clone(), judge, take, cancel).await;
        status.end();
        let end = ended.map_err(|error| failure(&error, &veil))?;
        tell(&end, screen);
        screen.show(format!("{}{}", status.summary(&end), finds.summary()))?;
        Ok(self.judge(&end, &finds))
    }

    fn plan(&self) -> HuntPlan {
        let HuntArgs { time, cases, .. } = *self.args;
        HuntPlan {
            contract: self.contract.clone(),
            options: self.options.clone(),
            seed: self.args.seed,
            cases,
            time: time
                .map(|time| time.0)
                .or_else(|| Some(USUAL).filter(|_| cases.is_none())),
            jobs: self.args.jobs.into(),
            known: self.known.clone(),
            corpus: self.corpus.clone(),
            least: match self.args.fail_on {
                FailOn::Note => Severity::Note,
                _ => Severity::Warning,
            },
            token: self.token.clone(),
            probe: true,
        }
    }

    fn judge(&self, end: &HuntEnd, finds: &Finds<'_>) -> ExitCode {
        let fail_on: parallax_outcome::FailOn = self.args.fail_on.into();
        match (finds.severities().any(|severity| fail_on.fails(severity)), end.gone) {
            (true, _) => ExitCode::Diverged,
            (false, Some(_)) => ExitCode::NoAnswer,
            (false, None) if end.is_blind() || end.short_steps > 0 => ExitCode::TooLittle,
            (false, None) => ExitCode::Ok,
        }
    }
}

fn options(contract: &Contract, args: &HuntArgs) -> Result<Options, Failure> {
    let wanted = Selection {
        operation: args.operation.clone(),
        resource: args.resource.clone(),
        scenario: None,
    };
    // Nothing is picked; a name that nothing has is an error.
    wanted
        .pick(contract, Vec::new())
        .map_err(|error| scenarios::unselectable(&error))?;
    scenarios::options(contract, &wanted)
}

fn no_cassette(path: &Utf8PathBuf) -> Failure {
    Failure::usage(format!("{path} is a cassette, which cannot answer generated input")).mend(
        "hunt against `docs`, a URL or a target; or record generated input with `parallax record --generate N --seed S` \
         and replay it with `parallax run --generate N --seed S`",
    )
}

fn failure(error: &HuntError, veil: &Veil) -> Failure {
    let code = match error {
        HuntError::Run(RunError::NeverAnswered { .. } | RunError::BrokenOff { .. } | RunError::OutOfTime { .. }) => {
            ExitCode::NoAnswer
        }
        HuntError::Run(RunError::Worker(_)) => ExitCode::Bug,
        HuntError::Cassette | HuntError::Run(RunError::Cassette(_)) => ExitCode::Usage,
        HuntError::Nothing => ExitCode::TooLittle,
    };
    Failure::new(code, veil.over_words(&error.to_string()))
}

/// Says what ended the hunt before its time.
fn tell(end: &HuntEnd, screen: Screen) {
    if let Some(which) = end.gone {
        screen.complain(runtime::gone(format!("the {which}"), "hunt"));
    }
    if end.is_blind() && end.cases == 0 {
        screen.explain(
            "the time was up before anything was asked in earnest, so nothing was checked: give it more with --time",
        );
    } else if end.is_blind() {
        screen.explain(
            "no step agreed and none diverged, so nothing was checked: see what the target and the reference implement",
        );
    }
    if end.short_steps > 0 {
        screen.explain(&format!(
            "this machine ran short of descriptors or ports, so that {} steps were not asked, which is no pass: raise \
             `ulimit -n` or lower --jobs, and hunt again",
            end.short_steps
        ));
    }
    if end.consequences > 0 {
        screen.say(&format!(
            "{} more divergences showed only after one of these in the same sequence, and are left out as its consequences",
            end.consequences
        ));
    }
    if end.interrupted {
        screen.explain(&runtime::broken_off(end.left_behind));
    } else if let Some(words) = runtime::left_behind(end.left_behind) {
        screen.say(&words);
    }
}
