//! What is deleted after a bench, and what is left where nobody answers.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use parallax_contract::{Answer, Call, Contract};
use parallax_endpoint::fault::Delivery;
use parallax_endpoint::{Emulator, Server, Service, Shortage};
use parallax_load::{BenchError, Cancel, Event, Plan, Target, bench, mix_of};
use parallax_oracle::Oracle;

use crate::fixture::{CONTRACT, measure, only, plan};

/// What delivers an answer; told the operation, and which of its kind it is, from 0.
type Script = dyn Fn(&str, u64) -> Delivery + Send + Sync;

/// The emulator, with a script for how creations and deletions are answered.
struct Scripted {
    emulator: Emulator,
    created: Arc<AtomicU64>,
    deleted: Arc<AtomicU64>,
    script: Box<Script>,
}

impl Service for Scripted {
    fn contract(&self) -> &Contract {
        self.emulator.contract()
    }

    fn answer(&self, call: &Call) -> Answer {
        self.emulator.answer(call)
    }

    fn delivery(&self, call: &Call) -> Delivery {
        let operation = call.operation.as_str();
        let number = match operation {
            _ if operation.starts_with("Create") => self.created.fetch_add(1, Ordering::Relaxed),
            _ if operation.starts_with("Delete") => self.deleted.fetch_add(1, Ordering::Relaxed),
            _ => return Delivery::Plain,
        };
        (self.script)(operation, number)
    }
}

/// A scripted server, and how many creations and deletions it was asked for.
fn serve(script: impl Fn(&str, u64) -> Delivery + Send + Sync + 'static) -> (Server, Arc<AtomicU64>, Arc<AtomicU64>) {
    let (created, deleted) = (Arc::default(), Arc::default());
    let service = Scripted {
        emulator: Emulator::new(Arc::new(Oracle::new(Arc::clone(&CONTRACT)))),
        created: Arc::clone(&created),
        deleted: Arc::clone(&deleted),
        script: Box::new(script),
    };
    let server = Server::start(([127, 0, 0, 1], 0).into(), Arc::new(service)).unwrap();
    (server, created, deleted)
}

/// A plan that prepares six resources, and asks about them alone.
fn preparing() -> Plan {
    let mut plan = plan();
    let mix = "prepare = 6\n[[turn]]\noperations = [\"DescribeUsers\"]";
    plan.mix = mix_of(&CONTRACT, "it", mix, Some("User")).unwrap();
    assert_eq!(plan.mix.shared, 6);
    plan
}

fn target(server: &Server) -> Target {
    Target {
        name: "it".to_owned(),
        url: server.url(),
        shortage: Shortage::default(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_that_hangs_at_deletions_is_asked_for_three_and_the_rest_is_told_as_left_behind() {
    let (server, created, deleted) = serve(|operation, _| match operation.starts_with("Delete") {
        true => Delivery::Never,
        false => Delivery::Plain,
    });
    let mut plan = preparing();
    // Creations are answered within it on a slow machine, too.
    plan.settings.time_limit = Duration::from_secs(1);
    let bench = measure(&plan, &server.url()).await;
    assert_eq!(deleted.load(Ordering::Relaxed), 3);
    let target = only(&bench);
    assert_eq!(target.left_behind, created.load(Ordering::Relaxed));
    let told = format!("{} resources could not be deleted", target.left_behind);
    assert!(
        target.warnings.iter().any(|warning| warning.contains(&told)),
        "{:?}",
        target.warnings
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preparation_that_is_broken_off_makes_nothing_more_and_deletes_what_it_made() {
    let cancel = Cancel::new();
    let switch = cancel.clone();
    let (server, created, deleted) = serve(move |operation, number| {
        if operation.starts_with("Create") && number == 2 {
            switch.cancel();
        }
        Delivery::Plain
    });
    let bench = bench(&preparing(), &[target(&server)], &cancel, &mut |_| {})
        .await
        .unwrap();
    assert!(bench.interrupted);
    assert_eq!((only(&bench).answers, only(&bench).left_behind), (0, 0));
    assert_eq!(created.load(Ordering::Relaxed), 3);
    assert_eq!(deleted.load(Ordering::Relaxed), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_failed_preparation_leaves_behind_is_told() {
    let (server, ..) = serve(|operation, number| match (operation.starts_with("Create"), number) {
        (true, 0..4) => Delivery::Plain,
        _ => Delivery::Closed,
    });
    let told = Mutex::new(Vec::new());
    let mut see = |event| {
        if let Event::LeftBehind(target, many) = event {
            told.lock().unwrap().push((target, many));
        }
    };
    let failed = bench(&preparing(), &[target(&server)], &Cancel::new(), &mut see).await;
    assert!(matches!(failed, Err(BenchError::Stage { .. })), "{failed:?}");
    // The fifth may have been made for all that.
    let told = told.into_inner().unwrap();
    assert!(matches!(told.as_slice(), [(name, 4..=5)] if name == "it"), "{told:?}");
}
