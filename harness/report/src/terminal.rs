//! What a person reads at the end of a run.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use parallax_outcome::{Cause, Divergence, OperationRow, Report, Severity, causes};

use crate::text::{clip, count, counts, one_line, operations, shown};

/// How many reasons for inconclusive steps are shown.
const REASONS: usize = 5;

/// The longest curl line that is shown whole.
const CURL: usize = 2_000;

/// The width that lists of names are broken at.
const WIDTH: usize = 100;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// The report as text: operations, then divergences by cause with the worst first, then the totals.
/// Escape sequences are used only if `colour` says so.
pub fn render(report: &Report, colour: bool) -> String {
    let mut page = Page {
        out: String::new(),
        colour,
    };
    if let Some(why) = &report.summary.never_answered {
        page.line(
            colour_of(Severity::Error).bold(),
            "nothing was asked, and nothing passed",
        );
        page.line(Style::new(), &format!("  {}", shown(why)));
        return page.out;
    }
    page.operations(&report.operations);
    let causes = causes(report, |_, known| !known);
    for cause in &causes {
        page.cause(cause);
    }
    page.reasons(report);
    page.totals(report, causes.len());
    page.out
}

struct Page {
    out: String,
    colour: bool,
}

impl Page {
    fn operations(&mut self, rows: &[OperationRow]) {
        let asked = rows.iter().filter(|row| row.asked);
        let (implemented, absent): (Vec<_>, Vec<_>) = asked.partition(|row| row.implemented);
        let width = implemented
            .iter()
            .map(|row| row.name.len())
            .max()
            .unwrap_or(0)
            .max("operation".len());
        if !implemented.is_empty() {
            let head = format!(
                "{:width$}  {:>7} {:>7} {:>7} {:>12}",
                "operation", "steps", "agree", "diverge", "inconclusive"
            );
            self.line(BOLD, &head);
        }
        for row in &implemented {
            let OperationRow {
                steps,
                agree,
                diverge,
                inconclusive,
                ..
            } = row;
            let name = one_line(&row.name);
            let line = format!("{name:width$}  {steps:>7} {agree:>7} {diverge:>7} {inconclusive:>12}");
            self.line(
                if *diverge > 0 {
                    colour_of(Severity::Error)
                } else {
                    Style::new()
                },
                &line,
            );
        }
        let asked = implemented.len() + absent.len();
        let _ = write!(
            self.out,
            "\n{} of {} implemented",
            implemented.len(),
            count(asked as u64, "operation", "operations")
        );
        match rows.len() - asked {
            0 => self.out.push('\n'),
            others => {
                let _ = writeln!(self.out, ", {others} more not asked");
            }
        }
        if !absent.is_empty() {
            let names = absent
                .iter()
                .map(|row| one_line(&row.name))
                .collect::<Vec<_>>()
                .join(", ");
            self.line(DIM, &wrap(&format!("not implemented: {names}")));
        }
        self.out.push('\n');
    }

    fn cause(&mut self, cause: &Cause<'_>) {
        let first = &cause.first;
        let Divergence {
            severity, kind, path, ..
        } = &**first;
        let times = cause.times();
        let at = if path.is_empty() {
            String::new()
        } else {
            format!(" at {}", shown(path))
        };
        let head = format!(
            "{severity}: {kind} in {}{at} (×{times})",
            operations(cause.operations())
        );
        self.line(colour_of(*severity).bold(), &head);
        if !first.is_brief() {
            self.field("expected", &shown(&first.expected));
            self.field("observed", &shown(&first.observed));
        }
        for line in &first.evidence {
            self.field(
                "evidence",
                &format!("{} ({}, {})", shown(&line.fact), shown(&line.source), line.confidence),
            );
        }
        self.field(
            "scenario",
            &format!("{}, step {}", shown(&first.scenario), shown(&first.step)),
        );
        self.field("curl", &clip(one_line(&first.curl), CURL));
        self.field("repeat", &one_line(&first.repeat));
        self.out.push('\n');
    }

    fn field(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            let (on, off) = self.marks(DIM);
            let _ = writeln!(self.out, "  {on}{name:8}{off}  {text}");
        }
    }

    fn reasons(&mut self, report: &Report) {
        let mut reasons: Vec<_> = report.inconclusive.iter().collect();
        reasons.sort_by_key(|(reason, steps)| (std::cmp::Reverse(**steps), *reason));
        if reasons.is_empty() {
            return;
        }
        self.line(BOLD, "inconclusive because");
        for (reason, steps) in reasons.iter().take(REASONS) {
            let _ = writeln!(self.out, "  {steps:>7}  {}", shown(reason));
        }
        if reasons.len() > REASONS {
            let more = count((reasons.len() - REASONS) as u64, "more reason", "more reasons");
            let _ = writeln!(self.out, "  {:>7}  {more} in the JSON form", "");
        }
        self.out.push('\n');
    }

    fn totals(&mut self, report: &Report, causes: usize) {
        let summary = &report.summary;
        if summary.interrupted {
            self.line(BOLD, "the run was broken off; this is what it had found");
        }
        let _ = writeln!(
            self.out,
            "{}, {}: {} agree, {} diverge, {} inconclusive ({:.1} %), {} not asked",
            count(summary.scenarios, "scenario", "scenarios"),
            count(summary.steps, "step", "steps"),
            summary.agree,
            summary.diverge,
            summary.inconclusive,
            report.inconclusive_percent(),
            summary.skipped
        );
        let new = counts(&summary.divergences.without(&summary.known));
        let line = format!("{new} of {}", count(causes as u64, "cause", "causes"));
        self.line(BOLD, &line);
        if !summary.known.is_none() {
            self.line(
                DIM,
                &format!("besides, the baseline accepts {}", counts(&summary.known)),
            );
        }
    }

    fn line(&mut self, style: Style, text: &str) {
        let (on, off) = self.marks(style);
        let _ = writeln!(self.out, "{on}{text}{off}");
    }

    fn marks(&self, style: Style) -> (String, String) {
        if self.colour {
            (style.render().to_string(), style.render_reset().to_string())
        } else {
            Default::default()
        }
    }
}

fn colour_of(severity: Severity) -> Style {
    let colour = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Note => AnsiColor::Cyan,
    };
    Style::new().fg_color(Some(colour.into()))
}

/// The text broken between words, further lines indented.
fn wrap(text: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split(' ') {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > WIDTH {
            out.push_str("\n  ");
            column = 2;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
    }
    out
}
