//! What may be written: exchanges without anything that belongs to one account or one run.

use std::borrow::Cow;
use std::sync::Arc;

use parallax_contract::{Expectation, Outcome};
use parallax_wire::{HttpAnswer, HttpRequest};
use regex::bytes::Regex;
use serde_json::value::RawValue;

use super::line::{AnswerPart, RequestPart};
use super::placeholder::{Braces, Known, RUN, RUN_UPPER, hide};
use super::secrets::{self, Kind};
use super::view::Views;
use crate::Exchange;

/// What is kept of a request's headers.
const REQUEST_HEADERS: [&str; 1] = ["content-type"];
/// What is kept of an answer's headers. Dates, hosts, cookies and the like are not.
const ANSWER_HEADERS: [&str; 5] = [
    "content-encoding",
    "content-type",
    "x-amz-request-id",
    "x-amzn-errortype",
    "x-amzn-requestid",
];

/// Parameters by which a query is signed, of either version of signatures; they say nothing of what is asked.
const SIGNATURE: [&str; 13] = [
    "AWSAccessKeyId",
    "Expires",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureVersion",
    "Timestamp",
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];

/// Whether a parameter of this name is a part of a signature.
pub(super) fn is_of_signature(name: &str) -> bool {
    SIGNATURE.contains(&name) || name == "X-Amz-Expires"
}

/// Something without account numbers, ids of requests and hosts, keys, tokens, signatures, e-mail addresses and run tokens.
/// Only a [`Redactor`] makes one, or a cassette that holds one already.
#[derive(Debug)]
pub struct Redacted<T: Redactable>(pub(super) T::Clean);

/// What can be redacted.
pub trait Redactable {
    /// What is left of it.
    type Clean;
}

/// What may be kept of an exchange. What the answer means is not in it: reading decodes it again.
#[derive(Debug, PartialEq, Eq)]
pub struct CleanExchange {
    pub(super) request: RequestPart,
    pub(super) response: Option<AnswerPart>,
    pub(super) lost: Option<String>,
}

/// What may be kept of an expectation: its JSON, with members in the order that they had.
#[derive(Debug)]
pub struct CleanExpectation(pub(super) Box<RawValue>);

impl Redactable for Exchange {
    type Clean = CleanExchange;
}

impl Redactable for Expectation {
    type Clean = CleanExpectation;
}

/// What is hidden besides, as regular expressions have it.
#[derive(Clone, Debug, Default)]
pub struct Rules(Arc<[Regex]>);

/// A pattern is none.
#[derive(Debug, thiserror::Error)]
#[error("`{pattern}` is no regular expression; see https://docs.rs/regex for what is")]
pub struct RuleError {
    /// The pattern.
    pub pattern: String,
    /// What is wrong with it.
    pub source: regex::Error,
}

impl Rules {
    /// Whatever one of these patterns matches.
    ///
    /// # Errors
    /// [`RuleError`] for a pattern that is no regular expression.
    pub fn of(patterns: &[String]) -> Result<Self, RuleError> {
        let rule = |pattern: &String| {
            Regex::new(pattern).map_err(|source| RuleError {
                pattern: pattern.clone(),
                source,
            })
        };
        Ok(Self(patterns.iter().map(rule).collect::<Result<_, _>>()?))
    }
}

/// Redacts the exchanges of one scenario, in order: what one of them shows is hidden in everything that follows.
///
/// A text that a request brought up first has `given-` before the name of its placeholder, so that its number does not
/// depend on what the endpoint answered.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    rules: Rules,
    /// Whether only what gives access is looked for.
    credentials_only: bool,
    known: Vec<Known>,
    /// What is another one in the next exchange.
    passing: Vec<Known>,
}

impl Redactor {
    /// Hides `token` behind `{run}`.
    pub fn new(token: &str) -> Self {
        Self::default()
            .hiding(RUN, token)
            .hiding(RUN_UPPER, &token.to_ascii_uppercase())
    }

    /// Hides credentials and addresses alone: what nobody should see of an implementation that has no account.
    pub fn of_credentials() -> Self {
        Self {
            credentials_only: true,
            ..Self::default()
        }
    }

    /// Hides what these match behind `{redacted}`, too.
    #[must_use]
    pub fn by(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Hides `text` (a host name) behind `{name}`, too.
    #[must_use]
    pub fn hiding(mut self, name: &str, text: &str) -> Self {
        if !self.knows(text.as_bytes()) {
            self.add(text.as_bytes(), Cow::Owned(name.to_owned()), false);
        }
        self
    }

    /// Hides this account number from the first exchange on.
    pub(super) fn of_account(mut self, digits: &str) -> Self {
        self.learn(Kind::Account, digits.as_bytes(), false);
        self
    }

    /// The exchange as it may be kept.
    pub fn redact(&mut self, exchange: &Exchange) -> Redacted<Exchange> {
        self.passing.clear();
        for id in request_ids(exchange).filter(|id| Kind::RequestId.fits(id.as_bytes())) {
            self.learn(Kind::RequestId, id.as_bytes(), false);
        }
        let request = &exchange.request;
        let (query, body) = (Views::of(request.query.as_bytes()), Views::of(&request.body));
        let headers = header_views(&request.headers);
        self.look(&query, true);
        self.look(&body, true);
        self.look_at_headers(&headers, true);
        let answer = exchange.answer.as_ref();
        let answer_headers = answer.map_or_else(Vec::new, |answer| header_views(&answer.headers));
        let answer_body = answer.map(|answer| Views::of(&answer.body));
        if let Some(body) = &answer_body {
            self.look_at_headers(&answer_headers, false);
            self.look(body, false);
        }
        let lost = match (&exchange.observation.outcome, answer.and_then(encoding)) {
            (Outcome::Lost(fault), _) => Some(self.clean_text(&fault.to_string())),
            (_, Some(encoding)) => Some(format!(
                "it was encoded as {encoding}, so nothing in it could be redacted"
            )),
            _ => None,
        };
        let response = answer.zip(answer_body.as_ref()).filter(|_| lost.is_none());
        Redacted(CleanExchange {
            request: RequestPart::from(HttpRequest {
                method: request.method,
                query: text(self.hide(&query)),
                headers: self.clean_headers(&headers, &REQUEST_HEADERS),
                body: self.hide(&body),
            }),
            response: response.map(|(answer, body)| {
                AnswerPart::from(HttpAnswer {
                    status: answer.status,
                    headers: self.clean_headers(&answer_headers, &ANSWER_HEADERS),
                    body: self.hide(body),
                })
            }),
            lost,
        })
    }

    /// The expectation as it may be kept.
    ///
    /// # Errors
    /// Where it cannot be told in JSON, which no expectation of ours is.
    pub fn redact_expectation(&mut self, expectation: &Expectation) -> serde_json::Result<Redacted<Expectation>> {
        // Nobody expects the ids of the answer that came; a word that is like one is not meant.
        self.passing.clear();
        let json = map_strings(&serde_json::to_string(expectation)?, |text| self.clean_text(text))?;
        Ok(Redacted(CleanExpectation(RawValue::from_string(json)?)))
    }

    /// A text as it may be kept.
    pub fn clean_text(&mut self, kept: &str) -> String {
        let views = Views::of(kept.as_bytes());
        self.look(&views, false);
        text(self.hide(&views))
    }

    /// A text as people may see it: literal braces stay single.
    pub fn shown_text(&mut self, shown: &str) -> String {
        let views = Views::of(shown.as_bytes());
        self.look(&views, false);
        text(hide(&views, &self.all(), Braces::Single))
    }

    fn hide(&self, views: &Views<'_>) -> Vec<u8> {
        hide(views, &self.all(), Braces::Doubled)
    }

    fn all(&self) -> impl Iterator<Item = &Known> + Clone {
        self.known.iter().chain(&self.passing)
    }

    fn clean_headers(&self, headers: &[(&str, Views<'_>)], kept: &[&str]) -> Vec<(String, String)> {
        let kept = headers.iter().filter(|(name, _)| is_kept(name, kept));
        kept.map(|(name, value)| (name.to_ascii_lowercase(), text(self.hide(value))))
            .collect()
    }

    /// Learns what a text shows that must not be kept.
    fn look(&mut self, views: &Views<'_>, given: bool) {
        for (kind, place) in secrets::find(views.plain()) {
            self.learn(kind, views.plain().get(place).unwrap_or_default(), given);
        }
        if self.rules.0.is_empty() {
            return;
        }
        let rules = self.rules.clone();
        for rule in rules.0.iter() {
            for text in views.texts() {
                for found in rule.find_iter(text) {
                    self.learn(Kind::Given, found.as_bytes(), given);
                }
            }
        }
    }

    /// The same for headers, whose names say what they hold; those that are not kept have what others repeat.
    fn look_at_headers(&mut self, headers: &[(&str, Views<'_>)], given: bool) {
        for (name, value) in headers {
            if let Some(kind) = secrets::named_by(name, value.raw()) {
                self.learn(kind, value.raw(), given);
            }
            self.look(value, given);
        }
    }

    fn learn(&mut self, kind: Kind, text: &[u8], given: bool) {
        if text.is_empty() || self.knows(text) || (self.credentials_only && !kind.gives_access()) {
            return;
        }
        let name = if given { kind.given_name() } else { kind.name() };
        self.add(text, Cow::Borrowed(name), kind.passes());
    }

    fn knows(&self, text: &[u8]) -> bool {
        text.is_empty() || self.known.iter().chain(&self.passing).any(|known| known.text == text)
    }

    fn add(&mut self, text: &[u8], base: Cow<'static, str>, passes: bool) {
        let list = if passes { &mut self.passing } else { &mut self.known };
        let number = list.iter().filter(|known| known.base == base).count() + 1;
        list.push(Known::new(text, base, number));
    }
}

/// The headers that are kept, their names in lower case.
pub(super) fn request_headers(request: &HttpRequest) -> impl Iterator<Item = (String, &String)> {
    let kept = request
        .headers
        .iter()
        .filter(|(name, _)| is_kept(name, &REQUEST_HEADERS));
    kept.map(|(name, value)| (name.to_ascii_lowercase(), value))
}

fn is_kept(name: &str, kept: &[&str]) -> bool {
    kept.iter().any(|kept| kept.eq_ignore_ascii_case(name))
}

/// Header fields with the ways to read their values.
fn header_views(headers: &[(String, String)]) -> Vec<(&str, Views<'_>)> {
    let headers = headers.iter();
    headers
        .map(|(name, value)| (name.as_str(), Views::of(value.as_bytes())))
        .collect()
}

/// The distinct request ids of an exchange, the body's first.
fn request_ids(exchange: &Exchange) -> impl Iterator<Item = &String> {
    let observation = &exchange.observation;
    observation.body_request_id.iter().chain(&observation.header_request_id)
}

/// How an answer is encoded, so that what is in it cannot be seen: as it says itself, or as its bytes do.
fn encoding(answer: &HttpAnswer) -> Option<&str> {
    let mut encodings = answer
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
    let encoding =
        encodings.find(|(_, value)| !value.trim().is_empty() && !value.trim().eq_ignore_ascii_case("identity"));
    let Some(encoding) = encoding else {
        return encoding_of(&answer.body);
    };
    let known = ["aws-chunked", "br", "compress", "deflate", "gzip", "zstd"];
    let named = known
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(encoding.1.trim()));
    Some(named.unwrap_or("something unknown"))
}

/// The encoding that a body shows where none was named; no text begins or goes on in these ways.
fn encoding_of(body: &[u8]) -> Option<&'static str> {
    match body {
        [0x1f, 0x8b, ..] => Some("gzip"),
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => Some("deflate"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16"),
        _ => memchr::memchr(0, body).map(|_| "something with null bytes"),
    }
}

/// What is hidden begins and ends between characters, and so do braces.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// JSON text with every string in it, keys too, replaced. Everything else stays as it stands, also the order of keys.
pub(super) fn map_strings(json: &str, mut change: impl FnMut(&str) -> String) -> serde_json::Result<String> {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(start) = rest.find('"') {
        let (before, from_quote) = rest.split_at(start);
        let (literal, after) = from_quote.split_at(literal_length(from_quote));
        out.push_str(before);
        out.push_str(&serde_json::to_string(&change(&serde_json::from_str::<String>(
            literal,
        )?))?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// The length of the string literal that the text begins with, both quotes counted.
fn literal_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |at| at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_strings_change_and_the_order_of_keys_stays() {
        let json = r#"{"b":["x\"\\",1.5,null],"a":{"\\":true}}"#;
        let marked = map_strings(json, |text| format!("<{text}>")).unwrap();
        assert_eq!(marked, r#"{"<b>":["<x\"\\>",1.5,null],"<a>":{"<\\>":true}}"#);
    }
}
