//! Who a report is about, for views of several.

use parallax_outcome::{Report, Summary};
use serde::Serialize;
use serde_json::Value;

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
}
