//! Targets that do what they should, and what is told of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parallax_contract::{Answer, Call, Contract};
use parallax_endpoint::fault::Delivery;
use parallax_endpoint::{Emulator, Server, Service, Shortage};
use parallax_load::{Cancel, Event, Target, Verify, bench};
use parallax_oracle::Oracle;
use parallax_outcome::bench::Pace;
use parallax_scenario::mix::ready;

use crate::fixture::{CONTRACT, measure, only, plan};

/// The emulator, which answers one call late.
struct LateOnce {
    emulator: Emulator,
    served: AtomicU64,
    which: u64,
    by: Duration,
}

impl Service for LateOnce {
    fn contract(&self) -> &Contract {
        self.emulator.contract()
    }

    fn answer(&self, call: &Call) -> Answer {
        self.emulator.answer(call)
    }

    fn delivery(&self, _: &Call) -> Delivery {
        match self.served.fetch_add(1, Ordering::Relaxed) == self.which {
            true => Delivery::Late(self.by),
            false => Delivery::Plain,
        }
    }
}

fn serve(which: u64, by: Duration) -> Server {
    let service = LateOnce {
        emulator: Emulator::new(Arc::new(Oracle::new(Arc::clone(&CONTRACT)))),
        served: AtomicU64::new(0),
        which,
        by,
    };
    Server::start(([127, 0, 0, 1], 0).into(), Arc::new(service)).unwrap()
}

fn emulator() -> Server {
    serve(u64::MAX, Duration::ZERO)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_ready_mix_is_answered_rightly_and_leaves_nothing_behind() {
    for mix in parallax_scenario::mix::READY {
        let server = emulator();
        let mut plan = plan();
        plan.mix = ready(&CONTRACT, mix, None).unwrap();
        plan.verify = Verify::Full;
        let bench = measure(&plan, &server.url()).await;
        let target = only(&bench);
        assert_eq!(target.errors.total, 0, "{mix}: {:?}", target.errors);
        assert!(target.verified > 0 && target.left_behind == 0, "{mix}: {target:?}");
        assert_eq!(target.verified + target.inconclusive, target.answers, "{mix}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_late_answer_makes_all_late_that_were_due_meanwhile_and_only_one_that_was_sent() {
    let late = Duration::from_millis(400);
    let server = serve(10, late);
    let mut plan = plan();
    (plan.connections, plan.threads) = (1, 1);
    plan.pace = Pace::Constant { rate: 200.0 };
    plan.duration = Duration::from_secs(1);
    let bench = measure(&plan, &server.url()).await;
    let target = only(&bench);
    assert_eq!(target.latency.count, 200, "{:?}", target.errors);
    // Of 400 ms those in the first 300, one every 5, have 100 left to wait: more than 50 of 200.
    assert!(target.latency.p75 >= 100.0, "{} ms", target.latency.p75);
    assert!(
        target.uncorrected.p75 < target.latency.p75,
        "{} ms",
        target.uncorrected.p75
    );
    assert!(target.uncorrected.max >= 400.0 && target.latency.max >= 400.0);
    assert!(target.schedule.as_ref().unwrap().queued >= 60, "{:?}", target.schedule);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rate_that_has_no_whole_number_of_requests_in_the_time_is_kept_where_all_were_sent() {
    let server = emulator();
    let mut plan = plan();
    // One request is due in the fifth of a second, 133 ms after the start, and not one and a half.
    plan.pace = Pace::Constant { rate: 7.5 };
    plan.warm_up = Duration::from_millis(10);
    let bench = measure(&plan, &server.url()).await;
    let target = only(&bench);
    assert_eq!((target.answers, target.errors.total), (1, 0), "{:?}", target.errors);
    let unkept = |warning: &String| warning.contains("could be sent");
    assert!(!target.warnings.iter().any(unkept), "{:?}", target.warnings);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bench_that_is_broken_off_tells_the_rate_of_the_time_that_it_lasted() {
    let server = emulator();
    let mut plan = plan();
    plan.duration = Duration::from_secs(3600);
    let cancel = Cancel::new();
    let switch = cancel.clone();
    let target = Target {
        name: "it".to_owned(),
        url: server.url(),
        shortage: Shortage::default(),
    };
    let mut see = move |event| {
        if let Event::Second(_) = event {
            switch.cancel();
        }
    };
    let bench = bench(&plan, &[target], &cancel, &mut see).await.unwrap();
    assert!(bench.interrupted);
    let target = only(&bench);
    assert!(
        target.answers > 0 && target.seconds >= 1.0 && target.seconds < 3600.0,
        "{target:?}"
    );
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let rate = target.answers as f64 / target.seconds;
    assert!((target.throughput / rate - 1.0).abs() < 1e-9);
    let lengths: f64 = target.timeline.iter().map(|second| second.length).sum();
    assert!(
        (lengths - target.seconds).abs() < 1e-6,
        "{lengths} of {} s",
        target.seconds
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_targets_are_measured_in_turns_and_compared_round_by_round() {
    let (one, other) = (emulator(), emulator());
    let mut plan = plan();
    plan.rounds = 3;
    let target = |name: &str, server: &Server| Target {
        name: name.to_owned(),
        url: server.url(),
        shortage: Shortage::default(),
    };
    let mut order = Vec::new();
    let mut see = |event| {
        if let Event::Round { target, round } = event {
            order.push(format!("{target}{round}"));
        }
    };
    let targets = [target("a", &one), target("b", &other)];
    let bench = bench(&plan, &targets, &Cancel::new(), &mut see).await.unwrap();
    assert_eq!(order, ["a1", "b1", "b2", "a2", "a3", "b3"]);
    assert_eq!(bench.comparisons.len(), 1);
    assert_eq!(bench.comparisons[0].throughput.rounds, 3);
}
