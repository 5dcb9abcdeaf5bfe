//! What holds for every answer that a client decodes.

use parallax_contract::{Answer, Contract, Fault, Observation, Outcome, Refused, Value};
use parallax_wire::{HttpAnswer, Protocol as _, Query};

use crate::strict;

/// Tags that can be nested, to see that no depth overflows the stack.
const NESTS: [&str; 6] = ["<a>", "<Inner>", "<Nested><member>", "<Tags><Tag>", "[", "{\"a\":"];
/// Far deeper than any stack would bear if each level took a frame.
const DEEP: usize = 60_000;

/// Decodes a body, and holds the result against what is known without the decoder.
pub fn check(contract: &Contract, operation: &str, status: u16, body: &[u8]) {
    let seen = decode(contract, operation, status, body);
    assert!(
        !matches!(seen.outcome, Outcome::Lost(_)),
        "an answer that arrived is not lost"
    );
    assert_eq!(seen.status, status);
    let strictly = str::from_utf8(body)
        .ok()
        .and_then(|body| strict::read(contract, operation, status, body));
    if let Some(strictly) = strictly {
        assert_eq!(
            seen.outcome, strictly,
            "a forgiving reader reads what a strict one does"
        );
    }
    if let (Outcome::Success(output), []) = (&seen.outcome, seen.forgiven.as_slice()) {
        let sent = Query.encode_response(contract, operation, &Answer::Success(output.clone()), "id");
        let again = Query.decode_response(contract, operation, &sent);
        // By their words: no number that is none equals itself.
        let words = |outcome: &Outcome| match outcome {
            Outcome::Success(output) => format!("{:?}", in_order(output)),
            other => format!("{other:?}"),
        };
        assert_eq!(words(&again.outcome), words(&seen.outcome), "what is in order survives");
    }
}

/// The same with the members of every structure by name: they are written in the order of the model.
fn in_order(value: &Value) -> Value {
    match value {
        Value::List(items) => Value::List(items.iter().map(in_order).collect()),
        Value::Map(fields) => {
            let mut fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (name.clone(), in_order(value)))
                .collect();
            fields.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Map(fields)
        }
        other => other.clone(),
    }
}

/// Decodes a body that begins with the same tag over and over.
pub fn check_nested(contract: &Contract, operation: &str, which: u8, body: &[u8]) {
    let nest = NESTS.get(usize::from(which) % NESTS.len()).unwrap_or(&"<a>");
    let deep = [nest.repeat(DEEP).as_bytes(), body].concat();
    let seen = decode(contract, operation, 200, &deep);
    assert!(
        matches!(seen.outcome, Outcome::Malformed(_)),
        "{nest} nested too deep is malformed"
    );
}

/// A refusal comes out as it was put in; but for the one character that XML cannot even name.
pub fn check_refusal(contract: &Contract, status: u16, sender: bool, text: &str) {
    let text = text.replace('\0', "\u{fffd}");
    let (code, message) = text.split_once('\n').unwrap_or((&text, ""));
    let fault = if sender { Fault::Sender } else { Fault::Receiver };
    let refused = Refused {
        code: code.to_owned(),
        status,
        fault,
        message: message.to_owned(),
    };
    let sent = Query.encode_response(contract, "", &Answer::Refused(refused.clone()), "id");
    let seen = Query.decode_response(contract, "", &sent);
    if code.is_empty() {
        assert!(
            matches!(seen.outcome, Outcome::Malformed(_)),
            "an error without a code is malformed"
        );
    } else {
        assert_eq!(
            seen,
            Observation {
                header_request_id: Some("id".to_owned()),
                body_request_id: Some("id".to_owned()),
                ..Observation::from(Answer::Refused(refused))
            }
        );
    }
}

/// A body in an error's envelope.
pub fn enveloped(contract: &Contract, body: &[u8]) -> Vec<u8> {
    let head = format!("<ErrorResponse xmlns=\"{}\"><Error>", contract.service.xml_namespace);
    [
        head.as_bytes(),
        body,
        b"</Error><RequestId>id</RequestId></ErrorResponse>",
    ]
    .concat()
}

fn decode(contract: &Contract, operation: &str, status: u16, body: &[u8]) -> Observation {
    let answer = HttpAnswer {
        status,
        headers: vec![("content-type".to_owned(), "text/xml".to_owned())],
        body: body.to_vec(),
    };
    Query.decode_response(contract, operation, &answer)
}
