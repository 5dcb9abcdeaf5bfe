//! What holds for every input.

use parallax_contract::{Answer, Call, Forgiveness, ListForm, Outcome, Tweak, Value};
use parallax_wire::{HttpAnswer, HttpRequest, Method, Protocol, Query};
use proptest::prelude::*;

use crate::generators::{For, structure};
use crate::library;

fn inputs() -> BoxedStrategy<Value> {
    structure(library(), "Things", For::Request, 4)
}

fn outputs() -> BoxedStrategy<Value> {
    structure(library(), "Things", For::Answer, 4)
}

fn round_trip(call: &Call) -> Call {
    let contract = library();
    Query.decode_request(contract, &Query.encode_request(contract, call))
}

/// Tweaks in the order in which decoding reports them.
fn tweaks() -> impl Strategy<Value = Vec<Tweak>> {
    let version = proptest::option::of("[0-9-]{1,4}").prop_map(Tweak::Version);
    let unknown = ("unknown[a-z.%& ]{0,4}", "[a-z%&]{0,4}").prop_map(|(name, value)| Tweak::Param(name, value));
    let parts = (
        proptest::option::of(Just(Tweak::Get)),
        proptest::option::of(version),
        proptest::option::of(unknown),
        proptest::option::of(Just(Tweak::Raw("&a=%ZZ".to_owned()))),
    );
    parts.prop_map(|(get, version, unknown, raw)| [get, version, unknown, raw].into_iter().flatten().collect())
}

proptest! {
    #[test]
    fn a_server_understands_what_a_client_sends(input in inputs(), mut tweaks in tweaks()) {
        // A space in the unknown parameter's name is written in the usual way, so nothing else comes back.
        tweaks.dedup();
        let call = Call { operation: "DescribeThings".to_owned(), input, tweaks };
        prop_assert_eq!(round_trip(&call), call);
    }

    #[test]
    fn every_form_of_a_list_is_understood_as_the_same_input(
        input in inputs(),
        form in prop::sample::select(&[ListForm::Member, ListForm::LocationName, ListForm::Gaps, ListForm::FromZero][..]),
        other_space in any::<bool>(),
    ) {
        let mut call = Call::new("DescribeThings", input).tweak(Tweak::Lists(form));
        if other_space {
            call = call.tweak(Tweak::OtherSpace);
        }
        prop_assert_eq!(round_trip(&call).input, call.input);
    }

    #[test]
    fn what_a_server_understood_is_sent_again_as_the_same_bytes(body in "(Text|Tags|Tags.Tag.1.Key|Names.member.1|Count|No|Flat|Hi.2|[a-zA-Z.]{0,6}|&|=|%2[0-9A-G]|\\+|[0-9]){0,12}") {
        let contract = library();
        let request = HttpRequest {
            method: Method::Post,
            query: String::new(),
            headers: Vec::new(),
            body: format!("Action=DescribeThings&Version=2020-01-01&{body}").into_bytes(),
        };
        let sent = Query.encode_request(contract, &Query.decode_request(contract, &request));
        let again = Query.encode_request(contract, &Query.decode_request(contract, &sent));
        prop_assert_eq!(again, sent);
    }

    #[test]
    fn what_is_no_utf_8_is_sent_again_as_the_same_bytes(raw in prop::collection::vec(any::<u8>(), 0..12)) {
        let contract = library();
        let body = [b"Action=DescribeThings&Version=2020-01-01&-".as_slice(), &raw].concat();
        let request = HttpRequest { method: Method::Post, query: String::new(), headers: Vec::new(), body };
        let sent = Query.encode_request(contract, &Query.decode_request(contract, &request));
        let again = Query.encode_request(contract, &Query.decode_request(contract, &sent));
        prop_assert_eq!(again, sent);
    }

    #[test]
    fn a_client_understands_what_a_server_sends(output in outputs(), id in "[a-f0-9-]{36}") {
        let contract = library();
        let sent = Query.encode_response(contract, "DescribeThings", &Answer::Success(output.clone()), &id);
        let seen = Query.decode_response(contract, "DescribeThings", &sent);
        prop_assert_eq!(&seen.forgiven, &vec![]);
        prop_assert_eq!(seen.outcome, Outcome::Success(output));
        prop_assert_eq!((seen.status, seen.header_request_id, seen.body_request_id), (200, Some(id.clone()), Some(id)));
    }

    #[test]
    fn control_characters_survive_and_are_noticed(text in "[\u{1}-\u{8}\u{B}\u{C}\u{E}-\u{1F}]{1,4}") {
        let contract = library();
        let output = Value::map([("Text", Value::text(text))]);
        let sent = Query.encode_response(contract, "DescribeThings", &Answer::Success(output.clone()), "id");
        let seen = Query.decode_response(contract, "DescribeThings", &sent);
        prop_assert_eq!(seen.forgiven.iter().map(|forgiven| forgiven.what).collect::<Vec<_>>(), [Forgiveness::Scalar]);
        prop_assert_eq!(seen.outcome, Outcome::Success(output));
    }

    #[test]
    fn no_bytes_upset_a_server(body in prop::collection::vec(any::<u8>(), 0..200), query in ".{0,60}", get in any::<bool>()) {
        let method = if get { Method::Get } else { Method::Post };
        let request = HttpRequest { method, query, headers: Vec::new(), body };
        let call = Query.decode_request(library(), &request);
        prop_assert!(matches!(call.input, Value::Map(_)));
    }

    #[test]
    fn no_bytes_upset_a_client(body in prop::collection::vec(any::<u8>(), 0..200), status in any::<u16>()) {
        let answer = HttpAnswer { status, headers: Vec::new(), body };
        let seen = Query.decode_response(library(), "DescribeThings", &answer);
        prop_assert!(!matches!(seen.outcome, Outcome::Lost(_)));
    }

    #[test]
    fn no_markup_upsets_a_client(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..20)) {
        let answer = HttpAnswer { status: 200, headers: Vec::new(), body: pieces.concat().into_bytes() };
        let seen = Query.decode_response(library(), "DescribeThings", &answer);
        prop_assert!(!matches!(seen.outcome, Outcome::Lost(_)));
    }
}

const PIECES: [&str; 24] = [
    "<DescribeThingsResponse xmlns='http://library.example.com/doc/2020-01-01/'>",
    "</DescribeThingsResponse>",
    "<DescribeThingsResult>",
    "</DescribeThingsResult>",
    "<Tags>",
    "</Tags>",
    "<Tag/>",
    "<Hi>",
    "</Hi>",
    "<Labels><entry>",
    "</entry></Labels>",
    "<key>a</key>",
    "<Count>1</Count>",
    "<Inner x:kind='b'>",
    "</Inner>",
    "<ErrorResponse>",
    "</ErrorResponse>",
    "<Error><Code>a</Code></Error>",
    "text",
    "&amp;",
    "&#x0;",
    "<![CDATA[",
    "]]>",
    "<!--",
];
