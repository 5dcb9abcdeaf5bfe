//! Baselines written: made anew from a report, and brought up to date with comments and order kept.

use jiff::civil::Date;
use parallax_outcome::{Cause, FailOn, Report, Severity, causes};
use toml_edit::Value;

use super::{Baseline, BaselineError, Problem, Scope, Trouble, remove};
use crate::text::{one_line, shown};

/// What new entries say.
#[derive(Clone, Copy, Debug)]
pub struct NewEntries<'a> {
    /// The least severity that gets an entry.
    pub fail_on: FailOn,
    /// Why the divergences are accepted.
    pub reason: &'a str,
    /// Where they are being dealt with.
    pub link: Option<&'a str>,
    /// The last day on which they are accepted.
    pub until: Option<Date>,
    /// The versions of the target that they are about.
    pub version: Option<&'a str>,
}

/// A baseline brought up to date.
#[derive(Clone, Debug)]
pub struct Updated {
    /// The file's new text.
    pub text: String,
    /// What was taken out.
    pub removed: Vec<Problem>,
    /// How many divergences were added.
    pub added: u64,
    /// What only a person can mend.
    pub left: Vec<Problem>,
}

/// Why a baseline cannot be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It is none.
    #[error(transparent)]
    Unreadable(#[from] BaselineError),
    /// It is written in a form that cannot be edited.
    #[error("`known` is not written as [[known]] tables; write each entry under a [[known]] of its own")]
    Inline,
}

/// A baseline of all divergences of a report that are as grave as wanted: an entry for each cause.
pub fn create(report: &Report, new: &NewEntries<'_>) -> String {
    let service = one_line(&report.service);
    let head =
        format!("# Divergences of {service} that are accepted for now; `parallax baseline update` keeps this file.\n");
    head + &entries(report, new, |severity, _| new.fail_on.fails(severity)).0
}

/// The text with what is untrue taken out and what is new added at the end, comments and order kept. Expired entries
/// stay: only a person can agree on another day.
///
/// # Errors
/// [`EditError`] where the text is no baseline that can be edited.
pub fn update(
    text: &str,
    (report, scope, today): (&mut Report, &Scope, Date),
    new: &NewEntries<'_>,
) -> Result<Updated, EditError> {
    let baseline = Baseline::read(text)?;
    let problems = baseline.judge(report, scope, today);
    let (left, removed): (Vec<_>, Vec<_>) = problems
        .into_iter()
        .partition(|problem| matches!(problem.trouble, Trouble::Expired(_)));
    let mut text = match removed.is_empty() {
        true => text.to_owned(),
        false => remove::remove(text, &baseline, &removed)?,
    };
    let (entries, added) = entries(report, new, |severity, known| !known && new.fail_on.fails(severity));
    if !text.is_empty() && !text.ends_with('\n') && added > 0 {
        text.push('\n');
    }
    Ok(Updated {
        text: text + &entries,
        removed,
        added,
        left,
    })
}

/// An entry for each cause of what is wanted, and how many divergences that makes.
fn entries(report: &Report, new: &NewEntries<'_>, wanted: impl Fn(Severity, bool) -> bool) -> (String, u64) {
    let mut text = String::new();
    let mut added = 0;
    for cause in causes(report, wanted) {
        added += cause.times();
        entry(&mut text, report, &cause, new);
    }
    (text, added)
}

fn entry(text: &mut String, report: &Report, cause: &Cause<'_>, new: &NewEntries<'_>) {
    let first = &cause.first;
    let (severity, kind) = (first.severity, first.kind);
    let at = if first.path.is_empty() { "" } else { " at " };
    let (operation, path) = (one_line(&first.operation), shown(&first.path));
    text.push_str(&format!("\n# {severity}: {kind} in {operation}{at}{path}\n"));
    if let Some(line) = first.evidence.first() {
        text.push_str(&format!("# {}\n", shown(&line.fact)));
    }
    text.push_str("[[known]]\nids = [\n");
    let full = cause.members.iter().map(|member| member.sight());
    let brief = cause.brief.iter().flat_map(|group| group.sights(report));
    for sight in full.chain(brief) {
        let (scenario, step) = (one_line(sight.scenario), one_line(sight.step));
        text.push_str(&format!("  {}, # {scenario}, {step}\n", quoted(&sight.id())));
    }
    text.push_str(&format!("]\nreason = {}\n", quoted(new.reason)));
    let until = new.until.map(|until| until.to_string());
    let optional = [
        ("link", new.link.map(quoted)),
        ("until", until),
        ("version", new.version.map(quoted)),
    ];
    for (name, value) in optional {
        text.extend(value.map(|value| format!("{name} = {value}\n")));
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
