//! Two reports of one service side by side: what is fixed, new, changed or moved, by cause.
//!
//! The two may be of two versions of a target, two profiles, or two dates of a reference. A divergence that is gone
//! because nobody asked any more, or because its step was not judged, is not fixed, and one that nobody asked for before
//! is not new. For a gate what is new must not pass for anything else: one that was not there in a step that was judged
//! before is new, whatever else is gone.

mod asked;
mod html;
mod markdown;
mod terminal;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use parallax_outcome::divergence::without_keys;
use parallax_outcome::report::SCHEMA;
use parallax_outcome::{Divergence, EvidenceLine, FailOn, Kind, Report, Severity};
use serde::Serialize;

use asked::Asked;
pub use html::render as html;
pub use markdown::render as markdown;
pub use terminal::render as terminal;

use crate::side::{Side, names};

/// What became of an older report's divergences in a newer one.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison<'r> {
    /// The version of the reports' form, which this one follows.
    pub schema: u32,
    /// The service's name.
    pub service: &'r str,
    /// The older report.
    pub old: Side<'r>,
    /// The newer report.
    pub new: Side<'r>,
    /// How many divergences there are of each fate.
    pub totals: Totals,
    /// The operations that the newer target implements and the older did not.
    pub gained: Vec<&'r str>,
    /// The operations that the older target implemented and the newer does not, though it was asked.
    pub lost: Vec<&'r str>,
    /// The causes in which anything differs, the worst first.
    pub causes: Vec<CauseChange<'r>>,
}

/// How many divergences there are of each fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Judged again, and gone.
    pub fixed: u64,
    /// Asked before, and not there.
    pub new: u64,
    /// There in both, with another severity, expectation or observation.
    pub changed: u64,
    /// The same, told at another step.
    pub moved: u64,
    /// There before, and not asked or not judged any more.
    pub no_longer_asked: u64,
    /// There now, and not asked before.
    pub not_asked_before: u64,
    /// The same in both.
    pub unchanged: u64,
}

/// What became of the divergences of one cause.
#[derive(Clone, Debug, Serialize)]
pub struct CauseChange<'r> {
    /// The kind that all of them have.
    pub kind: Kind,
    /// The severity that all of them have, after the change if it changed.
    pub severity: Severity,
    /// The operation of the first.
    pub operation: &'r str,
    /// Where in the answer the first is.
    pub path: &'r str,
    /// Why something else was due, where it is known.
    pub evidence: Option<&'r EvidenceLine>,
    /// Judged again, and gone.
    pub fixed: Vec<&'r Divergence>,
    /// Asked before, and not there.
    pub new: Vec<&'r Divergence>,
    /// There in both, and different.
    pub changed: Vec<Change<'r>>,
    /// Gone at one step and there at another that could not show it before.
    pub moved: Vec<Change<'r>>,
    /// There before, and not asked or not judged any more.
    pub no_longer_asked: Vec<&'r Divergence>,
    /// There now, and not asked before.
    pub not_asked_before: Vec<&'r Divergence>,
    /// How many are the same in both.
    pub unchanged: u64,
}

/// A divergence before and after.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Change<'r> {
    /// In the older report.
    pub old: &'r Divergence,
    /// In the newer report.
    pub new: &'r Divergence,
}

/// Reports that cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the reports are of different services, {old} and {new}; compare two of one service")]
pub struct OtherService {
    /// The older report's.
    pub old: String,
    /// The newer report's.
    pub new: String,
}

/// Compares two reports of one service. Of what a report tells in brief nothing is seen unless it is
/// [unfolded](Report::unfold) before.
///
/// # Errors
/// [`OtherService`] where they are not.
pub fn compare<'r>(old: &'r Report, new: &'r Report) -> Result<Comparison<'r>, OtherService> {
    if old.service != new.service {
        return Err(OtherService {
            old: old.service.clone(),
            new: new.service.clone(),
        });
    }
    let mut causes = Pairing::of(old, new).causes();
    let totals = totals(&causes);
    causes.retain(CauseChange::differs);
    causes.sort_by_key(|cause| {
        (
            std::cmp::Reverse(cause.severity),
            cause.kind,
            std::cmp::Reverse(cause.size()),
        )
    });
    Ok(Comparison {
        schema: SCHEMA,
        service: &new.service,
        old: Side::of(old),
        new: Side::of(new),
        totals,
        gained: implemented_only_in(new, old),
        lost: implemented_only_in(old, new),
        causes,
    })
}

impl Comparison<'_> {
    /// What the older and the newer report are called.
    fn names(&self) -> [String; 2] {
        let mut names = names(&[&self.old, &self.new]).into_iter();
        [names.next(), names.next()].map(Option::unwrap_or_default)
    }

    /// Whether the newer report is worse: a new divergence as grave as `fail_on`, one that became so, or an operation
    /// that is not implemented any more.
    pub fn is_worse(&self, fail_on: FailOn) -> bool {
        let lost = fail_on != FailOn::Never && !self.lost.is_empty();
        let graver =
            |change: &Change<'_>| change.new.severity > change.old.severity && fail_on.fails(change.new.severity);
        let worse = |cause: &CauseChange<'_>| {
            cause.new.iter().any(|new| fail_on.fails(new.severity)) || cause.changed.iter().any(graver)
        };
        lost || self.causes.iter().any(worse)
    }
}

impl CauseChange<'_> {
    fn differs(&self) -> bool {
        self.size() > 0
    }

    fn size(&self) -> usize {
        let Self {
            fixed,
            new,
            changed,
            moved,
            no_longer_asked,
            not_asked_before,
            ..
        } = self;
        fixed.len() + new.len() + changed.len() + moved.len() + no_longer_asked.len() + not_asked_before.len()
    }

    /// Where it shows, for a heading: its first operation, and how many others there are in what differs.
    fn operations(&self) -> (&str, usize) {
        let single = [&self.fixed, &self.new, &self.no_longer_asked, &self.not_asked_before];
        let double = self.changed.iter().chain(&self.moved).map(|change| &change.new);
        let all: BTreeSet<&str> = single
            .into_iter()
            .flatten()
            .chain(double)
            .map(|divergence| divergence.operation.as_str())
            .collect();
        let others = all.iter().filter(|operation| **operation != self.operation).count();
        (self.operation, others)
    }
}

/// What a divergence has in common with what it may have been at another step: all but the step and the keys of lists,
/// and for a way of the endpoint all but the scenario.
fn moves_as(one: &Divergence) -> String {
    let scenario = if one.habit { "" } else { &one.scenario };
    let (operation, member) = (&one.operation, without_keys(&one.path));
    format!("{}\0{operation}\0{member}\0{scenario}", one.cause_key())
}

/// Divergences of two reports, before they are told by cause.
struct Pairing<'r> {
    causes: BTreeMap<String, CauseChange<'r>>,
    /// What is only in the older report, by what [moves](moves_as) together.
    gone: BTreeMap<String, VecDeque<&'r Divergence>>,
    old: Asked<'r>,
    new: Asked<'r>,
}

impl<'r> Pairing<'r> {
    fn of(old: &'r Report, new: &'r Report) -> Self {
        let mut pairing = Self {
            causes: BTreeMap::new(),
            gone: BTreeMap::new(),
            old: Asked::of(old),
            new: Asked::of(new),
        };
        let mut before: BTreeMap<&str, &Divergence> =
            old.divergences.iter().map(|one| (one.id.as_str(), one)).collect();
        let (both, come): (Vec<_>, Vec<_>) = new
            .divergences
            .iter()
            .map(|one| (before.remove(one.id.as_str()), one))
            .partition(|(old, _)| old.is_some());
        for (old, new) in both {
            old.into_iter().for_each(|old| pairing.in_both(old, new));
        }
        // In the order of the report, not of the ids.
        for gone in old
            .divergences
            .iter()
            .filter(|one| before.contains_key(one.id.as_str()))
        {
            pairing.gone.entry(moves_as(gone)).or_default().push_back(gone);
        }
        come.into_iter().for_each(|(_, new)| pairing.only_in_new(new));
        pairing
    }

    fn in_both(&mut self, old: &'r Divergence, new: &'r Divergence) {
        // What is told in brief says nothing that could have changed, but its severity.
        let told = !old.is_brief() && !new.is_brief();
        let said = |one: &'r Divergence| (one.severity, told.then_some((&one.expected, &one.observed)));
        let cause = self.cause(new);
        match said(old) == said(new) {
            true => cause.unchanged += 1,
            false => cause.changed.push(Change { old, new }),
        }
    }

    fn only_in_new(&mut self, new: &'r Divergence) {
        let asked_before = self.old.asked(new);
        // A step that agreed before has become worse, whatever became better elsewhere. A way of the endpoint is told
        // once, at whichever step shows it first.
        let could_move = asked_before && (new.habit || self.old.is_open(new));
        let old = match could_move {
            true => self.gone.get_mut(&moves_as(new)).and_then(VecDeque::pop_front),
            false => None,
        };
        let cause = self.cause(new);
        match (old, asked_before) {
            (Some(old), _) => cause.moved.push(Change { old, new }),
            (None, true) => cause.new.push(new),
            (None, false) => cause.not_asked_before.push(new),
        }
    }

    fn causes(mut self) -> Vec<CauseChange<'r>> {
        for old in std::mem::take(&mut self.gone).into_values().flatten() {
            let judged = self.new.judged(old);
            let cause = self.cause(old);
            match judged {
                true => cause.fixed.push(old),
                false => cause.no_longer_asked.push(old),
            }
        }
        self.causes.into_values().collect()
    }

    fn cause(&mut self, of: &'r Divergence) -> &mut CauseChange<'r> {
        self.causes.entry(of.cause_key()).or_insert_with(|| CauseChange {
            kind: of.kind,
            severity: of.severity,
            operation: &of.operation,
            path: &of.path,
            evidence: of.evidence.first(),
            fixed: Vec::new(),
            new: Vec::new(),
            changed: Vec::new(),
            moved: Vec::new(),
            no_longer_asked: Vec::new(),
            not_asked_before: Vec::new(),
            unchanged: 0,
        })
    }
}

fn implemented_only_in<'r>(one: &'r Report, other: &'r Report) -> Vec<&'r str> {
    let rows = other.operations.iter().filter(|row| row.asked && !row.implemented);
    let lacking: BTreeSet<&str> = rows.map(|row| row.name.as_str()).collect();
    let implemented = one.operations.iter().filter(|row| row.implemented);
    implemented
        .map(|row| row.name.as_str())
        .filter(|name| lacking.contains(name))
        .collect()
}

fn totals(causes: &[CauseChange<'_>]) -> Totals {
    let mut totals = Totals::default();
    for cause in causes {
        totals.fixed += cause.fixed.len() as u64;
        totals.new += cause.new.len() as u64;
        totals.changed += cause.changed.len() as u64;
        totals.moved += cause.moved.len() as u64;
        totals.no_longer_asked += cause.no_longer_asked.len() as u64;
        totals.not_asked_before += cause.not_asked_before.len() as u64;
        totals.unchanged += cause.unchanged;
    }
    totals
}

/// The comparison as JSON.
///
/// # Errors
/// Never in practice; the signature keeps the serialiser's word.
pub fn json(comparison: &Comparison<'_>) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(comparison)? + "\n")
}
