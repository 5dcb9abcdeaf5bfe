//! Scenarios changed in a few places.

use std::collections::BTreeSet;

use parallax_contract::Value;

use super::choose::{Choose, index, pick, rarely, weighted};
use super::folding::{partnered, respell};
use super::notation::{Atom, atoms, write};
use super::plan::Plan;
use super::recast::recast;
use super::story::{number, sequel, tell};
use super::text::{LENGTHS, wild_char};
use crate::reduce::{playable, texts};
use crate::{Scenario, Step};

/// How many more steps than a generated one a mutated scenario may have.
const ROOM: usize = 8;

/// One change.
#[derive(Clone, Copy)]
enum Change {
    Text,
    Insert,
    Delete,
    Repeat,
    Swap,
    Splice,
    Member,
    Copy,
    Recast,
}

/// One to three changes; the steps are named anew.
pub(super) fn mutate(
    plan: &Plan,
    scenario: &Scenario,
    other: Option<&Scenario>,
    choose: &mut dyn Choose,
    longest: u32,
) -> Scenario {
    let mut steps = scenario.steps.clone();
    for _ in 0..=choose.below(3) {
        steps = playable(change(plan, steps, other, choose));
    }
    steps.truncate(longest as usize + ROOM);
    if steps.is_empty() {
        return tell(plan, choose, longest);
    }
    Scenario {
        path: String::new(),
        resource: scenario.resource.clone(),
        steps: number(steps),
        exclusive: scenario.exclusive,
    }
}

fn change(plan: &Plan, mut steps: Vec<Step>, other: Option<&Scenario>, choose: &mut dyn Choose) -> Vec<Step> {
    let changes = [
        (8, Change::Text),
        (6, Change::Insert),
        (4, Change::Delete),
        (3, Change::Repeat),
        (3, Change::Swap),
        (if other.is_some() { 3 } else { 0 }, Change::Splice),
        (2, Change::Member),
        (3, Change::Recast),
        (3, Change::Copy),
    ];
    let at = index(choose, steps.len());
    match weighted(choose, &changes).unwrap_or(Change::Text) {
        Change::Text => change_text(&mut steps, choose),
        Change::Insert => {
            let place = index(choose, steps.len() + 1);
            let more = sequel(plan, choose, steps.get(..place).unwrap_or_default());
            steps.splice(place..place, more);
        }
        Change::Delete if at < steps.len() => drop(steps.remove(at)),
        Change::Repeat => repeat_some(&mut steps, at, choose),
        Change::Swap if at + 1 < steps.len() => steps.swap(at, at + 1),
        Change::Splice => return other.map_or(steps.clone(), |other| splice(&steps, &other.steps, choose)),
        Change::Member => change_member(plan, &mut steps, at, choose),
        Change::Recast => return recast(plan, steps, choose),
        Change::Copy => copy_text(&mut steps, choose),
        Change::Delete | Change::Swap => {}
    }
    steps
}

/// A few steps once or twice more, at once or a little later.
fn repeat_some(steps: &mut Vec<Step>, at: usize, choose: &mut dyn Choose) {
    let end = (at + 1 + choose.below(4) as usize).min(steps.len());
    let block = steps.get(at..end).unwrap_or_default();
    let times = 1 + choose.below(2) as usize;
    let again: Vec<_> = std::iter::repeat_n(block, times).flatten().cloned().collect();
    let place = match choose.below(3) {
        0 => end,
        _ => (at + 1 + choose.below(4) as usize).min(steps.len()),
    };
    steps.splice(place..place, again);
}

/// One text put in the place of another. What has the run token keeps one, so that nobody else's name is taken.
fn copy_text(steps: &mut [Step], choose: &mut dyn Choose) {
    let mut all: Vec<_> = steps.iter_mut().flat_map(|step| texts(&mut step.call)).collect();
    let (from, to) = (index(choose, all.len()), index(choose, all.len()));
    let text = all.get(from).map(ToString::to_string);
    let has_token = |text: &str| {
        atoms(text)
            .iter()
            .any(|atom| matches!(atom, Atom::Place(name, _) if name == "run"))
    };
    if let (Some(text), Some(place)) = (text, all.get_mut(to))
        && (has_token(&text) || !has_token(place))
    {
        **place = text;
    }
}

/// The beginning of one and the end of another, with the captures of the second named apart.
fn splice(first: &[Step], second: &[Step], choose: &mut dyn Choose) -> Vec<Step> {
    let end = index(choose, first.len() + 1);
    let begin = index(choose, second.len() + 1);
    let mut steps = first.get(..end).unwrap_or_default().to_vec();
    let taken: BTreeSet<String> = names(&steps).collect();
    let mut rest = second.to_vec();
    for name in names(second)
        .filter(|name| taken.contains(name))
        .collect::<BTreeSet<_>>()
    {
        let fresh = fresh(&name, &taken, second);
        rest.iter_mut().for_each(|step| rename(step, &name, &fresh));
    }
    // Captures of the part that is left out are lost, and with them the steps that need them.
    steps.extend(rest.into_iter().skip(begin));
    steps
}

fn names(steps: &[Step]) -> impl Iterator<Item = String> {
    steps
        .iter()
        .flat_map(|step| &step.captures)
        .map(|capture| capture.name.clone())
}

fn fresh(name: &str, taken: &BTreeSet<String>, second: &[Step]) -> String {
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let free = |candidate: &String| !taken.contains(candidate) && !names(second).any(|other| other == *candidate);
    (1..)
        .map(|number| format!("{base}{number}"))
        .find(free)
        .unwrap_or_default()
}

fn rename(step: &mut Step, from: &str, to: &str) {
    for capture in step.captures.iter_mut().filter(|capture| capture.name == from) {
        capture.name = to.to_owned();
    }
    for text in texts(&mut step.call) {
        if text.contains('{') {
            let renamed: Vec<_> = atoms(text)
                .into_iter()
                .map(|atom| match atom {
                    Atom::Place(name, form) if name == from => Atom::Place(to.to_owned(), form),
                    other => other,
                })
                .collect();
            *text = write(&renamed);
        }
    }
}

/// One text respelled, brought to a length, or with one character more, and perhaps everywhere it stands.
fn change_text(steps: &mut [Step], choose: &mut dyn Choose) {
    let all: Vec<String> = steps
        .iter_mut()
        .flat_map(|step| texts(&mut step.call))
        .map(|text| text.clone())
        .collect();
    let Some(old) = pick(choose, &all).cloned() else {
        return;
    };
    let new = match choose.below(6) {
        0 | 1 => respell(choose, &old),
        2 => partnered(choose, &old),
        3 | 4 => resized(choose, &old),
        _ => with_one_more(choose, &old),
    };
    let everywhere = choose.below(2) == 1;
    let mut places: Vec<_> = steps
        .iter_mut()
        .flat_map(|step| texts(&mut step.call))
        .filter(|text| **text == old)
        .collect();
    let only = index(choose, places.len());
    for (at, place) in places.iter_mut().enumerate() {
        if everywhere || at == only {
            place.clone_from(&new);
        }
    }
}

/// The text made as long as a bound, or one longer or shorter than it is; placeholders stay.
fn resized(choose: &mut dyn Choose, text: &str) -> String {
    let mut parts = atoms(text);
    let now: usize = parts.iter().map(Atom::length).sum();
    let wanted = match choose.below(4) {
        0 => now + 1,
        1 => now.saturating_sub(1),
        2 => now * 2,
        _ => pick(choose, &LENGTHS).copied().unwrap_or(now),
    };
    match wanted.checked_sub(now) {
        Some(more) => {
            parts.insert(parts.len().min(1), Atom::Repeat("a".to_owned(), more));
            // Written out and read again, a short repetition is plain characters.
            write(&parts)
        }
        None => shortened(parts, now - wanted),
    }
}

fn shortened(parts: Vec<Atom>, mut excess: usize) -> String {
    let mut kept = Vec::new();
    for part in parts.into_iter().rev() {
        match part {
            Atom::Char(_) if excess > 0 => excess -= 1,
            Atom::Repeat(text, times) if excess > 0 => {
                let fewer = times.min(excess);
                excess -= fewer;
                kept.push(Atom::Repeat(text, times - fewer));
            }
            other => kept.push(other),
        }
    }
    kept.reverse();
    write(&kept)
}

fn with_one_more(choose: &mut dyn Choose, text: &str) -> String {
    let mut parts = atoms(text);
    let place = index(choose, parts.len() + 1);
    parts.insert(place, Atom::Char(wild_char(choose)));
    write(&parts)
}

/// A member given another value, or taken away.
fn change_member(plan: &Plan, steps: &mut [Step], at: usize, choose: &mut dyn Choose) {
    let Some(step) = steps.get_mut(at) else {
        return;
    };
    let fields = plan.fields(&step.call.operation);
    let Some(field) = pick(choose, fields) else {
        return;
    };
    match step.call.input.get(&field.name) {
        Some(Value::Text(text)) if text.contains('{') => {}
        Some(_) if rarely(choose, 2) => step.call.input.remove(&field.name),
        _ if plan.names_one(&field.name) => step.call.input.set(&field.name, Value::text("px{run}")),
        _ => step.call.input.set(&field.name, field.kind.value(choose)),
    }
}
