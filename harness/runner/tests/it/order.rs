//! Many scenarios: jobs, repetition, exclusiveness.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use parallax_contract::Call;
use parallax_endpoint::{BoxFuture, Endpoint, Exchange};
use parallax_outcome::{Event, Report};
use parallax_runner::{Cancel, Plan, run};
use parallax_scenario::Step;

use crate::fixture::*;

/// A target that errs with some names, and a plan with some divergences in it.
fn varied(jobs: usize, token: &str) -> Report {
    let target = Memory::with(|call, right| {
        if call.operation == "DescribeThings" && name(call).starts_with("bad") {
            error("ThingNotFound", 404)
        } else {
            right
        }
    });
    let scenarios = (0..40).map(|number| {
        let prefix = if number % 7 == 0 { "bad" } else { "good" };
        let name = format!("{prefix}{{run}}");
        let steps = vec![
            Step::new("create", create(&name)),
            Step::new("describe", describe(&name)),
        ];
        scenario(&format!("s{number}"), steps)
    });
    let plan = Plan {
        jobs,
        token: token.into(),
        places: None,
        probe: true,
        ..plan(scenarios.collect())
    };
    report(events(plan, target, docs()).unwrap())
}

#[test]
fn the_report_depends_neither_on_the_jobs_nor_on_the_token() {
    let one = varied(1, "abc");
    assert_eq!(one.divergences.len(), 6);
    assert_eq!(one, varied(16, "abc"));
    assert_eq!(one, varied(3, "zyx"));
}

#[test]
fn a_repeated_scenario_meets_nothing_of_its_own() {
    let target = Memory::honest();
    let plan = Plan {
        repeat: 3,
        jobs: 4,
        ..plan(vec![life("one"), life("two")])
    };
    let report = report(events(plan, target.clone(), docs()).unwrap());
    assert_eq!(
        (report.summary.scenarios, report.summary.steps, report.summary.agree),
        (2, 24, 24)
    );
    let asked = target.asked.lock().unwrap();
    let names: BTreeSet<_> = asked
        .iter()
        .filter(|call| call.operation == "CreateThing")
        .map(name)
        .collect();
    assert_eq!(names.len(), 6);
}

#[test]
fn every_scenario_says_its_place() {
    let plan = Plan {
        jobs: 4,
        ..plan((0..9).map(|number| life(&format!("s{number}"))).collect())
    };
    let events = events(plan, Memory::honest(), docs()).unwrap();
    let places: BTreeSet<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Scenario(record) => Some((record.index, record.path.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(places, (0..9).map(|number| (number, format!("s{number}"))).collect());
}

/// Counts the requests that are on their way while one for an exclusive name is.
struct Crowd {
    inner: Arc<Memory>,
    inside: AtomicUsize,
    beside_exclusive: AtomicUsize,
    most: AtomicUsize,
    /// Those that were had apart from this one, where such are to be had.
    apart: Option<Mutex<Vec<Arc<Crowd>>>>,
}

impl Crowd {
    fn new(apart: bool) -> Arc<Self> {
        Arc::new(Self {
            inner: Memory::honest(),
            inside: AtomicUsize::new(0),
            beside_exclusive: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            apart: apart.then(Mutex::default),
        })
    }
}

impl Endpoint for Crowd {
    fn apart(&self) -> Option<Arc<dyn Endpoint>> {
        let all = self.apart.as_ref()?;
        let other = Self::new(false);
        all.lock().unwrap().push(other.clone());
        Some(other)
    }

    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Exchange> {
        Box::pin(async move {
            let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(inside, Ordering::SeqCst);
            for _ in 0..20 {
                tokio::task::yield_now().await;
                if name(call).starts_with("alone") {
                    let others = self.inside.load(Ordering::SeqCst) - 1;
                    self.beside_exclusive.fetch_max(others, Ordering::SeqCst);
                }
            }
            let exchange = self.inner.ask(call).await;
            self.inside.fetch_sub(1, Ordering::SeqCst);
            exchange
        })
    }
}

/// Twelve scenarios, of which every third is exclusive.
fn a_third_alone(crowd: &Arc<Crowd>) {
    let scenarios = (0..12).map(|number| {
        let prefix = if number % 3 == 0 { "alone" } else { "crowd" };
        let steps = vec![Step::new("create", create(&format!("{prefix}{{run}}")))];
        let mut scenario = scenario(&format!("s{number}"), steps);
        scenario.exclusive = number % 3 == 0;
        scenario
    });
    let plan = Plan {
        jobs: 4,
        ..plan(scenarios.collect())
    };
    let mut played = BTreeSet::new();
    let take = |event| {
        if let Event::Scenario(record) = event {
            played.insert(record.index);
        }
    };
    block_on(run(plan, crowd.clone(), docs(), take, Cancel::new())).unwrap();
    assert_eq!(played.len(), 12);
}

#[test]
fn exclusive_scenarios_run_alone_after_the_others() {
    let crowd = Crowd::new(false);
    a_third_alone(&crowd);
    assert_eq!(crowd.beside_exclusive.load(Ordering::SeqCst), 0);
    assert!(crowd.most.load(Ordering::SeqCst) > 1);
    let asked = crowd.inner.asked.lock().unwrap();
    let last_shared = asked.iter().rposition(|call| name(call).starts_with("crowd")).unwrap();
    let first_alone = asked.iter().position(|call| name(call).starts_with("alone")).unwrap();
    assert!(last_shared < first_alone);
}

#[test]
fn exclusive_scenarios_have_an_endpoint_to_themselves_where_there_can_be_another() {
    let crowd = Crowd::new(true);
    a_third_alone(&crowd);
    let asked = crowd.inner.asked.lock().unwrap();
    assert!(asked.iter().all(|call| !name(call).starts_with("alone")));
    let apart = crowd.apart.as_ref().unwrap().lock().unwrap();
    assert!((1..=4).contains(&apart.len()));
    assert!(apart.iter().all(|other| other.most.load(Ordering::SeqCst) == 1));
}
