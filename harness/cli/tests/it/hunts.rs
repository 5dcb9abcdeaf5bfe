//! `parallax hunt`, and what `parallax run` makes of its finds and of generated scenarios.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::binary::{Ended, run};

const RESOURCE: [&str; 2] = ["--resource", "CacheSecurityGroup"];

/// Hunts a few sequences on the embedded emulator.
fn hunt(folder: &Path, words: &[&str]) -> Ended {
    run(folder, &[&["hunt", "--jobs", "1"], words, &RESOURCE[..]].concat())
}

/// Keeps a scenario where a hunt would.
fn regression(folder: &Path, name: &str, text: &str) -> PathBuf {
    let kept = folder.join("corpus/regressions");
    fs::create_dir_all(&kept).unwrap();
    let path = kept.join(name);
    fs::write(&path, text).unwrap();
    path
}

const SCENARIO: &str = concat!(
    r#"{"scenario":1,"path":"any","steps":1}"#,
    "\n",
    r#"{"name":"list","call":{"operation":"DescribeUsers","input":{}}}"#,
    "\n"
);

#[test]
fn a_hunt_of_the_emulator_against_the_documentation_finds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ended = hunt(folder.path(), &["--cases", "20"]);
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    assert!(ended.out.starts_with("20 sequences; "), "{}", ended.out);
    assert!(ended.out.contains("nothing was found"), "{}", ended.out);
    assert!(!folder.path().join("corpus").exists(), "a folder was left for nothing");
}

#[test]
fn a_hunt_in_which_nothing_could_be_judged_is_exit_code_4() {
    let folder = tempfile::tempdir().unwrap();
    // A reference that implements nothing leaves everything open.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || nothing_here(stream));
        }
    });
    let ended = hunt(folder.path(), &["--reference", &url, "--cases", "5"]);
    assert_eq!(ended.code, 4, "{}", ended.err);
    assert!(ended.err.contains("nothing was checked"), "{}", ended.err);
}

/// Answers every request with one page, and closes.
fn nothing_here(mut stream: std::net::TcpStream) {
    use std::io::{Read as _, Write as _};
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    // A request of these is over with its blank line and its form, which fits one more read.
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        request.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0_usize) {
            break;
        }
    }
    let page =
        "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 7\r\nConnection: close\r\n\r\nnothing";
    drop(stream.write_all(page.as_bytes()));
}

#[test]
fn a_cassette_is_no_reference_to_hunt_with() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.cassette"), "").unwrap();
    let ended = hunt(folder.path(), &["--reference", "a.cassette"]);
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(
        ended.err.contains("a.cassette") && ended.err.contains("--generate"),
        "{}",
        ended.err
    );
}

#[test]
fn a_file_among_the_finds_that_cannot_be_played_is_refused_by_every_command() {
    let unknown = SCENARIO.replace("DescribeUsers", "DescribeUsr");
    for (text, expected) in [
        ("nonsense", "line 1"),
        (&unknown, "`DescribeUsr`, which no service has"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        regression(folder.path(), "bad.scenario", text);
        let out = folder.path().join("corpus/regressions");
        for ended in [
            hunt(folder.path(), &["--cases", "1"]),
            run(folder.path(), &["run", "--regressions", out.to_str().unwrap()]),
            run(folder.path(), &["list", "--regressions", out.to_str().unwrap()]),
        ] {
            assert_eq!(ended.code, 2, "{}", ended.err);
            let told = ended.err.contains("bad.scenario") && ended.err.contains(expected);
            assert!(told, "{}", ended.err);
        }
    }
}

#[test]
fn a_kept_scenario_is_played_by_the_name_of_its_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("parallax.toml"), "").unwrap();
    regression(folder.path(), "1f.scenario", SCENARIO);
    let listed = run(folder.path(), &["list", "--scenario", "regression/*"]);
    assert_eq!(listed.out, "regression/1f\n");
    let ended = run(folder.path(), &["run", "--scenario", "regression/1f"]);
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
}

#[test]
fn a_kept_scenario_that_cannot_be_read_is_exit_code_2_with_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    regression(folder.path(), "1f.scenario", &SCENARIO.replace("\"list\"", "list"));
    let ended = run(folder.path(), &["run", "--resource", "User"]);
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(
        ended.err.contains("1f.scenario") && ended.err.contains("line 2"),
        "{}",
        ended.err
    );
}

#[test]
fn a_folder_of_kept_scenarios_that_is_given_must_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run(folder.path(), &["run", "--regressions", "nowhere"]);
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(ended.err.contains("nowhere"), "{}", ended.err);
}

#[test]
fn generated_scenarios_are_the_same_at_any_number_of_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let report = |out: &str, jobs: &str| {
        let words = ["run", "--generate", "12", "--seed", "7", "--scenario", "generated/*"];
        let ended = run(
            folder.path(),
            &[&words[..], &["--jobs", jobs, "--out", out], &RESOURCE[..]].concat(),
        );
        assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
        let text = fs::read_to_string(folder.path().join(out).join("report.json")).unwrap();
        let mut report: Value = serde_json::from_str(&text).unwrap();
        report.as_object_mut().unwrap().remove("run");
        report
    };
    let one = report("a", "1");
    assert_eq!(one["summary"]["scenarios"], 12);
    assert_eq!(one["scenarios"][0]["path"], "generated/7/0");
    assert_eq!(one.to_string(), report("b", "8").to_string());
}
