//! Recording the service itself, with an emulator standing in for it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::binary::Ended;
use crate::standin::{JOURNAL, Mishap, Standin, cleaning, recording_from, run};

pub(crate) const RESOURCE: &str = "CacheSecurityGroup";
const DESCRIBE: &str = "DescribeCacheSecurityGroups";
const LIST: &str = "CacheSecurityGroups";

/// A few scenarios.
pub(crate) const SOME: &str = "*/lifecycle/*";
/// Some of these.
pub(crate) const FEW: &str = "*/lifecycle/create-*";

/// The words that record one resource of a stand-in.
pub(crate) fn recording<'w>(url: &'w str, further: &[&'w str]) -> Vec<&'w str> {
    let usual = recording_from(url).into_iter().chain(["--resource", RESOURCE]);
    usual.chain(further.iter().copied()).collect()
}

/// How often each operation is asked according to the plan.
fn planned(folder: &Path, words: &[&str]) -> BTreeMap<String, u64> {
    let ended = run(folder, words);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let table = ended.out.lines().skip_while(|line| *line != "operations:").skip(1);
    let row = |line: &str| {
        let mut words = line.split_whitespace();
        let count = words.next()?.parse().ok()?;
        Some((words.next()?.to_owned(), count)).filter(|_| line.starts_with("  "))
    };
    table.map_while(row).collect()
}

#[test]
fn the_plan_counts_every_request_of_a_recording() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::new();
    let plan = planned(
        folder.path(),
        &["record", "--reference", "aws", "--resource", RESOURCE, "--plan"],
    );
    let ended = run(folder.path(), &recording(&standin.url, &[]));
    assert_eq!(ended.code, 0, "{}", ended.err);
    // A call that departs from how an SDK writes it may be understood as that of another operation.
    assert_eq!(
        standin.calls().values().sum::<u64>(),
        plan.values().sum::<u64>(),
        "{:?}\n{plan:?}",
        standin.calls()
    );
    assert_eq!(standin.left(DESCRIBE, LIST), 0, "nothing is left");
}

/// Every line of a file but the last is one that a cassette could have, and there are any.
fn is_whole_but_for_its_last_line(text: &str) {
    let lines: Vec<&str> = text.lines().collect();
    let whole = lines.len() - usize::from(!text.ends_with('\n'));
    for line in &lines[..whole] {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
}

#[test]
fn nobody_is_asked_unless_that_was_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::new();
    let mut words = recording(&standin.url, &[]);
    words.retain(|word| *word != "--allow-aws");
    let refused = run(folder.path(), &words);
    assert_eq!((refused.code, standin.calls().len()), (2, 0), "{}", refused.err);
    assert!(refused.err.contains("--allow-aws"), "{}", refused.err);
    std::fs::write(folder.path().join("parallax.toml"), "[aws]\nallow = true\n").unwrap();
    words.extend(["--scenario", SOME]);
    assert_eq!(run(folder.path(), &words).code, 0);
}

#[test]
fn throttling_broken_answers_and_resets_leave_nothing_behind_and_no_false_record() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::with(|number| match number {
        _ if number % 7 == 0 => Mishap::Refused("Throttling", 400),
        _ if number % 11 == 0 => Mishap::Broken,
        _ if number % 13 == 0 => Mishap::Reset,
        _ => Mishap::None,
    });
    let recorded = run(folder.path(), &recording(&standin.url, &[]));
    assert_eq!(recorded.code, 0, "{}", recorded.err);
    assert_eq!(standin.left(DESCRIBE, LIST), 0);
    assert!(!folder.path().join(JOURNAL).exists(), "an empty journal is removed");
    let replayed = run(
        folder.path(),
        &[
            "run",
            "--reference",
            "it.cassette",
            "--resource",
            RESOURCE,
            "--fail-on",
            "note",
        ],
    );
    assert_eq!(replayed.code, 0, "{}", replayed.out);
    assert!(replayed.out.contains("may have had its effect"), "{}", replayed.out);
}

#[test]
fn expired_credentials_end_a_recording_and_what_is_left_is_cleaned_up_later() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::with(|number| match number {
        50..100 => Mishap::Refused("ExpiredToken", 403),
        _ => Mishap::None,
    });
    let ended = run(folder.path(), &recording(&standin.url, &["--scenario", SOME]));
    assert_eq!(ended.code, 3, "{}", ended.err);
    assert!(ended.err.contains("the credentials have expired"), "{}", ended.err);
    for mend in [
        "what was recorded so far is in it.cassette.part",
        "`parallax clean --journal it.cassette.journal --allow-aws` deletes what may still be there",
    ] {
        assert!(ended.err.contains(mend), "{}", ended.err);
    }
    assert_eq!(standin.calls().values().sum::<u64>(), 50, "nobody is asked after that");
    is_whole_but_for_its_last_line(&std::fs::read_to_string(folder.path().join("it.cassette.part")).unwrap());
    standin.mend();
    cleaned(folder.path(), &standin);
}

/// Deletes what the journal lists, and sees that nothing is left.
fn cleaned(folder: &Path, standin: &Standin) {
    if folder.join(JOURNAL).exists() {
        let ended = run(folder, &cleaning(&[]));
        assert_eq!(ended.code, 0, "{}", ended.err);
    }
    assert_eq!(standin.left(DESCRIBE, LIST), 0, "nothing is left");
}

#[test]
fn the_clock_is_named_where_it_is_why_nothing_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::with(|_| Mishap::Early("SignatureDoesNotMatch", 403));
    let ended = run(folder.path(), &recording(&standin.url, &["--scenario", SOME]));
    assert_eq!(ended.code, 3, "{}", ended.err);
    assert!(ended.err.contains("this machine's clock is"), "{}", ended.err);
    assert!(ended.err.contains("ahead of the service's"), "{}", ended.err);
}

#[test]
fn a_limit_on_requests_holds_and_leaves_room_to_clean_up() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::new();
    let ended = run(
        folder.path(),
        &recording(&standin.url, &["--scenario", SOME, "--max-requests", "60"]),
    );
    assert_eq!(ended.code, 3, "{}", ended.err);
    assert!(ended.err.contains("the limit of 60 requests"), "{}", ended.err);
    assert!(standin.calls().values().sum::<u64>() <= 60);
    assert_eq!(standin.left(DESCRIBE, LIST), 0);
}

#[test]
fn a_recording_that_is_killed_loses_one_line_at_most_and_can_be_cleaned_up() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::new();
    let words = recording(&standin.url, &["--scenario", SOME, "--force"]);
    // Ten moments, as far apart as the digits of pi have it.
    for moment in [31_u64, 41, 59, 26, 53, 58, 97, 93, 23, 84] {
        let reached = standin.stop_at(moment);
        let mut child = crate::standin::parallax(folder.path())
            .args(&words)
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        reached.recv().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        standin.go_on();
        let part = std::fs::read_to_string(folder.path().join("it.cassette.part")).unwrap();
        is_whole_but_for_its_last_line(&part);
        assert!(part.lines().count() > 1, "at {moment}");
        cleaned(folder.path(), &standin);
    }
    let whole = run(folder.path(), &words);
    assert_eq!(whole.code, 0, "{}", whole.err);
    let replay = [
        "run",
        "--reference",
        "it.cassette",
        "--resource",
        RESOURCE,
        "--scenario",
        SOME,
    ];
    let replayed = run(folder.path(), &replay);
    assert_eq!(replayed.code, 0, "{}", replayed.out);
}

/// The lines of the cassette that hold exchanges.
fn exchanges(folder: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(folder.join("it.cassette")).unwrap();
    let lines = text.lines().filter(|line| line.contains("\"scenario\":"));
    lines.map(str::to_owned).collect()
}

/// The words that bring it up to date.
fn updating<'w>(url: &'w str, further: &[&'w str]) -> Vec<&'w str> {
    let mut words = recording(url, further);
    words
        .iter_mut()
        .filter(|word| **word == "--out")
        .for_each(|word| *word = "--update");
    words
}

/// Replays it with everything that there is about the resource.
fn replayed(folder: &Path) -> Ended {
    let words = [
        "run",
        "--reference",
        "it.cassette",
        "--resource",
        RESOURCE,
        "--scenario",
        SOME,
        "--fail-on",
        "note",
    ];
    run(folder, &words)
}

#[test]
fn an_update_records_what_is_missing_and_leaves_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::new();
    assert_eq!(
        run(folder.path(), &recording(&standin.url, &["--scenario", FEW])).code,
        0
    );
    let (before, asked) = (exchanges(folder.path()), standin.calls().values().sum::<u64>());
    let partly = replayed(folder.path());
    assert!(
        partly.err.contains("were not recorded in this cassette"),
        "{}",
        partly.err
    );
    assert!(!partly.err.contains("as they were once"), "{}", partly.err);

    let plan = planned(folder.path(), &updating(&standin.url, &["--scenario", SOME, "--plan"]));
    let updated = run(folder.path(), &updating(&standin.url, &["--scenario", SOME]));
    assert_eq!(updated.code, 0, "{}", updated.err);
    assert!(
        updated.out.contains("nothing of what was asked again otherwise"),
        "{}",
        updated.out
    );
    assert_eq!(
        standin.calls().values().sum::<u64>() - asked,
        plan.values().sum::<u64>(),
        "the plan counts what an update asks"
    );
    let after = exchanges(folder.path());
    assert!(after.is_superset(&before) && after.len() > before.len());
    let whole = replayed(folder.path());
    assert_eq!(whole.code, 0, "{}", whole.out);
    assert!(!whole.err.contains("cassette"), "{}", whole.err);

    let asked = standin.calls().values().sum::<u64>();
    assert_eq!(
        run(folder.path(), &updating(&standin.url, &["--scenario", SOME])).code,
        0
    );
    assert_eq!(standin.calls().values().sum::<u64>(), asked, "nothing is left to ask");
    assert_eq!(standin.left(DESCRIBE, LIST), 0);
}

#[test]
fn what_the_service_answers_otherwise_than_it_did_is_news_and_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let some = ["--scenario", SOME];
    assert_eq!(run(folder.path(), &recording(&Standin::new().url, &some)).code, 0);
    let since = Standin::with(|_| Mishap::Reworded("<Description>A group", "<Description>A Group"));
    let updated = run(folder.path(), &updating(&since.url, &["--scenario", SOME, "--again"]));
    assert_eq!(updated.code, 0, "{}", updated.err);
    assert!(
        updated.out.contains("case at CacheSecurityGroup.Description"),
        "{}",
        updated.out
    );
    assert!(
        updated.out.contains("was \"A group of the harness\""),
        "{}",
        updated.out
    );
    assert!(
        updated.out.contains("is  \"A Group of the harness\""),
        "{}",
        updated.out
    );
    assert!(
        !exchanges(folder.path()).iter().any(|line| line.contains("A group")),
        "the news is kept"
    );
}

#[test]
fn an_answer_that_was_lost_is_asked_for_again_by_an_update() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::with(|number| match number {
        40..50 => Mishap::Reset,
        _ => Mishap::None,
    });
    let words = recording(&standin.url, &["--scenario", SOME]);
    assert_eq!(run(folder.path(), &words).code, 0);
    let lost = |folder: &Path| {
        exchanges(folder)
            .iter()
            .filter(|line| line.contains("\"lost\":") && !line.contains("not sent"))
            .count()
    };
    assert_ne!(lost(folder.path()), 0);
    let updated = run(folder.path(), &updating(&standin.url, &["--scenario", SOME]));
    assert_eq!(updated.code, 0, "{}", updated.err);
    assert!(updated.err.contains("without an answer"), "{}", updated.err);
    assert_eq!(lost(folder.path()), 0);
}

#[test]
fn an_update_that_is_killed_leaves_the_cassette_as_it_was_and_its_lines_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::new();
    assert_eq!(
        run(folder.path(), &recording(&standin.url, &["--scenario", FEW])).code,
        0
    );
    let before = exchanges(folder.path());
    let reached = standin.stop_at(31);
    let mut child = crate::standin::parallax(folder.path())
        .args(updating(&standin.url, &["--scenario", SOME]))
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    reached.recv().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    standin.go_on();
    assert_eq!(exchanges(folder.path()), before);
    let part = std::fs::read_to_string(folder.path().join("it.cassette.part")).unwrap();
    is_whole_but_for_its_last_line(&part);
    let lines: BTreeSet<_> = part.lines().map(str::to_owned).collect();
    assert!(lines.is_superset(&before) && lines.len() > before.len() + 10);
    cleaned(folder.path(), &standin);
    let refused = run(folder.path(), &updating(&standin.url, &["--scenario", SOME]));
    assert_eq!(refused.code, 2, "what was recorded is kept: {}", refused.err);
    let updated = run(folder.path(), &updating(&standin.url, &["--scenario", SOME, "--force"]));
    assert_eq!((updated.code, replayed(folder.path()).code), (0, 0), "{}", updated.err);
}

#[test]
fn a_recording_that_was_killed_is_salvaged_and_brought_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::new();
    let reached = standin.stop_at(41);
    let mut child = crate::standin::parallax(folder.path())
        .args(recording(&standin.url, &["--scenario", SOME]))
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    reached.recv().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    standin.go_on();
    cleaned(folder.path(), &standin);
    let before = std::fs::read(folder.path().join("it.cassette.part")).unwrap();
    let again = run(folder.path(), &recording(&standin.url, &["--scenario", SOME]));
    assert_eq!(again.code, 2, "{}", again.err);
    assert!(
        again
            .err
            .contains("`parallax cassette trim it.cassette.part --salvage --out it.cassette` makes a cassette of it"),
        "{}",
        again.err
    );
    assert_eq!(std::fs::read(folder.path().join("it.cassette.part")).unwrap(), before);
    let salvage = [
        "cassette",
        "trim",
        "it.cassette.part",
        "--salvage",
        "--out",
        "it.cassette",
    ];
    let salvaged = run(folder.path(), &salvage);
    assert_eq!(salvaged.code, 0, "{}", salvaged.err);
    let before = exchanges(folder.path());
    assert!(before.len() > 20, "{}", before.len());
    let updated = run(folder.path(), &updating(&standin.url, &["--scenario", SOME]));
    assert_eq!(updated.code, 0, "{}", updated.err);
    assert!(
        updated.out.contains("nothing of what was asked again otherwise"),
        "{}",
        updated.out
    );
    let after = exchanges(folder.path());
    assert!(after.intersection(&before).count() > 10 && after.len() > before.len());
    let whole = replayed(folder.path());
    assert_eq!(whole.code, 0, "{}", whole.out);
    assert!(!whole.err.contains("cassette"), "{}", whole.err);
    assert_eq!(standin.left(DESCRIBE, LIST), 0);
}

#[test]
fn what_others_were_recorded_of_is_not_brought_up_to_date_from_the_service_itself() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::new();
    let some = ["--resource", RESOURCE, "--scenario", SOME];
    let of_embedded = ["record", "--reference", "embedded", "--out", "it.cassette"];
    let recorded = run(folder.path(), &[&of_embedded[..], &some].concat());
    assert_eq!(recorded.code, 0, "{}", recorded.err);
    let refused = run(folder.path(), &updating(&standin.url, &[]));
    assert_eq!((refused.code, standin.calls().len()), (2, 0), "{}", refused.err);
    assert!(
        refused.err.contains("somebody else than the service itself"),
        "{}",
        refused.err
    );
}

/// The header of the cassette.
fn header(folder: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(folder.join("it.cassette")).unwrap();
    serde_json::from_str(text.lines().next().unwrap()).unwrap()
}

#[test]
fn the_kind_of_account_is_seen_from_the_answers_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let some = ["--scenario", SOME];
    let recorded = run(folder.path(), &recording(&Standin::new().url, &some));
    assert_eq!(recorded.code, 0, "{}", recorded.err);
    assert_eq!(header(folder.path())["profile"], "ec2-classic");
    assert_eq!(replayed(folder.path()).code, 0);

    let refusal = "Use of cache security groups is not permitted in this API version for your account.";
    let today = Standin::with(move |_| Mishap::Refusing("InvalidParameterValue", refusal));
    let updated = run(folder.path(), &updating(&today.url, &["--scenario", SOME, "--again"]));
    assert_eq!(updated.code, 0, "{}", updated.err);
    assert_eq!(header(folder.path())["profile"], "vpc-only");
    assert!(
        updated.err.contains("as vpc-only, not as ec2-classic"),
        "{}",
        updated.err
    );
}

#[test]
fn a_selection_of_which_everything_may_cost_is_too_little_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::new();
    let mut words = recording(&standin.url, &["--operation", "CreateCacheCluster"]);
    words.retain(|word| !["--resource", RESOURCE].contains(word));
    let recorded = run(folder.path(), &words);
    assert_eq!((recorded.code, standin.calls().len()), (4, 0), "{}", recorded.err);
    assert!(recorded.err.contains("--allow-cost OPERATION"), "{}", recorded.err);
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "nothing is written"
    );
}

#[test]
fn what_was_there_before_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::new();
    standin.make("CreateCacheSecurityGroup", "CacheSecurityGroupName", "p");
    let ended = run(folder.path(), &recording(&standin.url, &[]));
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(standin.left(DESCRIBE, LIST), 1, "the group that was there");
}

#[test]
fn a_run_and_a_hunt_against_the_service_itself_touch_only_what_they_make() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::new();
    let usual = [
        "--reference",
        "aws",
        "--allow-aws",
        "--endpoint-url",
        &standin.url,
        "--rate",
        "5000",
        "--resource",
        RESOURCE,
    ];
    let of_run = ["run", "--scenario", SOME, "--fail-on", "note"];
    let ran = run(folder.path(), &[&of_run[..], &usual].concat());
    assert_eq!(
        (ran.code, standin.left(DESCRIBE, LIST)),
        (0, 0),
        "{}{}",
        ran.out,
        ran.err
    );
    let of_hunt = ["hunt", "--cases", "20", "--jobs", "1", "--out", "finds"];
    let hunted = run(folder.path(), &[&of_hunt[..], &usual].concat());
    assert_eq!(
        (hunted.code, standin.left(DESCRIBE, LIST)),
        (0, 0),
        "{}{}",
        hunted.out,
        hunted.err
    );
    assert!(standin.calls().values().sum::<u64>() > 40);
}

#[test]
fn what_is_created_bears_a_tag_of_the_run_that_no_cassette_holds_unless_none_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::new();
    let some = ["--scenario", SOME];
    let ended = run(folder.path(), &recording(&standin.url, &some));
    assert_eq!(ended.code, 0, "{}", ended.err);
    let created = standin.calls().get("CreateCacheSecurityGroup").copied();
    assert_eq!(Some(standin.tagged("parallax-run")), created);
    let kept = std::fs::read_to_string(folder.path().join("it.cassette")).unwrap();
    assert!(kept.contains("CreateCacheSecurityGroup") && !kept.contains("parallax-run"));

    let plain = Standin::new();
    let ended = run(
        folder.path(),
        &recording(&plain.url, &[&some[..], &["--untagged", "--force"]].concat()),
    );
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(plain.tagged("parallax-run"), 0);
}

#[test]
fn a_scenario_about_tags_is_given_no_tag_of_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::new();
    let ended = run(folder.path(), &recording(&standin.url, &["--scenario", "*/tags/*"]));
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(
        standin.calls().contains_key("ListTagsForResource"),
        "{:?}",
        standin.calls()
    );
    assert_eq!(standin.tagged("parallax-run"), 0);
}

#[test]
fn tagging_takes_a_permission_unless_no_tag_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let policy = |further: &[&str]| {
        let usual = [
            "record",
            "--reference",
            "aws",
            "--resource",
            RESOURCE,
            "--scenario",
            FEW,
            "--print-policy",
        ];
        let ended = run(folder.path(), &[&usual[..], further].concat());
        assert_eq!(ended.code, 0, "{}", ended.err);
        ended.out.contains(":AddTagsToResource")
    };
    assert!(policy(&[]));
    assert!(!policy(&["--untagged"]));
}
