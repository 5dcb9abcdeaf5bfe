//! `parallax bench` and what belongs to it.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

#[cfg(unix)]
use crate::binary::run_within;
use crate::binary::{Ended, ended, parallax, run};
use crate::serving::Serving;

/// As short as can be.
const SHORT: [&str; 6] = ["--duration", "200ms", "--warm-up", "0", "--connections", "2"];

fn bench(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("bench.json")).unwrap()).unwrap()
}

#[test]
fn a_bench_is_told_to_a_person_and_written_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let words = [&["bench", "--verify", "full", "--out", "b"], &SHORT[..]].concat();
    let ended = run(folder.path(), &words);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.out.contains("goodput"), "{}", ended.out);
    let out = folder.path().join("b");
    let target = &bench(&out)["targets"][0];
    assert!(
        target["goodput"].as_f64().unwrap() > 0.0 && target["errors"]["total"] == 0,
        "{target}"
    );
    let csv = fs::read_to_string(out.join("bench.csv")).unwrap();
    assert!(csv.lines().any(|line| line.starts_with("embedded,all,")), "{csv}");
    let html = fs::read_to_string(out.join("bench.html")).unwrap();
    assert!(
        html.starts_with("<!doctype html>") && html.contains("<polyline"),
        "{html}"
    );
}

#[test]
fn one_format_alone_goes_to_standard_output_also_of_a_bench_that_is_there_already() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run(folder.path(), &[&["bench", "--format", "json"], &SHORT[..]].concat());
    let bench: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(bench["schema"], 1);
    fs::write(folder.path().join("bench.json"), &ended.out).unwrap();
    let again = run(folder.path(), &["bench", "merge", "bench.json", "--format", "html"]);
    assert!(again.out.starts_with("<!doctype html>"), "{}", again.err);
    let two = run(folder.path(), &["bench", "merge", "bench.json", "--format", "html,csv"]);
    assert_eq!(two.code, 2, "{}", two.err);
}

#[test]
fn results_that_are_given_twice_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run(folder.path(), &[&["bench", "--out", "b"], &SHORT[..]].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
    let twice = run(folder.path(), &["bench", "merge", "b", "b/bench.json"]);
    assert_eq!(twice.code, 2, "{}", twice.err);
    assert!(twice.err.contains("b/bench.json is given twice"), "{}", twice.err);
    fs::copy(folder.path().join("b/bench.json"), folder.path().join("copy.json")).unwrap();
    let copied = run(folder.path(), &["bench", "merge", "b", "copy.json"]);
    assert_eq!(copied.code, 2, "{}", copied.err);
    assert!(
        copied.err.contains("bench 2 is the same measurement as bench 1"),
        "{}",
        copied.err
    );
}

/// Somebody who takes every connection and says nothing.
fn mute() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let taken: Vec<_> = listener.incoming().collect();
        drop(taken);
    });
    format!("http://{address}")
}

#[test]
fn a_rate_that_nobody_answers_ends_with_what_was_never_sent() {
    let folder = tempfile::tempdir().unwrap();
    let rate = ["--rate", "1000", "--timeout", "300ms"];
    let words = ["bench", "--target", &mute(), "--out", "b"];
    let ended = run(folder.path(), &[&words, &rate[..], &SHORT].concat());
    assert_eq!(ended.code, 3, "{}", ended.err);
    let target = &bench(&folder.path().join("b"))["targets"][0];
    let kinds: Vec<_> = target["errors"]["kinds"].as_array().unwrap().iter().collect();
    let count = |name: &str| {
        kinds
            .iter()
            .find(|kind| kind["kind"] == name)
            .map(|kind| kind["count"].as_u64())
    };
    let never = count("never-sent").flatten().unwrap();
    let due = (1000.0 * target["seconds"].as_f64().unwrap()) as u64;
    assert!(never > due / 2 && never <= due, "{never} of {due}: {target}");
    let timeline = target["timeline"].as_array().unwrap();
    let by_second = |name: &str| timeline.iter().filter_map(|second| second[name].as_u64()).sum::<u64>();
    assert_eq!(by_second("never_sent"), never, "{target}");
    assert_eq!(
        Some(by_second("errors")),
        target["errors"]["total"].as_u64(),
        "{target}"
    );
    let csv = fs::read_to_string(folder.path().join("b/bench.csv")).unwrap();
    assert!(csv.lines().any(|line| line.ends_with(&format!(",{never}"))), "{csv}");
    let html = fs::read_to_string(folder.path().join("b/bench.html")).unwrap();
    assert!(html.contains("of these never sent"), "{html}");
    assert_eq!(target["answers"], 0);
}

#[test]
fn a_search_says_its_goal_and_not_another_pace() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["bench", "--find-rate", "p99<1us", "--mix", "describe-all"];
    let ended = run(
        folder.path(),
        &[&words[..], &["--duration", "600ms", "--warm-up", "0s"]].concat(),
    );
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(
        ended.out.contains("the highest rate within p99<0.001ms"),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("closed loop"), "{}", ended.out);
}

#[test]
fn a_target_that_never_answers_is_exit_code_3_and_its_errors_are_written() {
    let folder = tempfile::tempdir().unwrap();
    // Bound and dropped: nobody listens there now.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{address}");
    let ended = run(
        folder.path(),
        &[&["bench", "--target", &url, "--out", "b"], &SHORT[..]].concat(),
    );
    assert_eq!(ended.code, 3, "{}", ended.err);
    let target = &bench(&folder.path().join("b"))["targets"][0];
    assert_eq!(target["errors"]["kinds"][0]["kind"], "unreachable", "{target}");
}

#[test]
fn a_stalling_server_is_served_and_answers_rightly() {
    let folder = tempfile::tempdir().unwrap();
    let serving = Serving::with(folder.path(), &["--variant", "stall"]);
    let words = ["bench", "--target", &serving.url(), "--verify", "full", "--out", "b"];
    let ended = run(folder.path(), &[&words, &SHORT[..]].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
    let target = &bench(&folder.path().join("b"))["targets"][0];
    assert_eq!(target["errors"]["total"], 0, "{target}");
}

#[test]
fn what_is_worse_than_allowed_fails_a_comparison() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run(folder.path(), &[&["bench", "--out", "b"], &SHORT[..]].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
    let compare = |condition: &str| run(folder.path(), &["bench", "compare", "b", "b", "--fail-if", condition]).code;
    assert_eq!(compare("p99 > 1.2x"), 0);
    assert_eq!(compare("throughput < 2x"), 1);
    assert_eq!(compare("nonsense < 2x"), 2);
}

#[test]
fn a_comparison_with_a_bench_in_which_nothing_was_answered_is_no_pass() {
    let folder = tempfile::tempdir().unwrap();
    let bench = |args: &[&str]| run(folder.path(), &[&["bench"], args, &SHORT[..]].concat());
    let serving = Serving::with(folder.path(), &[]);
    let url = serving.url();
    assert_eq!(bench(&["--target", &url, "--out", "old"]).code, 0);
    drop(serving);
    assert_eq!(bench(&["--target", &url, "--out", "new"]).code, 3);
    let compare = |words: &[&str]| run(folder.path(), &[&["bench", "compare"], words].concat());
    let ended = compare(&["old", "new", "--fail-if", "p99 > 1.2x"]);
    assert_eq!(ended.code, 4, "{}", ended.err);
    assert!(ended.err.contains("NEW has no answers"), "{}", ended.err);
    let ended = compare(&["new", "old", "--fail-if", "throughput < 0.9x"]);
    assert_eq!(ended.code, 4, "{}", ended.err);
    assert!(ended.err.contains("OLD has no answers"), "{}", ended.err);
    let graver = ["old", "new", "--fail-if", "p99 > 1.2x", "--fail-if", "goodput < 0.9x"];
    assert_eq!(compare(&graver).code, 1, "what holds is graver than what is not known");
}

#[test]
fn a_bench_in_which_no_answer_was_right_is_no_pass() {
    let folder = tempfile::tempdir().unwrap();
    let (told, _heard) = mpsc::channel();
    let url = busy(told);
    let ended = run(
        folder.path(),
        &[&["bench", "--target", &url, "--out", "b"], &SHORT[..]].concat(),
    );
    assert_eq!(ended.code, 4, "{}", ended.err);
    assert!(ended.err.contains("gave no right answer"), "{}", ended.err);
}

#[cfg(unix)]
#[test]
fn running_out_of_descriptors_is_named_with_its_mend_and_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let serving = Serving::with(folder.path(), &[]);
    let url = serving.url();
    let times = ["--connections", "200", "--duration", "300ms", "--warm-up", "0"];
    let words = [&["bench", "--target", &url, "--out", "b"], &times[..]].concat();
    let ended = run_within(folder.path(), "-n 64", &words);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.out.contains("ulimit -n"), "{}", ended.out);
    let target = &bench(&folder.path().join("b"))["targets"][0];
    assert_eq!(target["errors"]["kinds"][0]["kind"], "no-descriptor", "{target}");
    assert!(
        target["answers"].as_u64().unwrap() > 0,
        "those that have a connection are answered: {target}"
    );
}

#[cfg(unix)]
#[test]
fn an_embedded_target_for_which_no_descriptors_are_left_is_not_said_to_time_out() {
    let folder = tempfile::tempdir().unwrap();
    let words = [
        "bench",
        "--connections",
        "30",
        "--duration",
        "300ms",
        "--warm-up",
        "0",
        "--out",
        "b",
    ];
    let ended = run_within(folder.path(), "-n 30", &words);
    let target = &bench(&folder.path().join("b"))["targets"][0];
    let kinds = target["errors"]["kinds"].as_array().unwrap();
    assert!(
        !kinds.is_empty() && kinds.iter().all(|kind| kind["kind"] == "no-descriptor"),
        "{target}"
    );
    assert!(ended.out.contains("ulimit -n"), "{}", ended.out);
}

/// Answers whatever it is asked, and says when it was asked for the hundredth time.
fn busy(told: mpsc::Sender<()>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let told = told.clone();
            thread::spawn(move || {
                for count in 0.. {
                    let heard = stream.read(&mut [0; 4096]).is_ok_and(|count| count > 0);
                    if !heard
                        || stream
                            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                            .is_err()
                    {
                        return;
                    }
                    if count == 100 {
                        told.send(()).ok();
                    }
                }
            });
        }
    });
    url
}

/// What is left of a bench that was interrupted once its target had been asked a hundred times.
#[cfg(unix)]
fn interrupted(folder: &Path, times: [&str; 4]) -> Ended {
    let (told, asked) = mpsc::channel();
    let url = busy(told);
    let mut child = parallax(folder)
        .args(["bench", "--target", &url, "--verify", "off", "--out", "b"])
        .args(times)
        .args(["--connections", "1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let a_while = Duration::from_millis(100);
    while asked.recv_timeout(a_while).is_err() {
        assert_eq!(child.try_wait().unwrap(), None, "it ended before it was interrupted");
    }
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    ended(child.wait_with_output().unwrap())
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_bench_with_what_was_measured_so_far_and_code_4() {
    let folder = tempfile::tempdir().unwrap();
    let ended = interrupted(folder.path(), ["--duration", "60m", "--warm-up", "0"]);
    assert_eq!(ended.code, 4, "{}", ended.err);
    assert!(ended.out.contains("broken off"), "{}", ended.out);
    assert!(
        ended.err.contains("broken off; what was created has been deleted"),
        "{}",
        ended.err
    );
    let bench = bench(&folder.path().join("b"));
    assert_eq!(bench["interrupted"], true);
    let target = &bench["targets"][0];
    let number = |name: &str| target[name].as_f64().unwrap();
    assert!(number("answers") >= 100.0 && number("seconds") < 3600.0, "{target}");
    assert!(
        (number("throughput") * number("seconds") / number("answers") - 1.0).abs() < 1e-6,
        "{target}"
    );
}

#[cfg(unix)]
#[test]
fn a_bench_that_is_interrupted_in_its_warm_up_is_no_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    let ended = interrupted(folder.path(), ["--duration", "1s", "--warm-up", "60m"]);
    assert_eq!(ended.code, 4, "{}", ended.err);
    assert!(ended.err.contains("broken off"), "{}", ended.err);
    let bench = bench(&folder.path().join("b"));
    assert_eq!(bench["interrupted"], true);
    assert_eq!(bench["targets"][0]["seconds"], 0.0, "{bench}");
}

/// Answers a hundred requests, one connection after the other, and is no more.
fn mortal() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let mut left = 100;
        for mut stream in listener.incoming().map_while(Result::ok) {
            while left > 0 && stream.read(&mut [0; 4096]).is_ok_and(|count| count > 0) {
                left -= 1;
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").ok();
            }
            if left == 0 {
                return;
            }
        }
    });
    url
}

#[test]
fn a_bench_whose_target_dies_meanwhile_says_so_and_is_no_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["bench", "--target", &mortal(), "--verify", "off", "--out", "b"];
    let times = ["--duration", "1s", "--warm-up", "0", "--connections", "1"];
    let ended = run(folder.path(), &[&words[..], &times].concat());
    assert_eq!(ended.code, 4, "{}", ended.err);
    assert!(
        ended.err.contains("stopped answering while it was measured"),
        "{}",
        ended.err
    );
    let bench = bench(&folder.path().join("b"));
    assert_eq!(bench["interrupted"], false);
    let target = &bench["targets"][0];
    assert_eq!(
        (&target["stopped"], &target["answers"]),
        (&true.into(), &100.into()),
        "{target}"
    );
}
