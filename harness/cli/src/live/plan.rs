//! What a recording would ask, found out by a rehearsal on the embedded emulator.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use parallax_contract::{Call, Contract, Outcome, TransportFault};
use parallax_endpoint::cassette::Rules;
use parallax_endpoint::live::{
    Guard, Head, Journal, LOOK_PAGES, Limits, Obstacle, PAGE_LIMIT as GUARDED_PAGES, Reins, changes, makes, obstacle,
};
use parallax_endpoint::{BoxFuture, Endpoint, Exchange, Keyring, PAGE_LIMIT as PAGES};
use parallax_outcome::ExitCode;
use parallax_runner::{Cancel, Recording};
use parallax_scenario::{Scenario, Step};

use super::policy;
use crate::direct::Maker;
use crate::failure::Failure;
use crate::runtime;

/// How often the first request is sent before nobody is there.
const HELLO: u64 = 3;
/// How often the deletion of one resource is tried at the end of its scenario, at most.
const ROUNDS: u64 = 3;

/// On which terms somebody is asked.
pub(crate) enum Terms {
    /// An endpoint on which nothing costs anything and everything may be touched.
    Free,
    /// The service itself.
    Guarded {
        /// These operations may be asked though they may cost.
        allowed: BTreeSet<String>,
        /// Whether what is created bears a tag of the run, which takes a permission to add tags.
        tags: bool,
    },
}

/// What would be asked.
pub(crate) struct Estimate {
    /// The scenarios that are played.
    pub(crate) scenarios: Vec<Scenario>,
    /// Operations for which scenarios are left out, each with the reason and how many.
    left_out: BTreeMap<String, (Obstacle, u64)>,
    /// How many scenarios are left out.
    left: u64,
    /// How often each operation is asked of the embedded emulator.
    pub(crate) operations: Counts,
    /// What they are asked for.
    shares: Shares,
    /// Whether what is created bears a tag of the run, which takes a permission.
    tags: bool,
    /// How many steps are not asked, by the reason.
    withheld: Counts,
    /// The most requests anywhere, if none is sent again.
    pub(crate) at_most: u64,
}

/// What the requests to the embedded emulator are for.
#[derive(Clone, Copy, Default)]
struct Shares {
    /// To greet it.
    greeting: u64,
    /// The steps, each page of a listing counted.
    steps: u64,
    /// To see that nobody else has the run's names.
    looks: u64,
}

impl Estimate {
    /// Rehearses the scenarios; on the service itself, those with an operation that may cost are left out.
    pub(crate) fn of(
        contract: &Arc<Contract>,
        mut scenarios: Vec<Scenario>,
        terms: &Terms,
        token: &str,
    ) -> Result<Self, Failure> {
        let mut left_out = BTreeMap::new();
        let before = scenarios.len();
        if let Terms::Guarded { allowed, .. } = terms {
            known(contract, allowed)?;
            scenarios.retain(|scenario| !is_left_out(contract, scenario, allowed, &mut left_out));
        }
        let most = |scenario| most(contract, scenario, terms);
        let at_most = HELLO + looks(contract, &scenarios, terms) + scenarios.iter().map(most).sum::<u64>();
        Ok(Self {
            left: before.saturating_sub(scenarios.len()) as u64,
            at_most,
            left_out,
            tags: matches!(terms, Terms::Guarded { tags: true, .. }),
            ..rehearse(contract, scenarios, terms, token)?
        })
    }

    /// Fails where every scenario is left out: nothing would be asked, and that must not pass for success.
    pub(crate) fn some(&self) -> Result<(), Failure> {
        if !self.scenarios.is_empty() || self.left == 0 {
            return Ok(());
        }
        let operations: Vec<&str> = self.left_out.keys().map(String::as_str).collect();
        Err(Failure::new(
            ExitCode::TooLittle,
            format!(
                "all {} scenarios that were selected are left out: {} may cost, or no source says what it changes",
                self.left,
                operations.join(", ")
            ),
        )
        .mend("--plan tells why; what may cost is asked with --allow-cost OPERATION"))
    }

    /// The same, each scenario played so many times.
    pub(crate) fn times(mut self, plays: u64) -> Self {
        let counts = self.operations.values_mut().chain(self.withheld.values_mut());
        counts.for_each(|count| *count = count.saturating_mul(plays));
        self.at_most = self.at_most.saturating_mul(plays);
        let Shares { greeting, steps, looks } = &mut self.shares;
        for count in [greeting, steps, looks] {
            *count = count.saturating_mul(plays);
        }
        self
    }

    /// How many requests the embedded emulator gets.
    pub(crate) fn requests(&self) -> u64 {
        self.operations.values().sum()
    }

    /// The limits that hold unless others are given.
    pub(crate) fn limits(&self, rate: f64, requests: Option<u64>, minutes: Option<u64>) -> Limits {
        let usual = self.at_most.saturating_add(self.at_most / 2).saturating_add(ROUNDS);
        let time = minutes.map(|minutes| Duration::from_secs(minutes.saturating_mul(60)));
        Limits {
            rate,
            requests: requests.unwrap_or(usual),
            time: time.unwrap_or_else(|| seconds(self.at_most, rate).saturating_mul(2) + Duration::from_secs(60)),
        }
    }

    /// The plan for people.
    pub(crate) fn tell(&self, contract: &Contract, limits: &Limits) -> String {
        let steps: usize = self.scenarios.iter().map(|scenario| scenario.steps.len()).sum();
        let (requests, at_most) = (self.requests(), self.at_most);
        let mut text = format!(
            "plan: {} scenarios, {steps} steps of {}\n\
             requests: {requests} on the embedded emulator ({}), elsewhere at most {at_most} and what is sent again; at {} a \
             second {} to {}; never more than {}, nor longer than {}\n",
            self.scenarios.len(),
            contract.service.full_name,
            self.shares.tell(requests),
            limits.rate,
            minutes(seconds(requests, limits.rate)),
            minutes(seconds(at_most, limits.rate)),
            limits.requests,
            minutes(limits.time),
        );
        self.tell_costs(contract, &mut text);
        for (why, count) in &self.withheld {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "not sent: {count} steps: {why}");
        }
        text.push_str("operations:\n");
        for (operation, count) in &self.operations {
            let made = makes(contract, operation).map(|resource| format!("  makes {resource}"));
            let name = if operation.is_empty() {
                "(no operation of the service)"
            } else {
                operation
            };
            let _ = writeln!(text, "  {count:6} {name}{}", made.unwrap_or_default());
        }
        let _ = writeln!(
            text,
            "permissions: {}",
            policy::actions(contract, &self.needed(contract)).join(", ")
        );
        text
    }

    fn tell_costs(&self, contract: &Contract, text: &mut String) {
        let charged = self.operations.keys().filter_map(|name| {
            let cost = contract.operations.get(name)?.cost.as_ref();
            (!cost.is_some_and(|cost| cost.free)).then(|| match cost {
                Some(cost) => format!("{name} ({})", cost.evidence.fact),
                None => format!("{name} (no source says that it is free)"),
            })
        });
        let charged: Vec<_> = charged.collect();
        let charged = if charged.is_empty() {
            "nothing".to_owned()
        } else {
            charged.join(", ")
        };
        let _ = writeln!(text, "may cost: {charged}");
        if self.left == 0 {
            return;
        }
        let _ = writeln!(text, "left out: {} scenarios with these operations:", self.left);
        for (operation, (why, count)) in &self.left_out {
            let why = match why {
                Obstacle::Costs(Some(fact)) => format!("may cost, --allow-cost {operation}: {fact}"),
                Obstacle::Costs(None) => format!("may cost, --allow-cost {operation}: no source says that it is free"),
                Obstacle::Unclear => "no source says what it changes".to_owned(),
            };
            let _ = writeln!(text, "  {count:6} {operation}: {why}");
        }
    }

    /// The least IAM policy.
    pub(crate) fn policy(&self, contract: &Contract, region: Option<&str>) -> String {
        policy::policy(contract, &self.needed(contract), region)
    }

    /// What is asked, and what may have to be on a service that does not answer as the embedded emulator does: whatever is
    /// made may have to be looked for and deleted.
    fn needed(&self, contract: &Contract) -> BTreeSet<String> {
        let mut needed: BTreeSet<String> = self.operations.keys().cloned().collect();
        let made = self.operations.keys().filter_map(|name| makes(contract, name));
        for resource in made.filter_map(|name| contract.resources.get(name)) {
            let cycle = &resource.lifecycle;
            let tag = contract.tagging.as_ref().map(|tagging| &tagging.add);
            let tag = tag.filter(|_| self.tags && resource.tags_member.is_some());
            needed.extend(
                [cycle.delete.as_ref(), cycle.describe.as_ref(), tag]
                    .into_iter()
                    .flatten()
                    .cloned(),
            );
        }
        needed
    }
}

impl Shares {
    /// The shares of so many requests; whatever is for nothing else cleans up.
    fn tell(&self, requests: u64) -> String {
        let Self { greeting, steps, looks } = *self;
        let cleaning = requests.saturating_sub(greeting + steps + looks);
        let shares = [
            (steps, "steps"),
            (cleaning, "to clean up"),
            (looks, "to see that nobody else has the run's names"),
            (greeting, "to greet"),
        ];
        let shares = shares.iter().filter(|(count, _)| *count > 0);
        let shares: Vec<String> = shares.map(|(count, what)| format!("{count} {what}")).collect();
        shares.join(", ")
    }
}

/// Fails where an operation was allowed that there is not.
fn known(contract: &Contract, allowed: &BTreeSet<String>) -> Result<(), Failure> {
    let names = || contract.operations.keys().map(String::as_str);
    match allowed.iter().find(|name| !contract.operations.contains_key(*name)) {
        Some(name) => Err(Failure::usage(format!("--allow-cost: there is no operation `{name}`"))
            .mend(crate::nearest::nearest(name, names()))),
        None => Ok(()),
    }
}

fn is_left_out(
    contract: &Contract,
    scenario: &Scenario,
    allowed: &BTreeSet<String>,
    left_out: &mut BTreeMap<String, (Obstacle, u64)>,
) -> bool {
    let used: BTreeSet<&str> = scenario.steps.iter().map(|step| step.call.operation.as_str()).collect();
    let mut any = false;
    for operation in used {
        if let Some(why) = obstacle(contract, operation, allowed) {
            left_out.entry(operation.to_owned()).or_insert((why, 0)).1 += 1;
            any = true;
        }
    }
    any
}

/// The most requests that a scenario takes: each step with the look before it, each page, and each deletion thrice.
fn most(contract: &Contract, scenario: &Scenario, terms: &Terms) -> u64 {
    let guarded = matches!(terms, Terms::Guarded { .. });
    let listing = if guarded { GUARDED_PAGES } else { PAGES };
    let step = |step: &Step| {
        let pages = if step.all_pages { u64::from(listing) } else { 1 };
        let look = u64::from(guarded && changes(contract, &step.call.operation).is_some());
        let cleaning = makes(contract, &step.call.operation).map_or(0, |_| ROUNDS);
        pages + look + cleaning
    };
    scenario.steps.iter().map(step).sum()
}

/// The most requests that it takes to look through an account for names of the run.
fn looks(contract: &Contract, scenarios: &[Scenario], terms: &Terms) -> u64 {
    if matches!(terms, Terms::Free) {
        return 0;
    }
    let steps = scenarios.iter().flat_map(|scenario| &scenario.steps);
    let changed: BTreeSet<&str> = steps
        .filter_map(|step| changes(contract, &step.call.operation))
        .collect();
    changed.len() as u64 * u64::from(LOOK_PAGES)
}

/// What the embedded emulator is asked; nothing else of the estimate.
fn rehearse(
    contract: &Arc<Contract>,
    scenarios: Vec<Scenario>,
    terms: &Terms,
    token: &str,
) -> Result<Estimate, Failure> {
    let counted = Arc::new(Counted::around(Maker::new(contract.clone())?.make()));
    let (guard, outer) = match terms {
        Terms::Free => (None, counted.clone()),
        Terms::Guarded { allowed, .. } => {
            let reins = Arc::new(Reins::new(Limits::NONE));
            let shared = (Arc::new(journal(contract, token)), reins);
            let guard = Guard::new(counted.clone(), contract.clone(), shared, allowed.clone());
            let unknown = |error| Failure::usage("the service cannot be rehearsed").because(error);
            let guard = Arc::new(guard.map_err(unknown)?);
            (Some(guard.clone()), Arc::new(Counted::around(guard)))
        }
    };
    let recording = Recording {
        rules: Rules::default(),
        keys: Keyring::default(),
        contract: contract.clone(),
        scenarios: &scenarios,
        token: token.to_owned(),
        endpoint: &|| outer.clone(),
        documented: false,
        before: None,
    };
    let mut shares = Shares::default();
    let mut greeted = false;
    let see = |_| {
        if !std::mem::replace(&mut greeted, true) {
            // The first step was asked before it was handed out.
            shares.greeting = outer.asked().saturating_sub(1);
        }
        shares.steps += u64::from(!outer.withheld_last());
        Ok(())
    };
    let rehearsal = async {
        let played = parallax_runner::record(recording, see, Cancel::new()).await;
        if let Some(guard) = &guard {
            guard.sweep().await;
        }
        played
    };
    let bug = |error| Failure::new(ExitCode::Bug, "the rehearsal came to nothing").because(error);
    runtime::start()?.block_on(rehearsal).map_err(bug)?;
    shares.looks = guard.map_or(0, |guard| guard.looks());
    Ok(Estimate {
        operations: counted.calls(),
        withheld: outer.withheld(),
        shares,
        tags: false,
        scenarios,
        left_out: BTreeMap::new(),
        left: 0,
        at_most: 0,
    })
}

/// A journal for the rehearsal alone.
fn journal(contract: &Contract, token: &str) -> Journal {
    Journal::in_memory(Head {
        service: contract.service.name.clone(),
        token: token.to_owned(),
        region: String::new(),
        url: String::new(),
        started: String::new(),
    })
}

/// How often something happened, by its name.
type Counts = BTreeMap<String, u64>;

/// Counts what passes.
struct Counted {
    inner: Arc<dyn Endpoint>,
    calls: Mutex<Counts>,
    withheld: Mutex<Counts>,
    /// How many were answered, those that were not sent counted too, and whether the last was not sent.
    asked: AtomicU64,
    last: AtomicBool,
}

impl Counted {
    fn around(inner: Arc<dyn Endpoint>) -> Self {
        Self {
            inner,
            calls: Mutex::default(),
            withheld: Mutex::default(),
            asked: AtomicU64::new(0),
            last: AtomicBool::new(false),
        }
    }

    fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Whether what was asked last was not sent.
    fn withheld_last(&self) -> bool {
        self.last.load(Ordering::Relaxed)
    }

    fn calls(&self) -> Counts {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn withheld(&self) -> Counts {
        self.withheld.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn count(counts: &Mutex<Counts>, name: &str) {
    let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    *counts.entry(name.to_owned()).or_default() += 1;
}

impl Endpoint for Counted {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Exchange> {
        Box::pin(async move {
            count(&self.calls, &call.operation);
            let exchange = self.inner.ask(call).await;
            let why = match &exchange.observation.outcome {
                Outcome::Lost(TransportFault::Withheld(why)) => Some(why),
                _ => None,
            };
            why.into_iter().for_each(|why| count(&self.withheld, why));
            self.last.store(why.is_some(), Ordering::Relaxed);
            self.asked.fetch_add(1, Ordering::Relaxed);
            exchange
        })
    }

    fn page_limit(&self) -> u32 {
        self.inner.page_limit()
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a number of requests is far below what a double holds exactly"
)]
fn seconds(requests: u64, rate: f64) -> Duration {
    Duration::try_from_secs_f64(requests as f64 / rate).unwrap_or(Duration::MAX)
}

fn minutes(time: Duration) -> String {
    match time.as_secs() {
        few @ ..120 => format!("{few} s"),
        some @ ..7200 => format!("{} min", some.div_ceil(60)),
        many => format!("{}.{} h", many / 3600, many % 3600 / 360),
    }
}
