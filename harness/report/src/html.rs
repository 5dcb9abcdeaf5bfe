//! report.html: one file that needs no network, for a person with a browser.
//!
//! The page is a template, its data is JSON in a script element, and a script makes the list of divergences of it, part
//! by part as it is looked at. Nothing that a target said is ever markup: the template escapes, the data cannot end its
//! element, the script makes text of it only, and the policy of the page lets no other script run.

mod data;
mod heat;
mod strings;

use std::fmt;
use std::io;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use parallax_outcome::Report;
use sha2::{Digest as _, Sha256};

use crate::failing::Failing;
use crate::text::{clip, one_line, shown};
pub(crate) use data::{Data, Placed};
use heat::Heat;

/// The style of every page.
pub(crate) const STYLE: &str = include_str!("../templates/page/style.css");

/// The parts of the script, in the order in which they need each other.
pub(crate) const SCRIPT: &str = concat!(
    "'use strict';(() => {\n",
    include_str!("../templates/page/dom.js"),
    include_str!("../templates/page/data.js"),
    include_str!("../templates/page/detail.js"),
    include_str!("../templates/page/list.js"),
    include_str!("../templates/page/filters.js"),
    include_str!("../templates/page/main.js"),
    "})();\n"
);

/// How many lines are shown of what fails the run beside its divergences.
const FAILING: usize = 50;

/// The longest name in a heading.
const NAME: usize = 80;

/// The report as one HTML page.
///
/// # Errors
/// Never in practice; the signature keeps the word of the template and of the serialiser.
pub fn render(report: &Report) -> io::Result<String> {
    let mut out = Vec::new();
    write_to(report, &mut out)?;
    String::from_utf8(out).map_err(io::Error::other)
}

/// Writes what [`render`] gives piece by piece.
///
/// # Errors
/// Those of the place that is written to.
pub fn write_to(report: &Report, mut out: impl io::Write) -> io::Result<()> {
    let page = Page {
        service: name(&report.service),
        target: of_run(report, "target"),
        reference: of_run(report, "reference"),
        started: of_run(report, "started").map(|started| moment(&started)),
        tool: of_run(report, "tool"),
        failing: Failing::of(report)
            .lines(FAILING)
            .iter()
            .map(|line| shown(line))
            .collect(),
        never_answered: report.summary.never_answered.as_deref().map(shown),
        shares: shares(report),
        totals: Totals::of(report),
        heat: Heat::of(report),
        reasons: reasons(report),
        group: None,
        data: Embedded(Data::of(report)),
        policy: policy(SCRIPT),
        style: STYLE,
        script: SCRIPT,
    };
    page.write_into(&mut out)
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    service: String,
    target: Option<String>,
    reference: Option<String>,
    started: Option<String>,
    tool: Option<String>,
    /// What fails the run beside its divergences.
    failing: Vec<String>,
    never_answered: Option<String>,
    shares: Vec<Share>,
    totals: Totals,
    heat: Heat,
    reasons: Vec<(String, u64)>,
    /// What divergences of one cause are parted by, where they are.
    group: Option<&'static str>,
    /// JSON that is safe within a script element.
    data: Embedded,
    policy: String,
    style: &'static str,
    script: &'static str,
}

/// One part of the bar of verdicts.
struct Share {
    name: &'static str,
    meaning: &'static str,
    steps: u64,
    percent: String,
    /// Where it begins and how long it is, in thousandths of the bar.
    from: u64,
    length: u64,
}

/// The numbers of the summary.
struct Totals {
    scenarios: u64,
    steps: u64,
    skipped: u64,
    implemented: usize,
    /// How many operations were asked.
    operations: usize,
    /// How many divergences a baseline accepts.
    accepted: u64,
    /// Severities, the worst first: name and how many beyond those.
    severities: [(&'static str, u64); 3],
}

impl Totals {
    fn of(report: &Report) -> Self {
        let summary = &report.summary;
        let counts = summary.divergences.without(&summary.known);
        let known = summary.known;
        Self {
            scenarios: summary.scenarios,
            steps: summary.steps,
            skipped: summary.skipped,
            implemented: report.operations.iter().filter(|row| row.implemented).count(),
            operations: report.operations.iter().filter(|row| row.asked).count(),
            accepted: known.error + known.warning + known.note,
            severities: [
                ("error", counts.error),
                ("warning", counts.warning),
                ("note", counts.note),
            ],
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no more than 53 bits")]
fn shares(report: &Report) -> Vec<Share> {
    let summary = &report.summary;
    let parts = [
        ("agree", "the answer is what it had to be", summary.agree),
        ("diverge", "it is not", summary.diverge),
        (
            "inconclusive",
            "no source tells; never counted as a pass",
            summary.inconclusive,
        ),
    ];
    let all = summary.steps.max(1);
    let mut before = 0;
    let share = |(name, meaning, steps): (&'static str, &'static str, u64)| {
        let from = before * 1000 / all;
        before += steps;
        Share {
            name,
            meaning,
            steps,
            percent: format!("{:.1}", 100.0 * steps as f64 / all as f64),
            from,
            length: (before * 1000 / all).saturating_sub(from),
        }
    };
    parts.into_iter().map(share).collect()
}

/// Why steps are inconclusive, the most frequent first.
fn reasons(report: &Report) -> Vec<(String, u64)> {
    let mut reasons: Vec<_> = report
        .inconclusive
        .iter()
        .map(|(reason, steps)| (shown(reason), *steps))
        .collect();
    reasons.sort_by_key(|(_, steps)| std::cmp::Reverse(*steps));
    reasons
}

fn of_run(report: &Report, key: &str) -> Option<String> {
    report.run.get(key)?.as_str().map(name)
}

/// A moment to the minute, where it is written as one.
pub(crate) fn moment(started: &str) -> String {
    let cut = |text: &str| Some(format!("{} {} UTC", text.get(..10)?, text.get(11..16)?));
    let plain = started.ends_with('Z') && started.as_bytes().get(10) == Some(&b'T');
    cut(started).filter(|_| plain).unwrap_or_else(|| started.to_owned())
}

/// A name for a heading or a cell.
pub(crate) fn name(text: &str) -> String {
    clip(one_line(text), NAME)
}

/// JSON within a script element: nothing in it ends the element or begins a comment.
pub(crate) struct Embedded(pub(crate) Data);

impl fmt::Display for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        serde_json::to_writer(Harmless(f), &self.0).map_err(|_| fmt::Error)
    }
}

/// Writes each sign that markup is made of as an escape of JSON; outside of texts JSON has none of them.
struct Harmless<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl io::Write for Harmless<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The serialiser hands over whole characters.
        let text = str::from_utf8(bytes).map_err(io::Error::other)?;
        for piece in text.split_inclusive(['<', '>', '&']) {
            let (plain, sign) = match piece.char_indices().next_back() {
                Some((at, sign @ ('<' | '>' | '&'))) => (piece.get(..at).unwrap_or_default(), Some(sign)),
                _ => (piece, None),
            };
            self.0.write_str(plain).map_err(io::Error::other)?;
            if let Some(sign) = sign {
                write!(self.0, "\\u{:04x}", u32::from(sign)).map_err(io::Error::other)?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Only the style and the script of a page, and nothing from anywhere.
pub(crate) fn policy(script: &str) -> String {
    let digest = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; \
         form-action 'none'",
        digest(STYLE),
        digest(script)
    )
}
