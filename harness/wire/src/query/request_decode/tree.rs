//! Dotted parameter names, gathered into values along the shapes.

use std::collections::BTreeMap;

use parallax_contract::{Contract, ShapeKind, Value};

use crate::query::place::{self, ELEMENT, ENTRY, Place};
use crate::scalar;

/// The most parts that a parameter's name may have. Real ones have under ten; values nested without bound would exhaust
/// the stack.
const MAX_PARTS: usize = 64;

/// Which departures the lists showed.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// An element was named `member` where the model says otherwise.
    pub(super) member: bool,
    /// Numbers are missing.
    pub(super) gaps: bool,
    /// Numbering starts at 0.
    pub(super) from_zero: bool,
}

/// A value being gathered.
pub(super) struct Node<'c> {
    place: Place<'c>,
    content: Content<'c>,
}

enum Content<'c> {
    /// Named, but not filled yet.
    Nothing,
    /// A parameter's whole value.
    Leaf(String),
    Fields(Vec<(&'c str, Node<'c>)>),
    Items(BTreeMap<u64, Node<'c>>),
    Entries(BTreeMap<u64, Entry<'c>>),
}

#[derive(Default)]
struct Entry<'c> {
    key: Option<Node<'c>>,
    value: Option<Node<'c>>,
}

impl<'c> Node<'c> {
    pub(super) fn new(place: Place<'c>) -> Self {
        Self {
            place,
            content: Content::Nothing,
        }
    }

    /// Puts `value` where the dotted `name` says. False where the shapes have no such name, or there is a value already;
    /// then nothing has changed.
    pub(super) fn insert(&mut self, contract: &'c Contract, name: &str, value: &str, seen: &mut Seen) -> bool {
        if name.split('.').nth(MAX_PARTS).is_some() {
            return false;
        }
        let Some(path) = steps(contract, self.place, name, seen) else {
            return false;
        };
        if !path.last().is_some_and(|step| takes(step.place, value)) {
            return false;
        }
        let mut node = Some(self);
        for step in path {
            node = node.and_then(|node| node.child(step));
        }
        node.is_some_and(|node| node.fill(value))
    }

    fn child(&mut self, step: Step<'c>) -> Option<&mut Node<'c>> {
        let Step { at, place } = step;
        match at {
            At::Field(name) => field(&mut self.content, name, place),
            At::Item(number) => {
                let items = items(&mut self.content)?;
                Some(items.entry(number).or_insert_with(|| Node::new(place)))
            }
            At::Key(number) => {
                let entry = entries(&mut self.content)?.entry(number).or_default();
                Some(entry.key.get_or_insert_with(|| Node::new(place)))
            }
            At::Value(number) => {
                let entry = entries(&mut self.content)?.entry(number).or_default();
                Some(entry.value.get_or_insert_with(|| Node::new(place)))
            }
        }
    }

    fn fill(&mut self, value: &str) -> bool {
        let free = matches!(self.content, Content::Nothing);
        if free {
            self.content = Content::Leaf(value.to_owned());
        }
        free
    }

    /// The value gathered.
    pub(super) fn finish(self, seen: &mut Seen) -> Value {
        match self.content {
            Content::Nothing => Value::Null,
            Content::Leaf(text) => leaf(&text, self.place),
            Content::Fields(fields) => Value::Map(
                fields
                    .into_iter()
                    .map(|(name, node)| (name.to_owned(), node.finish(seen)))
                    .collect(),
            ),
            Content::Items(items) => {
                note_numbering(&items, seen);
                Value::List(items.into_values().map(|node| node.finish(seen)).collect())
            }
            Content::Entries(entries) => {
                Value::Map(entries.into_values().filter_map(|entry| entry.finish(seen)).collect())
            }
        }
    }
}

impl Entry<'_> {
    /// Key and value; an entry without a key has no place in a map.
    fn finish(self, seen: &mut Seen) -> Option<(String, Value)> {
        let value = self.value.map_or(Value::Null, |node| node.finish(seen));
        match self.key?.content {
            Content::Leaf(key) => Some((key, value)),
            _ => None,
        }
    }
}

fn field<'n, 'c>(content: &'n mut Content<'c>, name: &'c str, place: Place<'c>) -> Option<&'n mut Node<'c>> {
    if matches!(content, Content::Nothing) {
        *content = Content::Fields(Vec::new());
    }
    let Content::Fields(fields) = content else {
        return None;
    };
    let index = fields
        .iter()
        .position(|(known, _)| *known == name)
        .unwrap_or(fields.len());
    if index == fields.len() {
        fields.push((name, Node::new(place)));
    }
    fields.get_mut(index).map(|(_, node)| node)
}

fn items<'n, 'c>(content: &'n mut Content<'c>) -> Option<&'n mut BTreeMap<u64, Node<'c>>> {
    if matches!(content, Content::Nothing) {
        *content = Content::Items(BTreeMap::new());
    }
    match content {
        Content::Items(items) => Some(items),
        _ => None,
    }
}

fn entries<'n, 'c>(content: &'n mut Content<'c>) -> Option<&'n mut BTreeMap<u64, Entry<'c>>> {
    if matches!(content, Content::Nothing) {
        *content = Content::Entries(BTreeMap::new());
    }
    match content {
        Content::Entries(entries) => Some(entries),
        _ => None,
    }
}

/// Whether this text can stand here: any for a scalar, none for what has parts.
fn takes(place: Place<'_>, text: &str) -> bool {
    use ShapeKind::{List, Map, Structure};
    match place.kind {
        Some(List { .. } | Map { .. } | Structure { .. }) => text.is_empty(),
        kind => kind.is_some(),
    }
}

fn leaf(text: &str, place: Place<'_>) -> Value {
    match place.kind {
        Some(ShapeKind::List { .. }) => Value::List(Vec::new()),
        None | Some(ShapeKind::Structure { .. } | ShapeKind::Map { .. }) => Value::Null,
        Some(kind) if text.is_empty() && !matches!(kind, ShapeKind::String | ShapeKind::Blob) => Value::Null,
        Some(kind) => {
            let read = scalar::read(text, kind, place.form);
            // A server takes a scalar in its proper form or not at all.
            if read.odd.is_some() {
                Value::text(text)
            } else {
                read.value
            }
        }
    }
}

fn note_numbering(items: &BTreeMap<u64, Node<'_>>, seen: &mut Seen) {
    let first = items.keys().next().copied().unwrap_or(1);
    let contiguous = items
        .keys()
        .copied()
        .eq(first..first.saturating_add(items.len() as u64));
    match first {
        0 | 1 if !contiguous => seen.gaps = true,
        0 => seen.from_zero = true,
        1 => {}
        _ => seen.gaps = true,
    }
}

/// One step down, and what stands there.
struct Step<'c> {
    at: At<'c>,
    place: Place<'c>,
}

enum At<'c> {
    Field(&'c str),
    Item(u64),
    Key(u64),
    Value(u64),
}

/// The steps that `name` takes from `place`; `None` where it leads nowhere.
fn steps<'c>(contract: &'c Contract, place: Place<'c>, name: &str, seen: &mut Seen) -> Option<Vec<Step<'c>>> {
    let mut steps = Vec::new();
    let mut parts = name.split('.').peekable();
    let mut here = place;
    let mut member = false;
    while parts.peek().is_some() {
        let step = step(contract, here, &mut parts, &mut member)?;
        here = step.place;
        steps.push(step);
    }
    seen.member |= member;
    Some(steps)
}

type Parts<'p> = std::iter::Peekable<std::str::Split<'p, char>>;

fn step<'c>(contract: &'c Contract, place: Place<'c>, parts: &mut Parts<'_>, member: &mut bool) -> Option<Step<'c>> {
    match place.kind? {
        ShapeKind::Structure { members } => {
            let found = place::member_named(contract, members, parts.next()?)?;
            Some(Step {
                at: At::Field(&found.name),
                place: Place::of_member(contract, found),
            })
        }
        ShapeKind::List {
            member: shape,
            location_name,
            ..
        } => {
            let usual = if place.flattened {
                None
            } else {
                Some(location_name.as_deref().unwrap_or(ELEMENT))
            };
            element_name(usual, parts, member)?;
            Some(Step {
                at: At::Item(number(parts.next()?)?),
                place: Place::of_shape(contract, shape),
            })
        }
        ShapeKind::Map {
            key,
            value,
            key_name,
            value_name,
            ..
        } => {
            if !place.flattened && parts.next()? != ENTRY {
                return None;
            }
            let number = number(parts.next()?)?;
            let name = parts.next()?;
            let (at, shape) = match name {
                _ if name == key_name.as_deref().unwrap_or("key") => (At::Key(number), key),
                _ if name == value_name.as_deref().unwrap_or("value") => (At::Value(number), value),
                _ => return None,
            };
            Some(Step {
                at,
                place: Place::of_shape(contract, shape),
            })
        }
        _ => None,
    }
}

/// Consumes the name of a list's elements: the usual one, none where none is usual, or `member` for any list.
fn element_name(usual: Option<&str>, parts: &mut Parts<'_>, member: &mut bool) -> Option<()> {
    let name = *parts.peek()?;
    match usual {
        Some(usual) if name == usual => {}
        None if name != ELEMENT => return Some(()),
        _ if name == ELEMENT => *member = true,
        _ => return None,
    }
    parts.next().map(|_| ())
}

/// Digits only: `+1` and ` 1` are no numbers of elements.
fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
