//! A call as an SDK sends it.

use parallax_contract::{Call, Contract, ListForm, Member, ShapeKind, Tweak, Value};

use super::place::{self, Place};
use crate::form::{Space, Writer};
use crate::scalar;
use crate::time::Side;
use crate::{HttpRequest, Method};

pub(super) fn encode(contract: &Contract, call: &Call) -> HttpRequest {
    let text = parameters(contract, call);
    if call.tweaks.contains(&Tweak::Get) {
        return HttpRequest {
            method: Method::Get,
            query: text,
            headers: Vec::new(),
            body: Vec::new(),
        };
    }
    let body = if call.tweaks.contains(&Tweak::EmptyBody) {
        Vec::new()
    } else {
        text.into_bytes()
    };
    HttpRequest {
        method: Method::Post,
        query: String::new(),
        headers: vec![(
            "Content-Type".to_owned(),
            "application/x-www-form-urlencoded; charset=utf-8".to_owned(),
        )],
        body,
    }
}

fn parameters(contract: &Contract, call: &Call) -> String {
    let mut encoder = Encoder::new(contract, &call.tweaks);
    if let Some(action) = header(&call.tweaks, &call.operation, action_tweak) {
        encoder.form.pair("Action", action);
    }
    if let Some(version) = header(&call.tweaks, &contract.service.api_version, version_tweak) {
        encoder.form.pair("Version", version);
    }
    encoder.structure(contract.input_members(&call.operation), &call.input);
    for tweak in &call.tweaks {
        match tweak {
            Tweak::Param(name, value) => encoder.form.pair(name, value),
            Tweak::Raw(text) => encoder.form.raw(text),
            _ => {}
        }
    }
    encoder.form.finish()
}

/// The last tweak that replaces a parameter, else the usual value.
fn header<'a>(tweaks: &'a [Tweak], usual: &'a str, replaced: fn(&Tweak) -> Option<&Option<String>>) -> Option<&'a str> {
    match tweaks.iter().rev().find_map(replaced) {
        Some(replacement) => replacement.as_deref(),
        None => Some(usual),
    }
}

fn action_tweak(tweak: &Tweak) -> Option<&Option<String>> {
    match tweak {
        Tweak::Action(action) => Some(action),
        _ => None,
    }
}

fn version_tweak(tweak: &Tweak) -> Option<&Option<String>> {
    match tweak {
        Tweak::Version(version) => Some(version),
        _ => None,
    }
}

struct Encoder<'c> {
    contract: &'c Contract,
    form: Writer,
    /// The name of the parameter being written.
    name: String,
    lists: Option<ListForm>,
}

impl<'c> Encoder<'c> {
    fn new(contract: &'c Contract, tweaks: &[Tweak]) -> Self {
        // Where the query is part of what is signed, a plus would be one: the specification of signatures wants `%20`.
        let spaced = tweaks.contains(&Tweak::OtherSpace) != tweaks.contains(&Tweak::Get);
        Self {
            contract,
            form: Writer::new(if spaced { Space::Percent } else { Space::Plus }),
            name: String::with_capacity(64),
            lists: tweaks.iter().rev().find_map(|tweak| match tweak {
                Tweak::Lists(form) => Some(*form),
                _ => None,
            }),
        }
    }

    /// Members in the model's order, then what the model does not know in the order given.
    fn structure(&mut self, members: &'c [Member], value: &Value) {
        let contract = self.contract;
        for member in members {
            if let Some(value) = value.get(&member.name) {
                let name = place::wire_name(contract, member);
                self.below(name, |me| me.value(Place::of_member(contract, member), value));
            }
        }
        for (name, value) in value.fields() {
            if !members.iter().any(|member| member.name == *name) {
                self.below(name, |me| me.value(Place::unknown(), value));
            }
        }
    }

    fn value(&mut self, place: Place<'c>, value: &Value) {
        match (place.kind, value) {
            (_, Value::List(items)) => self.list(place, items),
            (
                Some(ShapeKind::Map {
                    key,
                    value: inner,
                    key_name,
                    value_name,
                    ..
                }),
                Value::Map(entries),
            ) => {
                let names = (
                    key_name.as_deref().unwrap_or("key"),
                    value_name.as_deref().unwrap_or("value"),
                );
                let places = (
                    Place::of_shape(self.contract, key),
                    Place::of_shape(self.contract, inner),
                );
                self.map(place.flattened, names, places, entries);
            }
            (Some(ShapeKind::Structure { members }), Value::Map(_)) => self.structure(members, value),
            (_, Value::Map(_)) => self.structure(&[], value),
            _ => self
                .form
                .pair(&self.name, &scalar::write(value, place.form, Side::Client)),
        }
    }

    fn list(&mut self, place: Place<'c>, items: &[Value]) {
        if items.is_empty() {
            return self.form.pair(&self.name, "");
        }
        let (element, own_name) = match place.kind {
            Some(ShapeKind::List {
                member, location_name, ..
            }) => (Place::of_shape(self.contract, member), location_name.as_deref()),
            _ => (Place::unknown(), None),
        };
        let name = match self.lists {
            Some(ListForm::Member) => Some(place::ELEMENT),
            _ if place.flattened => None,
            _ => Some(own_name.unwrap_or(place::ELEMENT)),
        };
        self.below_optional(name, |me| {
            for (index, item) in items.iter().enumerate() {
                let number = number(me.lists, index);
                me.below(&number.to_string(), |me| me.value(element, item));
            }
        });
    }

    fn map(
        &mut self,
        flattened: bool,
        (key_name, value_name): (&str, &str),
        (key_place, value_place): (Place<'c>, Place<'c>),
        entries: &[(String, Value)],
    ) {
        self.below_optional((!flattened).then_some(place::ENTRY), |me| {
            for (index, (key, value)) in entries.iter().enumerate() {
                me.below(&(index + 1).to_string(), |me| {
                    me.below(key_name, |me| me.value(key_place, &Value::text(key)));
                    me.below(value_name, |me| me.value(value_place, value));
                });
            }
        });
    }

    fn below_optional(&mut self, name: Option<&str>, write: impl FnOnce(&mut Self)) {
        match name {
            Some(name) => self.below(name, write),
            None => write(self),
        }
    }

    /// Writes what stands below `name`.
    fn below(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        let mark = self.name.len();
        if mark > 0 {
            self.name.push('.');
        }
        self.name.push_str(name);
        write(self);
        self.name.truncate(mark);
    }
}

/// The number of the element at `index`.
fn number(form: Option<ListForm>, index: usize) -> usize {
    match form {
        Some(ListForm::FromZero) => index,
        Some(ListForm::Gaps) if index > 0 => index + 2,
        _ => index + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::library;

    const HEAD: &str = "Action=DescribeThings&Version=2020-01-01";

    fn body(call: &Call) -> String {
        String::from_utf8(encode(&library(), call).body).unwrap()
    }

    fn things<const N: usize>(fields: [(&str, Value); N]) -> Call {
        Call::new("DescribeThings", Value::map(fields))
    }

    fn texts<const N: usize>(items: [&str; N]) -> Value {
        Value::List(items.map(Value::text).to_vec())
    }

    #[test]
    fn members_are_written_in_the_models_order_and_unknown_ones_last() {
        let call = things([
            ("Novel", Value::map([("A", Value::List(vec![Value::Int(1)]))])),
            ("Count", Value::Int(3)),
            ("Renamed", Value::text("b c")),
            ("Text", Value::Null),
        ]);
        assert_eq!(
            body(&call),
            format!("{HEAD}&Text=&Other=b+c&Count=3&Novel.A.member.1=1")
        );
    }

    #[test]
    fn lists_and_maps_are_numbered() {
        let check =
            |name, value, expected: &str| assert_eq!(body(&things([(name, value)])), format!("{HEAD}{expected}"));
        let tag = Value::map([("Key", Value::text("k")), ("Value", Value::Null)]);
        check("Tags", Value::List(vec![tag]), "&Tags.Tag.1.Key=k&Tags.Tag.1.Value=");
        check("Tags", Value::List(Vec::new()), "&Tags=");
        check("Names", texts(["a", "b"]), "&Names.member.1=a&Names.member.2=b");
        check(
            "Nested",
            Value::List(vec![texts(["a"]), texts([])]),
            "&Nested.member.1.member.1=a&Nested.member.2=",
        );
        check("FlatNames", texts(["a", "b"]), "&FlatName.1=a&FlatName.2=b");
        check("Flat", texts(["a"]), "&Hi.1=a");
        check(
            "Labels",
            Value::map([("a", Value::text("1"))]),
            "&Labels.entry.1.key=a&Labels.entry.1.value=1",
        );
        check("Labels", Value::Map(Vec::new()), "");
        check(
            "Kept",
            Value::map([("a", texts(["1"]))]),
            "&Kept.entry.1.K=a&Kept.entry.1.V.member.1=1",
        );
        check(
            "FlatLabels",
            Value::map([("a", Value::text("1"))]),
            "&FlatLabels.1.key=a&FlatLabels.1.value=1",
        );
    }

    #[test]
    fn scalars_have_their_form() {
        let check =
            |name, value, expected: &str| assert_eq!(body(&things([(name, value)])), format!("{HEAD}{expected}"));
        check("At", Value::Timestamp(1.0), "&At=1970-01-01T00%3A00%3A01Z");
        check("Since", Value::Timestamp(1.0), "&Since=1");
        check(
            "Until",
            Value::Timestamp(1.0),
            "&Until=Thu%2C+01+Jan+1970+00%3A00%3A01+GMT",
        );
        check("Bytes", Value::Blob(b"value".to_vec()), "&Bytes=dmFsdWU%3D");
        check("Ratio", Value::Float(f64::NAN), "&Ratio=NaN");
        check("Count", Value::text("many"), "&Count=many");
    }

    #[test]
    fn list_forms_change_names_and_numbers() {
        let check = |form, expected: &str| {
            let call = things([("NamesOfTags", Value::Null), ("Tags", texts(["a", "b", "c"]))]);
            let call = Call {
                input: Value::map([("Tags", call.input.get("Tags").unwrap().clone())]),
                ..call
            };
            assert_eq!(body(&call.tweak(Tweak::Lists(form))), format!("{HEAD}{expected}"));
        };
        check(ListForm::Member, "&Tags.member.1=a&Tags.member.2=b&Tags.member.3=c");
        check(ListForm::LocationName, "&Tags.Tag.1=a&Tags.Tag.2=b&Tags.Tag.3=c");
        check(ListForm::Gaps, "&Tags.Tag.1=a&Tags.Tag.3=b&Tags.Tag.4=c");
        check(ListForm::FromZero, "&Tags.Tag.0=a&Tags.Tag.1=b&Tags.Tag.2=c");
    }

    #[test]
    fn tweaks_replace_and_append_parameters() {
        let check =
            |tweak, expected: &str| assert_eq!(body(&things([("Text", Value::text("a b"))]).tweak(tweak)), expected);
        check(
            Tweak::Action(Some("x y".to_owned())),
            "Action=x+y&Version=2020-01-01&Text=a+b",
        );
        check(Tweak::Action(None), "Version=2020-01-01&Text=a+b");
        check(Tweak::Version(None), "Action=DescribeThings&Text=a+b");
        check(
            Tweak::Param("Text".to_owned(), "&".to_owned()),
            &format!("{HEAD}&Text=a+b&Text=%26"),
        );
        check(Tweak::Raw("%ZZ".to_owned()), &format!("{HEAD}&Text=a+b%ZZ"));
        check(Tweak::OtherSpace, &format!("{HEAD}&Text=a%20b"));
        check(Tweak::EmptyBody, "");
    }

    #[test]
    fn a_get_request_carries_the_parameters_in_its_query_string() {
        let request = encode(&library(), &Call::new("Ping", Value::Map(Vec::new())).tweak(Tweak::Get));
        assert_eq!(request.method, Method::Get);
        assert_eq!(request.query, "Action=Ping&Version=2020-01-01");
        assert_eq!((request.body, request.headers), (Vec::new(), Vec::new()));
    }
}
