//! `parallax run`, from the arguments to the files.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

use crate::binary::run;
#[cfg(unix)]
use crate::binary::run_within;
use crate::serving::Serving;

/// Few scenarios, but with every kind of step in them.
const SOME: [&str; 2] = ["--scenario", "CreateUser/name/*"];

fn report(folder: &Path, out: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join(out).join("report.json")).unwrap()).unwrap()
}

#[test]
fn the_embedded_emulator_agrees_with_the_documentation_it_is_made_of() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run(folder.path(), &[&["run", "--out", "r"], &SOME[..]].concat());
    assert_eq!(ended.code, 0, "{}", ended.out);
    assert_eq!(report(folder.path(), "r")["summary"]["diverge"], 0);
    for name in ["report.json", "junit.xml", "summary.md"] {
        assert!(folder.path().join("r").join(name).is_file(), "{name}");
    }
}

#[test]
fn every_operation_that_makes_something_is_asked_before_it_counts_as_not_implemented() {
    let folder = tempfile::tempdir().unwrap();
    let words = [
        "run",
        "--operation",
        "Create*",
        "--scenario",
        "*/name/length-1",
        "--min-coverage",
        "100",
    ];
    let ended = run(folder.path(), &words);
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
}

#[test]
fn two_runs_differ_only_under_run_whatever_the_number_of_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let mut reports = Vec::new();
    for (out, jobs) in [("a", "1"), ("b", "16"), ("c", "16")] {
        let ended = run(
            folder.path(),
            &[&["run", "--jobs", jobs, "--out", out], &SOME[..]].concat(),
        );
        assert_eq!(ended.code, 0, "{}", ended.out);
        let mut report = report(folder.path(), out);
        assert!(report.as_object_mut().unwrap().remove("run").is_some());
        reports.push(report.to_string());
    }
    assert_eq!(reports[0], reports[1]);
    assert_eq!(reports[1], reports[2]);
}

#[test]
fn one_format_alone_goes_to_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run(folder.path(), &[&["run", "--format", "json"], &SOME[..]].concat());
    let report: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(report["schema"], 1);
}

#[test]
fn a_target_that_never_answers_is_exit_code_3() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run(folder.path(), &[&["run", "--target", &nobody()], &SOME[..]].concat());
    assert_eq!(ended.code, 3, "{}", ended.err);
    assert!(ended.err.contains("target never answered"), "{}", ended.err);
}

/// A server on loopback that hears everybody, says this, and then keeps silent until the process ends.
fn silent_after(words: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // Who answers before the question is asked speaks no HTTP.
            stream.read_exact(&mut [0]).unwrap();
            stream.write_all(words).unwrap();
            open.push(stream);
        }
    });
    format!("http://{address}")
}

fn nobody() -> String {
    // Bound and dropped: nobody listens there now.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    format!("http://{address}")
}

/// Targets from whom no whole answer comes, and what is said of them.
fn mute() -> [(String, &'static str); 3] {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: 1000\r\n\r\n<";
    [
        (nobody(), "the target never answered: the connection was refused"),
        (
            silent_after(b""),
            "the target never answered: no answer within the time limit",
        ),
        (
            silent_after(head),
            "the target never gave a whole answer: an answer began and was not whole within the time limit",
        ),
    ]
}

#[test]
fn a_target_that_never_answers_leaves_a_report_that_names_the_failure_and_passes_nothing() {
    for (target, why) in mute() {
        let folder = tempfile::tempdir().unwrap();
        let words = [
            "run",
            "--target",
            &target,
            "--timeout",
            "300ms",
            "--fail-on",
            "never",
            "--out",
            "r",
        ];
        let ended = run(folder.path(), &[&words, &SOME[..]].concat());
        assert_eq!((ended.code, ended.out.as_str()), (3, ""), "{}", ended.err);
        assert!(ended.err.contains(why), "{why}: {}", ended.err);
        let report = report(folder.path(), "r");
        assert!(
            report["summary"]["never_answered"].as_str().unwrap().contains(why),
            "{report}"
        );
        assert_eq!(
            (&report["summary"]["agree"], &report["summary"]["scenarios"]),
            (&0.into(), &0.into())
        );
        let file = |name: &str| fs::read_to_string(folder.path().join("r").join(name)).unwrap();
        for name in ["junit.xml", "summary.md", "report.html"] {
            assert!(file(name).contains(why), "{name}: {}", file(name));
        }
        assert!(
            file("junit.xml").contains(r#"tests="1" failures="0" errors="1""#),
            "{}",
            file("junit.xml")
        );
    }
}

#[test]
fn what_nobody_answered_is_no_pass_for_any_other_command() {
    let folder = tempfile::tempdir().unwrap();
    let good = run(folder.path(), &[&["run", "--out", "good"], &SOME[..]].concat());
    assert_eq!(good.code, 0, "{}", good.err);
    // With a baseline of something that would be stale if the target had been asked.
    fs::write(
        folder.path().join("b.toml"),
        "[[known]]\nscenario = 'CreateUser/name/*'\nreason = 'x'\n",
    )
    .unwrap();
    let baseline = ["--baseline", "b.toml"];
    let words = ["run", "--target", &nobody(), "--shard", "1/1", "--out", "bad"];
    let bad = run(folder.path(), &[&words[..], &baseline, &SOME].concat());
    assert_eq!(bad.code, 3, "{}", bad.err);
    let before = fs::read_to_string(folder.path().join("b.toml")).unwrap();
    let refused: [&[&str]; 6] = [
        &["compare", "good", "bad"],
        &["compare", "bad", "good"],
        &["baseline", "create", "bad", "--out", "n.toml", "--reason", "x"],
        &["baseline", "update", "bad", "--baseline", "b.toml", "--reason", "x"],
        &["baseline", "check", "bad", "--baseline", "b.toml"],
        &["merge", "bad"],
    ];
    for words in refused {
        let ended = run(folder.path(), words);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{words:?}: {}", ended.err);
        assert!(ended.err.contains("bad"), "{words:?}: {}", ended.err);
    }
    assert_eq!(fs::read_to_string(folder.path().join("b.toml")).unwrap(), before);
    assert!(!folder.path().join("n.toml").exists());
    let matrix = run(folder.path(), &["matrix", "good", "bad"]);
    assert!(matrix.out.contains("(never answered)"), "{}", matrix.out);
}

/// Somebody in front of a server who passes on so much of what clients say, and then is no more.
fn mortal(server: &str, most: usize) -> String {
    let server = server.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let passed = Arc::new(AtomicUsize::new(0));
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            if passed.load(Ordering::SeqCst) >= most {
                return;
            }
            let server = TcpStream::connect(&server).unwrap();
            let (mut answers, mut to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || io::copy(&mut answers, &mut to));
            let passed = Arc::clone(&passed);
            thread::spawn(move || {
                pass_on(client, server, || passed.fetch_add(1, Ordering::SeqCst) < most);
                // Whoever waits for connections has to see that it is over.
                TcpStream::connect(address).ok();
            });
        }
    });
    format!("http://{address}")
}

/// Passes on what the client says for as long as it may; then nobody hears anything more.
fn pass_on(mut client: TcpStream, mut server: TcpStream, may_go_on: impl Fn() -> bool) {
    let mut piece = [0; 4096];
    while let Ok(count @ 1..) = client.read(&mut piece) {
        if !may_go_on() || server.write_all(&piece[..count]).is_err() {
            break;
        }
    }
    client.shutdown(Shutdown::Both).ok();
    server.shutdown(Shutdown::Both).ok();
}

#[test]
fn a_reference_that_stops_answering_is_named_also_where_quiet_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let serving = Serving::with(folder.path(), &[]);
    let reference = mortal(&serving.url(), 40);
    let ended = run(
        folder.path(),
        &[&["run", "--quiet", "--reference", &reference], &SOME[..]].concat(),
    );
    assert_eq!(ended.code, 4, "{}{}", ended.out, ended.err);
    for words in ["the reference stopped giving answers", "see its log"] {
        assert!(ended.err.contains(words), "{}", ended.err);
    }
}

#[test]
fn a_launch_that_dies_leaves_its_log_only_beside_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let toml = "[target.dying]\nlaunch = \"sh -c 'echo last words {port}; exit 9'\"\n";
    fs::write(folder.path().join("parallax.toml"), toml).unwrap();
    let log = folder.path().join("r/dying.log");
    let kept = run(folder.path(), &["run", "--target", "dying", "--out", "r"]);
    assert_eq!(kept.code, 3, "{}", kept.err);
    assert!(
        kept.err.contains("r/dying.log") && kept.err.contains("last words"),
        "{}",
        kept.err
    );
    assert!(log.is_file());
    let told = report(folder.path(), "r")["summary"]["never_answered"].to_string();
    assert!(told.contains("last words"), "{told}");
    fs::remove_dir_all(folder.path().join("r")).unwrap();
    for words in [&["run"][..], &["bench", "--out", "r"], &["hunt", "--out", "r"]] {
        let ended = run(folder.path(), &[words, &["--target", "dying"]].concat());
        assert_eq!(ended.code, 3, "{words:?}: {}", ended.err);
        assert!(
            ended.err.contains("last words") && !ended.err.contains(".log"),
            "{words:?}: {}",
            ended.err
        );
        assert!(!folder.path().join("r").exists(), "{words:?}");
    }
}

#[test]
fn a_launch_that_dies_is_exit_code_3_with_its_last_words() {
    let folder = tempfile::tempdir().unwrap();
    let toml = "[target.dying]\nlaunch = \"sh -c 'echo last words {port}; exit 9'\"\n";
    fs::write(folder.path().join("parallax.toml"), toml).unwrap();
    let ended = run(folder.path(), &["run", "--target", "dying"]);
    assert_eq!(ended.code, 3, "{}", ended.err);
    assert!(
        ended.err.contains("`dying`") && ended.err.contains("last words"),
        "{}",
        ended.err
    );
}

#[test]
fn too_much_inconclusive_is_exit_code_4() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run(folder.path(), &[&["run", "--max-inconclusive=0"], &SOME[..]].concat());
    assert_eq!(ended.code, 4, "{}", ended.out);
}

#[cfg(unix)]
#[test]
fn running_out_of_descriptors_is_not_held_against_the_target() {
    let folder = tempfile::tempdir().unwrap();
    let serving = Serving::with(folder.path(), &[]);
    let url = serving.url();
    let words = [
        "run",
        "--target",
        &url,
        "--resource",
        "CacheSecurityGroup",
        "--jobs",
        "100",
        "--out",
        "r",
    ];
    let ended = run_within(folder.path(), "-n 40", &words);
    let report = report(folder.path(), "r");
    assert_eq!(report["summary"]["diverge"], 0, "{}", ended.out);
    let reasons = report["inconclusive"].to_string();
    assert!(reasons.contains("ulimit -n"), "{}", report["summary"]);
    assert_eq!(ended.code, 4, "what was not asked is no pass: {}", ended.err);
    assert!(ended.err.contains("ran short"), "{}", ended.err);
}

#[cfg(unix)]
#[test]
fn an_embedded_target_for_which_no_descriptors_are_left_is_not_blamed_and_passes_nothing() {
    for descriptors in [12, 14, 16, 20, 30] {
        let folder = tempfile::tempdir().unwrap();
        let words = ["run", "--resource", "CacheSecurityGroup", "--jobs", "32", "--out", "r"];
        let ended = run_within(folder.path(), &format!("-n {descriptors}"), &words);
        assert!(ended.err.contains("ulimit -n"), "{descriptors}: {}", ended.err);
        // With the fewest not even the first request can be sent.
        assert!(
            [3, 4].contains(&ended.code),
            "{descriptors}: {}{}",
            ended.out,
            ended.err
        );
        assert!(!ended.err.contains("time limit"), "{descriptors}: {}", ended.err);
        if ended.code == 4 && folder.path().join("r/report.json").is_file() {
            let report = report(folder.path(), "r");
            assert_eq!(report["summary"]["diverge"], 0, "{descriptors}: {}", ended.out);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_part_of_a_run_for_which_no_descriptors_are_left_is_no_pass() {
    let folder = tempfile::tempdir().unwrap();
    let words = [
        "run",
        "--resource",
        "CacheSecurityGroup",
        "--jobs",
        "32",
        "--shard",
        "1/2",
        "--out",
        "r",
    ];
    let ended = run_within(folder.path(), "-n 20", &words);
    assert!([3, 4].contains(&ended.code), "{}{}", ended.out, ended.err);
    assert!(ended.err.contains("ulimit -n"), "{}", ended.err);
}

#[cfg(unix)]
#[test]
fn a_self_test_for_which_no_descriptors_are_left_says_so_and_is_no_bug() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run_within(
        folder.path(),
        "-n 16",
        &["selftest", "--class", "transport", "--jobs", "16"],
    );
    assert_eq!(ended.code, 4, "{}{}", ended.out, ended.err);
    for words in ["ran short", "raise `ulimit -n`"] {
        assert!(ended.err.contains(words), "{}", ended.err);
    }
}

#[test]
fn a_selection_that_leaves_nothing_is_exit_code_4() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run(
        folder.path(),
        &["run", "--resource", "UserGroup", "--scenario", "CreateUser/name/*"],
    );
    assert_eq!(ended.code, 4, "{}", ended.err);
    assert!(ended.err.contains("nothing is selected"), "{}", ended.err);
}

#[test]
fn nothing_for_people_is_coloured_unless_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let coloured = |words: &[&str]| {
        run(folder.path(), &[&["run"], words, &SOME[..]].concat())
            .out
            .contains('\u{1b}')
    };
    assert!(!coloured(&[]));
    assert!(coloured(&["--color", "always"]));
}
