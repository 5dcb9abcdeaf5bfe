//! `parallax report`, from a report.json to the other forms.

use std::fs;

use serde_json::Value;

use crate::binary::run;

/// A report of a run against a real emulator.
const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reports/samples/report.json");

#[test]
fn a_report_is_rendered_anew_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let formats = "json,junit,markdown,html,sarif,annotations,badge";
    let ended = run(folder.path(), &["report", SAMPLE, "--format", formats, "--out", "r"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    for name in [
        "report.json",
        "junit.xml",
        "summary.md",
        "report.html",
        "report.sarif",
        "annotations.txt",
        "badge.json",
    ] {
        let written = fs::read_to_string(folder.path().join("r").join(name)).unwrap();
        assert!(!written.is_empty(), "{name}");
    }
    let same = fs::read_to_string(SAMPLE).unwrap() == fs::read_to_string(folder.path().join("r/report.json")).unwrap();
    assert!(same, "report.json does not come back as it was");
}

#[test]
fn sources_say_where_the_code_of_an_operation_stands() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("s.toml"), "\"Create*\" = \"src/create.py:7\"\n").unwrap();
    let ended = run(
        folder.path(),
        &["report", SAMPLE, "--format", "sarif", "--sources", "s.toml"],
    );
    assert_eq!(ended.code, 0, "{}", ended.err);
    let log: Value = serde_json::from_str(&ended.out).unwrap();
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let location = &result["locations"][0];
        let operation = location["logicalLocations"][0]["name"].as_str().unwrap();
        let expected = match operation.starts_with("Create") {
            true => "src/create.py",
            false => "specs/contracts/elasticache.json",
        };
        let place = &location["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], expected, "{operation}");
        let line = place["region"]["startLine"].as_u64();
        assert!(line > Some(1) || operation == "*", "{operation}");
    }
}

#[test]
fn sources_of_parallax_toml_are_used_too() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("parallax.toml"),
        "[sources]\n\"*\" = \"src/all.py\"\n",
    )
    .unwrap();
    let ended = run(folder.path(), &["report", SAMPLE, "--format", "annotations"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.out.lines().count() > 0);
    assert!(
        ended.out.lines().all(|line| line.contains(" file=src/all.py,")),
        "{}",
        ended.out
    );
}
