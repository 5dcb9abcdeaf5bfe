//! What goes with an installed binary: its version, completions, manual pages and reference.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::binary::run;

/// The commands that help lists, without `help` itself.
fn commands() -> BTreeSet<String> {
    let folder = tempfile::tempdir().unwrap();
    let help = run(folder.path(), &["--help"]).out;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = listed.take_while(|line| !line.is_empty());
    // What a long line goes on with stands further in.
    let first_lines = listed.filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')));
    let names = first_lines.map(|line| line.split_whitespace().next().unwrap().to_owned());
    names.filter(|name| name != "help").collect()
}

#[test]
fn the_version_names_each_contract_as_reports_do() {
    let folder = tempfile::tempdir().unwrap();
    let version = run(folder.path(), &["--version"]);
    assert_eq!(version.code, 0);
    let words = ["run", "--scenario", "CreateUser/name/length-1", "--out", "report"];
    assert_eq!(run(folder.path(), &words).code, 0);
    let report = fs::read(folder.path().join("report/report.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    let hash = &report["run"]["contract"].as_str().unwrap()[..12];
    let expected = format!(
        "parallax {}\nelasticache 2015-02-02, contract {hash}\n",
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(version.out, expected);
}

#[test]
fn every_shell_has_completions_of_every_command() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ended = run(folder.path(), &["completions", shell]);
        assert_eq!(ended.code, 0, "{shell}");
        for command in commands() {
            assert!(ended.out.contains(&command), "{shell} lacks {command}");
        }
    }
    assert_eq!(run(folder.path(), &["completions", "csh"]).code, 2);
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &["man", "--out", "man"]).code, 0);
    let man = folder.path().join("man");
    for command in commands() {
        let page = fs::read_to_string(man.join(format!("parallax-{command}.1"))).unwrap();
        assert!(
            page.contains(&format!("\\fBparallax {command}\\fR")),
            "{command}: {page}"
        );
    }
    let whole = fs::read_to_string(man.join("parallax.1")).unwrap();
    assert!(whole.contains("parallax\\-run(1)"), "{whole}");
    assert!(man.join("parallax-baseline-create.1").exists());
}

#[test]
fn the_reference_has_every_command_and_none_that_help_hides() {
    let folder = tempfile::tempdir().unwrap();
    let reference = run(folder.path(), &["reference"]).out;
    for command in commands() {
        assert!(reference.contains(&format!("\n## parallax {command}\n")), "{command}");
    }
    assert!(reference.contains("\n## parallax baseline create\n"));
    assert!(!reference.contains("## parallax reference"));
}
