//! Cassettes as servers.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::binary::run;
use crate::serving::Serving;

/// The words that record a few scenarios.
fn recording<'w>(reference: &'w str, out: &'w str) -> [&'w str; 9] {
    let some = "*/lifecycle/*";
    [
        "record",
        "--reference",
        reference,
        "--resource",
        "User",
        "--scenario",
        some,
        "--out",
        out,
    ]
}

/// The lines that hold exchanges.
fn exchanges(folder: &Path, name: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    let lines = text.lines().filter(|line| line.contains("\"scenario\":"));
    lines.map(str::to_owned).collect()
}

#[test]
fn a_served_cassette_answers_as_it_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let recorded = run(folder.path(), &recording("embedded", "first.cassette"));
    assert_eq!(recorded.code, 0, "{}", recorded.err);
    let serving = Serving::with(folder.path(), &["--cassette", "first.cassette"]);
    let again = run(folder.path(), &recording(&serving.url(), "second.cassette"));
    assert_eq!(again.code, 0, "{}", again.err);
    let (first, second) = (
        exchanges(folder.path(), "first.cassette"),
        exchanges(folder.path(), "second.cassette"),
    );
    assert!(first.len() > 20);
    assert_eq!(first, second);
}

#[test]
fn what_was_not_recorded_is_refused_with_501() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &recording("embedded", "it.cassette")).code, 0);
    let serving = Serving::with(folder.path(), &["--cassette", "it.cassette"]);
    let url = serving.url();
    let words = [
        "record",
        "--reference",
        &url,
        "--scenario",
        "CreateUserGroup/name/length-*",
        "--out",
        "none.cassette",
    ];
    let asked = run(folder.path(), &words);
    assert_eq!(asked.code, 0, "{}", asked.err);
    let lines = exchanges(folder.path(), "none.cassette");
    assert!(!lines.is_empty());
    for line in lines {
        assert!(line.contains("\"status\":501"), "{line}");
        assert!(line.contains("<Code>NotRecorded</Code>"), "{line}");
    }
}
