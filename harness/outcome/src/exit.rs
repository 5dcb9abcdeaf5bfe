//! How a run ends for the process that started it.

use serde::{Deserialize, Serialize};

use crate::{Divergence, Report, Severity};

/// The exit codes of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ExitCode {
    /// Everything is within the gate.
    Ok = 0,
    /// Divergences beyond the gate.
    Diverged = 1,
    /// A wrong command line, a bad input file, or a file that cannot be written.
    Usage = 2,
    /// The target or the reference never answered.
    NoAnswer = 3,
    /// Nothing was selected or could be judged, coverage is too low, too much is inconclusive, it was broken off, or the
    /// machine that asks ran short.
    TooLittle = 4,
    /// The baseline lists what no longer happens.
    StaleBaseline = 5,
    /// A bug of ours.
    Bug = 70,
}

impl ExitCode {
    /// Every code, in their order.
    pub const ALL: [Self; 7] = [
        Self::Ok,
        Self::Diverged,
        Self::Usage,
        Self::NoAnswer,
        Self::TooLittle,
        Self::StaleBaseline,
        Self::Bug,
    ];

    /// What it means, in half a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Ok => "everything is within the gate",
            Self::Diverged => "divergences beyond the gate",
            Self::Usage => {
                "a wrong command line, a name or glob that fits nothing there is, a bad input file, or a file that cannot \
                 be written"
            }
            Self::NoAnswer => "the target or the reference never answered",
            Self::TooLittle => {
                "nothing selected (each word fits something, all of them together nothing), nothing that could be judged, \
                 coverage below `--min-coverage`, inconclusive above `--max-inconclusive`, a run or bench that was broken off, or \
                 one for which this machine ran out of descriptors or ports"
            }
            Self::StaleBaseline => "the baseline lists what no longer happens, is expired, or stands twice",
            Self::Bug => "a bug of Parallax",
        }
    }

    /// Of several codes the one that wins: 70, 2, 3, 1, 5, 4, and 0 only if there is nothing else.
    pub fn worst(codes: impl IntoIterator<Item = Self>) -> Self {
        const ORDER: [ExitCode; 7] = [
            ExitCode::Bug,
            ExitCode::Usage,
            ExitCode::NoAnswer,
            ExitCode::Diverged,
            ExitCode::StaleBaseline,
            ExitCode::TooLittle,
            ExitCode::Ok,
        ];
        let codes: Vec<_> = codes.into_iter().collect();
        ORDER.into_iter().find(|code| codes.contains(code)).unwrap_or(Self::Ok)
    }
}

/// The least severity that fails a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailOn {
    /// Errors fail.
    #[default]
    Error,
    /// Warnings and errors fail.
    Warning,
    /// Everything fails.
    Note,
    /// Nothing fails.
    Never,
}

/// What a run must reach.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gate {
    /// The least severity that fails.
    pub fail_on: FailOn,
    /// The least share of operations that must be implemented, in percent.
    pub min_coverage: Option<f64>,
    /// The largest share of steps that may be inconclusive, in percent.
    pub max_inconclusive: Option<f64>,
}

impl Gate {
    /// What the report falls short of, for people; nothing where it reaches all that is asked.
    pub fn shortfalls(&self, report: &Report) -> Vec<String> {
        let coverage = report.coverage_percent();
        let inconclusive = report.inconclusive_percent();
        let judged = report.summary.scenarios == 0 || report.is_judged();
        let nothing = (!judged).then(|| {
            "no step agreed and none diverged, so nothing was checked, which is no pass: see what the target implements, \
             and why steps are inconclusive"
                .to_owned()
        });
        let least = self.min_coverage.filter(|least| coverage < *least);
        let most = self.max_inconclusive.filter(|most| inconclusive > *most);
        let least = least.map(|least| {
            format!(
                "{coverage:.1} % of the operations that were asked are implemented, of at least {least} %: see which \
                 are not, or ask for less with --min-coverage"
            )
        });
        let most = most.map(|most| {
            format!(
                "{inconclusive:.1} % of the steps are inconclusive, of at most {most} %: see why they are, or allow \
                 more with --max-inconclusive"
            )
        });
        let part = (report.summary.interrupted && judged).then(|| {
            "the run was broken off, and what it did not ask is not known, which is no pass: run it to its end"
                .to_owned()
        });
        let short = Some(report.short_steps()).filter(|steps| *steps > 0).map(|steps| {
            format!(
                "this machine ran short of descriptors or ports, so that {steps} steps were not asked, which is no pass: \
                 raise `ulimit -n` or lower --jobs, and run it again"
            )
        });
        let all = [nothing, least, most, part, short];
        all.into_iter().flatten().collect()
    }

    /// Judges a report. What a baseline accepts does not fail it.
    pub fn judge(&self, report: &Report) -> ExitCode {
        let fails = |severity| self.fail_on.fails(severity);
        let failing = report.summary.divergences.without(&report.summary.known).of(fails);
        let too_little = !report.is_judged() || !self.shortfalls(report).is_empty();
        ExitCode::worst([
            if failing > 0 { ExitCode::Diverged } else { ExitCode::Ok },
            if too_little { ExitCode::TooLittle } else { ExitCode::Ok },
            match report.summary.never_answered {
                Some(_) => ExitCode::NoAnswer,
                None => ExitCode::Ok,
            },
        ])
    }
}

impl FailOn {
    /// Whether a divergence of this severity fails the run.
    pub fn fails(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity == Severity::Error,
            Self::Warning => severity >= Severity::Warning,
            Self::Note => true,
            Self::Never => false,
        }
    }

    /// Whether this divergence fails the run: it is grave enough, and no baseline accepts it.
    pub fn fails_by(self, divergence: &Divergence) -> bool {
        divergence.known.is_none() && self.fails(divergence.severity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OperationRow, SHORTAGE};

    #[test]
    fn of_several_codes_the_gravest_wins() {
        use ExitCode::{Bug, Diverged, NoAnswer, Ok, StaleBaseline, TooLittle, Usage};
        assert_eq!(ExitCode::worst([Ok, TooLittle, StaleBaseline]), StaleBaseline);
        assert_eq!(ExitCode::worst([StaleBaseline, Diverged]), Diverged);
        assert_eq!(ExitCode::worst([Diverged, NoAnswer]), NoAnswer);
        assert_eq!(ExitCode::worst([NoAnswer, Usage]), Usage);
        assert_eq!(ExitCode::worst([Usage, Bug]), Bug);
        assert_eq!(ExitCode::worst([]), Ok);
    }

    #[test]
    fn a_run_without_scenarios_is_too_little() {
        assert_eq!(Gate::default().judge(&Report::default()), ExitCode::TooLittle);
    }

    #[test]
    fn a_report_of_nobody_is_no_answer_whatever_the_gate_lets_pass() {
        let mut report = Report::default();
        report.summary.never_answered = Some("the target never answered".to_owned());
        let gate = Gate {
            fail_on: FailOn::Never,
            ..Gate::default()
        };
        assert_eq!(gate.judge(&report), ExitCode::NoAnswer);
    }

    #[test]
    fn coverage_is_counted_over_what_was_asked() {
        let row = |asked, implemented| OperationRow {
            asked,
            implemented,
            ..OperationRow::default()
        };
        let mut report = Report {
            operations: vec![row(true, true), row(true, false), row(false, false)],
            ..Report::default()
        };
        (report.summary.scenarios, report.summary.agree) = (1, 1);
        let gate = |least| Gate {
            min_coverage: Some(least),
            ..Gate::default()
        };
        assert_eq!(gate(50.0).judge(&report), ExitCode::Ok);
        assert_eq!(gate(51.0).judge(&report), ExitCode::TooLittle);
    }

    #[test]
    fn a_run_in_which_nothing_could_be_judged_is_no_pass() {
        let mut report = Report::default();
        (report.summary.scenarios, report.summary.inconclusive) = (1, 1);
        assert_eq!(Gate::default().judge(&report), ExitCode::TooLittle);
        assert_eq!(Gate::default().shortfalls(&report).len(), 1);
        report.summary.agree = 1;
        assert_eq!(Gate::default().judge(&report), ExitCode::Ok);
    }

    #[test]
    fn a_run_that_was_broken_off_is_no_pass_and_a_divergence_in_it_counts() {
        let mut report = Report::default();
        (report.summary.scenarios, report.summary.agree) = (1, 1);
        report.summary.interrupted = true;
        assert_eq!(Gate::default().judge(&report), ExitCode::TooLittle);
        report.summary.divergences.error = 1;
        assert_eq!(Gate::default().judge(&report), ExitCode::Diverged);
    }

    #[test]
    fn a_run_for_which_the_machine_ran_short_is_no_pass_and_a_divergence_in_it_counts() {
        let mut report = Report::default();
        (report.summary.scenarios, report.summary.agree) = (1, 1);
        report
            .inconclusive
            .insert("the documentation does not say".to_owned(), 1);
        assert_eq!(Gate::default().judge(&report), ExitCode::Ok);
        for reason in [
            format!("{SHORTAGE}no port"),
            format!("the reference gave no answer: {SHORTAGE}no port"),
        ] {
            let mut report = report.clone();
            report.inconclusive.insert(reason, 2);
            assert_eq!(Gate::default().judge(&report), ExitCode::TooLittle);
            assert_eq!(Gate::default().shortfalls(&report).len(), 1);
            report.summary.divergences.error = 1;
            assert_eq!(Gate::default().judge(&report), ExitCode::Diverged);
        }
    }

    #[test]
    fn what_is_known_does_not_fail() {
        let mut report = Report::default();
        (report.summary.scenarios, report.summary.diverge) = (1, 1);
        report.summary.divergences.error = 2;
        report.summary.known.error = 1;
        assert_eq!(Gate::default().judge(&report), ExitCode::Diverged);
        report.summary.known.error = 2;
        assert_eq!(Gate::default().judge(&report), ExitCode::Ok);
        report.summary.divergences.warning = 1;
        let gate = |fail_on| {
            Gate {
                fail_on,
                ..Gate::default()
            }
            .judge(&report)
        };
        assert_eq!(
            [FailOn::Error, FailOn::Warning].map(gate),
            [ExitCode::Ok, ExitCode::Diverged]
        );
    }
}
