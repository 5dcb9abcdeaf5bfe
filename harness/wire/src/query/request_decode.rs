//! A request as a server understands it.

use std::borrow::Cow;

use parallax_contract::{Call, Contract, ListForm, Tweak, Value};

use super::place::Place;
use crate::form::Space;
use crate::{HttpRequest, Method, form};
use tree::{Node, Seen};

mod tree;

pub(super) fn decode(contract: &Contract, request: &HttpRequest) -> Call {
    let parameters = Parameters::of(request);
    let action = parameters.first("Action");
    let known = action.filter(|name| contract.operations.contains_key(*name));
    let mut tweaks = Vec::new();
    if request.method == Method::Get {
        tweaks.push(Tweak::Get);
    }
    if known.is_none() {
        tweaks.push(Tweak::Action(action.map(str::to_owned)));
    }
    let version = parameters.first("Version");
    if version != Some(&contract.service.api_version) {
        tweaks.push(Tweak::Version(version.map(str::to_owned)));
    }
    let input = match known {
        Some(operation) => input(contract, operation, &parameters, &mut tweaks),
        None => Value::Map(Vec::new()),
    };
    if request.method == Method::Post && parameters.pairs.is_empty() {
        tweaks.push(Tweak::EmptyBody);
    }
    Call {
        operation: known.unwrap_or_default().to_owned(),
        input,
        tweaks,
    }
}

/// One raw pair and what it says, `None` where its encoding is broken.
type Pair<'a> = (&'a [u8], Option<(Cow<'a, str>, Cow<'a, str>)>);

struct Parameters<'a> {
    pairs: Vec<Pair<'a>>,
}

impl<'a> Parameters<'a> {
    /// The parameters of the query string for GET, else of the body; a POST without a body may have them in the query
    /// string.
    fn of(request: &'a HttpRequest) -> Self {
        let text = match request.method {
            Method::Post if !request.body.is_empty() => &request.body,
            _ => request.query.as_bytes(),
        };
        Self {
            pairs: form::pairs(text).map(|raw| (raw, form::decode_pair(raw))).collect(),
        }
    }

    fn first(&self, wanted: &str) -> Option<&str> {
        let mut decoded = self.pairs.iter().filter_map(|(_, pair)| pair.as_ref());
        decoded
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.as_ref())
    }

    fn has_space_as(&self, space: Space) -> bool {
        self.pairs.iter().any(|(raw, _)| form::has_space_as(space, raw))
    }
}

/// The input of a known operation; what does not fit goes to `tweaks`.
fn input(contract: &Contract, operation: &str, parameters: &Parameters<'_>, tweaks: &mut Vec<Tweak>) -> Value {
    let shape = contract
        .operations
        .get(operation)
        .and_then(|known| known.input.as_deref());
    let place = shape.map_or(Place::unknown(), |name| Place::of_shape(contract, name));
    let mut root = Node::new(place);
    let mut seen = Seen::default();
    let mut heads = ["Action", "Version"].map(Some);
    for (raw, pair) in &parameters.pairs {
        let Some((name, value)) = pair else {
            // The separator is part of the departure: raw text is sent as it is.
            tweaks.push(Tweak::Raw(format!("&{}", form::readable(raw))));
            continue;
        };
        let head = heads.iter_mut().find(|head| **head == Some(name.as_ref()));
        let taken = match head {
            Some(head) => head.take().is_some(),
            None => root.insert(contract, name, value, &mut seen),
        };
        if !taken {
            tweaks.push(Tweak::Param(name.to_string(), value.to_string()));
        }
    }
    let input = match root.finish(&mut seen) {
        Value::Map(fields) => Value::Map(fields),
        _ => Value::Map(Vec::new()),
    };
    tweaks.extend(seen.forms().map(Tweak::Lists));
    let gets = tweaks.contains(&Tweak::Get);
    if parameters.has_space_as(if gets { Space::Plus } else { Space::Percent }) {
        tweaks.push(Tweak::OtherSpace);
    }
    input
}

impl Seen {
    fn forms(&self) -> impl Iterator<Item = ListForm> {
        let forms = [
            (self.member, ListForm::Member),
            (self.gaps, ListForm::Gaps),
            (self.from_zero, ListForm::FromZero),
        ];
        forms.into_iter().filter_map(|(seen, form)| seen.then_some(form))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::library;

    fn post(body: &[u8]) -> Call {
        let request = HttpRequest {
            method: Method::Post,
            query: String::new(),
            headers: Vec::new(),
            body: body.to_vec(),
        };
        decode(&library(), &request)
    }

    fn things(parameters: &str) -> Call {
        post(format!("Action=DescribeThings&Version=2020-01-01{parameters}").as_bytes())
    }

    fn texts<const N: usize>(items: [&str; N]) -> Value {
        Value::List(items.map(Value::text).to_vec())
    }

    #[test]
    fn parameters_become_typed_input() {
        let check = |parameters: &str, name: &str, expected: Value| {
            let call = things(parameters);
            assert_eq!(call.input, Value::map([(name, expected)]), "{parameters}");
            assert_eq!(call.tweaks, Vec::new(), "{parameters}");
        };
        let tag = Value::map([("Key", Value::text("k"))]);
        check("&Text=a+b", "Text", Value::text("a b"));
        check("&Text=", "Text", Value::text(""));
        check("&Other=a", "Renamed", Value::text("a"));
        check("&Count=5", "Count", Value::Int(5));
        check("&Count=five", "Count", Value::text("five"));
        check("&Count=", "Count", Value::Null);
        check("&Open=false", "Open", Value::Bool(false));
        check("&Open=False", "Open", Value::text("False"));
        check("&Bytes=dmFsdWU%3D", "Bytes", Value::Blob(b"value".to_vec()));
        check("&At=1970-01-01T00%3A00%3A01Z", "At", Value::Timestamp(1.0));
        check("&Since=1", "Since", Value::Timestamp(1.0));
        check(
            "&Until=Thu%2C+01+Jan+1970+00%3A00%3A01+GMT",
            "Until",
            Value::Timestamp(1.0),
        );
        check("&Tags.Tag.1.Key=k", "Tags", Value::List(vec![tag]));
        check("&Tags=", "Tags", texts([]));
        check("&Tags.Tag.1=", "Tags", Value::List(vec![Value::Null]));
        check("&Names.member.2=b&Names.member.1=a", "Names", texts(["a", "b"]));
        check("&FlatName.1=a", "FlatNames", texts(["a"]));
        check("&FlatNames.1=a", "FlatNames", texts(["a"]));
        check("&Hi.1=a", "Flat", texts(["a"]));
        check(
            "&Nested.member.1.member.1=a&Nested.member.2=",
            "Nested",
            Value::List(vec![texts(["a"]), texts([])]),
        );
        check(
            "&Labels.entry.1.key=a&Labels.entry.1.value=1",
            "Labels",
            Value::map([("a", Value::text("1"))]),
        );
        check(
            "&Kept.entry.1.K=a&Kept.entry.1.V.member.1=1",
            "Kept",
            Value::map([("a", texts(["1"]))]),
        );
        check(
            "&Inner.Inner.Text=a",
            "Inner",
            Value::map([("Inner", Value::map([("Text", Value::text("a"))]))]),
        );
    }

    #[test]
    fn what_is_unknown_or_repeated_comes_back_as_a_parameter() {
        let check = |parameters: &str, input: Value, expected: &[(&str, &str)]| {
            let call = things(parameters);
            let expected: Vec<_> = expected
                .iter()
                .map(|(name, value)| Tweak::Param((*name).to_owned(), (*value).to_owned()))
                .collect();
            assert_eq!((call.input, call.tweaks), (input, expected), "{parameters}");
        };
        let none = Value::Map(Vec::new());
        let a = Value::map([("Text", Value::text("a"))]);
        check("&Novel=1", none.clone(), &[("Novel", "1")]);
        check("&text=1", none.clone(), &[("text", "1")]);
        check("&Text.1=1", none.clone(), &[("Text.1", "1")]);
        check("&Names.1=a", none.clone(), &[("Names.1", "a")]);
        check("&Names.member.x=a", none.clone(), &[("Names.member.x", "a")]);
        check("&Names.member.%2B1=a", none.clone(), &[("Names.member.+1", "a")]);
        check("&Names=a", none.clone(), &[("Names", "a")]);
        check("&Tags.Tag.1.Novel=a", none.clone(), &[("Tags.Tag.1.Novel", "a")]);
        check("&=a", none.clone(), &[("", "a")]);
        check("&Renamed=a", none, &[("Renamed", "a")]);
        check("&Text=a&Text=b", a.clone(), &[("Text", "b")]);
        check(
            "&Text=a&Action=Ping&Version=1",
            a,
            &[("Action", "Ping"), ("Version", "1")],
        );
    }

    #[test]
    fn both_list_forms_and_gaps_are_read_and_reported() {
        let check = |parameters: &str, expected: &[ListForm]| {
            let call = things(parameters);
            let keys: Vec<_> = call
                .input
                .get("Tags")
                .unwrap()
                .as_list()
                .unwrap()
                .iter()
                .map(|tag| tag.get("Key"))
                .collect();
            assert_eq!(keys, [Some(&Value::text("a")), Some(&Value::text("b"))], "{parameters}");
            let expected: Vec<_> = expected.iter().copied().map(Tweak::Lists).collect();
            assert_eq!(call.tweaks, expected, "{parameters}");
        };
        check("&Tags.Tag.1.Key=a&Tags.Tag.2.Key=b", &[]);
        check("&Tags.member.1.Key=a&Tags.member.2.Key=b", &[ListForm::Member]);
        check("&Tags.Tag.1.Key=a&Tags.Tag.3.Key=b", &[ListForm::Gaps]);
        check("&Tags.Tag.0.Key=a&Tags.Tag.1.Key=b", &[ListForm::FromZero]);
        check(
            "&Tags.Tag.2.Key=a&Tags.member.9.Key=b",
            &[ListForm::Member, ListForm::Gaps],
        );
    }

    #[test]
    fn an_unknown_action_or_version_comes_back_as_a_tweak() {
        let check = |body: &str, operation: &str, expected: &[Tweak]| {
            let call = post(body.as_bytes());
            assert_eq!(
                (call.operation.as_str(), call.tweaks.as_slice()),
                (operation, expected),
                "{body}"
            );
        };
        let action = |name: &str| Tweak::Action(Some(name.to_owned()));
        check("Action=ping&Version=2020-01-01", "", &[action("ping")]);
        check("Version=2020-01-01&Text=a", "", &[Tweak::Action(None)]);
        check("Action=Ping", "Ping", &[Tweak::Version(None)]);
        check("Action=Ping&Version=2", "Ping", &[Tweak::Version(Some("2".to_owned()))]);
        check("", "", &[Tweak::Action(None), Tweak::Version(None), Tweak::EmptyBody]);
    }

    #[test]
    fn broken_encoding_comes_back_raw() {
        let check = |parameters: &[u8], expected: &str| {
            let call = post(&[b"Action=DescribeThings&Version=2020-01-01&Text=a", parameters].concat());
            assert_eq!(call.input, Value::map([("Text", Value::text("a"))]));
            assert_eq!(call.tweaks, [Tweak::Raw(expected.to_owned())]);
        };
        check(b"&Other=%ZZ", "&Other=%ZZ");
        check(b"&Other=%FF", "&Other=%FF");
        check(b"&Other=\xFF", "&Other=%FF");
    }

    #[test]
    fn absurd_names_are_unknown_parameters() {
        for name in [
            format!("{}Text", "Inner.".repeat(100_000)),
            "Names.member.".repeat(100_000),
            ".".repeat(100_000),
        ] {
            let call = things(&format!("&{name}=a"));
            assert_eq!(call.tweaks, [Tweak::Param(name, "a".to_owned())]);
        }
        let number = "Names.member.99999999999999999999";
        assert_eq!(
            things(&format!("&{number}=a")).tweaks,
            [Tweak::Param(number.to_owned(), "a".to_owned())]
        );
    }

    #[test]
    fn a_get_request_is_read_from_its_query_string() {
        let request = HttpRequest {
            method: Method::Get,
            query: "Action=DescribeThings&Version=2020-01-01&Text=a%20b".to_owned(),
            headers: Vec::new(),
            body: b"Text=c".to_vec(),
        };
        let call = decode(&library(), &request);
        assert_eq!(call.input, Value::map([("Text", Value::text("a b"))]));
        assert_eq!(call.tweaks, [Tweak::Get]);
    }

    #[test]
    fn a_post_request_without_a_body_may_have_its_parameters_in_the_query_string() {
        let request = HttpRequest {
            method: Method::Post,
            query: "Action=Ping&Version=2020-01-01".to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        assert_eq!(decode(&library(), &request), Call::new("Ping", Value::Map(Vec::new())));
    }
}
