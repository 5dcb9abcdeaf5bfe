//! A fault that only generated scenarios reach, hunted until it is found.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parallax_contract::Contract;
use parallax_endpoint::Endpoint;
use parallax_oracle::Oracle;
use parallax_outcome::Severity;
use parallax_scenario::{Options, Scenario};

use super::{Found, Row, Subject, TOKEN, millis};
use crate::{Cancel, Find, HuntError, HuntEvent, HuntPlan, Reference, hunt};

/// How far a fault is hunted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Where the choices come from.
    pub seed: u64,
    /// The most sequences; reductions are not counted.
    pub cases: Option<u64>,
    /// The most time.
    pub time: Option<Duration>,
    /// How many sequences are played at a time; with one, and without a time, the same is found every time.
    pub jobs: usize,
}

/// What it took to find a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunted {
    /// The seed.
    pub seed: u64,
    /// How many sequences were played before it was found and reduced, or in all.
    pub cases: u64,
    /// The reduced sequence's steps; none where nothing was found.
    pub steps: usize,
    /// How many of those make no resource.
    pub beyond_set_up: usize,
}

/// Hunts with nothing in hand until the first find, which is reduced and confirmed.
///
/// # Errors
/// Those of [`hunt()`].
pub async fn seek(
    contract: &Arc<Contract>,
    subject: Subject,
    bounds: Bounds,
    endpoint: Arc<dyn Endpoint>,
    cancel: &Cancel,
) -> Result<Row, HuntError> {
    let begin = Instant::now();
    let (enough, mut first) = (Cancel::new(), None);
    let reference = Reference::Docs(Arc::new(Oracle::new(Arc::clone(contract))));
    let take = |event| {
        if let HuntEvent::Found(find) = event {
            first.get_or_insert((*find, millis(begin)));
        }
        if first.is_some() || cancel.is_cancelled() {
            enough.cancel();
        }
    };
    let end = hunt(plan(contract, bounds), endpoint, reference, take, enough.clone()).await?;
    let (find, took) = first.map_or((None, millis(begin)), |(find, took)| (Some(find), took));
    let scenario = find.as_ref().map(|find| &find.scenario);
    Ok(Row {
        subject,
        hunted: Some(Hunted {
            seed: bounds.seed,
            cases: end.cases,
            steps: scenario.map_or(0, |scenario| scenario.steps.len()),
            beyond_set_up: scenario.map_or(0, |scenario| beyond_set_up(contract, scenario)),
        }),
        found: find.map(found),
        noted: None,
        millis: took,
    })
}

/// How many steps of a scenario make no resource.
pub fn beyond_set_up(contract: &Contract, scenario: &Scenario) -> usize {
    let makes = |operation: &String| {
        let mut resources = contract.resources.values();
        resources.any(|resource| resource.lifecycle.create == *operation)
    };
    let steps = scenario.steps.iter();
    steps.filter(|step| !makes(&step.call.operation)).count()
}

fn plan(contract: &Arc<Contract>, bounds: Bounds) -> HuntPlan {
    HuntPlan {
        contract: Arc::clone(contract),
        options: Options::default(),
        seed: bounds.seed,
        cases: bounds.cases,
        time: bounds.time,
        jobs: bounds.jobs,
        known: BTreeSet::new(),
        corpus: Vec::new(),
        least: Severity::Warning,
        token: TOKEN.to_owned(),
        probe: false,
    }
}

fn found(find: Find) -> Found {
    let divergence = find.divergence;
    Found {
        scenario: divergence.scenario,
        step: divergence.step,
        kind: divergence.kind,
        severity: divergence.severity,
        path: divergence.path,
        expected: divergence.expected,
        observed: divergence.observed,
    }
}
