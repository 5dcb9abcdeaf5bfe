//! badge.json: what shields.io's endpoint badge reads.

use parallax_outcome::Report;
use serde_json::json;

use crate::failing::Failing;
use crate::text::{count, one_line};

/// The report as an endpoint badge. Where nothing was told there is no praise.
pub fn render(report: &Report) -> String {
    let (message, colour) = verdict(report);
    let badge = json!({
        "schemaVersion": 1,
        "label": format!("parallax {}", one_line(&report.service)),
        "message": message,
        "color": colour,
    });
    format!("{badge:#}\n")
}

fn verdict(report: &Report) -> (String, &'static str) {
    let summary = &report.summary;
    let counts = summary.divergences.without(&summary.known);
    let worst = [
        (counts.error, "error", "errors", "red"),
        (counts.warning, "warning", "warnings", "yellow"),
        (counts.note, "note", "notes", "yellowgreen"),
    ];
    if summary.never_answered.is_some() {
        return ("no answer".to_owned(), "red");
    }
    let failing = Failing::of(report);
    let stale = !failing.problems.is_empty();
    let broken_off = if summary.interrupted { ", broken off" } else { "" };
    let also = match (stale, failing.is_none() || summary.interrupted) {
        (true, _) => ", baseline out of date",
        (false, true) => broken_off,
        (false, false) => ", too little told",
    };
    let open = report.inconclusive_percent();
    match worst.into_iter().find(|(number, ..)| *number > 0) {
        Some((number, one, many, colour)) => {
            // A run that fails for something else is not to look as mild as its divergences.
            let mild = counts.error == 0 && !failing.is_none();
            let colour = if mild { "orange" } else { colour };
            (format!("{}{also}", count(number, one, many)), colour)
        }
        None if stale => ("baseline out of date".to_owned(), "red"),
        None if summary.agree == 0 || summary.interrupted => (format!("nothing told{broken_off}"), "lightgrey"),
        None if !failing.is_none() => (format!("too little told, {open:.0} % open"), "orange"),
        None => {
            let new = if summary.known.is_none() { "" } else { "new " };
            (format!("no {new}divergence, {open:.0} % open"), "brightgreen")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check((error, note, agree, interrupted): (u64, u64, u64, bool), expected: (&str, &str)) {
        let mut report = Report::default();
        report.summary.divergences.error = error;
        report.summary.divergences.note = note;
        (report.summary.agree, report.summary.steps) = (agree, agree);
        report.summary.interrupted = interrupted;
        let (message, colour) = verdict(&report);
        assert_eq!((message.as_str(), colour), expected);
    }

    #[test]
    fn who_never_answered_is_not_praised() {
        let mut report = Report::default();
        report.summary.never_answered = Some("the target never answered".to_owned());
        assert_eq!(verdict(&report), ("no answer".to_owned(), "red"));
    }

    #[test]
    fn the_worst_severity_speaks_and_silence_is_no_praise() {
        check((2, 1, 9, false), ("2 errors", "red"));
        check((0, 1, 9, false), ("1 note", "yellowgreen"));
        check((0, 1, 9, true), ("1 note, broken off", "orange"));
        check((0, 0, 9, false), ("no divergence, 0 % open", "brightgreen"));
        check((0, 0, 0, false), ("nothing told", "lightgrey"));
        check((0, 0, 9, true), ("nothing told, broken off", "lightgrey"));
    }
}
