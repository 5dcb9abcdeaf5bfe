use parallax_report::json;
use serde_json::Value;

use crate::sample::report;

/// Whether the schema takes the sample report after a change to it.
fn check(change: impl FnOnce(&mut Value), valid: bool) {
    let schema: Value = serde_json::from_str(&json::schema().unwrap()).unwrap();
    let mut sample: Value = serde_json::from_str(&json::write(&report()).unwrap()).unwrap();
    change(&mut sample);
    assert_eq!(
        jsonschema::validator_for(&schema).unwrap().is_valid(&sample),
        valid,
        "{sample:#}"
    );
}

#[test]
fn the_schema_takes_a_report() {
    check(|_| {}, true);
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    check(|sample| sample["summary"]["agree"] = "many".into(), false);
    check(|sample| sample["divergences"][0]["severity"] = "fatal".into(), false);
    check(
        |sample| drop(sample.as_object_mut().unwrap().remove("operations")),
        false,
    );
}

#[test]
fn the_committed_schema_is_the_one_that_the_code_has() {
    let committed = include_str!("../../../../reports/schema/report.schema.json");
    assert_eq!(committed, json::schema().unwrap(), "run `cargo xtask schema`");
}
