//! From exchanges as they happened to exchanges that may be kept.

use parallax_contract::{Expectation, Outcome};
use parallax_wire::{HttpAnswer, HttpRequest};
use serde_json::value::RawValue;

use super::account::Accounts;
use super::line::{AnswerPart, RequestPart};
use super::placeholder::Hidden;
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

/// Something without account numbers, request ids, credentials and run tokens. Only a [`Redactor`] makes one.
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

/// Redacts the exchanges of one scenario, in order: an account number that one answer shows is hidden in everything
/// that follows.
#[derive(Clone, Debug)]
pub struct Redactor {
    names: Vec<(String, String)>,
    accounts: Accounts,
}

impl Redactor {
    /// Hides `token` behind `{run}`.
    pub fn new(token: &str) -> Self {
        Self {
            names: Vec::new(),
            accounts: Accounts::default(),
        }
        .hiding("run", token)
    }

    /// Hides `text` (an access key, a host name) behind `{name}`, too.
    #[must_use]
    pub fn hiding(mut self, name: &str, text: &str) -> Self {
        self.names.push((text.to_owned(), name.to_owned()));
        self
    }

    /// Hides this account number from the first exchange on.
    pub(super) fn of_account(mut self, digits: &str) -> Self {
        self.accounts.know(digits);
        self
    }

    /// The exchange as it may be kept.
    pub fn redact(&mut self, exchange: &Exchange) -> Redacted<Exchange> {
        self.accounts.ask(exchange.request.query.as_bytes());
        self.accounts.ask(&exchange.request.body);
        if let Some(answer) = &exchange.answer {
            self.accounts.answer(&answer.body);
        }
        let hidden = self.hidden(request_ids(exchange));
        let lost = match &exchange.observation.outcome {
            Outcome::Lost(fault) => Some(fault.to_string()),
            _ => None,
        };
        Redacted(CleanExchange {
            request: clean_request(&exchange.request, &hidden),
            response: exchange.answer.as_ref().map(|answer| clean_answer(answer, &hidden)),
            lost,
        })
    }

    /// The expectation as it may be kept.
    ///
    /// # Errors
    /// Where it cannot be told in JSON, which no expectation of ours is.
    pub fn redact_expectation(&self, expectation: &Expectation) -> serde_json::Result<Redacted<Expectation>> {
        let hidden = self.hidden(Vec::new());
        let json = map_strings(&serde_json::to_string(expectation)?, |text| hidden.hide_text(text))?;
        Ok(Redacted(CleanExpectation(RawValue::from_string(json)?)))
    }

    fn hidden(&self, request_ids: Vec<String>) -> Hidden {
        let accounts = numbered("account", self.accounts.shown().to_vec());
        let names = self.names.iter().cloned();
        Hidden::new(names.chain(accounts).chain(numbered("request-id", request_ids)))
    }
}

/// The distinct request ids of an exchange, the body's first.
fn request_ids(exchange: &Exchange) -> Vec<String> {
    let observation = &exchange.observation;
    let body = observation.body_request_id.clone();
    let header = observation
        .header_request_id
        .clone()
        .filter(|id| Some(id) != body.as_ref());
    body.into_iter().chain(header).collect()
}

/// `name` for the first, `name:2` for the second, ...
fn numbered(name: &'static str, texts: Vec<String>) -> impl Iterator<Item = (String, String)> {
    texts.into_iter().enumerate().map(move |(at, text)| match at {
        0 => (text, name.to_owned()),
        _ => (text, format!("{name}:{}", at + 1)),
    })
}

fn clean_request(request: &HttpRequest, hidden: &Hidden) -> RequestPart {
    RequestPart::from(&HttpRequest {
        method: request.method,
        query: hidden.hide_text(&request.query),
        headers: clean_headers(&request.headers, &REQUEST_HEADERS, hidden),
        body: hidden.hide(&request.body),
    })
}

fn clean_answer(answer: &HttpAnswer, hidden: &Hidden) -> AnswerPart {
    AnswerPart::from(&HttpAnswer {
        status: answer.status,
        headers: clean_headers(&answer.headers, &ANSWER_HEADERS, hidden),
        body: hidden.hide(&answer.body),
    })
}

fn clean_headers(headers: &[(String, String)], kept: &[&str], hidden: &Hidden) -> Vec<(String, String)> {
    let is_kept = |name: &str| kept.iter().any(|kept| kept.eq_ignore_ascii_case(name));
    let kept = headers.iter().filter(|(name, _)| is_kept(name));
    kept.map(|(name, value)| (name.to_ascii_lowercase(), hidden.hide_text(value)))
        .collect()
}

/// JSON text with every string in it, keys too, replaced. Everything else stays as it stands, also the order of keys.
pub(super) fn map_strings(json: &str, change: impl Fn(&str) -> String) -> serde_json::Result<String> {
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
