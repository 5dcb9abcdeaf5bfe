//! Targets that stop answering while they are measured, and those that only seem to.

use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use parallax_load::{Plan, Verify};

use crate::fixture::{hear, measure, only, plan, say, target};

/// How many requests are answered before something happens.
const ENOUGH: u64 = 8;
const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

fn unchecked() -> Plan {
    let mut plan = plan();
    plan.verify = Verify::Off;
    plan.duration = Duration::from_millis(500);
    plan
}

fn hurried() -> Plan {
    let mut plan = unchecked();
    plan.settings.time_limit = Duration::from_millis(50);
    plan
}

/// A target that ends after some answers, with all its connections; its URL.
fn mortal() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (dead, served) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            if dead.load(Ordering::SeqCst) {
                return;
            }
            let (dead, served) = (Arc::clone(&dead), Arc::clone(&served));
            thread::spawn(move || {
                while hear(&mut stream) {
                    if served.fetch_add(1, Ordering::SeqCst) >= ENOUGH {
                        dead.store(true, Ordering::SeqCst);
                        // Whoever waits for connections has to see it.
                        TcpStream::connect(address).ok();
                        return;
                    }
                    if !say(&mut stream, ANSWER) {
                        return;
                    }
                }
            });
        }
    });
    format!("http://{address}")
}

#[tokio::test]
async fn a_target_that_dies_while_it_is_measured_is_told_to_have_stopped() {
    let bench = measure(&unchecked(), &mortal()).await;
    let target = only(&bench);
    assert!(target.stopped, "{:?}", target.errors);
    assert!(target.answers > 0 && target.errors.total > 0, "{target:?}");
    let told = |warning: &String| warning.starts_with("it stopped answering after ");
    assert!(target.warnings.iter().any(told), "{:?}", target.warnings);
    assert!(!bench.interrupted, "nobody broke it off");
}

#[tokio::test]
async fn a_target_that_hangs_from_some_time_on_and_is_silent_afterwards_has_stopped() {
    let served = AtomicU64::new(0);
    let url = target(move |mut stream| {
        while hear(&mut stream) {
            if served.fetch_add(1, Ordering::Relaxed) < ENOUGH && !say(&mut stream, ANSWER) {
                return;
            }
        }
    });
    let bench = measure(&hurried(), &url).await;
    assert!(only(&bench).answers > 0 && only(&bench).errors.total > 0);
    assert!(only(&bench).stopped);
}

#[tokio::test]
async fn a_target_that_hangs_under_load_and_answers_a_single_question_has_not_stopped() {
    // Connections of the load are answered a few times; one that comes later is not of the load.
    let connections = AtomicU64::new(0);
    let load = hurried().connections;
    let url = target(move |mut stream| {
        let is_load = connections.fetch_add(1, Ordering::Relaxed) < load;
        for count in 0_u64.. {
            if !hear(&mut stream) {
                return;
            }
            if (!is_load || count < ENOUGH) && !say(&mut stream, ANSWER) {
                return;
            }
        }
    });
    let mut plan = hurried();
    // Each of the load waits once, and the bench is over.
    plan.settings.time_limit = plan.duration;
    let bench = measure(&plan, &url).await;
    assert!(only(&bench).answers > 0 && only(&bench).errors.total > 0);
    assert!(!only(&bench).stopped, "{:?}", only(&bench).errors);
}

#[tokio::test]
async fn a_target_that_closes_every_connection_from_some_time_on_has_not_stopped() {
    let served = AtomicU64::new(0);
    let url = target(move |mut stream| {
        while hear(&mut stream) {
            if served.fetch_add(1, Ordering::Relaxed) >= ENOUGH || !say(&mut stream, ANSWER) {
                return;
            }
        }
    });
    let bench = measure(&unchecked(), &url).await;
    assert!(only(&bench).answers > 0 && only(&bench).errors.total > 0);
    assert!(!only(&bench).stopped);
}

#[tokio::test]
async fn a_target_that_answers_with_errors_has_not_stopped() {
    let url = target(|mut stream| {
        while hear(&mut stream)
            && say(
                &mut stream,
                "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
            )
        {}
    });
    let bench = measure(&unchecked(), &url).await;
    assert!(only(&bench).errors.total > 0 && !only(&bench).stopped);
}

#[tokio::test]
async fn a_target_that_was_never_there_has_not_stopped() {
    // Bound and dropped: nobody listens there now.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let bench = measure(&unchecked(), &format!("http://{address}")).await;
    assert_eq!(only(&bench).answers, 0);
    assert!(!only(&bench).stopped);
}
