//! A pattern walked along a value.

use parallax_contract::{Evidence, Pattern, Piece, Presence, Value};
use parallax_outcome::{Kind, Severity};

use crate::bindings::Mismatch;
use crate::findings::Findings;
use crate::path::Path;
use crate::{show, text};

impl Findings<'_> {
    /// Holds a value, or its absence, against what it must be.
    pub(crate) fn walk(&mut self, pattern: &Pattern, value: Option<&Value>, at: Path<'_>) {
        match pattern {
            Pattern::Any { .. } => {}
            Pattern::Exactly { value: due, basis } => self.exactly(due, value, at, basis),
            Pattern::OneOf { values, basis } => self.one_of(values, value, at, basis),
            Pattern::Absent { basis } => self.exactly(&Value::Null, value, at, basis),
            Pattern::Template { pieces, basis } => self.template(pieces, value, at, basis),
            Pattern::Fields(fields) => self.fields(fields, value, at),
            Pattern::Bag {
                key,
                items,
                optional,
                basis,
            } => self.bag(key, (items, optional), value, at, basis),
            Pattern::Listing(listing) => self.listing(listing, value, at),
        }
    }

    /// Members not named are unspecified. Where the whole structure is missing, that is one difference.
    fn fields(&mut self, fields: &[(String, Pattern)], value: Option<&Value>, at: Path<'_>) {
        match value.filter(|value| !matches!(value, Value::Null)) {
            Some(value @ Value::Map(_)) => {
                for (name, pattern) in fields {
                    self.walk(pattern, value.get(name), Path::Member(&at, name));
                }
            }
            other => {
                let Some((name, basis)) = fields
                    .iter()
                    .find_map(|(name, pattern)| Some((name, demanded(pattern)?)))
                else {
                    return;
                };
                let kind = if other.is_some() { Kind::Type } else { Kind::Missing };
                let sides = (format!("a structure with {name}"), show::value(other));
                self.usual(kind, at, sides, basis);
            }
        }
    }

    pub(crate) fn exactly(&mut self, due: &Value, value: Option<&Value>, at: Path<'_>, why: &Evidence) {
        if same(due, value) {
            return;
        }
        match (due, value) {
            (Value::Map(fields), Some(seen @ Value::Map(_))) => self.same_fields(fields, seen, at, why),
            (Value::List(due), Some(Value::List(seen))) => self.same_list(due, seen, at, why),
            _ => self.scalar(due, value, at, why),
        }
    }

    fn same_fields(&mut self, due: &[(String, Value)], seen: &Value, at: Path<'_>, why: &Evidence) {
        for (name, due) in due {
            self.exactly(due, seen.get(name), Path::Member(&at, name), why);
        }
        for (name, extra) in seen.fields() {
            if !extra.is_empty() && !due.iter().any(|(known, _)| known == name) {
                self.exactly(&Value::Null, Some(extra), Path::Member(&at, name), why);
            }
        }
    }

    fn same_list(&mut self, due: &[Value], seen: &[Value], at: Path<'_>, why: &Evidence) {
        if is_reordered(due, seen) {
            let sides = (list_text(due), list_text(seen));
            return self.usual(Kind::Order, at, sides, why);
        }
        for index in 0..due.len().max(seen.len()) {
            let due = due.get(index).unwrap_or(&Value::Null);
            self.exactly(due, seen.get(index), Path::Index(&at, index), why);
        }
    }

    fn scalar(&mut self, due: &Value, value: Option<&Value>, at: Path<'_>, why: &Evidence) {
        let kind = kind_of(due, value);
        let sides = match (due, value) {
            (Value::Text(due), Some(Value::Text(seen))) => show::pair(due, seen),
            _ => (show::value(Some(due).filter(|due| !due.is_empty())), show::value(value)),
        };
        match kind {
            // More than was due is seen and harms no SDK.
            Kind::Unexpected => self.add((kind, Severity::Warning), at, sides, why),
            _ => self.usual(kind, at, sides, why),
        }
    }

    fn one_of(&mut self, values: &[Value], value: Option<&Value>, at: Path<'_>, why: &Evidence) {
        if values.is_empty() || values.iter().any(|due| same(due, value)) {
            return;
        }
        // The nearest of them says in what way it differs.
        let kinds = || values.iter().map(|due| kind_of(due, value));
        let kind = kinds()
            .find(|kind| !matches!(kind, Kind::Value | Kind::Unexpected | Kind::Type))
            .or_else(|| kinds().next())
            .unwrap_or(Kind::Value);
        self.usual(kind, at, (show::one_of(values), show::value(value)), why);
    }

    fn template(&mut self, pieces: &[Piece], value: Option<&Value>, at: Path<'_>, why: &Evidence) {
        let (kind, shown) = match value {
            Some(Value::Text(seen)) => match self.bindings.match_text(pieces, seen) {
                Ok(()) => return,
                Err(Mismatch { shown, due }) if due == *seen => (Kind::Value, shown),
                Err(Mismatch { shown, due }) => (text::difference(&due, seen), shown),
            },
            other => {
                let kind = kind_of(&Value::text("text"), other);
                (kind, self.bindings.outline(pieces))
            }
        };
        self.usual(kind, at, (show::text(&shown), show::value(value)), why);
    }
}

/// Whether nobody could tell the two apart. Null, an empty list and an empty structure are as good as absent, and what
/// is a number or a truth on one side may be its text on the other.
pub(crate) fn same(due: &Value, value: Option<&Value>) -> bool {
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        return due.is_empty();
    };
    match (due, value) {
        (Value::Float(due), Value::Float(seen)) => due == seen || (due.is_nan() && seen.is_nan()),
        // A service keeps milliseconds at best.
        (Value::Timestamp(due), Value::Timestamp(seen)) => (due - seen).abs() < 0.001,
        (Value::List(due), Value::List(seen)) => {
            due.len() == seen.len() && due.iter().zip(seen).all(|(due, seen)| same(due, Some(seen)))
        }
        (Value::Map(due), Value::Map(seen)) => {
            due.iter().all(|(name, due)| same(due, value.get(name)))
                && seen
                    .iter()
                    .all(|(name, seen)| seen.is_empty() || due.iter().any(|(due, _)| due == name))
        }
        (Value::Text(text), other) | (other, Value::Text(text)) => same_text(text, other),
        _ => due == value,
    }
}

fn same_text(text: &str, other: &Value) -> bool {
    match other {
        Value::Text(other) => text == other,
        Value::Bool(truth) => text.parse() == Ok(*truth),
        Value::Int(number) => text.parse() == Ok(*number),
        Value::Float(number) => text.parse() == Ok(*number),
        _ => false,
    }
}

/// The kind of difference between two values that are not the same.
fn kind_of(due: &Value, value: Option<&Value>) -> Kind {
    let blank = |value: &Value| value.as_text() == Some("");
    match (due, value.filter(|value| !value.is_empty())) {
        (due, None) if blank(due) => Kind::NullEmpty,
        (_, None) => Kind::Missing,
        (due, Some(seen)) if due.is_empty() && blank(seen) => Kind::NullEmpty,
        (due, Some(_)) if due.is_empty() => Kind::Unexpected,
        (Value::Text(due), Some(Value::Text(seen))) => text::difference(due, seen),
        (due, Some(seen)) if std::mem::discriminant(due) == std::mem::discriminant(seen) => Kind::Value,
        _ => Kind::Type,
    }
}

fn is_reordered(due: &[Value], seen: &[Value]) -> bool {
    let mut left: Vec<&Value> = seen.iter().collect();
    due.len() == seen.len()
        && due.iter().all(|due| {
            let found = left.iter().position(|seen| same(due, Some(seen)));
            found.map(|at| left.swap_remove(at)).is_some()
        })
}

fn list_text(items: &[Value]) -> String {
    show::value(Some(&Value::List(items.to_vec())))
}

/// Why a pattern wants something to be there; `None` where it is content with nothing.
pub(crate) fn demanded(pattern: &Pattern) -> Option<&Evidence> {
    match pattern {
        Pattern::Any { .. } | Pattern::Absent { .. } => None,
        Pattern::Exactly { value, basis } => (!value.is_empty()).then_some(&**basis),
        Pattern::OneOf { values, basis } => (!values.iter().any(Value::is_empty)).then_some(&**basis),
        Pattern::Template { basis, .. } => Some(basis),
        Pattern::Fields(fields) => fields.iter().find_map(|(_, pattern)| demanded(pattern)),
        Pattern::Bag { items, basis, .. } => (!items.is_empty()).then_some(&**basis),
        Pattern::Listing(listing) => listing
            .items
            .iter()
            .any(|item| item.presence == Presence::Required)
            .then_some(&*listing.basis),
    }
}
