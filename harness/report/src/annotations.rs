//! Workflow commands that GitHub shows beside the code: one line a cause, the worst first.

use std::fmt::Write;

use parallax_outcome::{Cause, Report, Severity, causes};

use crate::Sources;
use crate::failing::Failing;
use crate::text::{count, shown};

/// How many untrue lines of a baseline are shown, so that divergences find room beside them.
const PROBLEMS: usize = 3;

/// The report as workflow commands. GitHub shows ten of each level for a step, so that the worst must come first. What
/// has no place in the project's code is shown with the run, not with a file.
pub fn render(report: &Report, sources: &Sources) -> String {
    let mut out = String::new();
    if let Some(why) = &report.summary.never_answered {
        let _ = writeln!(out, "::error title=Parallax%3A nobody answered::{}", data(&shown(why)));
    }
    failing(&mut out, &Failing::of(report));
    for cause in causes(report, |_, known| !known) {
        line(&mut out, &cause, sources);
    }
    out
}

/// What fails the run whatever its divergences are. An untrue line of the baseline is shown beside it.
fn failing(out: &mut String, failing: &Failing) {
    for shortfall in &failing.shortfalls {
        let _ = writeln!(out, "::error title=Parallax%3A no pass::{}", data(&shown(shortfall)));
    }
    let file = property(&shown(&failing.file));
    for (at, problem) in failing.problems.iter().take(PROBLEMS).enumerate() {
        let more = failing.problems.len().saturating_sub(PROBLEMS);
        let rest = match (at + 1 == PROBLEMS, more) {
            (true, 1..) => format!("\n{} untrue", count(more as u64, "more line is", "more lines are")),
            _ => String::new(),
        };
        let (line, words) = (problem.line, data(&(shown(&problem.to_string()) + &rest)));
        let _ = writeln!(
            out,
            "::error file={file},line={line},title=Parallax%3A the baseline is out of date::{words}"
        );
    }
}

fn line(out: &mut String, cause: &Cause<'_>, sources: &Sources) {
    let first = &cause.first;
    let level = match first.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let _ = write!(out, "::{level} ");
    if let Some(place) = sources.code.get(&first.operation) {
        let _ = write!(out, "file={},", property(&place.file));
        if let Some(line) = place.line {
            let _ = write!(out, "line={line},");
        }
    }
    let title = format!("Parallax: {} in {}", first.kind, shown(&first.operation));
    let _ = writeln!(out, "title={}::{}", property(&title), data(&message(cause)));
}

/// What was due and what was there, why, and the command that repeats it.
fn message(cause: &Cause<'_>) -> String {
    let first = &cause.first;
    let mut out = String::new();
    if !first.path.is_empty() {
        let _ = writeln!(out, "at {}", shown(&first.path));
    }
    if !first.is_brief() {
        let _ = writeln!(out, "expected {}", shown(&first.expected));
        let _ = writeln!(out, "observed {}", shown(&first.observed));
    }
    for line in &first.evidence {
        let (fact, source) = (shown(&line.fact), shown(&line.source));
        let _ = writeln!(out, "evidence {fact} ({source}, {})", shown(&line.confidence));
    }
    if cause.times() > 1 {
        let times = count(cause.times(), "divergence", "divergences");
        let _ = writeln!(out, "{times} of this cause");
    }
    let _ = write!(out, "repeat   {}", shown(&first.repeat));
    out
}

/// The message of a command: nothing in it ends the line or is taken for an escape.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which a comma or a colon would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_value_ends_it() {
        assert_eq!(data("50% of\r\na::b"), "50%25 of%0D%0Aa::b");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
    }
}
