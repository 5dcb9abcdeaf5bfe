//! junit.xml: one test case a scenario, one suite a resource.

use std::collections::BTreeMap;
use std::time::Duration;

use parallax_outcome::{Divergence, FailOn, Report, ScenarioRow};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use crate::text::{count, one_line, shown};

/// The suite of scenarios that are about no resource.
const NO_RESOURCE: &str = "operations";

/// The report as JUnit XML; a scenario fails where a divergence is as grave as `fail_on` says.
///
/// # Errors
/// Never in practice; the signature keeps the serialiser's word.
pub fn render(report: &Report, fail_on: FailOn) -> Result<String, quick_junit::SerializeError> {
    let mut by_scenario: BTreeMap<&str, Vec<&Divergence>> = BTreeMap::new();
    for divergence in &report.divergences {
        by_scenario.entry(&divergence.scenario).or_default().push(divergence);
    }
    let mut suites: BTreeMap<&str, TestSuite> = BTreeMap::new();
    for row in &report.scenarios {
        let name = row.resource.as_deref().unwrap_or(NO_RESOURCE);
        let divergences = by_scenario.get(row.path.as_str()).map_or(&[][..], Vec::as_slice);
        let suite = suites.entry(name).or_insert_with(|| TestSuite::new(name));
        suite.add_test_case(case(report, row, divergences, fail_on));
    }
    let mut junit = quick_junit::Report::new(format!("parallax {}", report.service));
    junit.add_test_suites(suites.into_values());
    Ok(without_skipped(junit.to_string()?))
}

/// The schema by which CI servers read knows no count of skipped cases for all suites together, only for each.
fn without_skipped(mut xml: String) -> String {
    const NAME: &str = " skipped=\"";
    // A quote within a value is escaped, so this is no part of one.
    let range = xml.find(NAME).and_then(|from| {
        let digits = xml.get(from + NAME.len()..)?.find('"')?;
        let is_of_root = !xml.get(..from)?.contains("<testsuite ");
        is_of_root.then_some(from..from + NAME.len() + digits + 1)
    });
    if let Some(range) = range {
        xml.replace_range(range, "");
    }
    xml
}

fn case(report: &Report, row: &ScenarioRow, divergences: &[&Divergence], fail_on: FailOn) -> TestCase {
    let (failing, lesser): (Vec<_>, Vec<_>) = divergences.iter().copied().partition(|d| fail_on.fails_by(d));
    let mut case = TestCase::new(one_line(&row.path), status(row, &failing));
    case.set_classname(format!(
        "{}.{}",
        report.service,
        row.resource.as_deref().unwrap_or(NO_RESOURCE)
    ));
    if let Some(micros) = report
        .run
        .pointer("/micros")
        .and_then(|all| all.get(&row.path)?.as_u64())
    {
        case.set_time(Duration::from_micros(micros));
    }
    let mut out: Vec<_> = lesser.into_iter().map(describe).collect();
    if row.inconclusive > 0 {
        out.push(count(
            row.inconclusive,
            "step is inconclusive\n",
            "steps are inconclusive\n",
        ));
    }
    if row.skipped > 0 {
        out.push(count(row.skipped, "step was not asked\n", "steps were not asked\n"));
    }
    if !out.is_empty() {
        case.set_system_out(out.concat());
    }
    case
}

/// Inconclusive is never a pass: a scenario without a verdict of its own is skipped.
fn status(row: &ScenarioRow, failing: &[&Divergence]) -> TestCaseStatus {
    let mut status = match failing.first() {
        Some(first) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(first.kind.as_str());
            status.set_message(headline(first));
            status.set_description(failing.iter().map(|d| describe(d)).collect::<String>());
            return status;
        }
        None if row.agree + row.diverge > 0 => return TestCaseStatus::success(),
        None => TestCaseStatus::skipped(),
    };
    status.set_message(match row.inconclusive {
        0 => "not asked: the target does not implement it",
        _ => "inconclusive: it cannot be told whether the answers are right",
    });
    status
}

fn headline(divergence: &Divergence) -> String {
    let Divergence {
        severity,
        kind,
        step,
        path,
        ..
    } = divergence;
    let at = if path.is_empty() {
        String::new()
    } else {
        format!(" at {}", shown(path))
    };
    format!("{severity}: {kind} in {}{at}", shown(step))
}

fn describe(divergence: &Divergence) -> String {
    use std::fmt::Write;
    let mut out = format!("{}\n", headline(divergence));
    let _ = writeln!(out, "  expected: {}", shown(&divergence.expected));
    let _ = writeln!(out, "  observed: {}", shown(&divergence.observed));
    for line in &divergence.evidence {
        let _ = writeln!(
            out,
            "  evidence: {} ({}, {})",
            shown(&line.fact),
            shown(&line.source),
            line.confidence
        );
    }
    let _ = writeln!(out, "  curl:     {}", one_line(&divergence.curl));
    let _ = writeln!(out, "  repeat:   {}", one_line(&divergence.repeat));
    out
}
