//! One scenario, from its first step to the last deletion.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use parallax_contract::{Call, Contract, Expectation, Observation, Outcome};
use parallax_diff::{Bindings, Comparison, compare};
use parallax_endpoint::cassette::CassetteError;
use parallax_endpoint::{Endpoint, Exchange};
use parallax_oracle::Oracle;
use parallax_outcome::{Difference, Kind, ScenarioRecord, StepRecord, Verdict};
use parallax_scenario::{Scenario, Step};

use crate::greeting::{Hearing, Known};
use crate::judge::{Judge, Live, Parted, Tape};
use crate::page::{Next, Pages, gather};
use crate::probe::{hello, is_gone};
use crate::side::Side;
use crate::traffic::Traffic;
use crate::watch::Watch;
use crate::{Cancel, Reference, RunError, Which, cleanup, curl, hide, token, transcript};

/// What all scenarios of a run share.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) contract: Arc<Contract>,
    pub(crate) oracle: Arc<Oracle>,
    pub(crate) target: Arc<dyn Endpoint>,
    pub(crate) reference: Reference,
    /// What is known of a live reference beforehand.
    pub(crate) known: Option<Arc<Known>>,
    /// What the target does not implement.
    pub(crate) not_implemented: BTreeSet<String>,
    pub(crate) cancel: Cancel,
    /// On once the target answers nobody any more.
    pub(crate) target_gone: Cancel,
    /// On once a live reference answers nobody any more.
    pub(crate) reference_gone: Cancel,
    pub(crate) traffic: Arc<Traffic>,
    /// Whether plays say which behaviours they showed.
    pub(crate) watched: bool,
}

impl Context {
    /// Asks both sides whether they are there; with it comes the target's answer to an action that nobody has.
    ///
    /// # Errors
    /// As [`hello`].
    pub(crate) async fn of(
        contract: &Arc<Contract>,
        (target, reference): (Arc<dyn Endpoint>, Reference),
        cancel: Cancel,
        watched: bool,
    ) -> Result<(Self, Observation), RunError> {
        let oracle = match &reference {
            Reference::Docs(oracle) => Arc::clone(oracle),
            Reference::Endpoint(_) | Reference::Cassette(_) => Arc::new(Oracle::new(Arc::clone(contract))),
        };
        let unknown = hello(&*target, contract, Which::Target, &cancel).await?;
        if cancel.is_cancelled() && matches!(reference, Reference::Endpoint(_)) {
            let which = Which::Reference;
            return Err(RunError::BrokenOff { which });
        }
        let known = match &reference {
            Reference::Endpoint(endpoint) => Some(Arc::new(Known::of(&**endpoint, contract, &cancel).await?)),
            Reference::Docs(_) | Reference::Cassette(_) => None,
        };
        let context = Self {
            known,
            contract: Arc::clone(contract),
            oracle,
            target,
            reference,
            not_implemented: BTreeSet::new(),
            cancel,
            target_gone: Cancel::new(),
            reference_gone: Cancel::new(),
            traffic: Arc::default(),
            watched,
        };
        Ok((context, unknown))
    }

    /// The same with endpoints that nobody else asks, if they can be had.
    pub(crate) fn apart(&self) -> Option<Self> {
        let reference = match &self.reference {
            Reference::Endpoint(endpoint) => Reference::Endpoint(endpoint.apart()?),
            Reference::Docs(_) | Reference::Cassette(_) => self.reference.clone(),
        };
        Some(Self {
            target: self.target.apart()?,
            reference,
            traffic: Arc::default(),
            ..self.clone()
        })
    }

    /// Whether nothing is to be asked any more.
    pub(crate) fn is_broken_off(&self) -> bool {
        let switches = [&self.cancel, &self.target_gone, &self.reference_gone];
        switches.iter().any(|switch| switch.is_cancelled()) || self.trouble().is_some()
    }

    /// Why the cassette can no longer be read.
    pub(crate) fn trouble(&self) -> Option<&CassetteError> {
        match &self.reference {
            Reference::Cassette(cassette) => cassette.trouble(),
            Reference::Docs(_) | Reference::Endpoint(_) => None,
        }
    }

    /// Sees whether the two are still there, where their answers give reason to doubt it.
    pub(crate) async fn look_after(&self, played: &Played) {
        if self.cancel.is_out_of_time() {
            return;
        }
        let lost = |step: &StepRecord| step.differences.iter().any(|found| found.kind == Kind::Transport);
        if played.record.steps.iter().any(lost)
            && is_gone(&*self.target, &self.contract, Which::Target, &self.cancel).await
        {
            self.target_gone.cancel();
        }
        if played.reference_doubtful
            && let (Reference::Endpoint(reference), Some(known)) = (&self.reference, &self.known)
            && known
                .greeting
                .is_in_vain(&**reference, &self.contract, &self.cancel)
                .await
        {
            self.reference_gone.cancel();
        }
    }
}

/// What became of a scenario.
pub(crate) struct Played {
    pub(crate) record: ScenarioRecord,
    /// How many resources could not be deleted.
    pub(crate) left_behind: u64,
    /// Whether there is reason to see if a live reference is still there.
    pub(crate) reference_doubtful: bool,
    /// What it showed; nothing where nobody watches.
    pub(crate) watch: Watch,
}

/// Plays a scenario under a token of its own, and deletes what it made, even where it failed or was broken off.
pub(crate) async fn play(context: &Context, index: usize, scenario: &Scenario, token: String) -> Played {
    let begin = Instant::now();
    let mut play = Play::new(context, scenario, token);
    let mut steps = Vec::with_capacity(scenario.steps.len());
    for step in &scenario.steps {
        if context.is_broken_off() {
            break;
        }
        let mut record = play.step(step).await;
        hide::in_step(&mut record, &play.target.token);
        steps.push(record);
    }
    let left_behind = play.clean().await;
    let record = ScenarioRecord {
        index,
        path: scenario.path.clone(),
        resource: scenario.resource.clone(),
        steps,
        micros: u64::try_from(begin.elapsed().as_micros()).unwrap_or(u64::MAX),
        requests: play.target.requests,
    };
    let reference_doubtful = play.judge.is_doubtful();
    let watch = play.watch.unwrap_or_default();
    Played {
        record,
        left_behind,
        reference_doubtful,
        watch,
    }
}

struct Play<'c> {
    context: &'c Context,
    scenario: &'c Scenario,
    target: Side,
    judge: Judge,
    bindings: Bindings,
    /// What the names of steps begin with that are left out, since one of them was refused.
    full: Option<String>,
    watch: Option<Watch>,
}

/// An answer, judged, with the exchange to show for it and what was due.
struct Judged {
    comparison: Comparison,
    exchange: Exchange,
    due: Expectation,
}

impl<'c> Play<'c> {
    fn new(context: &'c Context, scenario: &'c Scenario, token: String) -> Self {
        let judge = match &context.reference {
            Reference::Docs(_) => Judge::Docs,
            Reference::Cassette(cassette) => Judge::Tape(Box::new(Tape::new(Arc::clone(cassette), &token))),
            Reference::Endpoint(endpoint) => {
                let token = token::for_reference(&token);
                let lost = || Observation::lost(parallax_contract::TransportFault::TimedOut);
                Judge::Live(Box::new(Live {
                    side: Side::new(Arc::clone(endpoint), Arc::clone(&context.oracle), token).playing(scenario),
                    unknown: context.known.as_ref().map_or_else(lost, |known| known.unknown.clone()),
                    last: None,
                    hearing: Hearing::default(),
                    parted: Parted::default(),
                }))
            }
        };
        Self {
            context,
            scenario,
            target: Side::new(Arc::clone(&context.target), Arc::clone(&context.oracle), token),
            judge,
            bindings: Bindings::default(),
            full: None,
            watch: context.watched.then(Watch::default),
        }
    }

    async fn step(&mut self, step: &Step) -> StepRecord {
        let mut record = StepRecord {
            step: step.name.clone(),
            operation: step.call.operation.clone(),
            verdict: Verdict::Agree,
            held: false,
            differences: Vec::new(),
            curl: String::new(),
            transcript: None,
        };
        match self.call(step) {
            Err(reason) => record.verdict = Verdict::Skipped(reason),
            Ok(call) => self.asked(step, call, &mut record).await,
        }
        record
    }

    /// Makes the call, and writes down what came of it.
    async fn asked(&mut self, step: &Step, call: Call, record: &mut StepRecord) {
        if let Some(watch) = &mut self.watch {
            watch.before(&self.target);
        }
        let Judged {
            comparison,
            exchange,
            due,
        } = self.ask(step, call).await;
        self.target.capture(step, &exchange.observation);
        if step.until_refused && exchange.observation.error().is_some() {
            self.full = Some(prefix(&step.name).to_owned());
        }
        if !comparison.differences.is_empty() {
            record.curl = curl::line(&self.context.contract, &exchange);
            let reference = self.judge.said(&self.scenario.path, step);
            record.transcript = Some(Box::new(transcript::of(&due, &exchange, reference)));
        }
        record.held = due.expected.holds_output() && matches!(exchange.observation.outcome, Outcome::Success(_));
        record.verdict = comparison.verdict;
        record.differences = comparison.differences;
        if let Some(watch) = &mut self.watch {
            watch.after(record, &exchange.observation);
        }
    }

    /// The call to make, or why there is none.
    fn call(&self, step: &Step) -> Result<Call, String> {
        if self.context.not_implemented.contains(&step.call.operation) {
            return Err("not implemented".to_owned());
        }
        if self
            .full
            .as_deref()
            .is_some_and(|full| step.until_refused && prefix(&step.name) == full)
        {
            return Err("left out: an earlier step of its kind was refused".to_owned());
        }
        let missing = |missing: parallax_scenario::Unresolved| format!("no earlier step gave {{{}}}", missing.0);
        self.target.resolve(step).map_err(missing)
    }

    async fn ask(&mut self, step: &Step, call: Call) -> Judged {
        let _pass = self.context.traffic.pass(step).await;
        let contract = &*self.context.contract;
        match &mut self.judge {
            Judge::Docs if step.all_pages => self.documented_pages(call).await,
            Judge::Docs => self.documented(&call).await,
            Judge::Live(live) => {
                let (target, bindings) = (&mut self.target, &mut self.bindings);
                let (reference, asked) = tokio::join!(live.ask(contract, step), whole(target, contract, step, &call));
                let (exchange, endless) = asked;
                let due = live.due(contract, step, reference, (&exchange.observation, &target.token));
                see_due(&mut self.watch, &due);
                let comparison = compare(contract, &call.operation, &due, &exchange.observation, bindings);
                Judged {
                    comparison: with(comparison, endless),
                    exchange,
                    due,
                }
            }
            Judge::Tape(tape) => {
                let (exchange, endless) = whole(&mut self.target, contract, step, &call).await;
                let due = tape.due(contract, (&self.scenario.path, step), &call, &exchange);
                see_due(&mut self.watch, &due);
                let bindings = &mut self.bindings;
                let comparison = compare(contract, &call.operation, &due, &exchange.observation, bindings);
                Judged {
                    comparison: with(comparison, endless),
                    exchange,
                    due,
                }
            }
        }
    }

    async fn documented(&mut self, call: &Call) -> Judged {
        let context = self.context;
        let due = context.oracle.expect(&self.target.state, call);
        see_due(&mut self.watch, &due);
        let exchange = self.target.ask_due(call, &due).await;
        let bindings = &mut self.bindings;
        let comparison = compare(
            &context.contract,
            &call.operation,
            &due,
            &exchange.observation,
            bindings,
        );
        Judged {
            comparison,
            exchange,
            due,
        }
    }

    /// Each page is held against its own expectation; together they are one step.
    async fn documented_pages(&mut self, mut call: Call) -> Judged {
        let contract = Arc::clone(&self.context.contract);
        let mut pages = Pages::new(&contract, &call.operation, self.target.page_limit());
        let mut sum: Option<Judged> = None;
        loop {
            let page = self.documented(&call).await;
            let next = pages.turn(&mut call, &page.exchange.observation);
            let mut whole = match sum.take() {
                None => page,
                Some(sum) => merge(sum, page),
            };
            match next {
                Next::Page => {
                    sum = Some(whole);
                    continue;
                }
                Next::End => {}
                Next::Again => whole.comparison = with(whole.comparison, Some(pages.never_ends())),
                Next::TooMany => whole.comparison = unless_worse(whole.comparison, "more pages than are followed"),
            }
            return whole;
        }
    }

    async fn clean(&mut self) -> u64 {
        let _pass = self.context.traffic.change().await;
        let Context {
            not_implemented,
            cancel,
            ..
        } = self.context;
        let left_behind = cleanup::clean(&mut self.target, not_implemented, cancel).await;
        match &mut self.judge {
            Judge::Live(live) => left_behind + cleanup::clean(&mut live.side, &BTreeSet::new(), cancel).await,
            Judge::Docs | Judge::Tape(_) => left_behind,
        }
    }
}

fn see_due(watch: &mut Option<Watch>, due: &Expectation) {
    if let Some(watch) = watch {
        watch.due(due);
    }
}

/// The answer to a step that is compared as a whole: all pages in one where the marker is followed.
async fn whole(side: &mut Side, contract: &Contract, step: &Step, call: &Call) -> (Exchange, Option<Difference>) {
    if step.all_pages {
        gather(side, contract, call.clone()).await
    } else {
        (side.ask(call).await, None)
    }
}

/// The worse verdict of two pages, the differences of both, each told once, and the exchange where the first one showed.
fn merge(mut sum: Judged, page: Judged) -> Judged {
    if sum.comparison.differences.is_empty() && !page.comparison.differences.is_empty() {
        (sum.exchange, sum.due) = (page.exchange, page.due);
    }
    for difference in page.comparison.differences {
        let is_known = |known: &Difference| known.kind == difference.kind && known.path == difference.path;
        if !sum.comparison.differences.iter().any(is_known) {
            sum.comparison.differences.push(difference);
        }
    }
    if weight(&page.comparison.verdict) > weight(&sum.comparison.verdict) {
        sum.comparison.verdict = page.comparison.verdict;
    }
    sum
}

fn weight(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Agree => 0,
        Verdict::Skipped(_) => 1,
        Verdict::Inconclusive(_) => 2,
        Verdict::Diverge => 3,
    }
}

fn with(mut comparison: Comparison, difference: Option<Difference>) -> Comparison {
    if let Some(difference) = difference {
        comparison.differences.push(difference);
        comparison.verdict = Verdict::Diverge;
    }
    comparison
}

fn unless_worse(mut comparison: Comparison, reason: &str) -> Comparison {
    if comparison.verdict == Verdict::Agree {
        comparison.verdict = Verdict::Inconclusive(reason.to_owned());
    }
    comparison
}

/// What steps of one kind share of their names: `create-017` begins with `create-`.
fn prefix(name: &str) -> &str {
    name.trim_end_matches(|c: char| c.is_ascii_digit())
}
