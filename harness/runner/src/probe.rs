//! Whether somebody is there, and what they implement.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use parallax_contract::{Call, Contract, Observation, Outcome, TransportFault, Tweak, Value};
use parallax_endpoint::Endpoint;
use parallax_oracle::Oracle;
use parallax_outcome::event::ANY_OPERATION;
use parallax_outcome::{Difference, EvidenceLine, Kind, ScenarioRecord, Severity, StepRecord, Verdict};
use parallax_scenario::{Scenario, Step, derive};

use crate::coverage::{is_proper_error, looks_unimplemented};
use crate::naming::is_anybodys;
use crate::side::Side;
use crate::{Cancel, RunError, Which, cleanup, curl};

/// An action that no service has.
const UNKNOWN: &str = "ParallaxAsksForAnUnknownAction";
/// After this many requests without an answer nobody is there.
const PATIENCE: usize = 3;
/// How many ways of asking are tried before an operation counts as not implemented.
const SAMPLES: usize = 3;

/// What the target implements.
pub(crate) struct Coverage {
    /// Each operation that was asked about.
    pub(crate) implemented: BTreeMap<String, bool>,
    /// The one divergence of a target that says it in a form no SDK can read.
    pub(crate) divergence: Option<ScenarioRecord>,
    /// How many resources could not be deleted again.
    pub(crate) left_behind: u64,
}

/// The answer to an action that nobody has; it tells an unknown operation from a broken one.
///
/// One who drops what it does not know may answer what it does, so that it is asked about everything in the contract
/// before it counts as nobody. One who cost a whole time limit, again and again, is not.
///
/// # Errors
/// [`RunError::NeverAnswered`] where none of the first requests was answered; [`RunError::BrokenOff`] where somebody
/// broke off meanwhile, and [`RunError::OutOfTime`] where the time was up.
pub(crate) async fn hello(
    endpoint: &dyn Endpoint,
    contract: &Contract,
    which: Which,
    cancel: &Cancel,
) -> Result<Observation, RunError> {
    let call = unknown_action();
    let mut why = None;
    for _ in 0..PATIENCE {
        if let Some(fault) = why.as_ref().filter(|_| cancel.is_cancelled()) {
            return Err(match cancel.is_out_of_time() {
                true => RunError::OutOfTime {
                    which,
                    fault: TransportFault::clone(fault),
                },
                false => RunError::BrokenOff { which },
            });
        }
        let observation = endpoint.ask(&call).await.observation;
        match &observation.outcome {
            Outcome::Lost(fault) if fault.is_ours() => {
                let fault = fault.clone();
                return Err(RunError::NeverAnswered { which, fault });
            }
            Outcome::Lost(fault) => {
                why.get_or_insert_with(|| fault.clone());
            }
            _ => return Ok(observation),
        }
    }
    let fault = why.unwrap_or(TransportFault::TimedOut);
    if is_drop(&fault) && answers_any(endpoint, contract).await {
        return Ok(Observation::lost(fault));
    }
    Err(RunError::NeverAnswered { which, fault })
}

/// A call for an action that nobody has.
pub(crate) fn unknown_action() -> Call {
    Call::new("", Value::Map(Vec::new())).tweak(Tweak::Action(Some(UNKNOWN.to_owned())))
}

/// Whether somebody who answered once answers nobody any more.
pub(crate) async fn is_gone(endpoint: &dyn Endpoint, contract: &Contract, which: Which, cancel: &Cancel) -> bool {
    let there = hello(endpoint, contract, which, cancel).await;
    matches!(there, Err(RunError::NeverAnswered { .. }))
}

/// Whether somebody was there, took the request and answered nothing that can be used.
fn is_drop(fault: &TransportFault) -> bool {
    matches!(
        fault,
        TransportFault::Closed(_) | TransportFault::NotHttp(_) | TransportFault::TooLarge(_)
    )
}

/// Whether any operation of the contract is answered, whatever it is asked.
async fn answers_any(endpoint: &dyn Endpoint, contract: &Contract) -> bool {
    for operation in contract.operations.keys() {
        let call = Call::new(&**operation, Value::Map(Vec::new()));
        match endpoint.ask(&call).await.observation.outcome {
            Outcome::Lost(fault) if is_drop(&fault) => {}
            Outcome::Lost(_) => return false,
            _ => return true,
        }
    }
    false
}

/// Asks about these operations.
///
/// How it is asked does not depend on what was selected: a few scenarios may well know an operation only by calls that
/// need something else first, on which an implementation that has it crashes as on one that it lacks.
pub(crate) async fn coverage(
    (target, oracle): (&Arc<dyn Endpoint>, &Arc<Oracle>),
    (wanted, scenarios, token): (&BTreeSet<&str>, &[Scenario], String),
    unknown: &Observation,
    cancel: &Cancel,
) -> Coverage {
    let mut probe = Probe {
        side: Side::new(Arc::clone(target), Arc::clone(oracle), token),
        unknown,
        cancel,
        mute: BTreeSet::new(),
        unreadable: BTreeMap::new(),
    };
    let mut implemented = BTreeMap::new();
    let derived = derive(probe.side.oracle().contract());
    let known = || derived.iter().chain(scenarios);
    for (operation, samples) in samples(known(), wanted, probe.side.oracle().contract()) {
        let Some(knows) = probe.knows(&operation, &samples).await else {
            break;
        };
        implemented.insert(operation, knows);
    }
    probe.listen_to_stories(known(), &mut implemented).await;
    drop(derived);
    let lacking = |(name, knows): (&String, &bool)| (!knows).then(|| name.clone());
    let not_implemented: BTreeSet<String> = implemented.iter().filter_map(lacking).collect();
    let left_behind = cleanup::clean(&mut probe.side, &not_implemented, cancel).await;
    let mut unreadable = std::mem::take(&mut probe.unreadable);
    unreadable.retain(|operation, _| not_implemented.contains(operation));
    let count = unreadable.len();
    Coverage {
        divergence: unreadable
            .into_values()
            .next()
            .map(|seen| divergence(seen, count, scenarios.len())),
        implemented,
        left_behind,
    }
}

/// The operations that the scenarios use.
pub(crate) fn used(scenarios: &[Scenario]) -> BTreeSet<&str> {
    let steps = scenarios.iter().flat_map(|scenario| &scenario.steps);
    let operations = steps.map(|step| step.call.operation.as_str());
    operations.filter(|operation| !operation.is_empty()).collect()
}

/// The first uses of each of these operations that need nothing from earlier steps and are written as usual. What is created has a
/// name, by which it can be deleted again.
fn samples<'s>(
    scenarios: impl Iterator<Item = &'s Scenario>,
    wanted: &BTreeSet<&str>,
    contract: &Contract,
) -> BTreeMap<String, Vec<&'s Step>> {
    let nothing = |operation: &&str| ((*operation).to_owned(), Vec::new());
    let mut samples: BTreeMap<String, Vec<&Step>> = wanted.iter().map(nothing).collect();
    for step in scenarios.flat_map(|scenario| &scenario.steps) {
        let Some(known) = samples.get_mut(&step.call.operation) else {
            continue;
        };
        if !is_anybodys(contract, &step.call)
            && known.len() < SAMPLES
            && step.call.tweaks.is_empty()
            && known.iter().all(|known| known.call != step.call)
        {
            known.push(step);
        }
    }
    samples
}

struct Probe<'p> {
    side: Side,
    unknown: &'p Observation,
    cancel: &'p Cancel,
    /// Operations that were only answered in a form that may as well be a crash.
    mute: BTreeSet<String>,
    /// For each operation that was not refused properly, a `curl` line and what came back.
    unreadable: BTreeMap<String, (String, String)>,
}

impl Probe<'_> {
    /// Whether any way of asking gets another answer than an unknown operation would; `None` where it was broken off before
    /// that was known.
    async fn knows(&mut self, operation: &str, samples: &[&Step]) -> Option<bool> {
        let empty = Call::new(operation, Value::Map(Vec::new()));
        let harmless = samples.is_empty() || !is_anybodys(self.side.oracle().contract(), &empty);
        let samples = samples.iter().filter_map(|step| self.side.resolve(step).ok());
        let calls: Vec<Call> = harmless.then_some(empty).into_iter().chain(samples).collect();
        let mut shown = None;
        for call in calls {
            if self.cancel.is_cancelled() {
                return None;
            }
            let exchange = self.side.ask(&call).await;
            if !looks_unimplemented(&exchange.observation, self.unknown) {
                return Some(true);
            }
            if !is_proper_error(&exchange.observation) {
                shown.get_or_insert(exchange);
            }
        }
        if shown.is_some() {
            self.mute.insert(operation.to_owned());
        }
        if let Some(exchange) = shown {
            let line = curl::line(self.side.oracle().contract(), &exchange);
            let seen = (line, answer(&exchange.observation));
            self.unreadable.insert(operation.to_owned(), seen);
        }
        Some(false)
    }
}

impl Probe<'_> {
    /// Asks once more, in the middle of scenarios, about operations that gave no readable answer: one that crashes on
    /// what does not exist may well know what does.
    async fn listen_to_stories<'s>(
        &mut self,
        scenarios: impl Iterator<Item = &'s Scenario> + Clone,
        implemented: &mut BTreeMap<String, bool>,
    ) {
        for operation in std::mem::take(&mut self.mute) {
            let asks = |step: &Step| step.call.operation == operation && step.call.tweaks.is_empty();
            let stories = scenarios.clone().filter(|scenario| !scenario.exclusive);
            let stories = stories
                .filter(|scenario| scenario.steps.iter().skip(1).any(asks))
                .take(SAMPLES);
            for story in stories.collect::<Vec<_>>() {
                if self.cancel.is_cancelled() {
                    return;
                }
                if self.is_known_in(story, &operation).await {
                    implemented.insert(operation, true);
                    break;
                }
            }
        }
    }

    /// Whether the operation is answered in this scenario as none is that is unknown.
    async fn is_known_in(&mut self, story: &Scenario, operation: &str) -> bool {
        let mut known = false;
        for step in &story.steps {
            if self.cancel.is_cancelled() {
                break;
            }
            let Ok(call) = self.side.resolve(step) else { continue };
            let exchange = self.side.ask(&call).await;
            self.side.capture(step, &exchange.observation);
            if step.call.operation == operation && !looks_unimplemented(&exchange.observation, self.unknown) {
                known = true;
                break;
            }
        }
        cleanup::clean(&mut self.side, &BTreeSet::new(), self.cancel).await;
        known
    }
}

fn answer(observation: &Observation) -> String {
    match &observation.outcome {
        Outcome::Malformed(malformed) => format!("status {}, {}", observation.status, malformed.why),
        Outcome::Lost(fault) => fault.to_string(),
        _ => format!("status {}", observation.status),
    }
}

/// One for the whole target: how an SDK learns that an operation is not there.
fn divergence((curl, answer): (String, String), operations: usize, index: usize) -> ScenarioRecord {
    let difference = Difference {
        kind: Kind::Unimplemented,
        severity: Severity::Error,
        path: String::new(),
        expected: "status 400, InvalidAction in the protocol's error envelope".to_owned(),
        observed: match operations {
            1 => format!("{answer}, for 1 operation"),
            many => format!("{answer}, for {many} operations"),
        },
        evidence: vec![EvidenceLine {
            fact: "InvalidAction is answered with status 400".to_owned(),
            source: "common errors of query services".to_owned(),
            confidence: "documented".to_owned(),
        }],
        habit: false,
    };
    let step = StepRecord {
        step: "any".to_owned(),
        operation: ANY_OPERATION.to_owned(),
        verdict: Verdict::Diverge,
        held: false,
        differences: vec![difference],
        curl,
        transcript: None,
    };
    ScenarioRecord {
        index,
        path: "coverage/not-implemented".to_owned(),
        resource: None,
        steps: vec![step],
        micros: 0,
        requests: 0,
    }
}
