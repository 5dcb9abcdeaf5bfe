use parallax_outcome::FailOn;
use parallax_report::{Sources, annotations, badge, json, junit, markdown, sarif, terminal};

use serde_json::Value;

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
    let text = json::write(&report()).unwrap();
    assert_eq!(json::read(std::io::Cursor::new(&text)).unwrap(), report());
}

#[test]
fn no_control_character_leaves_any_format() {
    let report = report();
    let texts = [
        terminal::render(&report, false),
        markdown::render(&report),
        junit::render(&report, FailOn::Error).unwrap(),
        json::write(&report).unwrap(),
        sarif::render(&report, &sources()).unwrap(),
        annotations::render(&report, &sources()),
        badge::render(&report),
    ];
    for text in texts {
        assert_eq!(text.find(|c: char| c.is_control() && c != '\n'), None, "{text}");
    }
}
