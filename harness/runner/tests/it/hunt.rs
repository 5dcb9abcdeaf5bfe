//! Hunts against alterations of the emulator, in memory.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parallax_contract::{Call, Observation, TransportFault};
use parallax_endpoint::fault::{Altered, named};
use parallax_endpoint::{BoxFuture, Endpoint, Exchange};
use parallax_oracle::Oracle;
use parallax_outcome::{Kind, Severity};
use parallax_runner::selftest::{Bounds, Subject, seek};
use parallax_runner::{Cancel, Find, HuntEnd, HuntError, HuntEvent, HuntPlan, Reference, Trust, Which, hunt};
use parallax_scenario::{Options, derive};

use crate::fixture::{block_on, error, page};
use crate::selftest::{CONTRACT, Direct};

/// A fault that a few sequences reach, and how many reach it surely.
const FAULT: &str = "identifier-of-two-capitals-in-a-row-kept";
const CASES: u64 = 200;

/// A resource with a description, tags and an identifier in lower case.
const RESOURCE: &str = "CacheSecurityGroup";

fn plan(seed: u64, cases: u64) -> HuntPlan {
    HuntPlan {
        contract: CONTRACT.clone(),
        options: Options::default(),
        seed,
        cases: Some(cases),
        time: None,
        jobs: 1,
        known: BTreeSet::new(),
        corpus: Vec::new(),
        least: Severity::Warning,
        token: "hun".to_owned(),
        probe: false,
    }
}

fn altered(alterations: &[&str]) -> Arc<dyn Endpoint> {
    let alterations = alterations.iter().map(|name| named(name).unwrap()).collect();
    Arc::new(Direct(Altered::new(&CONTRACT, alterations)))
}

fn docs() -> Reference {
    Reference::Docs(Arc::new(Oracle::new(CONTRACT.clone())))
}

/// What was found, and how it ended.
fn hunted(plan: HuntPlan, target: Arc<dyn Endpoint>, cancel: &Cancel) -> (Vec<Find>, HuntEnd) {
    let mut finds = Vec::new();
    let take = |event| {
        if let HuntEvent::Found(find) = event {
            finds.push(*find);
        }
    };
    let end = block_on(hunt(plan, target, docs(), take, cancel.clone())).unwrap();
    (finds, end)
}

fn found(plan: HuntPlan, alterations: &[&str]) -> Vec<Find> {
    hunted(plan, altered(alterations), &Cancel::new()).0
}

/// A fault that no derived scenario reaches is found from nothing, and what is told of it is short.
fn check_found(fault: &str) {
    let bounds = Bounds {
        seed: 8,
        cases: Some(8000),
        time: None,
        jobs: 1,
    };
    let subject = Subject::hunted(named(fault).unwrap(), bounds);
    let row = block_on(seek(&CONTRACT, subject, bounds, altered(&[fault]), &Cancel::new())).unwrap();
    assert!(row.is_right(), "{row:?}");
    let hunted = row.hunted.unwrap();
    assert!(hunted.beyond_set_up <= 3 && hunted.steps > 0, "{hunted:?}");
}

#[test]
fn a_fault_in_one_character_is_found_from_nothing() {
    check_found("kelvin-sign-folded");
}

#[test]
fn a_fault_in_one_length_is_found_from_nothing() {
    check_found("description-of-64-cut");
}

#[test]
fn a_fault_in_a_sequence_is_found_from_nothing() {
    check_found("tag-readded-keeps-old-value");
}

#[test]
fn the_same_seed_finds_the_same() {
    let finds = || found(plan(1, CASES), &[FAULT, "identifier-of-64-without-description"]);
    let first = finds();
    assert!(!first.is_empty());
    assert!(first.iter().all(|find| find.trust == Trust::Confirmed), "{first:?}");
    assert_eq!(first, finds());
}

/// A target that answers so many requests, and from then on keeps everybody waiting until the time limit.
struct Hanging {
    inner: Arc<dyn Endpoint>,
    asked: AtomicUsize,
    answers: usize,
    limit: Duration,
}

impl Endpoint for Hanging {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Exchange> {
        Box::pin(async move {
            let mut exchange = self.inner.ask(call).await;
            if self.asked.fetch_add(1, Ordering::SeqCst) >= self.answers {
                tokio::time::sleep(self.limit).await;
                exchange.answer = None;
                exchange.observation = Observation::lost(TransportFault::TimedOut);
            }
            exchange
        })
    }
}

#[test]
fn a_hunt_ends_in_time_whatever_a_target_that_hangs_makes_it_wait_for() {
    let limit = Duration::from_secs(1);
    // Before it is known what is implemented, and in the middle of sequences.
    for answers in [1, 1000] {
        let hanging = Hanging {
            inner: altered(&[]),
            asked: AtomicUsize::new(0),
            answers,
            limit,
        };
        let plan = HuntPlan {
            cases: None,
            time: Some(Duration::from_millis(500)),
            jobs: 8,
            probe: true,
            ..plan(1, 1)
        };
        let begin = Instant::now();
        let (_, end) = hunted(plan, Arc::new(hanging), &Cancel::new());
        // The time, a second for confirmations, an open request and a deletion; one sequence alone would take longer.
        assert!(begin.elapsed() < limit * 8, "{answers}: {:?}", begin.elapsed());
        assert!(!end.interrupted, "nobody broke it off");
    }
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    assert_eq!(found(plan(1, 300), &[]), []);
}

#[test]
fn an_endpoint_agrees_with_itself_and_with_another_of_its_kind() {
    let one = altered(&[]);
    for reference in [one.clone(), altered(&[])] {
        let mut finds = Vec::new();
        let take = |event| {
            if let HuntEvent::Found(find) = event {
                finds.push(*find);
            }
        };
        let plan = HuntPlan {
            least: Severity::Note,
            ..plan(2, 200)
        };
        block_on(hunt(
            plan,
            one.clone(),
            Reference::Endpoint(reference),
            take,
            Cancel::new(),
        ))
        .unwrap();
        assert_eq!(finds, []);
    }
}

#[test]
fn what_is_known_is_not_found_again() {
    let first = found(plan(1, CASES), &[FAULT]);
    let known: BTreeSet<_> = first.iter().map(|find| find.divergence.id.clone()).collect();
    let again = HuntPlan {
        known: known.clone(),
        corpus: first.into_iter().map(|find| find.scenario).collect(),
        ..plan(1, CASES)
    };
    assert!(!known.is_empty());
    assert_eq!(found(again, &[FAULT]), []);
}

/// How many finds these faults come to, where only one resource is asked.
fn check_told(faults: &[&str], cases: u64, expected: usize) {
    let options = Options {
        resources: vec![RESOURCE.to_owned(), "CacheParameterGroup".to_owned()],
        ..Options::default()
    };
    let plan = HuntPlan {
        options,
        ..plan(1, cases)
    };
    let told: Vec<_> = found(plan, faults).into_iter().map(|find| find.scenario).collect();
    assert_eq!(told.len(), expected, "{told:#?}");
}

#[test]
fn one_fault_is_told_once_whatever_operation_and_resource_it_shows_in() {
    check_told(&["kelvin-sign-folded"], 1200, 1);
    check_told(&[FAULT], 400, 1);
}

#[test]
fn what_a_fault_brings_about_in_later_answers_is_not_told_apart_from_it() {
    let plan = plan(1, 600);
    let (finds, end) = hunted(plan, altered(&["identifier-kept-as-given"]), &Cancel::new());
    let told: Vec<_> = finds
        .iter()
        .map(|find| {
            let found = &find.divergence;
            format!(
                "{} {} {} {:?}",
                found.kind, found.operation, found.path, find.scenario.steps
            )
        })
        .collect();
    assert!(end.consequences > 0);
    assert!(told.len() <= 4, "{told:#?}");
    assert!(told.iter().any(|find| find.starts_with("case Create")), "{told:#?}");
}

#[test]
fn two_faults_are_told_even_where_they_show_in_the_same_place() {
    check_told(&["kelvin-sign-folded", "dotless-i-folded"], 1200, 2);
    check_told(&[FAULT, "tag-with-equal-key-and-value-lost"], 400, 2);
}

#[test]
fn what_was_found_before_is_played_first() {
    let first = found(plan(1, CASES), &[FAULT]);
    let again = HuntPlan {
        corpus: first.iter().map(|find| find.scenario.clone()).collect(),
        ..plan(1, first.len() as u64)
    };
    let ids = |finds: &[Find]| -> BTreeSet<_> { finds.iter().map(|find| find.divergence.id.clone()).collect() };
    assert!(!first.is_empty());
    assert!(ids(&found(again, &[FAULT])).is_superset(&ids(&first)));
}

#[test]
fn a_hunt_for_nothing_is_refused() {
    let nothing = Options {
        resources: vec!["NoSuchResource".to_owned()],
        ..Options::default()
    };
    let plan = HuntPlan {
        options: nothing,
        ..plan(1, 1)
    };
    let ended = block_on(hunt(plan, altered(&[]), docs(), |_| {}, Cancel::new()));
    assert!(matches!(ended, Err(HuntError::Nothing)), "{ended:?}");
}

/// Loses every so-many-th answer, or all after so many, or turns a switch once it was asked so often.
struct Moody {
    inner: Arc<dyn Endpoint>,
    asked: AtomicUsize,
    loses_every: usize,
    dies_after: usize,
    cancels: Option<(usize, Cancel)>,
}

impl Moody {
    fn new(inner: Arc<dyn Endpoint>) -> Self {
        Self {
            inner,
            asked: AtomicUsize::new(0),
            loses_every: usize::MAX,
            dies_after: usize::MAX,
            cancels: None,
        }
    }
}

impl Endpoint for Moody {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Exchange> {
        Box::pin(async move {
            let asked = self.asked.fetch_add(1, Ordering::SeqCst);
            if let Some((after, cancel)) = &self.cancels
                && asked >= *after
            {
                cancel.cancel();
            }
            let mut exchange = self.inner.ask(call).await;
            if asked >= self.dies_after || asked % self.loses_every == self.loses_every - 1 {
                exchange.observation = Observation::lost(TransportFault::Refused("gone".into()));
            }
            exchange
        })
    }
}

#[test]
fn what_does_not_show_every_time_is_marked_as_flaky() {
    let target = Moody {
        loses_every: 13,
        ..Moody::new(altered(&[]))
    };
    let (finds, _) = hunted(plan(1, 10), Arc::new(target), &Cancel::new());
    let flaky = |find: &Find| matches!(find.trust, Trust::Flaky { shown: 0..=2, of: 3 });
    assert!(finds.iter().any(flaky), "{finds:?}");
}

#[test]
fn a_target_that_dies_ends_the_hunt_and_its_last_words_are_told() {
    let target = Moody {
        dies_after: 200,
        ..Moody::new(altered(&[]))
    };
    let (finds, end) = hunted(plan(1, 10_000), Arc::new(target), &Cancel::new());
    assert_eq!(end.gone, Some(Which::Target));
    assert!(end.cases < 200, "{end:?}");
    assert!(!finds.is_empty());
    assert!(finds.iter().all(|find| find.trust == Trust::LastWords), "{finds:?}");
}

#[test]
fn breaking_off_keeps_what_was_seen() {
    // The fault shows in the first sequence, and the switch is turned in the midst of reducing it.
    let sequence = derive(&CONTRACT)
        .into_iter()
        .find(|scenario| scenario.resource.as_deref() == Some(RESOURCE) && scenario.steps.len() > 3)
        .unwrap();
    let cancel = Cancel::new();
    let target = Moody {
        cancels: Some((20, cancel.clone())),
        ..Moody::new(altered(&["created-not-described"]))
    };
    let begun = HuntPlan {
        corpus: vec![sequence],
        ..plan(1, 10_000)
    };
    let (finds, end) = hunted(begun, Arc::new(target), &cancel);
    assert!(end.interrupted);
    assert!(finds.iter().any(|find| find.trust == Trust::Unrepeated), "{finds:?}");
}

/// What is made stays, and after the fifth creation every listing is broken.
struct Stained {
    inner: Arc<dyn Endpoint>,
    made: AtomicUsize,
}

impl Endpoint for Stained {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Exchange> {
        Box::pin(async move {
            let made = self.made.load(Ordering::SeqCst);
            let mut exchange = self.inner.ask(call).await;
            match call.operation.as_str() {
                "CreateCacheSecurityGroup" => drop(self.made.fetch_add(1, Ordering::SeqCst)),
                "DeleteCacheSecurityGroup" => exchange.observation = error("InternalFailure", 500),
                "DescribeCacheSecurityGroups" if made >= 5 => exchange.observation = page(),
                _ => {}
            }
            exchange
        })
    }
}

#[test]
fn what_earlier_sequences_left_behind_is_not_blamed_on_a_sequence_that_only_reads() {
    let target = Stained {
        inner: altered(&[]),
        made: AtomicUsize::new(0),
    };
    let (finds, end) = hunted(plan(1, 40), Arc::new(target), &Cancel::new());
    assert!(end.left_behind > 0);
    let listing: Vec<_> = finds
        .iter()
        .filter(|find| find.divergence.kind == Kind::Envelope)
        .collect();
    assert!(!listing.is_empty(), "{finds:?}");
    for find in listing.iter().filter(|find| find.scenario.steps.len() > 1) {
        assert_eq!((find.trust, find.reduced), (Trust::Stained, false), "{find:?}");
    }
}
