//! A comparison as Markdown, fit for a comment on a change.

use std::fmt::Write;

use super::terminal::{headline, place, summary};
use super::{CauseChange, Comparison};
use crate::markdown::escape;

/// How many causes are shown; the JSON has all.
const CAUSES: usize = 50;

/// The comparison as Markdown of GitHub's flavour.
pub fn render(comparison: &Comparison<'_>) -> String {
    let mut out = format!("# Parallax: {}\n\n", escape(comparison.service));
    out.push_str("| | target | reference | agree | diverge | inconclusive | implemented |\n|-|-|-|-:|-:|-:|-:|\n");
    let sides = [&comparison.old, &comparison.new];
    for ((word, side), name) in ["old", "new"].into_iter().zip(sides).zip(comparison.names()) {
        let (name, reference) = (escape(&name), escape(side.reference));
        let (agree, diverge) = (side.summary.agree, side.summary.diverge);
        let (open, implemented) = (side.inconclusive_percent, side.coverage_percent);
        let _ = writeln!(
            out,
            "| {word} | {name} | {reference} | {agree} | {diverge} | {open:.1} % | {implemented:.1} % |"
        );
    }
    let _ = writeln!(out, "\n**{}**\n", summary(&comparison.totals));
    for (words, names) in [
        ("Implemented now", &comparison.gained),
        ("Not implemented any more", &comparison.lost),
    ] {
        if !names.is_empty() {
            let names: Vec<_> = names.iter().map(|name| escape(name)).collect();
            let _ = writeln!(out, "{words}: {}.\n", names.join(", "));
        }
    }
    causes(&mut out, &comparison.causes);
    out
}

fn causes(out: &mut String, causes: &[CauseChange<'_>]) {
    if causes.is_empty() {
        return;
    }
    out.push_str("| cause | fixed | new | changed | moved | not judged any more | not asked before | such as |\n");
    out.push_str("|-|-:|-:|-:|-:|-:|-:|-|\n");
    for cause in causes.iter().take(CAUSES) {
        let counts = [
            cause.fixed.len(),
            cause.new.len(),
            cause.changed.len(),
            cause.moved.len(),
            cause.no_longer_asked.len(),
            cause.not_asked_before.len(),
        ];
        let counts = counts.map(|number| if number == 0 { String::new() } else { number.to_string() });
        let _ = writeln!(
            out,
            "| {} | {} | {} |",
            escape(&headline(cause)),
            counts.join(" | "),
            escape(&example(cause))
        );
    }
    if let more @ 1.. = causes.len().saturating_sub(CAUSES) {
        let _ = writeln!(out, "\n{more} more causes are in the JSON form.");
    }
}

/// Where one shows, what is new before what is gone.
fn example(cause: &CauseChange<'_>) -> String {
    let changes = cause.changed.iter().chain(&cause.moved).map(|change| &change.new);
    let gone = cause
        .fixed
        .iter()
        .chain(&cause.not_asked_before)
        .chain(&cause.no_longer_asked);
    let first = cause.new.iter().chain(changes).chain(gone).next();
    first.map(|one| place(one)).unwrap_or_default()
}
