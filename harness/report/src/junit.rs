//! junit.xml: one test case a scenario, one suite a resource.
//!
//! The file is written as it is made, since a report can have a million scenarios.

use std::collections::BTreeMap;
use std::io::{self, Write};

use parallax_outcome::{Divergence, FailOn, Report, ScenarioRow, Sight};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::failing::Failing;
use crate::text::{count, one_line, shown};

/// The suite of scenarios that are about no resource.
const NO_RESOURCE: &str = "operations";

/// The suite of what fails a run beside its divergences.
const GATE: &str = "gate";

/// The report as JUnit XML; a scenario fails where a divergence is as grave as `fail_on` says.
///
/// # Errors
/// Never in practice; the signature keeps the writer's word.
pub fn render(report: &Report, fail_on: FailOn) -> io::Result<String> {
    let mut out = Vec::new();
    write_to(report, fail_on, &mut out)?;
    String::from_utf8(out).map_err(io::Error::other)
}

/// Writes what [`render`] gives piece by piece.
///
/// # Errors
/// Those of the place that is written to.
pub fn write_to(report: &Report, fail_on: FailOn, out: impl Write) -> io::Result<()> {
    let found = Found::of(report, fail_on);
    let mut suites: BTreeMap<&str, Suite> = BTreeMap::new();
    for (at, row) in report.scenarios.iter().enumerate() {
        suites.entry(resource(row)).or_default().add(at, found.status(at, row));
    }
    let mut xml = Writer::new_with_indent(out, b' ', 4);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    // The schema by which CI servers read knows a count of skipped cases for each suite, and none for all together.
    let all = |count: fn(&Suite) -> u64| suites.values().map(count).sum::<u64>();
    let never_answered = report.summary.never_answered.as_deref();
    let errors = u64::from(never_answered.is_some());
    let failing = Failing::of(report);
    let failed = failing.cases().count() as u64;
    xml.create_element("testsuites")
        .with_attribute(("name", one_line(&format!("parallax {}", report.service)).as_str()))
        .with_attribute(("tests", (all(Suite::tests) + errors + failed).to_string().as_str()))
        .with_attribute(("failures", (all(|suite| suite.failures) + failed).to_string().as_str()))
        .with_attribute(("errors", errors.to_string().as_str()))
        .write_inner_content(|xml| {
            if let Some(why) = never_answered {
                nobody(xml, report, why)?;
            }
            gate(xml, report, &failing)?;
            let mut suites = suites.iter();
            suites.try_for_each(|(name, suite)| suite.write(xml, name, report, &found))
        })?;
    xml.into_inner().write_all(b"\n")
}

/// The one case of a run in which nobody answered: without it nothing would fail where only cases are looked at.
fn nobody(xml: &mut Writer<impl Write>, report: &Report, why: &str) -> io::Result<()> {
    xml.create_element("testsuite")
        .with_attribute(("name", NO_RESOURCE))
        .with_attribute(("tests", "1"))
        .with_attribute(("skipped", "0"))
        .with_attribute(("errors", "1"))
        .with_attribute(("failures", "0"))
        .write_inner_content(|xml| {
            let class = one_line(&format!("{}.{NO_RESOURCE}", report.service));
            lone_case(xml, ("both sides answer", &class), ("error", "never-answered", why))
        })?;
    Ok(())
}

/// A failing case for each thing that fails the run beside its divergences, since nothing else would fail for it.
fn gate(xml: &mut Writer<impl Write>, report: &Report, failing: &Failing) -> io::Result<()> {
    if failing.is_none() {
        return Ok(());
    }
    let number = failing.cases().count().to_string();
    let class = one_line(&format!("{}.{GATE}", report.service));
    xml.create_element("testsuite")
        .with_attribute(("name", GATE))
        .with_attribute(("tests", number.as_str()))
        .with_attribute(("skipped", "0"))
        .with_attribute(("errors", "0"))
        .with_attribute(("failures", number.as_str()))
        .write_inner_content(|xml| {
            failing
                .cases()
                .try_for_each(|(kind, name, why)| lone_case(xml, (&shown(&name), &class), ("failure", kind, &why)))
        })?;
    Ok(())
}

/// A case of this name and class, which failed, or came to nothing, for a reason of this kind.
fn lone_case(
    xml: &mut Writer<impl Write>,
    (name, class): (&str, &str),
    (outcome, kind, why): (&str, &str, &str),
) -> io::Result<()> {
    xml.create_element("testcase")
        .with_attribute(("name", name))
        .with_attribute(("classname", class))
        .write_inner_content(|xml| {
            xml.create_element(outcome)
                .with_attribute(("message", shown(why).as_str()))
                .with_attribute(("type", kind))
                .write_empty()?;
            Ok(())
        })?;
    Ok(())
}

/// The cases of one resource.
#[derive(Default)]
struct Suite {
    /// The places of their scenarios.
    cases: Vec<u32>,
    skipped: u64,
    failures: u64,
}

impl Suite {
    fn add(&mut self, at: usize, status: Status) {
        self.cases.push(at as u32);
        self.skipped += u64::from(status == Status::Skipped);
        self.failures += u64::from(status == Status::Failed);
    }

    fn tests(&self) -> u64 {
        self.cases.len() as u64
    }

    fn write(&self, xml: &mut Writer<impl Write>, name: &str, report: &Report, found: &Found<'_>) -> io::Result<()> {
        xml.create_element("testsuite")
            .with_attribute(("name", one_line(name).as_str()))
            .with_attribute(("tests", self.tests().to_string().as_str()))
            .with_attribute(("skipped", self.skipped.to_string().as_str()))
            .with_attribute(("errors", "0"))
            .with_attribute(("failures", self.failures.to_string().as_str()))
            .write_inner_content(|xml| {
                let mut cases = self.cases.iter().map(|at| *at as usize);
                cases.try_for_each(|at| case(xml, report, at, found))
            })?;
        Ok(())
    }
}

/// Inconclusive is never a pass: a scenario without a verdict of its own is skipped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Passed,
    Failed,
    Skipped,
}

/// The divergences by the place of their scenario.
struct Found<'r> {
    report: &'r Report,
    fail_on: FailOn,
    full: BTreeMap<u32, Vec<&'r Divergence>>,
    /// Scenario, group and path, in the order of the scenarios.
    brief: Vec<(u32, u32, u32)>,
}

/// A divergence, with all that is told of it and whether it fails the case.
type Told<'r> = (Sight<'r>, Option<&'r Divergence>, bool);

impl<'r> Found<'r> {
    fn of(report: &'r Report, fail_on: FailOn) -> Self {
        let rows = (0..).zip(&report.scenarios);
        let wanted: std::collections::BTreeSet<&str> = report
            .divergences
            .iter()
            .map(|divergence| divergence.scenario.as_str())
            .collect();
        let places: BTreeMap<&str, u32> = rows
            .filter(|(_, row)| wanted.contains(row.path.as_str()))
            .map(|(at, row)| (row.path.as_str(), at))
            .collect();
        let mut full: BTreeMap<u32, Vec<&Divergence>> = BTreeMap::new();
        for divergence in &report.divergences {
            if let Some(at) = places.get(divergence.scenario.as_str()) {
                full.entry(*at).or_default().push(divergence);
            }
        }
        let groups = (0..).zip(&report.brief.groups);
        let mut brief: Vec<_> = groups
            .flat_map(|(at, group)| group.places().map(move |(scenario, path)| (scenario, at, path)))
            .collect();
        brief.sort_unstable();
        Self {
            report,
            fail_on,
            full,
            brief,
        }
    }

    fn at(&self, at: usize) -> impl Iterator<Item = Told<'r>> {
        let at = at as u32;
        let full = self.full.get(&at).into_iter().flatten().copied();
        let full = full.map(|one| (one.sight(), Some(one), self.fail_on.fails_by(one)));
        let from = self.brief.partition_point(|(scenario, ..)| *scenario < at);
        let brief = self.brief.get(from..).unwrap_or_default().iter();
        let brief = brief.take_while(move |(scenario, ..)| *scenario == at);
        let brief = brief.filter_map(|(scenario, group, path)| {
            let group = self.report.brief.groups.get(*group as usize)?;
            let fails = group.known.is_none() && self.fail_on.fails(group.severity);
            Some((group.at(self.report, (*scenario, *path)), None, fails))
        });
        full.chain(brief)
    }

    fn status(&self, at: usize, row: &ScenarioRow) -> Status {
        match self.at(at).any(|(.., fails)| fails) {
            true => Status::Failed,
            false if row.agree + row.diverge > 0 => Status::Passed,
            false => Status::Skipped,
        }
    }
}

fn case(xml: &mut Writer<impl Write>, report: &Report, at: usize, found: &Found<'_>) -> io::Result<()> {
    let Some(row) = report.scenarios.get(at) else {
        return Ok(());
    };
    let (failing, lesser): (Vec<_>, Vec<_>) = found.at(at).partition(|(.., fails)| *fails);
    let (name, class) = (
        one_line(&row.path),
        one_line(&format!("{}.{}", report.service, resource(row))),
    );
    let millis = report.run.durations.get(at).map(|micros| (micros + 500) / 1_000);
    let time = millis.map(|millis| format!("{}.{:03}", millis / 1_000, millis % 1_000));
    let mut element = xml
        .create_element("testcase")
        .with_attribute(("name", name.as_str()))
        .with_attribute(("classname", class.as_str()));
    if let Some(time) = &time {
        element = element.with_attribute(("time", time.as_str()));
    }
    let out = out(row, &lesser);
    let status = found.status(at, row);
    if status == Status::Passed && out.is_empty() {
        element.write_empty()?;
        return Ok(());
    }
    element.write_inner_content(|xml| {
        match (status, failing.first()) {
            (Status::Failed, Some((first, ..))) => failure(xml, first, &failing)?,
            (Status::Skipped, _) => {
                let skipped = xml.create_element("skipped").with_attribute(("message", unasked(row)));
                skipped.write_empty()?;
            }
            _ => {}
        }
        if !out.is_empty() {
            xml.create_element("system-out")
                .write_text_content(BytesText::new(&out))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn failure(xml: &mut Writer<impl Write>, first: &Sight<'_>, failing: &[Told<'_>]) -> io::Result<()> {
    let text: String = failing.iter().map(describe).collect();
    xml.create_element("failure")
        .with_attribute(("message", headline(first).as_str()))
        .with_attribute(("type", first.kind.as_str()))
        .write_text_content(BytesText::new(&text))?;
    Ok(())
}

/// What does not fail the case and is worth a line.
fn out(row: &ScenarioRow, lesser: &[Told<'_>]) -> String {
    let mut out: String = lesser.iter().map(describe).collect();
    if row.inconclusive > 0 {
        let steps = count(row.inconclusive, "step is inconclusive\n", "steps are inconclusive\n");
        out.push_str(&steps);
    }
    if row.skipped > 0 {
        out.push_str(&count(row.skipped, "step was not asked\n", "steps were not asked\n"));
    }
    out
}

fn unasked(row: &ScenarioRow) -> &'static str {
    match row.inconclusive {
        0 => "not asked: the target does not implement it",
        _ => "inconclusive: it cannot be told whether the answers are right",
    }
}

fn resource(row: &ScenarioRow) -> &str {
    row.resource.as_deref().unwrap_or(NO_RESOURCE)
}

fn headline(sight: &Sight<'_>) -> String {
    let Sight {
        severity,
        kind,
        step,
        path,
        ..
    } = sight;
    let at = if path.is_empty() {
        String::new()
    } else {
        format!(" at {}", shown(path))
    };
    format!("{severity}: {kind} in {}{at}", shown(step))
}

fn describe((sight, full, _): &Told<'_>) -> String {
    use std::fmt::Write;
    let mut out = format!("{}\n", headline(sight));
    let Some(divergence) = full else {
        out.extend(
            sight
                .evidence
                .map(|line| format!("  evidence: {}\n", shown(&line.fact))),
        );
        return out;
    };
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
