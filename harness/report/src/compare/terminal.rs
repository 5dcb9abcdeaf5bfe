//! A comparison for people at a terminal.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use parallax_outcome::Divergence;

use super::{CauseChange, Comparison, Totals};
use crate::text::{count, one_line, operations, shown};

/// How many divergences of one fate are shown for a cause.
const SHOWN: usize = 3;

/// The comparison as text; escape sequences are used only if `colour` says so.
pub fn render(comparison: &Comparison<'_>, colour: bool) -> String {
    let mut out = String::new();
    let paint = |style: Style, text: &str| match colour {
        true => format!("{style}{text}{style:#}"),
        false => text.to_owned(),
    };
    for cause in &comparison.causes {
        let head = format!("{} (×{})", headline(cause), cause.size());
        let _ = writeln!(out, "{}", paint(style_of(cause).bold(), &head));
        body(&mut out, cause);
        out.push('\n');
    }
    for (words, names) in [
        ("implemented now", &comparison.gained),
        ("not implemented any more", &comparison.lost),
    ] {
        if !names.is_empty() {
            let names: Vec<_> = names.iter().map(|name| one_line(name)).collect();
            let _ = writeln!(out, "{words}: {}", names.join(", "));
        }
    }
    sides(&mut out, comparison);
    let _ = writeln!(out, "{}", paint(Style::new().bold(), &summary(&comparison.totals)));
    out
}

/// The kind and the place of a cause.
pub(super) fn headline(cause: &CauseChange<'_>) -> String {
    let at = if cause.path.is_empty() { "" } else { " at " };
    let (severity, kind) = (cause.severity, cause.kind);
    format!(
        "{severity}: {kind} in {}{at}{}",
        operations(cause.operations()),
        shown(cause.path)
    )
}

/// The fates of a comparison in one line.
pub(super) fn summary(totals: &Totals) -> String {
    let Totals {
        fixed,
        new,
        changed,
        moved,
        no_longer_asked,
        not_asked_before,
        unchanged,
    } = totals;
    let mut line = format!("{fixed} fixed, {new} new, {changed} changed, {moved} moved, {unchanged} unchanged");
    for (number, words) in [
        (no_longer_asked, "not judged any more"),
        (not_asked_before, "not asked before"),
    ] {
        if *number > 0 {
            let _ = write!(line, ", {number} {words}");
        }
    }
    line
}

/// Where a divergence shows.
pub(super) fn place(divergence: &Divergence) -> String {
    let at = if divergence.path.is_empty() { "" } else { " at " };
    let (scenario, step) = (one_line(&divergence.scenario), one_line(&divergence.step));
    format!("{scenario}, step {step}{at}{}", shown(&divergence.path))
}

fn body(out: &mut String, cause: &CauseChange<'_>) {
    if let Some(line) = cause.evidence {
        let _ = writeln!(
            out,
            "  {:16}  {} ({})",
            "evidence",
            shown(&line.fact),
            shown(&line.source)
        );
    }
    let plain = [
        ("fixed", &cause.fixed),
        ("new", &cause.new),
        ("not judged any more", &cause.no_longer_asked),
        ("not asked before", &cause.not_asked_before),
    ];
    for (word, all) in plain {
        fate(out, word, all.iter().map(|one| place(one)).collect());
    }
    let changed = cause.changed.iter().map(|change| {
        let (old, new) = (change.old, change.new);
        let (before, after) = (shown(&old.observed), shown(&new.observed));
        match before == after {
            true => format!(
                "{}: {} before, expected {}",
                place(new),
                old.severity,
                shown(&old.expected)
            ),
            false => format!("{}: {before} before, {after} now", place(new)),
        }
    });
    fate(out, "changed", changed.collect());
    let moved = cause
        .moved
        .iter()
        .map(|change| format!("{} -> {}", place(change.old), place(change.new)));
    fate(out, "moved", moved.collect());
}

fn fate(out: &mut String, word: &str, lines: Vec<String>) {
    let more = lines.len().saturating_sub(SHOWN);
    for line in lines.into_iter().take(SHOWN) {
        let _ = writeln!(out, "  {word:16}  {line}");
    }
    if more > 0 {
        let _ = writeln!(out, "  {word:16}  and {more} more");
    }
}

fn sides(out: &mut String, comparison: &Comparison<'_>) {
    for (word, side) in [("old", &comparison.old), ("new", &comparison.new)] {
        let summary = side.summary;
        let _ = writeln!(
            out,
            "{word}: {} against {}, {}: {}, {:.1} % inconclusive, {:.1} % implemented",
            side.name(),
            one_line(side.reference),
            one_line(side.started.unwrap_or("?")),
            count(summary.diverge, "step diverges", "steps diverge"),
            side.inconclusive_percent,
            side.coverage_percent,
        );
    }
}

fn style_of(cause: &CauseChange<'_>) -> Style {
    let worse = !cause.new.is_empty() || !cause.changed.is_empty();
    let colour = match (worse, cause.fixed.is_empty()) {
        (true, _) => AnsiColor::Red,
        (false, false) => AnsiColor::Green,
        (false, true) => AnsiColor::Cyan,
    };
    Style::new().fg_color(Some(colour.into()))
}
