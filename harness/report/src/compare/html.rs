//! A comparison as one HTML page, which shares list, filters and details with the page of one report.

use askama::Template;
use parallax_outcome::Divergence;

use super::{CauseChange, Change, Comparison};
use crate::html::{Data, Embedded, Placed, SCRIPT, STYLE, name, policy};
use crate::side::Side;

/// The places of the reports on the page.
const NEW: usize = 0;
const OLD: usize = 1;

/// The comparison as an HTML page that needs no network.
///
/// # Errors
/// Never in practice; the signature keeps the template's word.
pub fn render(comparison: &Comparison<'_>) -> Result<String, askama::Error> {
    let totals = comparison.totals;
    let names = |names: &[&str]| names.iter().map(|one| name(one)).collect();
    let [old, new] = comparison.names();
    let causes: Vec<_> = comparison.causes.iter().map(placed).collect();
    let reports = [comparison.new.report, comparison.old.report];
    let page = Page {
        service: name(comparison.service),
        old: name(&old),
        new: name(&new),
        facts: [("old", &comparison.old), ("new", &comparison.new)].map(|(word, side)| fact(word, side)),
        figures: [
            ("new", totals.new),
            ("fixed", totals.fixed),
            ("changed", totals.changed),
            ("moved", totals.moved),
            ("not judged any more", totals.no_longer_asked),
            ("not asked before", totals.not_asked_before),
            ("unchanged", totals.unchanged),
        ],
        gained: names(&comparison.gained),
        lost: names(&comparison.lost),
        is_same: causes.is_empty(),
        group: Some("Fate"),
        data: Embedded(Data::of_several(&reports, &causes, 0)),
        policy: policy(SCRIPT),
        style: STYLE,
        script: SCRIPT,
    };
    page.render()
}

#[derive(Template)]
#[template(path = "compare.html")]
struct Page {
    service: String,
    old: String,
    new: String,
    facts: [String; 2],
    figures: [(&'static str, u64); 7],
    gained: Vec<String>,
    lost: Vec<String>,
    is_same: bool,
    group: Option<&'static str>,
    data: Embedded,
    policy: String,
    style: &'static str,
    script: &'static str,
}

/// When and against what a side was asked.
fn fact(word: &str, side: &Side<'_>) -> String {
    let moment = side.moment().map(|moment| format!(" {moment}")).unwrap_or_default();
    format!("{word}:{moment} held to {}", name(side.reference))
}

/// The divergences of a cause, what is new before what is gone.
fn placed<'r>(cause: &CauseChange<'r>) -> Vec<Placed<'r>> {
    let single = |group, side, all: &[&'r Divergence]| -> Vec<Placed<'r>> {
        let of = |divergence: &&'r Divergence| Placed {
            divergence,
            side,
            group,
            before: None,
        };
        all.iter().map(of).collect()
    };
    let double = |group, all: &[Change<'r>]| -> Vec<Placed<'r>> {
        let of = |change: &Change<'r>| Placed {
            divergence: change.new,
            side: NEW,
            group,
            before: Some(change.old),
        };
        all.iter().map(of).collect()
    };
    [
        single("new", NEW, &cause.new),
        double("changed", &cause.changed),
        double("moved", &cause.moved),
        single("not asked before", NEW, &cause.not_asked_before),
        single("fixed", OLD, &cause.fixed),
        single("not judged any more", OLD, &cause.no_longer_asked),
    ]
    .concat()
}
