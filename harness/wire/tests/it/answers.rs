//! Answers as implementations send them: what is silent, what is forgiven, what cannot be read.

use parallax_contract::{Fault, Forgiveness, Observation, Outcome, Value};
use parallax_wire::{HttpAnswer, Protocol, Query};

use crate::library;

const NAMESPACE: &str = "xmlns=\"http://library.example.com/doc/2020-01-01/\"";
const METADATA: &str = "<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata>";

fn decode(operation: &str, status: u16, content_type: &str, body: &[u8]) -> Observation {
    let answer = HttpAnswer {
        status,
        headers: vec![("content-type".to_owned(), content_type.to_owned())],
        body: body.to_vec(),
    };
    Query.decode_response(library(), operation, &answer)
}

/// DescribeThings with this result.
fn things(result: &str) -> Observation {
    let body = format!(
        "<DescribeThingsResponse {NAMESPACE}><DescribeThingsResult>{result}</DescribeThingsResult>{METADATA}\
         </DescribeThingsResponse>"
    );
    decode("DescribeThings", 200, "text/xml", body.as_bytes())
}

fn forgiven(observation: &Observation) -> Vec<(Forgiveness, &str)> {
    observation
        .forgiven
        .iter()
        .map(|forgiven| (forgiven.what, forgiven.path.as_str()))
        .collect()
}

fn texts<const N: usize>(items: [&str; N]) -> Value {
    Value::List(items.map(Value::text).to_vec())
}

#[test]
fn what_xml_and_the_model_allow_is_silent() {
    let check = |result: &str, name: &str, expected: Value| {
        let seen = things(result);
        assert_eq!(seen.success(), Some(&Value::map([(name, expected)])), "{result}");
        assert_eq!(forgiven(&seen), [], "{result}");
        assert_eq!(seen.body_request_id.as_deref(), Some("id"));
    };
    check("<Text> A  b\n </Text>", "Text", Value::text(" A  b\n "));
    check("<Text/>", "Text", Value::text(""));
    check(
        "<Text><![CDATA[<b>]]>&#38;<!-- no --></Text>",
        "Text",
        Value::text("<b>&"),
    );
    check("\n  <Other>a</Other>\n", "Renamed", Value::text("a"));
    check("<p:Text xmlns:p='urn:x'>a</p:Text>", "Text", Value::text("a"));
    check(
        "<Text xml:space='preserve' xmlns='urn:y'>a</Text>",
        "Text",
        Value::text("a"),
    );
    check("<Count>-3</Count>", "Count", Value::Int(-3));
    check("<Names/>", "Names", texts([]));
    check(
        "<Names>\n <member>a</member>\n <member/>\n</Names>",
        "Names",
        texts(["a", ""]),
    );
    check("<Tags><Tag/></Tags>", "Tags", Value::List(vec![Value::Map(Vec::new())]));
    check(
        "<FlatName>a</FlatName><FlatName>b</FlatName>",
        "FlatNames",
        texts(["a", "b"]),
    );
    check("<Hi>a</Hi>", "Flat", texts(["a"]));
    check("<item>a</item>", "Flat", texts(["a"]));
    check("<Labels/>", "Labels", Value::Map(Vec::new()));
    check(
        "<FlatLabels><value>1</value><key>a</key></FlatLabels>",
        "FlatLabels",
        Value::map([("a", Value::text("1"))]),
    );
    check(
        "<Labels><entry><key>a</key></entry></Labels>",
        "Labels",
        Value::map([("a", Value::Null)]),
    );
    check(
        "<Inner xmlns:x='urn:x' x:kind='b'/>",
        "Inner",
        Value::map([("Kind", Value::text("b"))]),
    );
    check("<At>1970-01-01T01:00:00+01:00</At>", "At", Value::Timestamp(0.0));
    check(
        "<Until>Thu, 01 Jan 1970 00:00:00 GMT</Until>",
        "Until",
        Value::Timestamp(0.0),
    );
}

/// One departure in the output, which is otherwise `expected`.
fn check_departure(result: &str, expected: &Value, what: Forgiveness, path: &str) {
    let seen = things(result);
    assert_eq!(seen.success(), Some(expected), "{result}");
    assert_eq!(forgiven(&seen), [(what, path)], "{result}");
}

fn one(name: &str, value: Value) -> Value {
    Value::map([(name, value)])
}

#[test]
fn scalars_in_odd_forms_are_forgiven_with_their_path() {
    let check = |result: &str, name: &str, expected: Value| {
        check_departure(result, &one(name, expected), Forgiveness::Scalar, name);
    };
    check("<Open>True</Open>", "Open", Value::Bool(true));
    check("<Count>five</Count>", "Count", Value::text("five"));
    check("<Count/>", "Count", Value::text(""));
    check("<At>0</At>", "At", Value::Timestamp(0.0));
    check("<At>soon</At>", "At", Value::text("soon"));
    check("<Bytes>***</Bytes>", "Bytes", Value::text("***"));
    check("<Text>a<b>c</b>d</Text>", "Text", Value::text("ad"));
    check("<Text>&#1;</Text>", "Text", Value::text("\u{1}"));
    check("<Names>None</Names>", "Names", texts([]));
    check("<Inner>None</Inner>", "Inner", Value::Map(Vec::new()));
}

#[test]
fn unknown_and_repeated_members_are_forgiven_with_their_path() {
    use Forgiveness::{Repeated, UnknownMember};
    let none = Value::Map(Vec::new());
    check_departure("<Novel><a/></Novel>", &none, UnknownMember, "Novel");
    check_departure("<text>a</text>", &none, UnknownMember, "text");
    let inner = one("Inner", one("Inner", none));
    check_departure(
        "<Inner><Inner><Novel/></Inner></Inner>",
        &inner,
        UnknownMember,
        "Inner.Inner.Novel",
    );
    let tags = Value::List(vec![one("Key", Value::text("a")), one("Key", Value::text("b"))]);
    let result = "<Tags><Tag><Key>a</Key></Tag><Tag><Key>b</Key><X/></Tag></Tags>";
    check_departure(result, &one("Tags", tags), UnknownMember, "Tags.1.X");
    let text = one("Text", Value::text("a"));
    check_departure("<Text>a</Text><Text>b</Text>", &text, Repeated, "Text");
    let names = one("Names", texts(["a"]));
    check_departure("<Names><member>a</member></Names><Names/>", &names, Repeated, "Names");
}

#[test]
fn list_elements_and_map_entries_of_another_name_are_forgiven_once() {
    let check = |result: &str, name: &str, expected: Value| {
        check_departure(result, &one(name, expected), Forgiveness::ListElement, name);
    };
    check(
        "<Names><item>a</item><item>b</item></Names>",
        "Names",
        texts(["a", "b"]),
    );
    check(
        "<Tags><member/></Tags>",
        "Tags",
        Value::List(vec![Value::Map(Vec::new())]),
    );
    check(
        "<Labels><entry><value>1</value></entry></Labels>",
        "Labels",
        Value::Map(Vec::new()),
    );
    let labels = one("a", Value::text("1"));
    check(
        "<Labels><item><key>a</key><value>1</value></item></Labels>",
        "Labels",
        labels,
    );
}

/// DescribeThings in this envelope, `RESULT` and `META` in it standing for the usual parts.
fn check_envelope(body: &str, expected: &[Forgiveness]) {
    let result = "<DescribeThingsResult><Text>a</Text></DescribeThingsResult>";
    let body = body
        .replace("NS", NAMESPACE)
        .replace("META", METADATA)
        .replace("RESULT", result);
    let seen = decode("DescribeThings", 200, "text/xml", body.as_bytes());
    assert_eq!(seen.success(), Some(&one("Text", Value::text("a"))), "{body}");
    let found: Vec<_> = seen.forgiven.iter().map(|forgiven| forgiven.what).collect();
    assert_eq!(found, expected, "{body}");
}

#[test]
fn departures_of_the_envelope_are_forgiven() {
    use Forgiveness::{MissingRequestId, Namespace, Repeated, ResponseElement, ResultWrapper, UnknownMember};
    let check = |inside: &str, expected: &[Forgiveness]| {
        check_envelope(
            &format!("<DescribeThingsResponse NS>{inside}</DescribeThingsResponse>"),
            expected,
        );
    };
    check("RESULTMETA", &[]);
    check("RESULT", &[MissingRequestId]);
    check("RESULT<ResponseMetadata/>", &[MissingRequestId]);
    check(
        "RESULT<ResponseMetadata><RequestId> </RequestId></ResponseMetadata>",
        &[MissingRequestId],
    );
    check("RESULTMETAMETA", &[Repeated]);
    check("<Text>a</Text>META", &[ResultWrapper]);
    check("<ThingsResult><Text>a</Text></ThingsResult>META", &[ResultWrapper]);
    check("RESULTRESULTMETA", &[Repeated]);
    check("RESULT<Novel/>META", &[UnknownMember]);
    check_envelope("<Answer NS>RESULTMETA</Answer>", &[ResponseElement]);
    check_envelope(
        "<DescribeThingsResponse>RESULTMETA</DescribeThingsResponse>",
        &[Namespace],
    );
    check_envelope(
        "<DescribeThingsResponse xmlns='urn:x'>RESULTMETA</DescribeThingsResponse>",
        &[Namespace],
    );
    let prefixed = NAMESPACE.replace("xmlns", "xmlns:n");
    let root =
        format!("<?xml version='1.0'?><n:DescribeThingsResponse {prefixed}>RESULTMETA</n:DescribeThingsResponse>");
    check_envelope(&root, &[]);
}

#[test]
fn an_operation_without_output_has_no_result() {
    let check = |inside: &str, expected: &[(Forgiveness, &str)]| {
        let body = format!("<DeleteShelfResponse {NAMESPACE}>{inside}{METADATA}</DeleteShelfResponse>");
        let seen = decode("DeleteShelf", 200, "text/xml", body.as_bytes());
        assert_eq!(seen.success(), Some(&Value::Map(Vec::new())));
        assert_eq!(forgiven(&seen), expected, "{inside}");
    };
    check("", &[]);
    check("<DeleteShelfResult/>", &[(Forgiveness::ResultWrapper, "")]);
    check("<return>true</return>", &[(Forgiveness::UnknownMember, "return")]);
}

/// An error with the code ` No `, in an envelope around `inside`.
fn check_error(status: u16, inside: &str, fault: Option<Fault>, message: Option<&str>, expected: &[Forgiveness]) {
    let body = format!("<ErrorResponse {NAMESPACE}>{inside}</ErrorResponse>");
    let seen = decode("CreateShelf", status, "text/xml", body.as_bytes());
    let error = seen.error().unwrap();
    let found = (seen.status, error.code.as_str(), error.fault, error.message.as_deref());
    assert_eq!(found, (status, " No ", fault, message), "{body}");
    let found: Vec<_> = seen.forgiven.iter().map(|forgiven| forgiven.what).collect();
    assert_eq!(found, expected, "{body}");
}

const SENT: &str = "<Type>Sender</Type><Code> No </Code>";
const ID: &str = "<RequestId>id</RequestId>";

#[test]
fn errors_keep_their_code_and_message_exactly_whatever_the_status() {
    let check = |status, inside: &str, fault, message| check_error(status, inside, Some(fault), message, &[]);
    let inside = format!("<Error>{SENT}<Message>a &lt; b\n</Message></Error>{ID}");
    check(400, &inside, Fault::Sender, Some("a < b\n"));
    check(200, &inside, Fault::Sender, Some("a < b\n"));
    let inside = format!("<Error><Type>Receiver</Type><Code> No </Code></Error>{ID}");
    check(500, &inside, Fault::Receiver, None);
}

#[test]
fn departures_of_the_error_envelope_are_forgiven() {
    use Forgiveness::{ErrorEnvelope, MissingRequestId};
    let check = |inside: &str, fault, message, expected| check_error(400, inside, fault, message, &[expected]);
    let sender = Some(Fault::Sender);
    check(
        &format!("<Error>{SENT}<message>a</message></Error>{ID}"),
        sender,
        None,
        ErrorEnvelope,
    );
    check(
        &format!("<Error><Code> No </Code></Error>{ID}"),
        None,
        None,
        ErrorEnvelope,
    );
    check(
        &format!("<Error><Type>Client</Type><Code> No </Code></Error>{ID}"),
        None,
        None,
        ErrorEnvelope,
    );
    check(&format!("<Error>{SENT}</Error>"), sender, None, MissingRequestId);
    check(
        &format!("{SENT}<Message>a</Message>{ID}"),
        sender,
        Some("a"),
        ErrorEnvelope,
    );
    check(
        &format!("<Error>{SENT}</Error><Detail/>{ID}"),
        sender,
        None,
        ErrorEnvelope,
    );
}

#[test]
fn error_envelopes_of_other_protocols_are_forgiven() {
    let check = |body: &str| {
        let seen = decode("CreateShelf", 400, "text/xml", body.as_bytes());
        assert_eq!(seen.error().unwrap().code, "Gone", "{body}");
        assert!(forgiven(&seen).contains(&(Forgiveness::ErrorEnvelope, "")), "{body}");
    };
    check(
        "<Response><Errors><Error><Code>Gone</Code><Message>a</Message></Error></Errors><RequestID>id</RequestID></Response>",
    );
    check("<Error><Code>Gone</Code><Message>a</Message></Error>");
    check("<CreateShelfResponse><Error><Code>Gone</Code></Error></CreateShelfResponse>");
}

#[test]
fn a_content_type_that_is_no_xml_is_forgiven() {
    let body = format!("<PingResponse {NAMESPACE}>{METADATA}</PingResponse>");
    let check = |content_type: &str, expected: &[(Forgiveness, &str)]| {
        let seen = decode("Ping", 200, content_type, body.as_bytes());
        assert_eq!(forgiven(&seen), expected, "{content_type}");
    };
    check("text/xml", &[]);
    check("application/xml; charset=utf-8", &[]);
    check("Application/AWS+XML", &[]);
    check("application/json", &[(Forgiveness::ContentType, "")]);
    check("", &[(Forgiveness::ContentType, "")]);
    let bare = HttpAnswer {
        status: 200,
        headers: Vec::new(),
        body: body.clone().into_bytes(),
    };
    assert_eq!(
        forgiven(&Query.decode_response(library(), "Ping", &bare)),
        [(Forgiveness::ContentType, "")]
    );
}

#[test]
fn what_an_sdk_cannot_read_is_malformed() {
    let check = |status, body: &[u8], why: &str| {
        let seen = decode("CreateShelf", status, "text/xml", body);
        let Outcome::Malformed(malformed) = &seen.outcome else {
            panic!("{:?}", seen.outcome);
        };
        assert!(malformed.why.contains(why), "{}", malformed.why);
        assert!(malformed.excerpt.chars().count() <= 200 && !malformed.excerpt.contains(char::is_control));
        assert_eq!((seen.status, forgiven(&seen)), (status, Vec::new()));
    };
    check(200, b"", "empty body");
    check(200, b" \n", "empty body");
    check(
        200,
        b"{\"__type\":\"Gone\",\n\"message\":\"a\"}",
        "JSON where XML was due, with the error code `Gone`",
    );
    check(502, b"<html>\n<body>Bad Gateway</body></html>", "HTML");
    check(404, b"Not Found", "plain text");
    check(200, b"<a>\xFF</a>", "invalid UTF-8 at byte 3");
    check(200, b"<CreateShelfResponse>", "still open");
    check(
        200,
        b"<!DOCTYPE a [<!ENTITY b \"c\">]><CreateShelfResponse>&b;</CreateShelfResponse>",
        "document type",
    );
    check(200, &b"<a>".repeat(100_000), "nested deeper");
    check(500, b"<CreateShelfResponse/>", "status 500");
    check(304, b"<CreateShelfResponse/>", "status 304");
    check(400, b"<ErrorResponse/>", "without a code");
    check(
        400,
        b"<ErrorResponse><Error><Code/></Error></ErrorResponse>",
        "without a code",
    );
}

#[test]
fn a_hundred_levels_are_read() {
    let result = format!("{}<Text>a</Text>{}", "<Inner>".repeat(100), "</Inner>".repeat(100));
    let seen = things(&result);
    assert_eq!(
        seen.success().unwrap().at(&format!("{}Text", "Inner.".repeat(100))),
        Some(&Value::text("a"))
    );
    assert_eq!(forgiven(&seen), []);
}

#[test]
fn the_request_id_is_taken_from_header_and_body() {
    let body = format!("<PingResponse {NAMESPACE}>{METADATA}</PingResponse>").into_bytes();
    let headers = vec![
        ("x-amzn-requestid".to_owned(), "other".to_owned()),
        ("content-type".to_owned(), "text/xml".to_owned()),
    ];
    let seen = Query.decode_response(
        library(),
        "Ping",
        &HttpAnswer {
            status: 200,
            headers,
            body,
        },
    );
    assert_eq!(
        (seen.header_request_id.as_deref(), seen.body_request_id.as_deref()),
        (Some("other"), Some("id"))
    );
}

#[test]
fn an_answer_to_an_unknown_operation_is_read_as_far_as_it_goes() {
    let body = format!("<OddResponse {NAMESPACE}>{METADATA}</OddResponse>");
    let seen = decode("Odd", 200, "text/xml", body.as_bytes());
    assert_eq!(
        (seen.success(), forgiven(&seen)),
        (Some(&Value::Map(Vec::new())), Vec::new())
    );
}

#[test]
fn what_explains_an_unreadable_answer_is_said_with_it() {
    let check = |status, header: (&str, &str), body: &[u8], expected: &str| {
        let answer = HttpAnswer {
            status,
            headers: vec![(header.0.to_owned(), header.1.to_owned())],
            body: body.to_vec(),
        };
        match Query.decode_response(library(), "DescribeThings", &answer).outcome {
            Outcome::Malformed(malformed) => assert!(malformed.why.contains(expected), "{}", malformed.why),
            other => panic!("{other:?}"),
        }
    };
    check(
        302,
        ("location", "/elsewhere"),
        b"",
        "the status 302 is a redirect, and redirects are not followed",
    );
    check(
        200,
        ("content-encoding", "br"),
        b"\x8b\x02",
        "Content-Encoding `br`, which was not asked for",
    );
    check(
        200,
        ("content-type", "text/xml"),
        &[0x1f, 0x8b, 8, 0],
        "the body is gzip, which was not asked for",
    );
}
