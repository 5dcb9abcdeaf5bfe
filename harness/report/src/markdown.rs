//! summary.md: fit for the summary of a CI step.

use std::fmt::Write;

use parallax_outcome::{Cause, Divergence, OperationRow, Report, causes};

use crate::failing::Failing;
use crate::text::{clip, count, one_line, shown};

/// How many causes are shown; a step's summary has a limit, and report.json has all.
const CAUSES: usize = 50;

/// How many lines are shown of what fails the run beside its divergences.
const FAILING: usize = 50;

/// How many reasons for inconclusive steps are shown.
const REASONS: usize = 20;

/// The longest curl line that is shown whole.
const CURL: usize = 2_000;

/// The report as Markdown of GitHub's flavour.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    let name = |key: &str| report.run.get(key).and_then(|name| name.as_str()).map(escape);
    let _ = writeln!(out, "# Parallax: {}\n", escape(&report.service));
    if let (Some(target), Some(reference)) = (name("target"), name("reference")) {
        let _ = writeln!(out, "Target **{target}** against reference **{reference}**.\n");
    }
    if let Some(why) = &report.summary.never_answered {
        let _ = writeln!(out, "**Nothing was asked, and nothing passed:** {}.", cell(why));
        return out;
    }
    failing(&mut out, report);
    totals(&mut out, report);
    operations(&mut out, &report.operations);
    let causes = causes(report, |_, known| !known);
    divergences(&mut out, &causes);
    inconclusive(&mut out, report);
    out
}

/// What fails the run whatever its divergences are, which come below.
fn failing(out: &mut String, report: &Report) {
    let failing = Failing::of(report);
    if failing.is_none() {
        return;
    }
    out.push_str("**This run is no pass:**\n\n");
    for line in failing.lines(FAILING) {
        let _ = writeln!(out, "- {}", cell(&line));
    }
    out.push('\n');
}

fn totals(out: &mut String, report: &Report) {
    let summary = &report.summary;
    out.push_str("| scenarios | steps | agree | diverge | inconclusive | not asked |\n|-:|-:|-:|-:|-:|-:|\n");
    let _ = writeln!(
        out,
        "| {} | {} | {} | {} | {} ({:.1} %) | {} |\n",
        summary.scenarios,
        summary.steps,
        summary.agree,
        summary.diverge,
        summary.inconclusive,
        report.inconclusive_percent(),
        summary.skipped
    );
    let counts = summary.divergences.without(&summary.known);
    let _ = writeln!(
        out,
        "Divergences: **{}**, {}, {}.\n",
        count(counts.error, "error", "errors"),
        count(counts.warning, "warning", "warnings"),
        count(counts.note, "note", "notes")
    );
    if !summary.known.is_none() {
        let known = crate::text::counts(&summary.known);
        let _ = writeln!(out, "Besides, the baseline accepts {known}.\n");
    }
}

fn operations(out: &mut String, rows: &[OperationRow]) {
    let asked = rows.iter().filter(|row| row.asked);
    let (implemented, absent): (Vec<_>, Vec<_>) = asked.partition(|row| row.implemented);
    let asked = implemented.len() + absent.len();
    let others = match rows.len() - asked {
        0 => String::new(),
        others => format!(", {others} more not asked"),
    };
    let _ = writeln!(
        out,
        "## Operations\n\n{} of {asked} implemented{others}.\n",
        implemented.len(),
    );
    if !implemented.is_empty() {
        out.push_str("| operation | steps | agree | diverge | inconclusive |\n|-|-:|-:|-:|-:|\n");
    }
    for row in implemented {
        let OperationRow {
            steps,
            agree,
            diverge,
            inconclusive,
            ..
        } = row;
        let _ = writeln!(
            out,
            "| {} | {steps} | {agree} | {diverge} | {inconclusive} |",
            escape(&row.name)
        );
    }
    if !absent.is_empty() {
        let names: Vec<_> = absent.iter().map(|row| escape(&row.name)).collect();
        let _ = writeln!(out, "\nNot implemented: {}.", names.join(", "));
    }
    out.push('\n');
}

fn divergences(out: &mut String, causes: &[Cause<'_>]) {
    if causes.is_empty() {
        return;
    }
    out.push_str("## Divergences by cause, worst first\n\n");
    for cause in causes.iter().take(CAUSES) {
        one_cause(out, cause);
    }
    if causes.len() > CAUSES {
        let _ = writeln!(out, "{} more causes are in report.json.\n", causes.len() - CAUSES);
    }
}

fn one_cause(out: &mut String, cause: &Cause<'_>) {
    let (first, times) = (&*cause.first, cause.times());
    let Divergence {
        severity, kind, path, ..
    } = first;
    let operation = crate::text::operations(cause.operations());
    let at = if path.is_empty() {
        String::new()
    } else {
        format!(" at {}", cell(path))
    };
    let _ = writeln!(out, "- **{severity}** {kind} in {}{at} (×{times})", escape(&operation));
    if !first.is_brief() {
        let _ = writeln!(out, "  - expected: {}", cell(&first.expected));
        let _ = writeln!(out, "  - observed: {}", cell(&first.observed));
    }
    for line in &first.evidence {
        let (fact, source) = (cell(&line.fact), cell(&line.source));
        let _ = writeln!(out, "  - evidence: {fact} ({source}, {})", escape(&line.confidence));
    }
    let _ = writeln!(
        out,
        "  - scenario: {}, step {}\n",
        cell(&first.scenario),
        cell(&first.step)
    );
    fenced(out, &[&first.curl, &first.repeat]);
}

fn inconclusive(out: &mut String, report: &Report) {
    if report.inconclusive.is_empty() {
        return;
    }
    let mut reasons: Vec<_> = report.inconclusive.iter().collect();
    reasons.sort_by_key(|(reason, steps)| (std::cmp::Reverse(**steps), *reason));
    out.push_str("## Why steps are inconclusive\n\n| steps | reason |\n|-:|-|\n");
    for (reason, steps) in reasons.iter().take(REASONS) {
        let _ = writeln!(out, "| {steps} | {} |", cell(reason));
    }
    if reasons.len() > REASONS {
        let _ = writeln!(out, "\n{} more reasons are in report.json.", reasons.len() - REASONS);
    }
}

/// Lines of shell inside a list element, in a fence that nothing in them can close.
fn fenced(out: &mut String, lines: &[&str]) {
    let lines: Vec<_> = lines
        .iter()
        .filter(|line| !line.is_empty())
        .map(|line| clip(one_line(line), CURL))
        .collect();
    if lines.is_empty() {
        return;
    }
    let longest = lines
        .iter()
        .flat_map(|line| line.split(|c| c != '`'))
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    let _ = writeln!(out, "  {fence}sh");
    for line in lines {
        let _ = writeln!(out, "  {line}");
    }
    let _ = writeln!(out, "  {fence}\n");
}

/// A value in one line, harmless, and short enough to read.
fn cell(text: &str) -> String {
    escape(&shown(text))
}

/// The text as itself: whatever Markdown, HTML or a forge would act upon becomes an entity.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in one_line(text).chars() {
        let acts = matches!(
            c,
            '&' | '<' | '>' | '|' | '`' | '*' | '[' | ']' | '\\' | '~' | '@' | '#' | '$' | '!'
        ) || (c == '_' && !before.is_ascii_alphanumeric())
            || (c == '/' && before == ':')
            || (c == '.' && before == 'w');
        if acts {
            let _ = write!(out, "&#{};", u32::from(c));
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(escape(text), expected);
    }

    #[test]
    fn markup_of_a_target_is_shown_and_not_obeyed() {
        check("plain-text_1 (x)", "plain-text_1 (x)");
        check("a|b`c`", "a&#124;b&#96;c&#96;");
        check("<img src=x>&amp;", "&#60;img src=x&#62;&#38;amp;");
        check(
            "[a](b) ![c](d) **e** _f_",
            "&#91;a&#93;(b) &#33;&#91;c&#93;(d) &#42;&#42;e&#42;&#42; &#95;f_",
        );
        check(
            "@someone #12 http://x www.x",
            "&#64;someone &#35;12 http:&#47;/x www&#46;x",
        );
        check("line\nbreak", "line&#92;nbreak");
    }

    #[test]
    fn no_run_of_backticks_closes_the_fence() {
        let mut out = String::new();
        fenced(&mut out, &["curl ````", ""]);
        assert_eq!(out, "  `````sh\n  curl ````\n  `````\n\n");
    }
}
