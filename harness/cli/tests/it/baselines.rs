//! Baselines, from a first run to the day when they are untrue.

use std::fs;
use std::path::Path;

use crate::binary::{Ended, run};
use crate::serving::Serving;

/// A run of few scenarios against the emulator with these faults, with further words.
fn ask(folder: &Path, faults: &[&str], words: &[&str]) -> Ended {
    let serving = Serving::with_faults(folder, faults);
    let url = serving.url();
    let some = ["run", "--target", &url, "--scenario", "CreateUser/name/*", "--out", "r"];
    run(folder, &[&some, words].concat())
}

const FAULT: &str = "identifier-kept-as-given";
const OTHER: &str = "created-not-kept";

/// A folder with a baseline of the fault.
fn with_baseline() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(ask(folder.path(), &[FAULT], &[]).code, 1);
    let words = ["baseline", "create", "r", "--out", "b.toml", "--reason", "for now"];
    assert_eq!(run(folder.path(), &words).code, 0);
    folder
}

/// Makes a report one of a run that was broken off.
fn break_off(report: &Path) {
    let path = report.join("report.json");
    let text = fs::read_to_string(&path).unwrap();
    let broken_off = text.replace("\"interrupted\": false", "\"interrupted\": true");
    assert_ne!(broken_off, text);
    fs::write(path, broken_off).unwrap();
}

#[test]
fn a_run_that_was_broken_off_is_made_a_baseline_only_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(ask(folder.path(), &[FAULT], &[]).code, 1);
    break_off(&folder.path().join("r"));
    let words = ["baseline", "create", "r", "--out", "b.toml", "--reason", "x"];
    let refused = run(folder.path(), &words);
    assert_eq!(refused.code, 2, "{}", refused.err);
    for words in ["r/report.json", "was broken off", "--allow-incomplete"] {
        assert!(refused.err.contains(words), "{}", refused.err);
    }
    assert!(!folder.path().join("b.toml").exists());
    let asked_for = run(folder.path(), &[&words[..], &["--allow-incomplete"]].concat());
    assert_eq!(asked_for.code, 0, "{}", asked_for.err);
}

#[test]
fn entries_for_a_version_that_the_report_is_not_of_are_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(ask(folder, &[FAULT], &["--target-version", "5.2.5"]).code, 1);
    let create = ["baseline", "create", "r", "--out", "b.toml", "--reason", "x"];
    let update = ["baseline", "update", "r", "--baseline", "b.toml", "--reason", "x"];
    let of = |words: &[&str], version: &str| run(folder, &[words, &["--version", version]].concat());
    for version in ["6.*", "[5"] {
        let refused = of(&create, version);
        assert_eq!(refused.code, 2, "{}", refused.err);
        assert!(refused.err.contains(version), "{}", refused.err);
    }
    assert!(!folder.join("b.toml").exists());
    assert_eq!(of(&create, "5.*").code, 0);
    let made = fs::read(folder.join("b.toml")).unwrap();
    assert_eq!(of(&update, "6.*").code, 2);
    assert_eq!(fs::read(folder.join("b.toml")).unwrap(), made);
}

#[test]
fn a_comparison_with_a_run_that_was_broken_off_is_no_pass_but_may_be_worse() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(ask(folder, &[], &[]).code, 0);
    fs::rename(folder.join("r"), folder.join("right")).unwrap();
    assert_eq!(ask(folder, &[FAULT], &[]).code, 1);
    let compare = |words: &[&str]| run(folder, &[&["compare"], words].concat());
    assert_eq!(compare(&["right", "right"]).code, 0);
    assert_eq!(compare(&["r", "right"]).code, 0);
    break_off(&folder.join("right"));
    let part = compare(&["r", "right"]);
    assert_eq!(part.code, 4, "{}", part.err);
    assert!(
        part.err.contains("right is of a run that was broken off") && part.err.contains("no pass"),
        "{}",
        part.err
    );
    assert_eq!(compare(&["right", "r"]).code, 1);
    assert_eq!(compare(&["right", "right"]).code, 4);
    assert_eq!(compare(&["r", "right", "--fail-on", "never"]).code, 0);
}

const WITH: [&str; 2] = ["--baseline", "b.toml"];

#[test]
fn why_a_run_is_no_pass_is_said_and_written_also_where_quiet_is_asked_for() {
    let folder = with_baseline();
    let folder = folder.path();
    let quiet = ["--quiet", "--format", "json,junit,markdown,html,annotations,badge"];
    let mended = ask(folder, &[], &[&quiet[..], &WITH].concat());
    assert_eq!(mended.code, 5, "{}", mended.err);
    assert!(
        mended.err.contains("b.toml: line ") && mended.err.contains("remove it"),
        "{}",
        mended.err
    );
    assert!(!mended.err.contains("the report is in"), "{}", mended.err);
    check_written(folder, "remove it");

    let few = [&quiet[..], &["--max-inconclusive", "0", "--min-coverage", "100"]].concat();
    let short = ask(folder, &[], &few);
    assert_eq!(short.code, 4, "{}", short.err);
    assert!(short.err.contains("% of the steps are inconclusive"), "{}", short.err);
    check_written(folder, "% of the steps are inconclusive");
}

/// Every form of the report in `r` that tells a team of a failure tells this.
fn check_written(folder: &Path, words: &str) {
    for name in ["junit.xml", "summary.md", "annotations.txt", "report.html"] {
        let text = fs::read_to_string(folder.join("r").join(name)).unwrap();
        let plain = text.replace("%25", "%").replace("&#60;", "<");
        assert!(plain.contains(words), "{name} does not say {words:?}: {text}");
    }
    let badge = fs::read_to_string(folder.join("r/badge.json")).unwrap();
    assert!(!badge.contains("green"), "{badge}");
}

#[test]
fn a_baseline_of_a_run_lets_the_next_pass_and_each_change_ends_as_documented() {
    let folder = with_baseline();
    let folder = folder.path();
    let same = ask(folder, &[FAULT], &WITH);
    assert_eq!(same.code, 0, "{}{}", same.out, same.err);
    let check = ["baseline", "check", "r", "--baseline", "b.toml"];
    assert_eq!(run(folder, &check).code, 0);

    let mended = run(
        folder,
        &[
            "run",
            "--scenario",
            "CreateUser/name/*",
            "--out",
            "m",
            "--baseline",
            "b.toml",
        ],
    );
    assert_eq!(mended.code, 5, "{}", mended.err);
    assert!(
        mended.err.contains("b.toml: line ") && mended.err.contains("remove it"),
        "{}",
        mended.err
    );

    let text = fs::read_to_string(folder.join("b.toml")).unwrap();
    fs::write(
        folder.join("old.toml"),
        text.replace("reason =", "until = 2020-01-01\nreason ="),
    )
    .unwrap();
    let expired = run(folder, &["baseline", "check", "r", "--baseline", "old.toml"]);
    assert_eq!(expired.code, 5, "{}", expired.err);
    assert!(expired.err.contains("accepted until 2020-01-01"), "{}", expired.err);

    let update = ["baseline", "update", "m", "--baseline", "b.toml", "--reason", "x"];
    assert_eq!(run(folder, &update).code, 0);
    assert!(!fs::read_to_string(folder.join("b.toml")).unwrap().contains("[[known]]"));
}

#[test]
fn a_new_fault_beside_a_known_one_is_exit_code_1() {
    let folder = with_baseline();
    let other = ask(folder.path(), &[FAULT, OTHER], &WITH);
    // What no longer shows for the new fault fails as well, but what is new goes first.
    assert_eq!(other.code, 1, "{}", other.err);
}

#[test]
fn scenarios_that_were_not_selected_make_nothing_untrue() {
    let folder = with_baseline();
    let words = ["run", "--scenario", "DeleteUser/*", "--baseline", "b.toml"];
    let ended = run(folder.path(), &words);
    assert_eq!(ended.code, 0, "{}", ended.err);
}

#[test]
fn a_comparison_is_worse_where_a_fault_came_and_not_where_it_went() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ask(folder, &[FAULT], &[]);
    let sound = ["run", "--scenario", "CreateUser/name/*", "--out", "sound"];
    assert_eq!(run(folder, &sound).code, 0);
    let came = run(folder, &["compare", "sound", "r"]);
    assert_eq!(came.code, 1, "{}", came.err);
    assert!(
        came.out.contains(" 0 fixed, ") || came.out.contains("\n0 fixed, "),
        "{}",
        came.out
    );
    let went = run(folder, &["compare", "r", "sound"]);
    assert_eq!(went.code, 0, "{}", went.err);
    assert!(
        went.out.contains(" fixed, 0 new, 0 changed, 0 moved, 0 unchanged"),
        "{}",
        went.out
    );
    let matrix = run(folder, &["matrix", "sound", "r", "--format", "json"]);
    let matrix: serde_json::Value = serde_json::from_str(&matrix.out).unwrap();
    assert_eq!(matrix["columns"][0]["target"], "embedded");
    assert!(!matrix["kinds"].as_array().unwrap().is_empty());
}

#[test]
fn a_day_that_is_over_is_no_end_for_a_new_entry() {
    let folder = with_baseline();
    let words = ["baseline", "create", "r", "--out", "new.toml", "--reason", "x"];
    let ended = run(folder.path(), &[&words[..], &["--until", "2020-01-01"]].concat());
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(ended.err.contains("2020-01-01 is over"), "{}", ended.err);
    assert!(!folder.path().join("new.toml").exists());
}
