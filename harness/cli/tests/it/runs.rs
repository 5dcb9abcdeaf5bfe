//! `parallax run`, from the arguments to the files.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use serde_json::Value;

use crate::binary::run;

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
    // Bound and dropped: nobody listens there now.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ended = run(
        folder.path(),
        &[&["run", "--target", &format!("http://{address}")], &SOME[..]].concat(),
    );
    assert_eq!(ended.code, 3, "{}", ended.err);
    assert!(ended.err.contains("target never answered"), "{}", ended.err);
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
