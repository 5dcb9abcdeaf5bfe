//! Elements to values, along the shapes.

use parallax_contract::{Contract, Forgiven, Forgiveness, Member, ShapeKind, Value};

use crate::query::place::{self, ELEMENT, ENTRY, Place};
use crate::scalar;
use crate::xml::Element;

/// Where in the output a value stands: a chain of steps on the stack, made into text only when something is reported.
pub(super) enum Path<'p> {
    Root,
    Member(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl Path<'_> {
    fn text(&self) -> String {
        let (parent, step) = match self {
            Self::Root => return String::new(),
            Self::Member(parent, name) => (parent, (*name).to_owned()),
            Self::Item(parent, index) => (parent, index.to_string()),
        };
        match parent.text() {
            start if start.is_empty() => step,
            start => format!("{start}.{step}"),
        }
    }
}

/// Reads values and collects what was forgiven on the way.
pub(super) struct Values<'c> {
    contract: &'c Contract,
    pub(super) forgiven: Vec<Forgiven>,
}

impl<'c> Values<'c> {
    pub(super) fn new(contract: &'c Contract) -> Self {
        Self {
            contract,
            forgiven: Vec::new(),
        }
    }

    /// The structure that `element` holds.
    pub(super) fn structure(&mut self, members: &'c [Member], element: Element<'_>, path: &Path<'_>) -> Value {
        self.fields(members, element, None, path)
    }

    /// The output that stands in the envelope itself, beside the element `beside`.
    pub(super) fn structure_without(&mut self, beside: &str, members: &'c [Member], element: Element<'_>) -> Value {
        self.fields(members, element, Some(beside), &Path::Root)
    }

    fn fields(&mut self, members: &'c [Member], element: Element<'_>, skip: Option<&str>, path: &Path<'_>) -> Value {
        let mut fields: Vec<(String, Value)> = Vec::new();
        for child in element.children().filter(|child| Some(child.name()) != skip) {
            let Some(member) = place::member_named(self.contract, members, child.name()) else {
                self.forgive(
                    Forgiveness::UnknownMember,
                    &Path::Member(path, child.name()),
                    "a member that the model does not have",
                );
                continue;
            };
            self.member(&mut fields, member, child, path);
        }
        for member in members.iter().filter(|member| member.xml_attribute) {
            let name = place::wire_name(self.contract, member);
            if let Some(text) = element.attribute(name) {
                let value = self.scalar(
                    &text,
                    Place::of_member(self.contract, member),
                    &Path::Member(path, &member.name),
                );
                fields.push((member.name.clone(), value));
            }
        }
        self.no_text(element, path);
        Value::Map(fields)
    }

    fn member(&mut self, fields: &mut Vec<(String, Value)>, member: &'c Member, child: Element<'_>, path: &Path<'_>) {
        let path = Path::Member(path, &member.name);
        let place = Place::of_member(self.contract, member);
        let known = fields
            .iter_mut()
            .find(|(name, _)| *name == member.name)
            .map(|(_, value)| value);
        match (known, place.kind) {
            (known, Some(ShapeKind::List { member: shape, .. })) if place.flattened => {
                let index = known.as_ref().and_then(|list| list.as_list()).map_or(0, <[Value]>::len);
                let item = self.value(Place::of_shape(self.contract, shape), child, &Path::Item(&path, index));
                match known {
                    Some(Value::List(items)) => items.push(item),
                    _ => fields.push((member.name.clone(), Value::List(vec![item]))),
                }
            }
            (known, Some(ShapeKind::Map { .. })) if place.flattened => {
                let entry = self.entry(place, child, &path);
                match known {
                    Some(Value::Map(entries)) => entries.extend(entry),
                    _ => fields.push((member.name.clone(), Value::Map(entry.into_iter().collect()))),
                }
            }
            (Some(_), _) => self.forgive(
                Forgiveness::Repeated,
                &path,
                "a member that was there before; the first is taken",
            ),
            (None, _) => {
                let value = self.value(place, child, &path);
                fields.push((member.name.clone(), value));
            }
        }
    }

    fn value(&mut self, place: Place<'c>, element: Element<'_>, path: &Path<'_>) -> Value {
        match place.kind {
            Some(ShapeKind::Structure { members }) => self.fields(members, element, None, path),
            Some(ShapeKind::List {
                member, location_name, ..
            }) => self.list(member, location_name.as_deref().unwrap_or(ELEMENT), element, path),
            Some(ShapeKind::Map { .. }) => self.map(place, element, path),
            _ => self.leaf(place, element, path),
        }
    }

    fn list(&mut self, shape: &'c str, due: &str, element: Element<'_>, path: &Path<'_>) -> Value {
        let place = Place::of_shape(self.contract, shape);
        if let Some(other) = element.children().find(|child| child.name() != due) {
            let detail = format!("the list element `{}` where `{due}` was due", other.name());
            self.forgive(Forgiveness::ListElement, path, &detail);
        }
        self.no_text(element, path);
        let items = element.children().enumerate();
        Value::List(
            items
                .map(|(index, child)| self.value(place, child, &Path::Item(path, index)))
                .collect(),
        )
    }

    fn map(&mut self, place: Place<'c>, element: Element<'_>, path: &Path<'_>) -> Value {
        if let Some(other) = element.children().find(|child| child.name() != ENTRY) {
            let detail = format!("the map entry `{}` where `{ENTRY}` was due", other.name());
            self.forgive(Forgiveness::ListElement, path, &detail);
        }
        self.no_text(element, path);
        Value::Map(
            element
                .children()
                .filter_map(|child| self.entry(place, child, path))
                .collect(),
        )
    }

    /// Key and value of a map entry; an entry without a key is dropped and reported.
    fn entry(&mut self, place: Place<'c>, element: Element<'_>, path: &Path<'_>) -> Option<(String, Value)> {
        let Some(ShapeKind::Map {
            value,
            key_name,
            value_name,
            ..
        }) = place.kind
        else {
            return None;
        };
        let (key_name, value_name) = (
            key_name.as_deref().unwrap_or("key"),
            value_name.as_deref().unwrap_or("value"),
        );
        if let Some(other) = element
            .children()
            .find(|child| child.name() != key_name && child.name() != value_name)
        {
            self.forgive(
                Forgiveness::UnknownMember,
                &Path::Member(path, other.name()),
                "neither key nor value of a map",
            );
        }
        let Some(key) = element.child(key_name).map(|key| key.text().to_owned()) else {
            self.forgive(Forgiveness::ListElement, path, "a map entry without a key");
            return None;
        };
        let place = Place::of_shape(self.contract, value);
        let path = Path::Member(path, &key);
        let value = element.child(value_name).map(|child| self.value(place, child, &path));
        Some((key.clone(), value.unwrap_or(Value::Null)))
    }

    fn leaf(&mut self, place: Place<'c>, element: Element<'_>, path: &Path<'_>) -> Value {
        if let Some(child) = element.children().next() {
            let detail = format!("the element `{}` where text was due", child.name());
            self.forgive(Forgiveness::Scalar, path, &detail);
        }
        if element.has_odd_reference() {
            self.forgive(
                Forgiveness::Scalar,
                path,
                "a reference to a character that XML does not allow",
            );
        }
        self.scalar(element.text(), place, path)
    }

    fn scalar(&mut self, text: &str, place: Place<'c>, path: &Path<'_>) -> Value {
        let read = scalar::read(text, place.kind.unwrap_or(&ShapeKind::String), place.form);
        if let Some(odd) = read.odd {
            self.forgive(Forgiveness::Scalar, path, &format!("{odd}: `{}`", brief(text)));
        }
        read.value
    }

    /// Only white space may stand between elements.
    fn no_text(&mut self, element: Element<'_>, path: &Path<'_>) {
        if !element.text().trim_ascii().is_empty() {
            let detail = format!("text where elements were due: `{}`", brief(element.text().trim_ascii()));
            self.forgive(Forgiveness::Scalar, path, &detail);
        }
    }

    fn forgive(&mut self, what: Forgiveness, path: &Path<'_>, detail: &str) {
        self.forgiven.push(Forgiven {
            what,
            path: path.text(),
            detail: detail.to_owned(),
        });
    }
}

/// The beginning of a text, on one line.
fn brief(text: &str) -> String {
    text.chars()
        .take(40)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
