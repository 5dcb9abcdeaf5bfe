//! How a recording of the service itself begins, what it leaves behind, and how it says so.

use std::path::Path;

use crate::standin::{JOURNAL, Mishap, Standin, cleaning, recording_from, run};

/// The words that record these scenarios, where these operations may cost.
fn recording<'w>(url: &'w str, scenarios: &'w str, allowed: &[&'w str]) -> Vec<&'w str> {
    let costs = allowed.iter().flat_map(|operation| ["--allow-cost", operation]);
    let usual = recording_from(url).into_iter().chain(costs);
    usual.chain(["--scenario", scenarios]).collect()
}

fn has_journal(folder: &Path) -> bool {
    folder.join(JOURNAL).exists()
}

#[test]
fn a_first_request_that_is_broken_or_lost_is_asked_again() {
    for mishap in [Mishap::Broken, Mishap::Reset] {
        let folder = tempfile::tempdir().unwrap();
        let standin = Standin::with(move |number| if number == 1 { mishap } else { Mishap::None });
        let words = recording(&standin.url, "CacheSecurityGroup/lifecycle/create-*", &[]);
        let recorded = run(folder.path(), &words);
        assert_eq!(recorded.code, 0, "{mishap:?}: {}", recorded.err);
        assert!(recorded.err.contains("1 of them again"), "{}", recorded.err);
    }
}

#[test]
fn what_was_made_under_allowance_is_deleted_though_deleting_was_not_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::new();
    let words = recording(&standin.url, "CreateCacheCluster/lowercase/*", &["CreateCacheCluster"]);
    let recorded = run(folder.path(), &words);
    assert_eq!(recorded.code, 0, "{}", recorded.err);
    let calls = standin.calls();
    assert!(
        calls["CreateCacheCluster"] > 0 && calls["DeleteCacheCluster"] > 0,
        "{calls:?}"
    );
    assert_eq!(standin.left("DescribeCacheClusters", "CacheClusters"), 0);
    assert!(!has_journal(folder.path()));
}

#[test]
fn what_was_made_under_a_name_that_is_never_told_ends_the_recording_with_a_word_and_keeps_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    // The emulator makes up no names.
    let standin = Standin::new();
    let allowed = [
        "CreateGlobalReplicationGroup",
        "DeleteGlobalReplicationGroup",
        "CreateReplicationGroup",
        "DeleteReplicationGroup",
    ];
    let words = recording(&standin.url, "GlobalReplicationGroup/lifecycle/create*", &allowed);
    let planned = run(folder.path(), &[&words[..], &["--plan"]].concat());
    let permissions = planned.out.lines().find(|line| line.starts_with("permissions: "));
    assert!(
        permissions.unwrap().contains(":DeleteGlobalReplicationGroup"),
        "{}",
        planned.out
    );
    let recorded = run(folder.path(), &words);
    assert_eq!(recorded.code, 1, "{}", recorded.err);
    let name = "GlobalReplicationGroup of a name that is not known, asked for with `px";
    for said in [
        name,
        "look with DescribeGlobalReplicationGroups for what CreateGlobalReplicationGroup made",
    ] {
        assert!(recorded.err.contains(said), "{}", recorded.err);
    }
    assert!(has_journal(folder.path()));
    let listed = run(folder.path(), &cleaning(&["--list"]));
    assert!(listed.code == 0 && listed.out.starts_with(name), "{}", listed.out);
    let cleaned = run(folder.path(), &cleaning(&[]));
    assert!(cleaned.code == 1 && cleaned.err.contains(name), "{}", cleaned.err);
    std::fs::remove_file(folder.path().join("it.cassette")).unwrap();
    let again = run(folder.path(), &words);
    assert!(again.code == 2 && again.err.contains("one resource"), "{}", again.err);
}

#[test]
fn names_that_the_service_refuses_do_not_keep_a_recording_from_coming_clean() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::with(|number| match number {
        _ if number % 5 == 0 => Mishap::Broken,
        _ if number % 7 == 0 => Mishap::Reset,
        _ => Mishap::None,
    });
    let recorded = run(folder.path(), &recording(&standin.url, "CreateUser/name/*", &[]));
    assert_eq!(recorded.code, 0, "{}", recorded.err);
    assert!(!has_journal(folder.path()));
}

#[test]
fn the_plan_says_what_its_requests_are_for() {
    let folder = tempfile::tempdir().unwrap();
    let words = [
        "record",
        "--reference",
        "aws",
        "--scenario",
        "User/lifecycle/*",
        "--plan",
    ];
    let planned = run(folder.path(), &words);
    let line = planned.out.lines().find(|line| line.starts_with("requests: ")).unwrap();
    let (total, shares) = line.split_once(" on the embedded emulator (").unwrap();
    let (shares, _) = shares.split_once(')').unwrap();
    let number = |text: &str| -> u64 { text.split_whitespace().find_map(|word| word.parse().ok()).unwrap() };
    assert_eq!(number(total), shares.split(", ").map(number).sum::<u64>(), "{line}");
    assert!(
        shares.contains(" 1 to see that nobody else has the run's names"),
        "{line}"
    );
    assert!(shares.ends_with("1 to greet"), "{line}");
}
