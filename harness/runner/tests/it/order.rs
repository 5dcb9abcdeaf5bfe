//! Many scenarios: jobs, repetition, exclusiveness.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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
}

impl Endpoint for Crowd {
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

#[test]
fn exclusive_scenarios_run_alone_and_the_others_side_by_side() {
    let crowd = Arc::new(Crowd {
        inner: Memory::honest(),
        inside: AtomicUsize::new(0),
        beside_exclusive: AtomicUsize::new(0),
        most: AtomicUsize::new(0),
    });
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
    block_on(run(plan, crowd.clone(), docs(), |_| {}, Cancel::new())).unwrap();
    assert_eq!(crowd.beside_exclusive.load(Ordering::SeqCst), 0);
    assert!(crowd.most.load(Ordering::SeqCst) > 1);
    let asked = crowd.inner.asked.lock().unwrap();
    let last_shared = asked.iter().rposition(|call| name(call).starts_with("crowd")).unwrap();
    let first_alone = asked.iter().position(|call| name(call).starts_with("alone")).unwrap();
    assert!(last_shared < first_alone);
}
