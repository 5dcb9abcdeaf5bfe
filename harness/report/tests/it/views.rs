//! Two reports, and many, side by side.

use parallax_outcome::{Divergence, FailOn, Kind, OpenStep, Report, Severity};
use parallax_report::compare::{Totals, compare};
use parallax_report::matrix::{MatrixError, matrix};
use parallax_report::{compare as comparing, matrix as setting};

use crate::sample::report;

/// The sample after a change to it.
fn other(change: impl FnOnce(&mut Report)) -> Report {
    let mut report = report();
    report.run.insert("target_version".to_owned(), "2.0".into());
    change(&mut report);
    report
}

fn check(old: &Report, new: &Report, expected: Totals) {
    assert_eq!(compare(old, new).unwrap().totals, expected);
}

/// The divergence of this kind in this step.
fn at<'r>(report: &'r mut Report, kind: Kind, step: &str) -> &'r mut Divergence {
    let mut all = report.divergences.iter_mut();
    all.find(|one| one.kind == kind && one.step == step).unwrap()
}

const SAME: Totals = Totals {
    fixed: 0,
    new: 0,
    changed: 0,
    moved: 0,
    no_longer_asked: 0,
    not_asked_before: 0,
    unchanged: 4,
};

#[test]
fn a_report_is_the_same_as_itself() {
    let (old, new) = (report(), report());
    check(&old, &new, SAME);
    assert!(compare(&old, &new).unwrap().causes.is_empty());
}

#[test]
fn what_is_gone_is_fixed_and_what_came_is_new() {
    let fewer = other(|report| report.divergences.retain(|one| one.kind != Kind::State));
    check(
        &report(),
        &fewer,
        Totals {
            fixed: 1,
            unchanged: 3,
            ..SAME
        },
    );
    check(
        &fewer,
        &report(),
        Totals {
            new: 1,
            unchanged: 3,
            ..SAME
        },
    );
}

#[test]
fn another_observation_or_severity_is_a_change() {
    let new = other(|report| at(report, Kind::State, "describe").observed = "late".into());
    check(
        &report(),
        &new,
        Totals {
            changed: 1,
            unchanged: 3,
            ..SAME
        },
    );
}

/// Leaves a step of this scenario open, and takes out what it showed.
fn leave_open(report: &mut Report, scenario: &str, step: &str) {
    let place = report.scenarios.iter().position(|row| row.path == scenario).unwrap();
    report.open.push(OpenStep {
        step: step.into(),
        scenarios: vec![u32::try_from(place).unwrap()],
    });
    report
        .divergences
        .retain(|one| one.scenario != scenario || one.step != step);
}

const UPPER: &str = "CreateParcel/name/letters-upper";

#[test]
fn what_is_gone_at_a_step_that_was_not_judged_is_not_fixed() {
    let open = other(|report| leave_open(report, UPPER, "describe"));
    check(
        &report(),
        &open,
        Totals {
            no_longer_asked: 2,
            unchanged: 2,
            ..SAME
        },
    );
}

#[test]
fn what_is_gone_where_the_answer_was_refused_or_lacks_the_element_is_not_fixed() {
    for (kind, path) in [(Kind::Outcome, ""), (Kind::Transport, ""), (Kind::Missing, "Parcel")] {
        let refused = other(|report| {
            report.divergences.retain(|one| one.kind != Kind::State);
            let one = at(report, Kind::Case, "describe");
            (one.kind, one.path, one.id) = (kind, path.into(), "0".repeat(16));
        });
        let old = other(|report| report.divergences.retain(|one| one.kind != Kind::State));
        check(
            &old,
            &refused,
            Totals {
                new: 1,
                no_longer_asked: 1,
                unchanged: 2,
                ..SAME
            },
        );
    }
}

#[test]
fn the_same_at_a_step_that_could_not_show_it_before_has_moved() {
    let old = other(|report| {
        leave_open(report, UPPER, "delete");
        report.divergences.retain(|one| one.kind != Kind::State);
    });
    let new = other(|report| {
        report.divergences.retain(|one| one.kind != Kind::State);
        let one = at(report, Kind::Case, "describe");
        (one.step, one.id) = ("delete".into(), "0".repeat(16));
    });
    check(
        &old,
        &new,
        Totals {
            moved: 1,
            unchanged: 2,
            ..SAME
        },
    );
    assert!(!compare(&old, &new).unwrap().is_worse(FailOn::Note));
}

#[test]
fn what_breaks_a_step_that_agreed_is_new_and_worse_whatever_is_fixed() {
    let elsewhere = |change: fn(&mut Divergence)| {
        other(|report| {
            let one = at(report, Kind::Case, "describe");
            one.id = "0".repeat(16);
            change(one);
        })
    };
    for change in [
        |one: &mut Divergence| one.step = "delete".into(),
        |one: &mut Divergence| one.scenario = "CreateParcel/name/plain".into(),
        |one: &mut Divergence| one.path = "Parcel.Tags[k].Value".into(),
        |one: &mut Divergence| one.operation = "CreateParcel".into(),
    ] {
        let (old, new) = (report(), elsewhere(change));
        let one_for_one = Totals {
            fixed: 1,
            new: 1,
            unchanged: 3,
            ..SAME
        };
        check(&old, &new, one_for_one);
        assert!(compare(&old, &new).unwrap().is_worse(FailOn::Error));
    }
}

#[test]
fn a_way_of_the_endpoint_that_shows_elsewhere_first_has_moved() {
    let told_at = |scenario: &str| {
        other(|report| {
            let one = at(report, Kind::Case, "describe");
            (one.habit, one.scenario, one.id) = (true, scenario.into(), scenario.into());
        })
    };
    check(
        &told_at(UPPER),
        &told_at("CreateParcel/name/plain"),
        Totals {
            moved: 1,
            unchanged: 3,
            ..SAME
        },
    );
}

#[test]
fn what_nobody_asks_any_more_is_not_fixed() {
    let fewer = other(|report| {
        report.scenarios.retain(|row| row.path != "CreateParcel/name/odd");
        report.divergences.retain(|one| one.scenario != "CreateParcel/name/odd");
    });
    check(
        &report(),
        &fewer,
        Totals {
            no_longer_asked: 1,
            unchanged: 3,
            ..SAME
        },
    );
    check(
        &fewer,
        &report(),
        Totals {
            not_asked_before: 1,
            unchanged: 3,
            ..SAME
        },
    );
}

#[test]
fn a_cause_that_shows_in_many_operations_is_not_told_of_the_first_alone() {
    let both = other(|report| {
        let mut twin = report.divergences[0].clone();
        twin.operation = "ListParcels".into();
        twin.id = "0123456789abcdef".into();
        report.divergences.push(twin);
    });
    let (none, told) = (
        other(|report| report.divergences.clear()),
        report().divergences[0].operation.clone(),
    );
    let text = comparing::terminal(&compare(&none, &both).unwrap(), false);
    assert!(text.contains(&format!("{told} and 2 more operations")), "{text}");
}

#[test]
fn an_operation_that_is_lost_fixes_nothing_and_is_worse() {
    let lost = other(|report| {
        report.operations[1].implemented = false;
        report.divergences.retain(|one| one.operation != "DescribeParcels");
    });
    let old = report();
    let comparison = compare(&old, &lost).unwrap();
    assert_eq!(
        (comparison.totals.no_longer_asked, comparison.lost.clone()),
        (3, vec!["DescribeParcels"])
    );
    assert!(comparison.is_worse(FailOn::Error) && !comparison.is_worse(FailOn::Never));
    assert!(!compare(&lost, &old).unwrap().lost.contains(&"DescribeParcels"));
}

#[test]
fn only_what_is_new_or_graver_makes_a_report_worse() {
    let old = report();
    let worse = |new: &Report, fail_on| compare(&old, new).unwrap().is_worse(fail_on);
    assert!(!worse(&report(), FailOn::Note));
    let graver = other(|report| at(report, Kind::ErrorMessage, "describe").severity = Severity::Warning);
    assert!(worse(&graver, FailOn::Warning) && !worse(&graver, FailOn::Error));
    let milder = other(|report| at(report, Kind::State, "describe").severity = Severity::Note);
    assert!(!worse(&milder, FailOn::Note));
}

/// Something of every fate.
fn mixed() -> Report {
    other(|report| {
        report.divergences.retain(|one| one.kind != Kind::ErrorMessage);
        at(report, Kind::State, "describe").observed = "late".into();
        let mut new = report.divergences.first().cloned().unwrap();
        (new.kind, new.id) = (Kind::Order, "0".repeat(16));
        report.divergences.push(new);
    })
}

#[test]
fn a_comparison_for_people_tells_every_fate() {
    let (old, new) = (report(), mixed());
    let comparison = compare(&old, &new).unwrap();
    insta::assert_snapshot!("compare_text", comparing::terminal(&comparison, false));
    insta::assert_snapshot!("compare_markdown", comparing::markdown(&comparison));
    let json: serde_json::Value = serde_json::from_str(&comparing::json(&comparison).unwrap()).unwrap();
    assert_eq!(json["totals"]["new"], 1);
    assert_eq!(json["causes"][0]["severity"], "error");
}

#[test]
fn a_matrix_has_a_column_for_each_report() {
    let (one, other) = (report(), mixed());
    let matrix = matrix(&[&one, &other]).unwrap();
    insta::assert_snapshot!("matrix_text", setting::terminal(&matrix));
    insta::assert_snapshot!("matrix_markdown", setting::markdown(&matrix));
    let json: serde_json::Value = serde_json::from_str(&setting::json(&matrix).unwrap()).unwrap();
    assert_eq!(json["columns"][1]["version"], "2.0");
}

/// The sample as asked on this day.
fn on(day: &str) -> Report {
    let mut report = report();
    report
        .run
        .insert("started".to_owned(), format!("{day}T10:20:30Z").into());
    report
}

#[test]
fn two_dates_of_one_target_can_be_told_apart_in_every_view() {
    let (old, new) = (on("2026-11-01"), on("2026-11-27"));
    let (comparison, both) = (compare(&old, &new).unwrap(), [&old, &new]);
    let matrix = matrix(&both).unwrap();
    for text in [
        comparing::markdown(&comparison),
        comparing::html(&comparison).unwrap(),
        setting::terminal(&matrix),
        setting::markdown(&matrix),
        setting::html(&matrix).unwrap(),
    ] {
        for label in ["depot, 2026-11-01 10:20 UTC", "depot, 2026-11-27 10:20 UTC"] {
            assert!(text.contains(label), "no {label:?} in {text}");
        }
    }
}

#[test]
fn reports_that_nothing_parts_are_numbered_and_what_parts_no_names_is_left_out() {
    let (one, other) = (on("2026-11-01"), other(|_| ()));
    let text = setting::terminal(&matrix(&[&one, &one, &other]).unwrap());
    let head = text.lines().next().unwrap();
    assert!(
        head.contains("depot (1)  ") && head.contains("depot (2)  ") && head.ends_with("  depot 2.0"),
        "{head}"
    );
}

#[test]
fn reports_of_different_services_do_not_stand_side_by_side() {
    let (one, two) = (report(), other(|report| report.service = "letters".into()));
    assert_eq!(
        compare(&one, &two).unwrap_err().to_string(),
        "the reports are of different services, parcels and letters; compare two of one service"
    );
    assert!(matches!(matrix(&[&one, &two]), Err(MatrixError::OtherService { .. })));
    assert!(matches!(matrix(&[]), Err(MatrixError::Nothing)));
}

#[test]
fn no_control_character_leaves_any_view() {
    let (old, new) = (report(), mixed());
    let comparison = compare(&old, &new).unwrap();
    for text in [
        comparing::terminal(&comparison, false),
        comparing::markdown(&comparison),
    ] {
        assert_eq!(text.find(|c: char| c.is_control() && c != '\n'), None, "{text}");
    }
}
