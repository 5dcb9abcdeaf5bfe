//! Where the service itself is asked. What is asked and not only planned has a place on this machine for every service, so
//! that whoever overlooks one variable asks nobody else.

use std::fs;
use std::path::Path;

use crate::binary::{Ended, ended};
use crate::live::{FEW, RESOURCE, SOME, recording};
use crate::standin::{Standin, id, parallax, run};

/// Where nobody is.
const NOWHERE: &str = "nowhere";

/// A recording for which the region and these variables are set.
fn record_with(folder: &Path, variables: &[(&str, &str)], further: &[&str]) -> Ended {
    let words = ["record", "--reference", "aws", "--allow-aws", "--rate", "5000"];
    let some = ["--resource", RESOURCE, "--scenario", FEW];
    let mut command = parallax(folder);
    command.env("AWS_REGION", NOWHERE).args(words).args(some).args(further);
    for (name, value) in variables {
        command.env(name, value);
    }
    ended(command.output().unwrap())
}

/// The line of the plan that says who would be asked; or why nobody would.
fn asked(folder: &Path, variables: &[(&str, &str)], further: &[&str]) -> String {
    let planned = record_with(folder, variables, &[&["--plan"], further].concat());
    let line = planned.out.lines().find_map(|line| line.strip_prefix("asked: "));
    line.map_or(planned.err, str::to_owned)
}

#[test]
fn an_endpoint_that_environment_or_profile_set_is_asked_as_by_the_sdks() {
    let folder = tempfile::tempdir().unwrap();
    let of_service = format!("AWS_ENDPOINT_URL_{}", id().to_uppercase().replace(' ', "_"));
    let section = id().to_lowercase().replace(' ', "-");
    let config = folder.path().join("config");
    fs::write(
        &config,
        format!(
            "[default]\nservices = here\nendpoint_url = http://127.0.0.1:4\n\
             [services here]\n{section} =\n  endpoint_url = http://127.0.0.1:3\n"
        ),
    )
    .unwrap();
    let profile = ("AWS_CONFIG_FILE", config.to_str().unwrap());
    let (one, all) = (
        (&*of_service, "http://127.0.0.1:1"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:2"),
    );
    let ignored = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    let check = |variables: &[(&str, &str)], further: &[&str], expected: &str| {
        let asked = asked(folder.path(), variables, further);
        assert!(asked.contains(expected), "{variables:?}: {asked}");
    };
    let stands_in = |port: u16| format!("http://127.0.0.1:{port}, in place of the service's own endpoint, in nowhere");
    check(&[one], &[], &stands_in(1));
    check(&[one, all, profile], &[], &stands_in(1));
    check(&[all, profile], &[], &stands_in(2));
    check(&[profile], &[], &stands_in(3));
    check(
        &[one, all, profile, ignored],
        &["--endpoint-url", "http://127.0.0.1:9"],
        &stands_in(9),
    );
    for variables in [&[ignored, one, all, profile][..], &[]] {
        check(variables, &[], "nowhere.amazonaws.com in nowhere");
    }
    check(
        &[("AWS_REGION", "eu-west-1")],
        &[],
        "eu-west-1.amazonaws.com in eu-west-1",
    );
}

#[test]
fn what_is_planned_by_a_variable_of_the_service_is_what_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::new();
    let of_service = format!("AWS_ENDPOINT_URL_{}", id().to_uppercase().replace(' ', "_"));
    let variables = [
        (&*of_service, &*standin.url),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
    ];
    let recorded = record_with(folder.path(), &variables, &["--out", "it.cassette"]);
    assert_eq!(recorded.code, 0, "{}", recorded.err);
    assert!(
        recorded.err.contains(&format!("asked: {}, in place", standin.url)),
        "{}",
        recorded.err
    );
    assert_ne!(standin.calls().len(), 0);
}

#[test]
fn a_policy_is_for_the_partition_of_the_region_that_is_set() {
    let folder = tempfile::tempdir().unwrap();
    let check = |region: &str, arn: &str| {
        let words = ["record", "--reference", "aws", "--resource", RESOURCE, "--print-policy"];
        let mut command = parallax(folder.path());
        command.env("AWS_REGION", region).args(words);
        let printed = ended(command.output().unwrap());
        assert!(printed.out.contains(arn), "{}{}", printed.out, printed.err);
    };
    check("cn-north-1", "arn:aws-cn:");
    check("eu-west-1", ":eu-west-1:");
}

/// The cassette's settings.
fn settings(folder: &Path) -> serde_json::Value {
    let text = fs::read_to_string(folder.join("it.cassette")).unwrap();
    let header: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    header["settings"].clone()
}

#[test]
fn who_stands_in_for_the_service_is_named_in_the_cassette_and_not_mixed_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let (standin, other) = (Standin::new(), Standin::new());
    let few = ["--scenario", FEW];
    let recorded = run(folder.path(), &recording(&standin.url, &few));
    assert_eq!(recorded.code, 0, "{}", recorded.err);
    assert_eq!(
        settings(folder.path()),
        serde_json::json!({"endpoint": standin.url, "reference": "aws"})
    );

    // The service itself, which is in no such region, would be another.
    let update = ["--update", "it.cassette"];
    let refused = record_with(
        folder.path(),
        &[("AWS_REGION", "eu-west-1")],
        &[&update[..], &["--plan"]].concat(),
    );
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(
        refused
            .err
            .contains(&format!("recorded of {} in place of the service itself", standin.url)),
        "{}",
        refused.err
    );

    // The same emulator may be found at another port.
    let mut words = recording(&other.url, &["--scenario", SOME]);
    words
        .iter_mut()
        .filter(|word| **word == "--out")
        .for_each(|word| *word = "--update");
    let updated = run(folder.path(), &words);
    assert_eq!(updated.code, 0, "{}", updated.err);
    assert!(updated.err.contains("see that both are the same"), "{}", updated.err);
    assert_eq!(settings(folder.path())["endpoint"], other.url);
}
