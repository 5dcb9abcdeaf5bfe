//! The gate of a command: what is accepted, what must be reached, and how it ends.

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use parallax_outcome::{ExitCode, Gate, Report};
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
        })
    }

    /// Whether anything is accepted at all.
    pub(crate) fn has_baseline(&self) -> bool {
        self.baseline.is_some()
    }

    /// Marks in the report what is accepted; what of the baseline is untrue comes back, and stands under `run`.
    pub(crate) fn mark(&self, report: &mut Report, scope: &Scope) -> Vec<Problem> {
        let Some((path, baseline)) = &self.baseline else {
            return Vec::new();
        };
        let problems = baseline.judge(report, scope, today());
        let told = json!({"file": path, "problems": problems});
        report.run.insert("baseline".to_owned(), told);
        problems
    }

    /// How a part of a run ends. What shares it reaches says nothing of the whole, and it may well be empty.
    pub(crate) fn end_of_part(&self, report: &Report, problems: &[Problem], screen: Screen) -> ExitCode {
        let part = Gate {
            min_coverage: None,
            max_inconclusive: None,
            ..self.gate
        };
        let is_short = report.short_steps() > 0;
        if is_short {
            part.shortfalls(report)
                .iter()
                .for_each(|shortfall| screen.explain(shortfall));
        }
        let code = if report.is_judged() || is_short {
            part.judge(report)
        } else {
            ExitCode::Ok
        };
        ExitCode::worst([code, self.stale(report, problems, screen)])
    }

    /// Says what the report falls short of, and how the command ends.
    pub(crate) fn end(&self, report: &Report, problems: &[Problem], screen: Screen) -> ExitCode {
        for shortfall in self.gate.shortfalls(report) {
            screen.explain(&shortfall);
        }
        ExitCode::worst([self.gate.judge(report), self.stale(report, problems, screen)])
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
