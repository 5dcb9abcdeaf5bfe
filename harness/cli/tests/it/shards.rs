//! A run in parts, each in a process of its own.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::binary::{Ended, run};

/// A target that diverges in ways that are told for each scenario, once for each operation, and once for a run.
const TARGET: &str = "--fault identifier-kept-as-given --fault request-ids-differ";
const SOME: [&str; 6] = [
    "--target",
    "faulty",
    "--resource",
    "User",
    "--scenario",
    "CreateUser/name/*",
];

/// A folder with a `parallax.toml` that launches it.
pub(crate) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let binary = env!("CARGO_BIN_EXE_parallax");
    let toml = format!("[target.faulty]\nlaunch = \"{binary} serve {TARGET} --listen 127.0.0.1:{{port}}\"\n");
    fs::write(folder.path().join("parallax.toml"), toml).unwrap();
    folder
}

fn ask(folder: &Path, words: &[&str]) -> Ended {
    run(folder, &[&["run"], &SOME[..], words].concat())
}

fn shard(folder: &Path, number: &str, words: &[&str]) -> Ended {
    let (shard, out) = (format!("{number}/3"), format!("s{number}"));
    let words = [&["--shard", &shard, "--out", &out, "--fail-on", "never"], words].concat();
    let ended = ask(folder, &words);
    assert_eq!(ended.code, 0, "{}", ended.err);
    ended
}

/// All but what belongs to one run.
pub(crate) fn report(folder: &Path, out: &str) -> String {
    let text = fs::read_to_string(folder.join(out).join("report.json")).unwrap();
    let mut report: Value = serde_json::from_str(&text).unwrap();
    report.as_object_mut().unwrap().remove("run").unwrap();
    report.to_string()
}

#[test]
fn shards_merge_to_what_the_whole_run_tells_and_exit_as_it_does() {
    let folder = folder();
    let folder = folder.path();
    let whole = ask(folder, &["--out", "whole"]);
    assert_eq!(whole.code, 1, "{}", whole.err);
    for number in ["1", "2", "3"] {
        shard(folder, number, &[]);
    }
    let merged = run(folder, &["merge", "s3", "s1", "s2", "--out", "merged"]);
    assert_eq!(merged.code, 1, "{}", merged.err);
    assert_eq!(report(folder, "merged"), report(folder, "whole"));

    // A shard that was killed has left nothing, and is played again alone.
    fs::remove_dir_all(folder.join("s2")).unwrap();
    let lacking = run(folder, &["merge", "s1", "s3", "--out", "merged"]);
    assert_eq!(lacking.code, 2);
    assert!(lacking.err.contains("of 3 shards 2 is missing"), "{}", lacking.err);
    shard(folder, "2", &[]);
    assert_eq!(run(folder, &["merge", "s1", "s2", "s3", "--out", "again"]).code, 1);
    assert_eq!(report(folder, "again"), report(folder, "whole"));

    // The whole is judged by what accepts the whole.
    let create = ["baseline", "create", "whole", "--out", "b.toml", "--reason", "for now"];
    assert_eq!(run(folder, &create).code, 0);
    let judged = run(
        folder,
        &["merge", "s1", "s2", "s3", "--out", "again", "--baseline", "b.toml"],
    );
    assert_eq!(judged.code, 0, "{}", judged.err);
    let inconclusive = run(
        folder,
        &[
            "merge",
            "s1",
            "s2",
            "s3",
            "--fail-on",
            "never",
            "--max-inconclusive",
            "0",
        ],
    );
    assert_eq!(inconclusive.code, 4, "{}", inconclusive.err);

    // Durations of the whole run split it in another way, and all shards must follow them.
    let mixed = ["--durations", "whole"];
    shard(folder, "1", &mixed);
    let other = run(folder, &["merge", "s1", "s2", "s3", "--out", "again"]);
    assert_eq!(other.code, 2, "{}", other.err);
    assert!(other.err.contains("the split by --durations"), "{}", other.err);
    shard(folder, "2", &mixed);
    shard(folder, "3", &mixed);
    assert_eq!(run(folder, &["merge", "s1", "s2", "s3", "--out", "again"]).code, 1);
    assert_eq!(report(folder, "again"), report(folder, "whole"));
}

#[test]
fn a_shard_without_scenarios_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let one = ["run", "--scenario", "CreateUser/name/length-1", "--out", "s"];
    let played = |index: u32| {
        let shard = format!("{index}/2");
        let ended = run(folder.path(), &[&one[..], &["--shard", &shard]].concat());
        assert_eq!(ended.code, 0, "{}", ended.err);
        ended.out.contains("1 scenario,")
    };
    assert_ne!(played(1), played(2));
}

#[test]
fn merge_names_what_it_was_given_and_cannot_use() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    fs::write(folder.path().join("report.json"), "{\"schema\": 1}\n").unwrap();
    for (given, expected) in [
        ("empty", "empty/shard.jsonl cannot be read"),
        ("report.json", "no shard.jsonl of parallax"),
    ] {
        let ended = run(folder.path(), &["merge", given, "--out", "m"]);
        assert_eq!(ended.code, 2, "{}", ended.err);
        assert!(ended.err.contains(expected), "{}", ended.err);
        assert!(!folder.path().join("m").exists());
    }
}

#[test]
fn shards_of_two_versions_of_the_target_or_of_two_recordings_are_no_run() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let refused = |words: &[&str]| {
        let merged = run(folder, &["merge", "s1", "s2", "--out", "m"]);
        assert_eq!(merged.code, 2, "{}", merged.err);
        let told = merged.err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.iter().all(|words| told.contains(words)), "{told}");
    };
    let play = |number: &str, words: &[&str]| {
        let (shard, out) = (format!("{number}/2"), format!("s{number}"));
        let usual = [
            "run",
            "--scenario",
            "CreateUser/name/length-1",
            "--shard",
            &shard,
            "--out",
            &out,
        ];
        let ended = run(folder, &[&usual[..], &["--fail-on", "never"], words].concat());
        assert_eq!(ended.code, 0, "{}", ended.err);
    };
    play("1", &["--target-version", "5.1"]);
    play("2", &["--target-version", "5.2"]);
    refused(&["the target version is", "5.1", "5.2"]);

    for (number, scenarios) in [("1", "CreateUser/name/length-1"), ("2", "CreateUser/name/length-*")] {
        let record = [
            "record",
            "--reference",
            "docs",
            "--force",
            "--out",
            "a.cassette",
            "--scenario",
            scenarios,
        ];
        let ended = run(folder, &record);
        assert_eq!(ended.code, 0, "{}", ended.err);
        play(number, &["--reference", "a.cassette"]);
    }
    refused(&["the cassette is"]);
}
