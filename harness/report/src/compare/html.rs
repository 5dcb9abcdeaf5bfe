//! A comparison as one HTML page, without a script.

use askama::Template;
use parallax_outcome::Divergence;

use super::{CauseChange, Change, Comparison};
use crate::html::{STYLE, name, policy};
use crate::text::{operations, shown};

/// The most places of one fate that are shown of a cause; JSON has all.
const PLACES: usize = 50;

/// The comparison as an HTML page that needs no network.
///
/// # Errors
/// Never in practice; the signature keeps the template's word.
pub fn render(comparison: &Comparison<'_>) -> Result<String, askama::Error> {
    let totals = comparison.totals;
    let names = |names: &[&str]| names.iter().map(|one| name(one)).collect();
    let [old, new] = comparison.names();
    let page = Page {
        service: name(comparison.service),
        old: name(&old),
        new: name(&new),
        figures: [
            ("new", totals.new),
            ("fixed", totals.fixed),
            ("changed", totals.changed),
            ("moved", totals.moved),
            ("no longer asked", totals.no_longer_asked),
            ("not asked before", totals.not_asked_before),
            ("unchanged", totals.unchanged),
        ],
        gained: names(&comparison.gained),
        lost: names(&comparison.lost),
        causes: comparison.causes.iter().map(Cause::of).collect(),
        policy: policy(""),
        style: STYLE,
    };
    page.render()
}

#[derive(Template)]
#[template(path = "compare.html")]
struct Page {
    service: String,
    old: String,
    new: String,
    figures: [(&'static str, u64); 7],
    gained: Vec<String>,
    lost: Vec<String>,
    causes: Vec<Cause>,
    policy: String,
    style: &'static str,
}

struct Cause {
    severity: String,
    kind: String,
    operations: String,
    path: String,
    evidence: Option<[String; 3]>,
    fates: Vec<Fate>,
    unchanged: u64,
}

/// The divergences of a cause that have one fate.
struct Fate {
    name: &'static str,
    number: usize,
    places: Vec<String>,
}

impl Cause {
    fn of(change: &CauseChange<'_>) -> Self {
        let single = |name, all: &[&Divergence]| Fate::of(name, all.iter().map(|divergence| place(divergence)));
        let double = |name, all: &[Change<'_>]| Fate::of(name, all.iter().map(became));
        let fates = [
            single("new", &change.new),
            single("fixed", &change.fixed),
            double("changed", &change.changed),
            double("moved", &change.moved),
            single("no longer asked", &change.no_longer_asked),
            single("not asked before", &change.not_asked_before),
        ];
        Self {
            severity: change.severity.to_string(),
            kind: change.kind.to_string(),
            operations: operations(change.operations()),
            path: shown(change.path),
            evidence: change
                .evidence
                .map(|line| [&line.fact, &line.source, &line.confidence].map(|text| shown(text))),
            fates: fates.into_iter().filter(|fate| fate.number > 0).collect(),
            unchanged: change.unchanged,
        }
    }
}

impl Fate {
    fn of(name: &'static str, places: impl ExactSizeIterator<Item = String>) -> Self {
        Self {
            name,
            number: places.len(),
            places: places.take(PLACES).collect(),
        }
    }
}

/// Where a divergence is and what it says.
fn place(divergence: &Divergence) -> String {
    let Divergence {
        scenario,
        step,
        expected,
        observed,
        ..
    } = divergence;
    if divergence.is_brief() {
        return format!("{} step {}", shown(scenario), shown(step));
    }
    format!(
        "{} step {}: expected {}, observed {}",
        shown(scenario),
        shown(step),
        shown(expected),
        shown(observed)
    )
}

fn became(change: &Change<'_>) -> String {
    match place(change.old) == place(change.new) {
        true => format!(
            "{} ({}, then {})",
            place(change.new),
            change.old.severity,
            change.new.severity
        ),
        false => format!("{}; then {}", place(change.old), place(change.new)),
    }
}
