//! What the contract declares of every output, whatever else is known of it: each member is of its declared type.

use parallax_contract::{Confidence, Evidence, Listing, Origin, Rule, Shape, ShapeKind, Value};
use parallax_outcome::{Kind, Severity};

use crate::findings::Findings;
use crate::listing::own_key;
use crate::path::Path;
use crate::scope::{Scope, element_shape, identity, scope};
use crate::show;

impl Findings<'_> {
    /// Holds an output against the shape of its operation. Members that the shape lacks are the decoder's to report.
    pub(crate) fn declared(&mut self, output: &Value, listing: Option<&Listing>) {
        let contract = self.contract;
        let members = contract.output_members(self.operation);
        for (name, value) in output.fields() {
            let Some(member) = members.iter().find(|member| member.name == *name) else {
                continue;
            };
            let at = Path::Member(&Path::Root, name);
            match (
                scope(contract, self.operation, name),
                element_shape(contract, &member.shape),
                value,
            ) {
                (Scope::Resources, Some(shape), Value::List(items)) => {
                    for item in items {
                        if let Some(key) = listing.and_then(|listing| own_key(listing, item)) {
                            self.of_shape(shape, item, Path::Key(&at, key));
                        }
                    }
                }
                (Scope::Anything, Some(shape), Value::List(items)) => {
                    for item in items {
                        self.of_shape(shape, item, Path::Key(&at, "*"));
                    }
                }
                _ => self.of_shape(&member.shape, value, at),
            }
        }
    }

    fn of_shape(&mut self, name: &str, value: &Value, at: Path<'_>) {
        let contract = self.contract;
        let Some(shape) = contract.shape(name) else {
            return;
        };
        match (&shape.kind, value) {
            (_, Value::Null) => {}
            (ShapeKind::Structure { members }, Value::Map(fields)) => {
                for (field, value) in fields {
                    if let Some(member) = members.iter().find(|member| member.name == *field) {
                        self.of_shape(&member.shape, value, Path::Member(&at, field));
                    }
                }
            }
            (ShapeKind::Map { value: shape, .. }, Value::Map(fields)) => {
                for (key, value) in fields {
                    self.of_shape(shape, value, Path::Key(&at, key));
                }
            }
            (ShapeKind::List { member, .. }, Value::List(items)) => self.elements_of_shape(member, items, at),
            (ShapeKind::String, Value::Text(text)) => self.enumerated(name, shape, text, at),
            (kind, value) if is_of_kind(kind, value) => {}
            (kind, value) => self.mistyped(name, kind, value, at),
        }
    }

    fn elements_of_shape(&mut self, shape: &str, items: &[Value], at: Path<'_>) {
        let key = identity(self.contract, shape);
        for (index, item) in items.iter().enumerate() {
            let id = key.and_then(|key| item.get(key)).and_then(Value::as_text);
            let place = id.map_or(Path::Index(&at, index), |id| Path::Key(&at, id));
            self.of_shape(shape, item, place);
        }
    }

    fn mistyped(&mut self, shape: &str, kind: &ShapeKind, value: &Value, at: Path<'_>) {
        if !self.known_at(&at.to_string()) {
            let sides = (noun(kind).to_owned(), show::value(Some(value)));
            self.usual(Kind::Type, at, sides, &declaration(shape, noun(kind).to_owned()));
        }
    }

    /// Services learn new values before models do, so another value is worth a note at most.
    fn enumerated(&mut self, name: &str, shape: &Shape, text: &str, at: Path<'_>) {
        let values = shape.constraints.iter().find_map(|constraint| match &constraint.rule {
            Rule::ValidValues { values } if constraint.origin == Origin::Model => Some(values),
            _ => None,
        });
        if let Some(values) = values.filter(|values| !values.iter().any(|value| value == text))
            && !self.known_at(&at.to_string())
        {
            let due = format!("one of {}", values.join(", "));
            let sides = (due.clone(), show::text(text));
            self.add((Kind::Value, Severity::Note), at, sides, &declaration(name, due));
        }
    }
}

fn declaration(shape: &str, fact: String) -> Evidence {
    Evidence {
        fact,
        source: format!("model: {shape}"),
        confidence: Confidence::Documented,
    }
}

fn is_of_kind(kind: &ShapeKind, value: &Value) -> bool {
    match kind {
        ShapeKind::String => matches!(value, Value::Text(_)),
        ShapeKind::Integer => matches!(value, Value::Int(number) if i32::try_from(*number).is_ok()),
        ShapeKind::Long => matches!(value, Value::Int(_)),
        ShapeKind::Float | ShapeKind::Double => matches!(value, Value::Float(_) | Value::Int(_)),
        ShapeKind::Boolean => matches!(value, Value::Bool(_)),
        ShapeKind::Timestamp { .. } => matches!(value, Value::Timestamp(_)),
        ShapeKind::Blob => matches!(value, Value::Blob(_)),
        ShapeKind::Structure { .. } | ShapeKind::Map { .. } | ShapeKind::List { .. } => value.is_empty(),
    }
}

fn noun(kind: &ShapeKind) -> &'static str {
    match kind {
        ShapeKind::Structure { .. } => "a structure",
        ShapeKind::List { .. } => "a list",
        ShapeKind::Map { .. } => "a map",
        ShapeKind::String => "text",
        ShapeKind::Integer => "a whole number of 32 bits",
        ShapeKind::Long => "a whole number",
        ShapeKind::Float | ShapeKind::Double => "a number",
        ShapeKind::Boolean => "true or false",
        ShapeKind::Timestamp { .. } => "a point in time",
        ShapeKind::Blob => "bytes in base64",
    }
}
