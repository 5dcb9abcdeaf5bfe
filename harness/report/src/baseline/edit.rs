//! Baselines written: made anew from a report, and brought up to date with comments and order kept.

use jiff::civil::Date;
use parallax_outcome::{Cause, FailOn, Report, Severity, causes};
use toml_edit::Value;

use super::{Baseline, BaselineError, Pattern, Problem, Scope, Trouble, remove};
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
    /// The new entries would be about no report, or not about this one.
    #[error(transparent)]
    Version(#[from] VersionError),
}

/// Why entries for some versions of the target cannot be made of a report: they would accept nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// No pattern at all.
    #[error("`{pattern}` is no pattern of versions ({why}); give a version such as 5.2.5, or a pattern such as 5.*")]
    NoPattern {
        /// What was given.
        pattern: String,
        /// What is wrong with it.
        why: String,
    },
    /// The report is of another version.
    #[error(
        "the report is of version {version} of the target, which `{pattern}` does not match; give a pattern that does, or \
         the report of such a version"
    )]
    Other {
        /// What was given.
        pattern: String,
        /// The report's.
        version: String,
    },
    /// The report does not say of which version it is.
    #[error(
        "the report does not say which version of the target it is of, so that `{pattern}` matches nothing in it; say it to \
         the run with --target-version, or make entries for all versions"
    )]
    Unsaid {
        /// What was given.
        pattern: String,
    },
}

/// A baseline of all divergences of a report that are as grave as wanted: an entry for each cause.
///
/// # Errors
/// [`VersionError`] where the entries would not be about the report.
pub fn create(report: &Report, new: &NewEntries<'_>) -> Result<String, VersionError> {
    about(report, new)?;
    let service = one_line(&report.service);
    let head =
        format!("# Divergences of {service} that are accepted for now; `parallax baseline update` keeps this file.\n");
    Ok(head + &entries(report, new, |severity, _| new.fail_on.fails(severity)).0)
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
    about(report, new)?;
    let baseline = Baseline::read(text)?;
    let line_end = line_end(text);
    let problems = baseline.judge(report, scope, today);
    let (left, removed): (Vec<_>, Vec<_>) = problems
        .into_iter()
        .partition(|problem| matches!(problem.trouble, Trouble::Expired(_)));
    let mut text = match removed.is_empty() {
        true => text.to_owned(),
        // The editor knows one line end only.
        false => remove::remove(&text.replace("\r\n", "\n"), &baseline, &removed)?.replace('\n', line_end),
    };
    let (entries, added) = entries(report, new, |severity, known| !known && new.fail_on.fails(severity));
    if !text.is_empty() && !text.ends_with('\n') && added > 0 {
        text.push_str(line_end);
    }
    Ok(Updated {
        text: text + &entries.replace('\n', line_end),
        removed,
        added,
        left,
    })
}

/// Whether the new entries are about the version of the target that the report is of.
fn about(report: &Report, new: &NewEntries<'_>) -> Result<(), VersionError> {
    let Some(text) = new.version else { return Ok(()) };
    let pattern = text.to_owned();
    let version = report.run.get("target_version").and_then(|version| version.as_str());
    match (Pattern::new(text), version) {
        (Err(why), _) => Err(VersionError::NoPattern { pattern, why }),
        (Ok(_), None) => Err(VersionError::Unsaid { pattern }),
        (Ok(glob), Some(version)) if !glob.matches(version) => Err(VersionError::Other {
            pattern,
            version: version.to_owned(),
        }),
        (Ok(_), Some(_)) => Ok(()),
    }
}

/// How most lines of a text end.
fn line_end(text: &str) -> &'static str {
    let (windows, all) = (text.matches("\r\n").count(), text.matches('\n').count());
    if windows * 2 > all { "\r\n" } else { "\n" }
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
