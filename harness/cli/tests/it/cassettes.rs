//! `parallax cassette`, and cassettes as references.

use std::fs;
use std::path::Path;

use crate::binary::{Ended, run};

/// Records some scenarios of the documentation.
fn record(folder: &Path, scenarios: &str, out: &str) {
    let ended = run(
        folder,
        &["record", "--reference", "docs", "--scenario", scenarios, "--out", out],
    );
    assert_eq!(ended.code, 0, "{}", ended.err);
}

fn cassette(folder: &Path, words: &[&str]) -> Ended {
    run(folder, &[&["cassette"], words].concat())
}

/// The file with one digit of its third line changed.
fn damage(folder: &Path, name: &str) {
    let path = folder.join(name);
    let text = fs::read_to_string(&path).unwrap();
    let lines = text.lines().enumerate().map(|(at, line)| match at {
        2 => format!("{}\n", line.replacen("\"step\":\"", "\"step\":\"x", 1)),
        _ => format!("{line}\n"),
    });
    fs::write(&path, lines.collect::<String>()).unwrap();
}

#[test]
fn a_recording_leaves_an_index_and_says_the_same_without_it() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path(), "CreateUser/name/length-*", "a.cassette");
    let index = folder.path().join("a.cassette.index");
    assert!(index.is_file());
    let words = [
        "run",
        "--reference",
        "a.cassette",
        "--scenario",
        "CreateUser/name/length-*",
    ];
    let with = run(folder.path(), &words);
    fs::remove_file(&index).unwrap();
    let without = run(folder.path(), &words);
    assert_eq!((with.code, &with.out), (0, &without.out), "{}", with.err);
    assert!(index.is_file());
}

#[test]
fn what_a_cassette_holds_is_shown_counted_and_verified() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path(), "CreateUser/name/length-*", "a.cassette");
    let shown = cassette(
        folder.path(),
        &["show", "a.cassette", "--scenario", "CreateUser/name/length-1"],
    );
    assert_eq!(shown.code, 0, "{}", shown.err);
    for part in [
        "== CreateUser/name/length-1 / create (line ",
        "POST /",
        "Action=CreateUser",
        "HTTP ",
        "-- due: {",
    ] {
        assert!(shown.out.contains(part), "{part}: {}", shown.out);
    }
    let lines = cassette(folder.path(), &["show", "a.cassette", "--json"]).out;
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first["operation"], "CreateUser");
    let stats = cassette(folder.path(), &["stats", "a.cassette"]).out;
    for part in ["made from the documentation", "scenarios", "CreateUser", "request-id"] {
        assert!(stats.contains(part), "{part}: {stats}");
    }
    let stats = cassette(folder.path(), &["stats", "a.cassette", "--json"]).out;
    let stats: serde_json::Value = serde_json::from_str(&stats).unwrap();
    assert_eq!(stats["exchanges"], lines.lines().count());
    let verified = cassette(folder.path(), &["verify", "a.cassette"]);
    assert_eq!(verified.code, 0);
    assert!(verified.out.starts_with("a.cassette: whole, "), "{}", verified.out);
}

#[test]
fn a_scenario_that_a_cassette_lacks_is_a_wrong_command_line() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path(), "CreateUser/name/length-1", "a.cassette");
    for words in [
        &["show", "a.cassette", "--scenario", "Nothing/*"][..],
        &["trim", "a.cassette", "--scenario", "Nothing/*", "--out", "b.cassette"],
        &["trim", "a.cassette", "--operation", "Nothing*", "--out", "b.cassette"],
        &["trim", "a.cassette", "--resource", "Nothing*", "--out", "b.cassette"],
        &["trim", "a.cassette", "--out", "a.cassette"],
        &["show", "a.cassette", "--scenario", "["],
    ] {
        let ended = cassette(folder.path(), words);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{words:?}: {}", ended.err);
        assert!(!folder.path().join("b.cassette").exists());
    }
}

#[test]
fn a_trimmed_cassette_holds_whole_scenarios_and_differs_by_the_others_alone() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path(), "*User/name/length-*", "all.cassette");
    let trim = |words: &[&str]| {
        let ended = cassette(
            folder.path(),
            &[&["trim", "all.cassette", "--out", "part.cassette"], words].concat(),
        );
        assert_eq!(ended.code, 0, "{}", ended.err);
    };
    for (words, wanted) in [
        (
            ["--scenario", "CreateUser/name/length-1"],
            "CreateUser/name/length-1 / create",
        ),
        (["--operation", "DeleteUser"], "Action=DeleteUser"),
        (["--resource", "User"], "CreateUser/name/length-1 / create"),
    ] {
        trim(&words);
        assert_eq!(cassette(folder.path(), &["verify", "part.cassette"]).code, 0);
        let shown = cassette(folder.path(), &["show", "part.cassette"]).out;
        assert!(shown.contains(wanted), "{words:?}");
    }
    trim(&["--scenario", "CreateUser/name/length-1"]);
    let same = cassette(
        folder.path(),
        &[
            "diff",
            "all.cassette",
            "part.cassette",
            "--scenario",
            "CreateUser/name/length-1",
        ],
    );
    assert_eq!(same.code, 0, "{}", same.out);
    let other = cassette(folder.path(), &["diff", "all.cassette", "part.cassette"]);
    assert_eq!(other.code, 1);
    assert!(
        other.out.contains(": removed\n") && !other.out.contains(": added\n"),
        "{}",
        other.out
    );
    let last = |words: &[&str]| cassette(folder.path(), words).out.lines().last().unwrap().to_owned();
    let all = fs::read_to_string(folder.path().join("all.cassette")).unwrap();
    let all = format!(" of {} exchanges differ", all.matches("\"scenario\":").count());
    for words in [
        ["diff", "all.cassette", "part.cassette"],
        ["diff", "part.cassette", "all.cassette"],
    ] {
        assert!(last(&words).ends_with(&all), "{}", last(&words));
    }
}

#[test]
fn a_changed_answer_is_shown_by_the_lines_that_changed() {
    let folder = tempfile::tempdir().unwrap();
    let record = |fault: &[&str], out: &str| {
        let toml = format!(
            "[target.served]\nlaunch = \"'{}' serve --listen 127.0.0.1:{{port}} {}\"\n",
            env!("CARGO_BIN_EXE_parallax"),
            fault.join(" ")
        );
        fs::write(folder.path().join("parallax.toml"), toml).unwrap();
        let words = [
            "record",
            "--reference",
            "served",
            "--scenario",
            "CreateUser/name/char-uppercase-letter",
            "--out",
            out,
        ];
        let ended = run(folder.path(), &words);
        assert_eq!(ended.code, 0, "{}", ended.err);
    };
    record(&[], "before.cassette");
    record(&["--fault", "identifier-kept-as-given"], "after.cassette");
    let ended = cassette(folder.path(), &["diff", "before.cassette", "after.cassette"]);
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert!(
        ended.out.contains("answered otherwise\n  - ") && ended.out.contains("\n  + "),
        "{}",
        ended.out
    );
    let json = cassette(folder.path(), &["diff", "before.cassette", "after.cassette", "--json"]).out;
    let first: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(first["change"], "answered otherwise");
}

#[test]
fn a_damaged_cassette_is_refused_with_line_and_mend_and_salvaged_where_that_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path(), "CreateUser/name/length-*", "a.cassette");
    damage(folder.path(), "a.cassette");
    for words in [
        &[
            "run",
            "--reference",
            "a.cassette",
            "--scenario",
            "CreateUser/name/length-*",
        ][..],
        &["cassette", "verify", "a.cassette"],
        &["cassette", "show", "a.cassette"],
        &["cassette", "stats", "a.cassette"],
        &["cassette", "trim", "a.cassette", "--out", "b.cassette"],
        &["cassette", "diff", "a.cassette", "a.cassette"],
    ] {
        let ended = run(folder.path(), words);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{words:?}: {}", ended.err);
        for part in [
            "a.cassette",
            "line 3 was changed",
            "record the cassette again",
            "--salvage",
        ] {
            assert!(
                ended.err.contains(part),
                "{words:?} does not say `{part}`: {}",
                ended.err
            );
        }
    }
    let words = [
        "run",
        "--reference",
        "a.cassette",
        "--scenario",
        "CreateUser/name/length-*",
        "--salvage",
    ];
    let ended = run(folder.path(), &words);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.err.contains("line 3 was changed"), "{}", ended.err);
    assert!(
        ended.out.contains("inconclusive") && !ended.out.contains(" 0 inconclusive"),
        "{}",
        ended.out
    );
    let ended = cassette(
        folder.path(),
        &["trim", "a.cassette", "--salvage", "--out", "b.cassette"],
    );
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(cassette(folder.path(), &["verify", "b.cassette"]).code, 0);
}

#[test]
fn a_line_edited_behind_the_indexs_back_ends_a_run() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path(), "CreateUser/name/length-*", "a.cassette");
    let path = folder.path().join("a.cassette");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        text.replace("A+user", "B+user")
            .replace("HTTP", "HTTq")
            .replace("\"status\":200", "\"status\":201"),
    )
    .unwrap();
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(time)
        .unwrap();
    let ended = run(
        folder.path(),
        &[
            "run",
            "--reference",
            "a.cassette",
            "--scenario",
            "CreateUser/name/length-*",
        ],
    );
    assert_eq!(ended.code, 2, "{}", ended.out);
    assert!(ended.err.contains("was changed after it was recorded"), "{}", ended.err);
}

#[test]
fn a_recording_replaces_no_file_unless_that_was_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    fs::write(&path, "precious").unwrap();
    let words = ["record", "--scenario", "CreateUser/name/length-*", "--out", "notes.txt"];
    for reference in ["docs", "embedded"] {
        let refused = run(folder.path(), &[&words[..], &["--reference", reference]].concat());
        assert_eq!(refused.code, 2, "{}", refused.err);
        assert!(refused.err.contains("notes.txt is there already"), "{}", refused.err);
        assert!(refused.err.contains("--force"), "{}", refused.err);
        assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
        let replaced = run(
            folder.path(),
            &[&words[..], &["--reference", reference, "--force"]].concat(),
        );
        assert_eq!(replaced.code, 0, "{}", replaced.err);
        assert_ne!(fs::read_to_string(&path).unwrap(), "precious");
        fs::write(&path, "precious").unwrap();
    }
}

#[test]
fn what_a_recording_that_was_broken_off_had_is_kept_unless_the_cassette_has_it_too() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path(), "CreateUser/name/length-*", "whole.cassette");
    let text = fs::read_to_string(folder.path().join("whole.cassette")).unwrap();
    let part: String = text.lines().take(3).map(|line| format!("{line}\n")).collect();
    let left = folder.path().join("it.cassette.part");
    fs::write(&left, &part).unwrap();
    let words = [
        "record",
        "--reference",
        "embedded",
        "--scenario",
        "CreateUser/name/length-*",
    ];
    let to = |way: &'static str, file: &'static str| [&words[..], &[way, file]].concat();
    let refused = run(folder.path(), &to("--out", "it.cassette"));
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(refused.err.contains("it.cassette.part"), "{}", refused.err);
    assert_eq!(fs::read_to_string(&left).unwrap(), part);
    // Forced, it makes way.
    let forced = run(folder.path(), &[&to("--out", "it.cassette")[..], &["--force"]].concat());
    assert_eq!((forced.code, left.exists()), (0, false), "{}", forced.err);
    // Only what the cassette has is left of this one; then there is nothing to lose.
    let whole = fs::read_to_string(folder.path().join("it.cassette")).unwrap();
    fs::write(
        &left,
        whole
            .lines()
            .take(3)
            .map(|line| format!("{line}\n"))
            .collect::<String>(),
    )
    .unwrap();
    let again = [&to("--update", "it.cassette")[..], &["--again"]].concat();
    assert_eq!(run(folder.path(), &again).code, 0);
    // And this one has more.
    fs::write(&left, &part).unwrap();
    assert_eq!(run(folder.path(), &again).code, 2);
    assert_eq!(fs::read_to_string(&left).unwrap(), part);
}
