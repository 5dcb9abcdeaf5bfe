//! An expectation and an answer laid side by side, value for value, for people.

use parallax_contract::{
    ApiError, Expectation, Expected, Listing, Observation, Outcome, Pattern, Piece, Presence, Refusal, Value,
};

use crate::bag::pattern_key;
use crate::listing::{alike, key_of, own_key, place};
use crate::path::Path;
use crate::refusal::shown;
use crate::show;

/// What no source tells.
const UNSPECIFIED: &str = "unspecified";

/// What is not there.
const NOTHING: &str = "nothing";

/// The most rows that are made: an answer may list thousands.
const MOST: usize = 250;

/// One value of an answer: where it stands, what was due there, and what was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// A path as in a difference; empty for the answer as a whole.
    pub path: String,
    /// What was due.
    pub expected: String,
    /// What was there.
    pub observed: String,
}

/// The rows of an answer, in the order of what was due; what was not asked about comes behind. Elements of lists stand
/// beside the element with their key, and other people's are counted only.
pub fn aligned(due: &Expectation, seen: &Observation) -> Vec<Row> {
    let mut rows = Rows(Vec::new());
    let (output, refusal) = match &due.expected {
        Expected::Success { output, .. } => (Some(output), None),
        Expected::Refusal(refusal) => (None, Some(refusal)),
        Expected::Open { output, refusal, .. } => (Some(output), Some(refusal)),
    };
    rows.add(Path::Root, outcome_due(&due.expected), outcome_seen(seen));
    match &seen.outcome {
        Outcome::Success(value) => rows.walk(output, Some(value), Path::Root),
        Outcome::Error(error) => rows.error(refusal, error),
        Outcome::Malformed(_) | Outcome::Lost(_) => {}
    }
    rows.0
}

/// Accepted, refused with these codes, or not told.
fn outcome_due(expected: &Expected) -> String {
    match expected {
        Expected::Success { .. } => "accepted".to_owned(),
        Expected::Refusal(refusal) => refused_with(refusal),
        Expected::Open { reason, .. } => format!("{UNSPECIFIED}: {reason}"),
    }
}

fn refused_with(refusal: &Refusal) -> String {
    let codes: Vec<_> = refusal.codes.iter().map(|code| code.code.as_str()).collect();
    match codes.as_slice() {
        [] => "refused".to_owned(),
        codes => format!("refused: {}", codes.join(" or ")),
    }
}

fn outcome_seen(seen: &Observation) -> String {
    match &seen.outcome {
        Outcome::Success(_) if seen.status == 200 => "accepted".to_owned(),
        Outcome::Success(_) => format!("accepted with status {}", seen.status),
        Outcome::Error(error) => shown(error, seen.status),
        Outcome::Malformed(malformed) => format!("status {}, {}", seen.status, malformed.why),
        Outcome::Lost(fault) => fault.to_string(),
    }
}

struct Rows(Vec<Row>);

impl Rows {
    fn add(&mut self, at: Path<'_>, expected: impl Into<String>, observed: impl Into<String>) {
        if self.0.len() < MOST {
            self.0.push(Row {
                path: at.to_string(),
                expected: expected.into(),
                observed: observed.into(),
            });
        } else if let Some(last) = self.0.last_mut() {
            (last.path, last.expected) = ("…".to_owned(), "more values than are shown".to_owned());
            last.observed.clone_from(&last.expected);
        }
    }

    /// A pattern, where there is one, beside a value, where there is one.
    fn walk(&mut self, pattern: Option<&Pattern>, value: Option<&Value>, at: Path<'_>) {
        match pattern {
            None | Some(Pattern::Any { .. }) => self.unspecified(value, at),
            Some(Pattern::Exactly { value: due, .. }) => self.exactly(due, value, at),
            Some(Pattern::Absent { .. }) => self.exactly(&Value::Null, value, at),
            Some(Pattern::OneOf { values, .. }) => self.add(at, show::one_of(values), seen(value)),
            Some(Pattern::Template { pieces, .. }) => self.add(at, show::text(&outline(pieces)), seen(value)),
            Some(Pattern::Fields(fields)) => self.fields(fields, value, at),
            Some(Pattern::Bag {
                key, items, optional, ..
            }) => {
                let all: Vec<_> = items.iter().chain(optional).collect();
                self.bag(key, &all, value, at);
            }
            Some(Pattern::Listing(listing)) => self.listing(listing, value, at),
        }
    }

    /// What is there without anything being known of it.
    fn unspecified(&mut self, value: Option<&Value>, at: Path<'_>) {
        match value {
            Some(Value::Map(fields)) if !fields.is_empty() => {
                for (name, value) in fields {
                    self.unspecified(Some(value), Path::Member(&at, name));
                }
            }
            Some(Value::List(items)) if items.iter().any(|item| !item.fields().is_empty()) => {
                for (index, item) in items.iter().enumerate() {
                    self.unspecified(Some(item), Path::Index(&at, index));
                }
            }
            value => self.add(at, UNSPECIFIED, seen(value)),
        }
    }

    fn exactly(&mut self, due: &Value, value: Option<&Value>, at: Path<'_>) {
        match (due, value) {
            (Value::Map(fields), Some(Value::Map(others))) => {
                for (name, due) in fields {
                    self.exactly(due, value.and_then(|value| value.get(name)), Path::Member(&at, name));
                }
                for (name, other) in others.iter().filter(|(name, _)| due.get(name).is_none()) {
                    self.exactly(&Value::Null, Some(other), Path::Member(&at, name));
                }
            }
            (Value::List(items), Some(Value::List(others))) if !items.is_empty() || !others.is_empty() => {
                for index in 0..items.len().max(others.len()) {
                    let due = items.get(index).unwrap_or(&Value::Null);
                    self.exactly(due, others.get(index), Path::Index(&at, index));
                }
            }
            (Value::Text(due), Some(Value::Text(text))) => {
                let (due, text) = show::pair(due, text);
                self.add(at, due, text);
            }
            (due, value) => self.add(at, seen(Some(due)), seen(value)),
        }
    }

    fn fields(&mut self, fields: &[(String, Pattern)], value: Option<&Value>, at: Path<'_>) {
        for (name, pattern) in fields {
            let value = value.and_then(|value| value.get(name));
            self.walk(Some(pattern), value, Path::Member(&at, name));
        }
        self.others(value, at, |name| fields.iter().any(|(known, _)| known == name));
    }

    /// The members that are not known.
    fn others(&mut self, value: Option<&Value>, at: Path<'_>, known: impl Fn(&str) -> bool) {
        for (name, value) in value.map_or(&[][..], Value::fields) {
            if !known(name) {
                self.unspecified(Some(value), Path::Member(&at, name));
            }
        }
    }

    /// Elements beside the pattern with their key; what has no partner stands alone.
    fn bag(&mut self, key: &str, patterns: &[&Pattern], value: Option<&Value>, at: Path<'_>) {
        let elements = value.and_then(Value::as_list).unwrap_or_default();
        if patterns.is_empty() && elements.is_empty() {
            return self.add(at, NOTHING, seen(value));
        }
        let mut left: Vec<_> = elements.iter().enumerate().collect();
        for (index, pattern) in patterns.iter().enumerate() {
            let due = pattern_key(pattern, key);
            let with = |fits: fn(&str, &str) -> bool| {
                let is_it = |element: &Value| Some(fits(due?, key_of(element, key)?));
                left.iter().position(|(_, element)| is_it(element) == Some(true))
            };
            let found = with(|due, seen| due == seen).or_else(|| with(alike));
            let element = found.map(|at| left.remove(at).1);
            match due {
                Some(due) => self.walk(Some(pattern), element, Path::Key(&at, due)),
                None => self.walk(Some(pattern), element, Path::Index(&at, index)),
            }
        }
        for (index, element) in left {
            self.exactly(&Value::Null, Some(element), place(&at, element, key, index));
        }
    }

    fn listing(&mut self, listing: &Listing, value: Option<&Value>, at: Path<'_>) {
        let list = Path::Member(&at, &listing.member);
        let elements = value.and_then(|value| value.get(&listing.member));
        let elements = elements.and_then(Value::as_list).unwrap_or_default();
        for item in &listing.items {
            let id = item.ids.first().map(String::as_str).unwrap_or_default();
            let is_it = |element: &&Value| {
                let fits = |key: &str| item.ids.iter().any(|id| id == key || alike(id, key));
                key_of(element, &listing.key).is_some_and(fits)
            };
            match (item.presence, elements.iter().find(is_it)) {
                (Presence::Optional, None) => {}
                (Presence::Required, None) => self.add(Path::Key(&list, id), "it is listed", "it is not listed"),
                (Presence::Forbidden, None) => self.add(Path::Key(&list, id), "it is not listed", "it is not listed"),
                (Presence::Forbidden, Some(_)) => self.add(Path::Key(&list, id), "it is not listed", "it is listed"),
                (_, Some(element)) => {
                    let at = place(&list, element, &listing.key, 0);
                    self.walk(Some(&item.pattern), Some(element), at);
                }
            }
        }
        let stranger = |element: &&Value| own_key(listing, element).is_none();
        if let others @ 1.. = elements.iter().filter(stranger).count() {
            let due = if listing.others { UNSPECIFIED } else { NOTHING };
            self.add(list, due, format!("{others} others"));
        }
        self.others(value, at, |name| *name == listing.member);
    }

    fn error(&mut self, due: Option<&Refusal>, error: &ApiError) {
        let envelope = Path::Member(&Path::Root, "Error");
        let codes: Vec<_> = due.map_or(&[][..], |due| &due.codes).iter().collect();
        let due_code = match codes.as_slice() {
            [] => UNSPECIFIED.to_owned(),
            codes => codes
                .iter()
                .map(|code| show::text(&code.code))
                .collect::<Vec<_>>()
                .join(" or "),
        };
        self.add(Path::Member(&envelope, "Code"), due_code, show::text(&error.code));
        let fault = codes.first().and_then(|code| code.fault);
        let word = |fault: Option<parallax_contract::Fault>, none: &str| {
            fault.map_or_else(|| none.to_owned(), |fault| show::text(fault.as_str()))
        };
        self.add(
            Path::Member(&envelope, "Type"),
            word(fault, UNSPECIFIED),
            word(error.fault, NOTHING),
        );
        let message = due
            .filter(|due| due.message_recorded)
            .and_then(|due| due.message.as_deref());
        let observed = error.message.as_deref().map_or_else(|| NOTHING.to_owned(), show::text);
        let message = message.map_or_else(|| UNSPECIFIED.to_owned(), show::text);
        self.add(Path::Member(&envelope, "Message"), message, observed);
    }
}

fn seen(value: Option<&Value>) -> String {
    show::value(value.filter(|value| !matches!(value, Value::Null)))
}

/// A template for people, names in braces.
fn outline(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => text.clone(),
        Piece::Bound(name) => format!("{{{name}}}"),
    };
    pieces.iter().map(piece).collect()
}
