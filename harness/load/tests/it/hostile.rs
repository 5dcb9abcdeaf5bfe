//! Targets that misbehave: what they do is told as errors with their time, and the bench goes on.

use std::net::{Shutdown, TcpListener};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parallax_load::Verify;
use parallax_outcome::bench::BenchTarget;

use crate::fixture::{hear, measure, only, plan, say, target};

/// Nothing of a target was an answer, and all that was asked ended so.
fn is_all(target: &BenchTarget, kind: &str) {
    let errors = &target.errors;
    assert!(errors.total > 0);
    assert_eq!((target.answers, target.verified), (0, 0));
    assert_eq!((target.throughput, target.goodput), (0.0, 0.0));
    assert_eq!(target.latency.count, 0, "an error has no latency");
    assert!((errors.share - 1.0).abs() < f64::EPSILON);
    assert_eq!(errors.kinds.len(), 1, "{:?}", errors.kinds);
    let only = &errors.kinds[0];
    assert_eq!((only.kind.as_str(), only.count), (kind, errors.total), "{only:?}");
    assert!(only.max > 0.0 && !only.example.is_empty(), "{only:?}");
    let by_second: u64 = target.timeline.iter().map(|second| second.errors).sum();
    assert_eq!(by_second, errors.total);
}

#[tokio::test]
async fn a_target_that_refuses_connections_is_unreachable() {
    // Bound and dropped: nobody listens there now.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let bench = measure(&plan(), &format!("http://{address}")).await;
    is_all(only(&bench), "unreachable");
    assert_eq!(only(&bench).connections.opened, 0);
}

#[tokio::test]
async fn a_target_that_hangs_times_out_and_its_errors_took_as_long_as_the_limit() {
    let url = target(|mut stream| while hear(&mut stream) {});
    let mut plan = plan();
    plan.settings.time_limit = Duration::from_millis(50);
    let bench = measure(&plan, &url).await;
    is_all(only(&bench), "timed-out");
    assert!(
        only(&bench).errors.kinds[0].p50 >= 49.0,
        "{:?}",
        only(&bench).errors.kinds
    );
}

#[tokio::test]
async fn a_target_that_resets_connections_closes_them() {
    let url = target(|stream| {
        // What came unread makes a close a reset.
        stream.peek(&mut [0; 1]).ok();
    });
    is_all(only(&measure(&plan(), &url).await), "closed");
}

#[tokio::test]
async fn a_target_that_ends_its_side_before_an_answer_closes_the_connection() {
    let url = target(|mut stream| {
        hear(&mut stream);
        stream.shutdown(Shutdown::Write).ok();
        while hear(&mut stream) {}
    });
    is_all(only(&measure(&plan(), &url).await), "closed");
}

#[tokio::test]
async fn a_target_that_ends_its_side_within_an_answer_closes_the_connection() {
    let url = target(|mut stream| {
        hear(&mut stream);
        say(&mut stream, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<half");
        stream.shutdown(Shutdown::Write).ok();
        while hear(&mut stream) {}
    });
    is_all(only(&measure(&plan(), &url).await), "closed");
}

#[tokio::test]
async fn a_target_that_speaks_another_protocol_is_told_as_such() {
    let url = target(|mut stream| while hear(&mut stream) && say(&mut stream, "220 mail.example ESMTP\r\n") {});
    is_all(only(&measure(&plan(), &url).await), "not-http");
}

#[tokio::test]
async fn a_fast_wrong_answer_is_throughput_and_never_goodput() {
    let url =
        target(
            |mut stream| {
                while hear(&mut stream) && say(&mut stream, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood") {}
            },
        );
    for verify in [Verify::Shape, Verify::Full] {
        let mut plan = plan();
        plan.verify = verify;
        let bench = measure(&plan, &url).await;
        let target = only(&bench);
        assert!(target.answers > 0 && target.throughput > 0.0);
        assert_eq!((target.verified, target.latency.count), (0, 0), "{verify:?}");
        assert!(target.errors.total >= target.answers);
    }
}

#[tokio::test]
async fn unchecked_answers_are_no_goodput() {
    let url = target(
        |mut stream| {
            while hear(&mut stream) && say(&mut stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") {}
        },
    );
    let mut plan = plan();
    plan.verify = Verify::Off;
    let bench = measure(&plan, &url).await;
    let target = only(&bench);
    assert!(target.answers > 0 && target.errors.total == 0);
    assert_eq!((target.verified, target.goodput), (0, 0.0));
    assert!(target.warnings.iter().any(|warning| warning.contains("not checked")));
}

#[tokio::test]
async fn what_fails_now_and_then_does_not_stop_what_goes_well() {
    let served = AtomicU64::new(0);
    let url = target(move |mut stream| {
        while hear(&mut stream) {
            // Every seventh answer is a closed connection.
            if served.fetch_add(1, Ordering::Relaxed) % 7 == 6 {
                return;
            }
            if !say(&mut stream, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") {
                return;
            }
        }
    });
    let mut plan = plan();
    plan.verify = Verify::Off;
    let bench = measure(&plan, &url).await;
    let target = only(&bench);
    assert!(
        target.errors.total > 0 && target.answers > target.errors.total,
        "{target:?}"
    );
    assert!(
        target.connections.opened > plan.connections,
        "those that were closed are opened anew"
    );
}

#[tokio::test]
async fn a_closed_connection_that_was_announced_is_no_error() {
    let url = target(|mut stream| {
        hear(&mut stream);
        say(
            &mut stream,
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        );
    });
    let mut plan = plan();
    plan.verify = Verify::Off;
    let bench = measure(&plan, &url).await;
    assert_eq!(only(&bench).errors.total, 0, "{:?}", only(&bench).errors);
    assert!(only(&bench).answers > 0);
}
