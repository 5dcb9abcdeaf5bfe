//! An answer as an SDK understands it, with what it overlooks.

mod envelope;
mod foreign;
mod values;

use parallax_contract::{Contract, Forgiven, Forgiveness, Malformed, Observation, Outcome};

use crate::HttpAnswer;
use crate::xml::Document;

/// The characters of a body that a report shows.
const EXCERPT: usize = 200;

/// What gzip begins with.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The header fields that carry a request id, the usual one first.
const REQUEST_ID_HEADERS: [&str; 3] = ["x-amzn-requestid", "x-amzn-request-id", "x-amz-request-id"];

pub(super) fn decode(contract: &Contract, operation: &str, answer: &HttpAnswer) -> Observation {
    let mut observation = Observation {
        status: answer.status,
        header_request_id: REQUEST_ID_HEADERS
            .iter()
            .find_map(|name| answer.header(name))
            .map(str::to_owned),
        body_request_id: None,
        outcome: Outcome::Success(parallax_contract::Value::Map(Vec::new())),
        forgiven: Vec::new(),
    };
    let read = source(&answer.body).and_then(|source| {
        let document = Document::read(source)?;
        envelope::read(contract, operation, &document, &mut observation)
    });
    if let Err(mut why) = read {
        why.extend(known_cause(answer));
        let excerpt = excerpt(&answer.body);
        observation.outcome = Outcome::Malformed(Malformed { why, excerpt });
        return observation;
    }
    observation.forgiven.extend(content_type(answer));
    observation
}

/// What explains an unreadable answer better than its bytes do.
fn known_cause(answer: &HttpAnswer) -> Option<String> {
    if (300..400).contains(&answer.status) && answer.header("location").is_some() {
        return Some(format!(
            " (the status {} is a redirect, and redirects are not followed)",
            answer.status
        ));
    }
    let encoding = answer.header("content-encoding").unwrap_or("identity").trim();
    if !encoding.eq_ignore_ascii_case("identity") {
        let shown: String = encoding.chars().filter(char::is_ascii_graphic).take(20).collect();
        return Some(format!(
            " (the body is compressed, Content-Encoding `{shown}`, which was not asked for)"
        ));
    }
    let is_gzip = answer.body.starts_with(&GZIP_MAGIC);
    is_gzip.then(|| " (the body is gzip, which was not asked for)".to_owned())
}

/// The body as text, if it can be XML at all.
fn source(body: &[u8]) -> Result<&str, String> {
    if body.trim_ascii().is_empty() {
        return Err("an empty body".to_owned());
    }
    let text = std::str::from_utf8(body).map_err(|error| format!("invalid UTF-8 at byte {}", error.valid_up_to()))?;
    match foreign::recognise(text) {
        Some(what) => Err(what),
        None => Ok(text),
    }
}

/// The beginning of a body, made printable.
fn excerpt(body: &[u8]) -> String {
    // A character has at most four bytes, and replacing a broken one does not take more.
    let head = body.get(..EXCERPT * 4).unwrap_or(body);
    let text = String::from_utf8_lossy(head);
    let printable = text.chars().flat_map(|c| {
        let (escaped, plain) = if c.is_control() {
            (Some(c.escape_default()), None)
        } else {
            (None, Some(c))
        };
        escaped.into_iter().flatten().chain(plain)
    });
    printable.take(EXCERPT).collect()
}

/// Whether the answer calls itself XML.
fn content_type(answer: &HttpAnswer) -> Option<Forgiven> {
    let value = answer.header("content-type");
    let kind = value
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if kind.ends_with("/xml") || kind.ends_with("+xml") {
        return None;
    }
    Some(Forgiven {
        what: Forgiveness::ContentType,
        path: String::new(),
        detail: value.map_or("no Content-Type".to_owned(), |value| {
            format!("the Content-Type `{value}`")
        }),
    })
}
