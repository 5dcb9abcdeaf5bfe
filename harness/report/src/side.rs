//! Who a report is about, for views of several.

use parallax_outcome::{Report, Summary};
use serde::Serialize;
use serde_json::Value;

use crate::html;
use crate::text::one_line;

/// One report among several.
#[derive(Clone, Debug, Serialize)]
pub struct Side<'r> {
    /// How the target was named.
    pub target: &'r str,
    /// The target's version, where it was given.
    pub version: Option<&'r str>,
    /// How the reference was named.
    pub reference: &'r str,
    /// When the run began.
    pub started: Option<&'r str>,
    /// What wrote the report.
    pub tool: Option<&'r str>,
    /// The share of the operations asked that the target implements, in percent.
    pub coverage_percent: f64,
    /// The share of steps that are inconclusive, in percent.
    pub inconclusive_percent: f64,
    /// The totals.
    pub summary: &'r Summary,
    /// The report itself.
    #[serde(skip)]
    pub(crate) report: &'r Report,
}

impl<'r> Side<'r> {
    pub(crate) fn of(report: &'r Report) -> Self {
        let text = |name: &str| report.run.get(name).and_then(Value::as_str);
        Self {
            target: text("target").unwrap_or("?"),
            version: text("target_version"),
            reference: text("reference").unwrap_or("?"),
            started: text("started"),
            tool: text("tool"),
            coverage_percent: report.coverage_percent(),
            inconclusive_percent: report.inconclusive_percent(),
            summary: &report.summary,
            report,
        }
    }

    /// The target with its version, for people.
    pub(crate) fn name(&self) -> String {
        let mut name = one_line(self.target);
        if let Some(version) = self.version {
            name.push(' ');
            name.push_str(&one_line(version));
        }
        if self.summary.never_answered.is_some() {
            name.push_str(" (never answered)");
        }
        name
    }

    /// When the run began, for people.
    pub(crate) fn moment(&self) -> Option<String> {
        self.started.map(|started| html::name(&html::moment(started)))
    }

    /// What may part two reports of one name, the most telling first.
    fn marks(&self) -> [Option<String>; 4] {
        [
            self.moment(),
            Some(format!("held to {}", html::name(self.reference))),
            self.started.map(html::name),
            self.tool.map(html::name),
        ]
    }
}

/// A name for each, of which no two are alike: to those that are, what parts them is added, such as the date.
pub(crate) fn names(sides: &[&Side<'_>]) -> Vec<String> {
    let mut names: Vec<_> = sides.iter().map(|side| side.name()).collect();
    let marks: Vec<_> = sides.iter().map(|side| side.marks()).collect();
    for mark in 0..marks.first().map_or(0, |marks| marks.len()) {
        let of = |at: usize| marks.get(at).and_then(|marks| marks.get(mark)).and_then(Option::as_ref);
        let before = names.clone();
        for (at, name) in names.iter_mut().enumerate() {
            let twins = || (0..).zip(&before).filter(|(_, other)| before.get(at) == Some(*other));
            if let (true, Some(mark)) = (twins().any(|(other, _)| of(other) != of(at)), of(at)) {
                name.push_str(&format!(", {mark}"));
            }
        }
    }
    let before = names.clone();
    for (at, name) in names.iter_mut().enumerate() {
        let is_twin = |(_, other): &(usize, &String)| before.get(at) == Some(*other);
        let twins: Vec<_> = before.iter().enumerate().filter(is_twin).collect();
        if twins.len() > 1 {
            let number = twins.iter().filter(|(other, _)| *other <= at).count();
            name.push_str(&format!(" ({number})"));
        }
    }
    names
}
