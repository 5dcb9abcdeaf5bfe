//! The gate of a command: what is accepted, what must be reached, and how it ends.

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use parallax_outcome::{ExitCode, Gate, Report};
use parallax_report::GATE;
use parallax_report::baseline::{Baseline, Problem, Scope};
use serde_json::json;

use crate::args::GateArgs;
use crate::failure::Failure;
use crate::files;
use crate::screen::Screen;

/// How many untrue lines of a baseline are told.
const TOLD: usize = 20;

/// The gate, with the baseline read.
#[derive(Debug)]
pub(crate) struct Judge {
    gate: Gate,
    baseline: Option<(Utf8PathBuf, Baseline)>,
    /// Whether the run is a part. What shares it reaches says nothing of the whole, and it may well be empty.
    is_part: bool,
}

impl Judge {
    /// What the arguments say; a baseline that cannot be read is found now.
    pub(crate) fn prepare(args: &GateArgs) -> Result<Self, Failure> {
        let read = |path: &Utf8PathBuf| Ok((path.clone(), baseline(path, &files::read_text(path)?)?));
        Ok(Self {
            gate: Gate {
                fail_on: args.fail_on.into(),
                min_coverage: args.min_coverage.map(|share| share.0),
                max_inconclusive: args.max_inconclusive.map(|share| share.0),
            },
            baseline: args.baseline.as_ref().map(read).transpose()?,
            is_part: false,
        })
    }

    /// The same for a part of a run.
    pub(crate) fn of_part(mut self) -> Self {
        (self.gate.min_coverage, self.gate.max_inconclusive) = (None, None);
        Self { is_part: true, ..self }
    }

    /// Whether anything is accepted at all.
    pub(crate) fn has_baseline(&self) -> bool {
        self.baseline.is_some()
    }

    /// Marks in the report what is accepted; what of the baseline is untrue comes back, and stands under `run`, as does
    /// what the report falls short of by what was asked of it here.
    pub(crate) fn mark(&self, report: &mut Report, scope: &Scope) -> Vec<Problem> {
        let shortfalls = self.shortfalls(report);
        if shortfalls != Gate::default().shortfalls(report) {
            report.run.insert(GATE.to_owned(), json!({"shortfalls": shortfalls}));
        }
        let Some((path, baseline)) = &self.baseline else {
            return Vec::new();
        };
        let problems = baseline.judge(report, scope, today());
        let told = json!({"file": path, "problems": problems});
        report.run.insert("baseline".to_owned(), told);
        problems
    }

    /// Says what the report falls short of, and how the command ends.
    pub(crate) fn end(&self, report: &Report, problems: &[Problem], screen: Screen) -> ExitCode {
        let shortfalls = self.shortfalls(report);
        shortfalls.iter().for_each(|shortfall| screen.explain(shortfall));
        let is_judged = !self.is_part || report.is_judged() || !shortfalls.is_empty();
        let code = if is_judged {
            self.gate.judge(report)
        } else {
            ExitCode::Ok
        };
        ExitCode::worst([code, self.stale(report, problems, screen)])
    }

    /// What the report falls short of. A part is short only where it was not asked whole.
    fn shortfalls(&self, report: &Report) -> Vec<String> {
        match self.is_part && report.short_steps() == 0 {
            true => Vec::new(),
            false => self.gate.shortfalls(report),
        }
    }

    /// Says what of the baseline is untrue.
    fn stale(&self, report: &Report, problems: &[Problem], screen: Screen) -> ExitCode {
        if let Some((path, baseline)) = &self.baseline {
            tell(path, problems, screen);
            let versions = baseline.for_versions();
            if versions > 0 && report.run.get("target_version").is_none_or(serde_json::Value::is_null) {
                screen.say(&format!(
                    "{path}: {versions} of the entries are for versions of the target; say which it is with --target-version"
                ));
            }
        }
        match problems {
            [] => ExitCode::Ok,
            _ => ExitCode::StaleBaseline,
        }
    }
}

/// The baseline in a file's text.
fn baseline(path: &Utf8Path, text: &str) -> Result<Baseline, Failure> {
    Baseline::read(text).map_err(|error| {
        Failure::usage(format!("{path}:{}:{}: {}", error.line, error.column, error.what))
            .mend("`parallax baseline create` makes one of a report")
    })
}

/// Names the lines of a baseline that are untrue.
pub(crate) fn tell(path: &Utf8Path, problems: &[Problem], screen: Screen) {
    for problem in problems.iter().take(TOLD) {
        screen.explain(&format!("{path}: {problem}"));
    }
    if let more @ 1.. = problems.len().saturating_sub(TOLD) {
        screen.explain(&format!(
            "{path}: {more} more lines are untrue; `parallax baseline update` takes out what is fixed"
        ));
    }
}

/// The day that it is, the same all over the world.
pub(crate) fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}
