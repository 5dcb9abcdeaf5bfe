//! The ready-made files for CI engines: their commands as processes, shard by shard.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::binary::run;
use crate::shards::report;

/// What the files are filled in with here.
const FILLED_IN: [(&str, &str); 2] = [("TARGET", "faulty"), ("ARGS", "--scenario CreateUser/name/char*")];

/// The documents of a file.
fn documents(text: &str) -> Vec<Value> {
    serde_saphyr::from_multiple(text).unwrap()
}

/// A folder with a target of its own for every shard, and the whole run in it.
fn folder() -> tempfile::TempDir {
    let folder = crate::shards::folder();
    let words = [
        "run",
        "--scenario",
        "CreateUser/name/char*",
        "--target",
        "faulty",
        "--out",
        "whole",
    ];
    assert_eq!(run(folder.path(), &words).code, 1);
    folder
}

/// Runs a command as an engine does, in the environment of the file; its exit code.
fn shell(folder: &Path, command: &str, env: &[(&str, &str)]) -> i32 {
    let binary = Path::new(env!("CARGO_BIN_EXE_parallax")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let status = Command::new("sh")
        .args(["-e", "-c", command])
        .current_dir(folder)
        .envs(env.iter().copied().chain(FILLED_IN))
        .env("PATH", path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    status.code().unwrap()
}

/// Plays every shard, merges, and holds the report against that of the whole run.
fn check(shards: u64, play: impl Fn(&Path, u64) -> i32, merge: impl Fn(&Path) -> i32) {
    let folder = folder();
    let folder = folder.path();
    for shard in 1..=shards {
        assert_eq!(play(folder, shard), 0, "shard {shard}");
    }
    assert_eq!(merge(folder), 1);
    assert_eq!(report(folder, "report"), report(folder, "whole"));
}

/// The command of a step of a GitHub job.
fn step(job: &Value, name: &str) -> String {
    let steps = job["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["name"] == name).unwrap();
    step["run"].as_str().unwrap().to_owned()
}

#[test]
fn the_matrix_of_github_plays_every_shard_once() {
    let file = documents(include_str!("../../../../docs/ci/github-actions.yml")).remove(0);
    let jobs = &file["jobs"];
    let shards = file["env"]["SHARDS"].to_string();
    let matrix = jobs["shard"]["strategy"]["matrix"]["shard"].as_array().unwrap();
    assert_eq!(matrix.len().to_string(), shards);
    let play = |folder: &Path, shard: u64| {
        assert!(matrix.contains(&shard.into()));
        let env = [("SHARDS", shards.as_str()), ("SHARD", &shard.to_string())];
        shell(folder, &step(&jobs["shard"], "play"), &env)
    };
    let merge = |folder: &Path| {
        let code = shell(folder, &step(&jobs["report"], "merge"), &[]);
        let summary = [("GITHUB_STEP_SUMMARY", "summary")];
        assert_eq!(shell(folder, &step(&jobs["report"], "summarise"), &summary), 0);
        assert!(
            fs::read_to_string(folder.join("summary"))
                .unwrap()
                .starts_with("# Parallax")
        );
        code
    };
    check(matrix.len() as u64, play, merge);
}

#[test]
fn a_merge_that_made_no_report_is_the_only_step_of_github_that_fails() {
    let file = documents(include_str!("../../../../docs/ci/github-actions.yml")).remove(0);
    let folder = tempfile::tempdir().unwrap();
    let step = |name: &str| step(&file["jobs"]["report"], name);
    assert_eq!(shell(folder.path(), &step("merge"), &[]), 2);
    let summary = [("GITHUB_STEP_SUMMARY", "summary")];
    assert_eq!(shell(folder.path(), &step("summarise"), &summary), 0);
}

#[test]
fn the_parallel_jobs_of_gitlab_play_every_shard_once() {
    let file = documents(include_str!("../../../../docs/ci/gitlab-ci.yml")).remove(0);
    let script = |job: &str| file[job]["script"][0].as_str().unwrap().to_owned();
    let total = file["shard"]["parallel"].as_u64().unwrap();
    let play = |folder: &Path, shard: u64| {
        let env = [
            ("CI_NODE_INDEX", &*shard.to_string()),
            ("CI_NODE_TOTAL", &total.to_string()),
        ];
        shell(folder, &script("shard"), &env)
    };
    check(total, play, |folder| shell(folder, &script("report"), &[]));
}

#[test]
fn the_pods_of_kubernetes_play_every_shard_once_and_a_killed_one_is_played_again() {
    let files = documents(include_str!("../../../../docs/ci/kubernetes.yaml"));
    let [play, report] = files.as_slice() else {
        panic!("{files:?}")
    };
    let container = |job: &Value| job["spec"]["template"]["spec"]["containers"][0].clone();
    let command = |job: &Value| container(job)["args"][0].as_str().unwrap().to_owned();
    let shards = play["spec"]["completions"].as_u64().unwrap();
    let env = container(play)["env"].clone();
    let given = env
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "SHARDS")
        .unwrap();
    assert_eq!(given["value"], shards.to_string());
    let pod = |folder: &Path, shard: u64| {
        let index = (shard - 1).to_string();
        let env = [
            ("SHARDS", &*shards.to_string()),
            ("JOB_COMPLETION_INDEX", &index),
            ("OUT", "."),
        ];
        let code = shell(folder, &command(play), &env);
        if shard == 2 {
            fs::remove_file(folder.join("shard-2/shard.jsonl")).unwrap();
            assert_eq!(shell(folder, &command(play), &env), code);
        }
        code
    };
    check(shards, pod, |folder| shell(folder, &command(report), &[("OUT", ".")]));
}
