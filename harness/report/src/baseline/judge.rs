//! A report held against a baseline: what is accepted, and what of the baseline has become untrue.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use parallax_outcome::divergence::{scenario_id, without_keys};
use parallax_outcome::report::SeverityCounts;
use parallax_outcome::{Brief, Known, Report, ScenarioRow, Sight};
use serde::{Deserialize, Serialize};

use super::{Accepts, Baseline, Entry, Matching, Pattern};

/// What a run was to find, which decides what a silent entry means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything: an entry that matches nothing is untrue.
    Whole,
    /// A part. An entry can be untrue only if every scenario that it may be about was played.
    Part {
        /// The scenarios that were not played, as far as they are known; if they are not, only ids can be untrue.
        left_out: Option<Vec<String>>,
    },
}

/// Something in a baseline that has become untrue, for the person who keeps it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The id, or the patterns of the entry.
    pub what: String,
    /// What is wrong with it.
    pub trouble: Trouble,
}

/// What is wrong with a line of a baseline.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// It no longer happens, or never did.
    Gone,
    /// Its last day is over.
    Expired(String),
    /// An earlier line says the same.
    Duplicate(usize),
}

impl Problem {
    fn gone(line: usize, what: String) -> Self {
        let trouble = Trouble::Gone;
        Self { line, what, trouble }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, what, trouble } = self;
        match trouble {
            Trouble::Gone => write!(f, "line {line}: {what} is fixed, or never happened: remove it"),
            Trouble::Expired(day) => write!(
                f,
                "line {line}: {what} was accepted until {day}: mend it, or agree on another day"
            ),
            Trouble::Duplicate(first) => write!(
                f,
                "line {line}: {what} stands in line {first} already: remove one of them"
            ),
        }
    }
}

impl Baseline {
    /// Marks what the baseline accepts in the report, and says what of the baseline has become untrue, in the order of
    /// the lines. An entry whose last day is over still accepts what it did; it is a problem of its own.
    pub fn judge(&self, report: &mut Report, scope: &Scope, today: Date) -> Vec<Problem> {
        let version = report.run.get("target_version").and_then(|version| version.as_str());
        let valid: Vec<_> = self.entries.iter().filter(|entry| entry.is_about(version)).collect();
        let seen = Marks::of(&valid).apply(report);
        let mut problems = duplicates(&valid);
        problems.extend(valid.iter().filter_map(|entry| entry.expired(today)));
        problems.extend(gone(&valid, &seen, &Played::of(report, scope)));
        problems.sort();
        problems.dedup_by_key(|problem| (problem.line, problem.what.clone()));
        problems
    }

    /// How many entries are for versions of the target only.
    pub fn for_versions(&self) -> usize {
        self.entries.iter().filter(|entry| entry.version.is_some()).count()
    }
}

impl Entry {
    fn is_about(&self, version: Option<&str>) -> bool {
        let matches = |pattern: &Pattern| version.is_some_and(|version| pattern.matches(version));
        self.version.as_ref().is_none_or(matches)
    }

    fn expired(&self, today: Date) -> Option<Problem> {
        let until = self.until.filter(|until| *until < today)?;
        Some(Problem {
            line: self.line,
            what: self.name(),
            trouble: Trouble::Expired(until.to_string()),
        })
    }

    /// What can be duplicate: each id, or the description, with its line.
    pub(super) fn items(&self) -> Vec<(usize, String)> {
        match &self.accepts {
            Accepts::Ids(ids) => ids.iter().map(|id| (id.line, format!("`{}`", id.id))).collect(),
            Accepts::Matching(_) => vec![(self.line, self.name())],
        }
    }

    fn name(&self) -> String {
        match &self.accepts {
            Accepts::Ids(ids) => match ids.as_slice() {
                [one] => format!("`{}`", one.id),
                all => format!("this entry of {} ids", all.len()),
            },
            Accepts::Matching(matching) => format!("`{matching}`"),
        }
    }
}

impl Matching {
    fn matches(&self, sight: &Sight<'_>) -> bool {
        let is = |pattern: &Option<Pattern>, text: &str| pattern.as_ref().is_none_or(|pattern| pattern.matches(text));
        is(&self.operation, sight.operation)
            && is(&self.kind, sight.kind.as_str())
            && is(&self.scenario, sight.scenario)
            && (is(&self.path, sight.path) || is(&self.path, &without_keys(sight.path)))
    }
}

impl fmt::Display for Matching {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [
            ("operation", &self.operation),
            ("kind", &self.kind),
            ("scenario", &self.scenario),
            ("path", &self.path),
        ];
        let given = all
            .iter()
            .filter_map(|(name, pattern)| Some((name, pattern.as_ref()?.as_str())));
        for (at, (name, text)) in given.enumerate() {
            write!(f, "{}{name} {text}", if at == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

/// The entries, made ready for many divergences.
struct Marks<'b> {
    by_id: BTreeMap<&'b str, Arc<Known>>,
    matching: Vec<(usize, &'b Matching, Arc<Known>)>,
}

/// What was there: ids, and the lines of patterns.
#[derive(Default)]
struct Seen<'b> {
    ids: BTreeSet<&'b str>,
    lines: BTreeSet<usize>,
}

impl<'b> Marks<'b> {
    fn of(entries: &[&'b Entry]) -> Self {
        let mut marks = Self {
            by_id: BTreeMap::new(),
            matching: Vec::new(),
        };
        for entry in entries {
            let known = Arc::new(Known {
                reason: entry.reason.clone(),
                link: entry.link.clone(),
                until: entry.until.map(|until| until.to_string()),
            });
            match &entry.accepts {
                Accepts::Ids(ids) => {
                    for id in ids {
                        marks.by_id.entry(&id.id).or_insert_with(|| Arc::clone(&known));
                    }
                }
                Accepts::Matching(matching) => marks.matching.push((entry.line, matching, known)),
            }
        }
        marks
    }

    /// Marks every divergence that an entry accepts.
    fn apply(&self, report: &mut Report) -> Seen<'b> {
        let mut seen = Seen::default();
        let mut counts = SeverityCounts::default();
        for divergence in &mut report.divergences {
            divergence.known = self.known(&divergence.sight(), &mut seen).cloned();
            counts.add(divergence.severity, u64::from(divergence.known.is_some()));
        }
        let mut groups = Vec::new();
        for group in &report.brief.groups {
            groups.extend(self.parted(group, report, &mut seen));
        }
        for group in groups.iter().filter(|group| group.known.is_some()) {
            counts.add(group.severity, group.len());
        }
        report.brief.groups = groups;
        report.summary.known = counts;
        seen
    }

    /// What accepts a divergence: an id goes before a pattern, and an earlier pattern before a later.
    fn known(&self, sight: &Sight<'_>, seen: &mut Seen<'b>) -> Option<&Arc<Known>> {
        let by_id = self.by_id.get_key_value(sight.id().as_str());
        seen.ids.extend(by_id.map(|(id, _)| *id));
        let mut matching = self.matching.iter().filter(|(_, matching, _)| matching.matches(sight));
        let first = matching.next();
        seen.lines
            .extend(first.into_iter().chain(matching).map(|(line, ..)| *line));
        by_id.map(|(_, known)| known).or_else(|| Some(&first?.2))
    }

    /// The group by what accepts its divergences.
    fn parted(&self, group: &Brief, report: &Report, seen: &mut Seen<'b>) -> Vec<Brief> {
        let mut parts: Vec<Brief> = Vec::new();
        for place in group.places() {
            let known = self.known(&group.at(report, place), seen);
            let at = parts.iter().position(|part| part.known.as_ref() == known);
            let at = at.unwrap_or_else(|| {
                parts.push(Brief {
                    known: known.cloned(),
                    ..group.emptied()
                });
                parts.len() - 1
            });
            if let Some(part) = parts.get_mut(at) {
                part.push(place.0, place.1);
            }
        }
        parts
    }
}

/// What a silent entry may be held against.
struct Played<'r> {
    whole: bool,
    rows: &'r [ScenarioRow],
    /// What the ids of divergences begin with; unneeded where everything was played.
    ids: BTreeSet<String>,
    left_out: Option<&'r [String]>,
}

impl<'r> Played<'r> {
    fn of(report: &'r Report, scope: &'r Scope) -> Self {
        let whole = *scope == Scope::Whole;
        let asked = report.scenarios.iter().filter(|_| !whole);
        Self {
            whole,
            rows: &report.scenarios,
            ids: asked.map(|row| scenario_id(&row.path)).collect(),
            left_out: match scope {
                Scope::Part { left_out } => left_out.as_deref(),
                Scope::Whole => None,
            },
        }
    }

    /// Whether the scenario of a divergence with this id was played.
    fn has_id(&self, id: &str) -> bool {
        self.whole || id.get(..8).is_some_and(|scenario| self.ids.contains(scenario))
    }

    /// Whether all scenarios were played that the patterns may be about.
    fn has_all_of(&self, matching: &Matching) -> bool {
        let may_be = |path: &str| matching.scenario.as_ref().is_none_or(|pattern| pattern.matches(path));
        let all_in = |left_out: &[String]| {
            !left_out.iter().any(|path| may_be(path)) && self.rows.iter().any(|row| may_be(&row.path))
        };
        self.whole || self.left_out.is_some_and(all_in)
    }
}

/// Entries that matched nothing though they were asked for.
fn gone(entries: &[&Entry], seen: &Seen<'_>, played: &Played<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for entry in entries {
        match &entry.accepts {
            Accepts::Ids(ids) => {
                let silent = ids
                    .iter()
                    .filter(|id| !seen.ids.contains(id.id.as_str()) && played.has_id(&id.id));
                problems.extend(silent.map(|id| Problem::gone(id.line, format!("`{}`", id.id))));
            }
            Accepts::Matching(matching) if !seen.lines.contains(&entry.line) && played.has_all_of(matching) => {
                problems.push(Problem::gone(entry.line, entry.name()));
            }
            Accepts::Matching(_) => {}
        }
    }
    problems
}

/// Ids that stand twice for the same versions, and entries that describe the same.
fn duplicates(entries: &[&Entry]) -> Vec<Problem> {
    let mut first: BTreeMap<_, usize> = BTreeMap::new();
    let mut problems = Vec::new();
    for entry in entries {
        let version = entry.version.as_ref().map(Pattern::as_str);
        for (line, what) in entry.items() {
            if let Some(earlier) = first.get(&(version, what.clone())) {
                let trouble = Trouble::Duplicate(*earlier);
                problems.push(Problem { line, what, trouble });
            } else {
                first.insert((version, what), line);
            }
        }
    }
    problems
}
