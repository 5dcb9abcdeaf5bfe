use parallax_outcome::report::SeverityCounts;
use parallax_outcome::{FailOn, Report};
use parallax_report::{GATE, Sources, annotations, badge, html, junit, markdown, sarif, terminal};
use serde_json::{Value, json};

use crate::sample::report;

#[test]
fn the_terminal_shows_operations_then_causes_then_totals() {
    insta::assert_snapshot!(terminal::render(&report(), false));
}

#[test]
fn colours_add_nothing_but_colours() {
    let coloured = terminal::render(&report(), true);
    let mut plain = String::new();
    for (at, part) in coloured.split('\u{1b}').enumerate() {
        let text = if at == 0 {
            part
        } else {
            part.split_once('m').expect("only colour sequences").1
        };
        plain.push_str(text);
    }
    assert_ne!(coloured, plain);
    assert_eq!(plain, terminal::render(&report(), false));
}

#[test]
fn markdown_fits_a_step_summary() {
    insta::assert_snapshot!(markdown::render(&report()));
}

#[test]
fn junit_has_a_case_for_each_scenario() {
    insta::assert_snapshot!(junit::render(&report(), FailOn::Error).unwrap());
}

#[test]
fn the_gate_decides_what_fails_in_junit() {
    let failures = |fail_on| junit::render(&report(), fail_on).unwrap().matches("<failure").count();
    assert_eq!([FailOn::Never, FailOn::Error, FailOn::Note].map(failures), [0, 1, 2]);
}

#[test]
fn annotations_are_one_line_a_cause() {
    insta::assert_snapshot!(annotations::render(&report(), &sources()));
}

#[test]
fn the_badge_tells_the_worst() {
    insta::assert_snapshot!(badge::render(&report()));
}

/// One operation is known in the code, the others are not.
fn sources() -> Sources {
    Sources {
        code: [("CreateParcel".to_owned(), "src/a,b:c.py:12".parse().unwrap())].into(),
        ..Sources::default()
    }
}

#[test]
fn sarif_has_a_result_for_each_divergence() {
    insta::assert_snapshot!(sarif::render(&report(), &sources()).unwrap());
}

#[test]
fn what_sarif_points_at_is_there() {
    let log: Value = serde_json::from_str(&sarif::render(&report(), &sources()).unwrap()).unwrap();
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), report().divergences.len());
    for result in results {
        let at = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[at]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert!(
            ["src/a,b%3Ac.py", "specs/contracts/parcels.json"].contains(&place.as_str().unwrap()),
            "{place}"
        );
    }
}

#[test]
fn a_report_comes_back_from_its_json() {
    let text = parallax_report::json::write(&report()).unwrap();
    assert_eq!(
        parallax_report::json::read(std::io::Cursor::new(&text)).unwrap(),
        report()
    );
}

#[test]
fn no_control_character_leaves_any_format() {
    let report = report();
    let texts = [
        terminal::render(&report, false),
        markdown::render(&report),
        junit::render(&report, FailOn::Error).unwrap(),
        parallax_report::json::write(&report).unwrap(),
        sarif::render(&report, &sources()).unwrap(),
        annotations::render(&report, &sources()),
        badge::render(&report),
    ];
    for text in texts {
        assert_eq!(text.find(|c: char| c.is_control() && c != '\n'), None, "{text}");
    }
}

/// The sample of a run that ended with 5, and fell short of what was asked of it too.
fn failed() -> Report {
    let mut report = report();
    let problem = |line: u64, trouble: Value| json!({"line": line, "what": "`0123`", "trouble": trouble});
    let problems = [problem(7, json!("gone")), problem(9, json!({"duplicate": 7}))];
    let baseline = json!({"file": "known, all.toml", "problems": problems});
    report.run.insert("baseline".to_owned(), baseline);
    let short = json!({"shortfalls": ["12.0 % of the steps are inconclusive"]});
    report.run.insert(GATE.to_owned(), short);
    report
}

#[test]
fn what_fails_a_run_beside_its_divergences_is_told_by_every_format() {
    let failed = failed();
    let texts = [
        markdown::render(&failed),
        junit::render(&failed, FailOn::Never).unwrap(),
        html::render(&failed).unwrap(),
        annotations::render(&failed, &sources()),
        sarif::render(&failed, &sources()).unwrap(),
    ];
    for text in texts {
        for words in [
            "fixed, or never happened: remove it",
            "in line 7 already: remove one of them",
            "of the steps are",
        ] {
            assert!(text.contains(words), "no {words:?} in {text}");
        }
    }
}

#[test]
fn each_thing_that_fails_a_run_is_a_failing_case_in_junit() {
    let junit = junit::render(&failed(), FailOn::Never).unwrap();
    assert_eq!(junit.matches("<failure").count(), 3, "{junit}");
    let cases = junit.matches("<testcase").count();
    assert!(junit.contains(&format!("tests=\"{cases}\" failures=\"3\"")), "{junit}");
}

#[test]
fn an_untrue_line_of_the_baseline_is_annotated_where_it_stands() {
    let text = annotations::render(&failed(), &sources());
    assert!(text.contains("::error file=known%2C all.toml,line=7,title="), "{text}");
}

#[test]
fn sarif_tells_what_fails_a_run_as_notifications_with_their_places() {
    let log: Value = serde_json::from_str(&sarif::render(&failed(), &sources()).unwrap()).unwrap();
    let told = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
        .as_array()
        .unwrap();
    assert_eq!(told.len(), 3);
    let place = &told[1]["locations"][0]["physicalLocation"];
    assert_eq!(
        (&place["artifactLocation"]["uri"], &place["region"]["startLine"]),
        (&json!("known,%20all.toml"), &json!(7))
    );
}

#[test]
fn the_badge_of_a_run_that_failed_praises_nothing() {
    let mut failed = failed();
    failed.divergences.clear();
    let check = |failed: &Report, words: &str, colour: &str| {
        let badge: Value = serde_json::from_str(&badge::render(failed)).unwrap();
        assert!(badge["message"].as_str().unwrap().contains(words), "{badge}");
        assert_eq!(badge["color"], colour, "{badge}");
    };
    failed.summary.divergences = SeverityCounts::default();
    check(&failed, "baseline out of date", "red");
    failed.summary.divergences.note = 1;
    check(&failed, "1 note, baseline out of date", "orange");
    failed.run.remove("baseline");
    check(&failed, "1 note, too little told", "orange");
    failed.summary.divergences.note = 0;
    check(&failed, "too little told", "orange");
}

#[test]
fn a_run_that_was_broken_off_is_no_pass_in_any_format_also_where_no_gate_is_kept() {
    let mut broken_off = report();
    broken_off.summary.interrupted = true;
    let texts = [
        markdown::render(&broken_off),
        junit::render(&broken_off, FailOn::Never).unwrap(),
        html::render(&broken_off).unwrap(),
        annotations::render(&broken_off, &sources()),
    ];
    for text in texts {
        assert!(text.contains("the run was broken off"), "{text}");
    }
}
