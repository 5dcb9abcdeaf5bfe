//! Simplifications of a scenario: small descriptions first, the scenario itself only when it is asked for.

use std::collections::BTreeMap;
use std::ops::Range;

use parallax_contract::Value;

use super::measure::magnitude;
use super::texts::{TextEdit, edit_text, is_token, text_edits};
use super::{playable, texts};
use crate::generate::notation::{atoms, write};
use crate::{Scenario, Step};

/// One simplification.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// Leaves steps out, and those that need what they capture.
    Steps(Range<usize>),
    /// The scenario need not run alone.
    Shared,
    /// The step asks for one page, whatever the answer.
    Once(usize),
    /// Leaves out a departure from the usual encoding.
    Tweak(usize, usize),
    /// Leaves out a capture that nothing needs.
    Capture(usize, usize),
    /// Leaves out members or elements of what stands at the path.
    Parts(usize, Vec<usize>, Range<usize>),
    /// Puts a smaller number at the path.
    Number(usize, Vec<usize>, Value),
    /// Leaves out what several texts begin with, before the run token, in all of them.
    Beginning(String),
    /// Simplifies a text wherever it stands, or only at its n-th place.
    Text(String, Option<usize>, TextEdit),
}

/// The simplifications of a scenario, those that leave out most first.
pub(super) fn edits(scenario: &Scenario) -> Vec<Edit> {
    let count = scenario.steps.len();
    let mut edits: Vec<_> = ranges(count, count / 2).map(Edit::Steps).collect();
    if scenario.exclusive {
        edits.push(Edit::Shared);
    }
    let (mut parts, mut numbers, mut captures) = (Vec::new(), Vec::new(), Vec::new());
    for (at, step) in scenario.steps.iter().enumerate() {
        if step.all_pages || step.until_refused {
            edits.push(Edit::Once(at));
        }
        edits.extend((0..step.call.tweaks.len()).map(|tweak| Edit::Tweak(at, tweak)));
        captures.extend((0..step.captures.len()).map(|capture| Edit::Capture(at, capture)));
        let mut walk = Walk {
            step: at,
            path: Vec::new(),
            parts: &mut parts,
            numbers: &mut numbers,
        };
        walk.value(&step.call.input);
    }
    edits.extend(parts);
    edits.extend(captures);
    edits.extend(of_texts(scenario));
    edits.extend(numbers);
    edits
}

/// The stretches of `count` things, the longest first: `longest` of them, half as many, down to one.
pub(super) fn ranges(count: usize, longest: usize) -> impl Iterator<Item = Range<usize>> {
    let sizes = std::iter::successors(Some(longest), |size| Some(size / 2)).take_while(|size| *size > 0);
    sizes.flat_map(move |size| (0..count).step_by(size).map(move |from| from..(from + size).min(count)))
}

/// Collects what a value can lose.
struct Walk<'a> {
    step: usize,
    path: Vec<usize>,
    parts: &'a mut Vec<Edit>,
    numbers: &'a mut Vec<Edit>,
}

impl Walk<'_> {
    fn value(&mut self, value: &Value) {
        match value {
            Value::List(items) => {
                self.container(items.len(), items.len());
                items.iter().enumerate().for_each(|(at, item)| self.inner(at, item));
            }
            Value::Map(fields) => {
                self.container(fields.len(), 1);
                let values = fields.iter().map(|(_, value)| value);
                values.enumerate().for_each(|(at, value)| self.inner(at, value));
            }
            Value::Blob(bytes) => self.container(bytes.len(), bytes.len()),
            other => {
                let smaller = smaller(other).into_iter();
                self.numbers
                    .extend(smaller.map(|smaller| Edit::Number(self.step, self.path.clone(), smaller)));
            }
        }
    }

    fn inner(&mut self, at: usize, value: &Value) {
        self.path.push(at);
        self.value(value);
        self.path.pop();
    }

    fn container(&mut self, count: usize, longest: usize) {
        let ranges = ranges(count, longest);
        self.parts
            .extend(ranges.map(|range| Edit::Parts(self.step, self.path.clone(), range)));
    }
}

/// Smaller numbers, the smallest first.
fn smaller(value: &Value) -> Vec<Value> {
    let halves = |number: f64| {
        let candidates = [0.0, (number / 2.0).trunc(), number.trunc()];
        candidates
            .into_iter()
            .filter(move |smaller| magnitude(*smaller) < magnitude(number))
    };
    match value {
        Value::Bool(true) => vec![Value::Bool(false)],
        Value::Int(number) => {
            let candidates = [0, number / 2, number - number.signum()].into_iter();
            let smaller = candidates.filter(|smaller| smaller.unsigned_abs() < number.unsigned_abs());
            smaller.map(Value::Int).collect()
        }
        Value::Float(number) => halves(*number).map(Value::Float).collect(),
        Value::Timestamp(number) => halves(*number).map(Value::Timestamp).collect(),
        _ => Vec::new(),
    }
}

/// Each different text wherever it stands, so that a name and those who ask for it change together; then each place of
/// those that stand in several.
fn of_texts(scenario: &Scenario) -> Vec<Edit> {
    let mut steps = scenario.steps.clone();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    for text in steps.iter_mut().flat_map(|step| texts(&mut step.call)) {
        let count = places.entry(text.clone()).or_default();
        if *count == 0 {
            order.push(text.clone());
        }
        *count += 1;
    }
    let beginnings = beginnings(&order);
    let everywhere = order.iter().map(|text| (text, None));
    let single = order.iter().flat_map(|text| {
        let count = places.get(text).copied().filter(|count| *count > 1).unwrap_or(0);
        (0..count).map(move |place| (text, Some(place)))
    });
    let simpler = everywhere.chain(single).flat_map(|(text, place)| {
        text_edits(text)
            .into_iter()
            .map(move |edit| Edit::Text(text.clone(), place, edit))
    });
    beginnings.map(Edit::Beginning).chain(simpler).collect()
}

/// What at least two different texts have before the run token; names that are near each other stay so without it.
fn beginnings(texts: &[String]) -> impl Iterator<Item = String> {
    let before = |text: &String| {
        let parts = atoms(text);
        let at = parts.iter().position(is_token)?;
        Some(write(parts.get(..at)?)).filter(|beginning| !beginning.is_empty())
    };
    let mut found: Vec<String> = texts.iter().filter_map(before).collect();
    found.sort_unstable();
    found.dedup();
    found.retain(|beginning| texts.iter().filter(|text| text.starts_with(beginning.as_str())).count() > 1);
    found.into_iter()
}

/// The simpler scenario; `None` where the edit changes nothing or leaves no step.
pub(super) fn apply(scenario: &Scenario, edit: &Edit) -> Option<Scenario> {
    let mut simpler = scenario.clone();
    let steps = &mut simpler.steps;
    match edit {
        Edit::Steps(range) => {
            let mut at = 0..;
            steps.retain(|_| !at.next().is_some_and(|at| range.contains(&at)));
        }
        Edit::Shared => simpler.exclusive = false,
        Edit::Once(at) => {
            let step = steps.get_mut(*at)?;
            (step.all_pages, step.until_refused) = (false, false);
        }
        Edit::Tweak(at, tweak) => {
            steps.get_mut(*at)?.call.tweaks.remove(*tweak);
        }
        Edit::Capture(at, capture) => {
            steps.get_mut(*at)?.captures.remove(*capture);
            // Whoever needs it is left out by another edit.
            return unharmed(simpler);
        }
        Edit::Parts(at, path, range) => cut(find(steps, *at, path)?, range.clone()),
        Edit::Number(at, path, smaller) => *find(steps, *at, path)? = smaller.clone(),
        Edit::Beginning(beginning) => {
            for text in steps.iter_mut().flat_map(|step| texts(&mut step.call)) {
                if let Some(rest) = text.strip_prefix(beginning.as_str()).map(str::to_owned) {
                    *text = rest;
                }
            }
        }
        Edit::Text(old, place, edit) => replace(steps, old, *place, &edit_text(old, edit)?),
    }
    simpler.steps = playable(simpler.steps);
    (!simpler.steps.is_empty()).then_some(simpler)
}

fn unharmed(scenario: Scenario) -> Option<Scenario> {
    (playable(scenario.steps.clone()).len() == scenario.steps.len()).then_some(scenario)
}

fn find<'a>(steps: &'a mut [Step], at: usize, path: &[usize]) -> Option<&'a mut Value> {
    let input = &mut steps.get_mut(at)?.call.input;
    path.iter().try_fold(input, |value, at| match value {
        Value::List(items) => items.get_mut(*at),
        Value::Map(fields) => fields.get_mut(*at).map(|(_, value)| value),
        _ => None,
    })
}

fn cut(value: &mut Value, range: Range<usize>) {
    match value {
        Value::List(items) => drop(items.drain(range)),
        Value::Map(fields) => drop(fields.drain(range)),
        Value::Blob(bytes) => drop(bytes.drain(range)),
        _ => {}
    }
}

fn replace(steps: &mut [Step], old: &str, place: Option<usize>, new: &str) {
    let same = steps
        .iter_mut()
        .flat_map(|step| texts(&mut step.call))
        .filter(|text| *text == old);
    for (at, text) in same.enumerate() {
        if place.is_none_or(|place| place == at) {
            new.clone_into(text);
        }
    }
}
