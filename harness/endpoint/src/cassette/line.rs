//! The lines of a cassette and their digests.

use std::collections::BTreeMap;

use parallax_wire::{HttpAnswer, HttpRequest, Method};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::placeholder::fits;
use super::redact::request_headers;
use super::text::Text;
use super::{Header, Position, hex_text, is_first};

/// How many hexadecimal digits of SHA-256 a line bears: enough that no accident goes unseen.
const DIGITS: usize = 32;
const OPENING: &str = "{\"digest\":\"";
const CLOSING: &str = "\",";
/// Where the rest of a line begins: its digest is of `{` and this rest.
const REST: usize = OPENING.len() + DIGITS + CLOSING.len();

/// The first line, without its digest.
#[derive(Serialize, Deserialize)]
pub(super) struct HeaderLine {
    /// The format.
    pub(super) cassette: u32,
    #[serde(flatten)]
    pub(super) header: Header,
}

/// The line of an exchange, without its digest. Nothing is flattened: raw JSON cannot be read through `flatten`.
#[derive(Serialize, Deserialize)]
pub(super) struct ExchangeLine {
    pub(super) scenario: String,
    pub(super) step: String,
    #[serde(default, skip_serializing_if = "is_first")]
    pub(super) page: u32,
    pub(super) request: RequestPart,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) response: Option<AnswerPart>,
    /// Why there is no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lost: Option<String>,
    /// What the answer must be, in the order of its own members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) expectation: Option<Box<RawValue>>,
}

impl ExchangeLine {
    pub(super) fn position(&self) -> Position {
        Position {
            scenario: self.scenario.clone(),
            step: self.step.clone(),
            page: self.page,
        }
    }
}

/// The last line, without its digest.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FooterLine {
    pub(super) exchanges: u64,
    /// Digest of the digests of the lines before, in order.
    pub(super) all: String,
}

impl FooterLine {
    /// How a footer begins, and no other line.
    pub(super) const OPENING: &str = "{\"exchanges\":";
}

/// Appends the line for this content, with a line break; the digest that it bears.
pub(super) fn seal(out: &mut Vec<u8>, content: &impl Serialize) -> serde_json::Result<String> {
    let begin = out.len();
    out.resize(begin + REST - 1, b' ');
    serde_json::to_writer(&mut *out, content)?;
    let body = out.get(begin + REST - 1..).unwrap_or_default();
    let digest = short(body);
    // The comma stands where the body's own brace was.
    let mut at = begin;
    for part in [OPENING, &digest, CLOSING] {
        if let Some(place) = out.get_mut(at..at + part.len()) {
            place.copy_from_slice(part.as_bytes());
        }
        at += part.len();
    }
    out.push(b'\n');
    Ok(digest)
}

/// A line that was read: its digest, and what the digest is of.
pub(super) struct Opened<'a> {
    /// The digest it bears.
    pub(super) digest: &'a str,
    /// The line without its digest.
    pub(super) body: &'a str,
}

impl<'a> Opened<'a> {
    /// Takes a line apart in its place; `None` where it has not the form of one.
    pub(super) fn of(line: &'a mut [u8]) -> Option<Self> {
        let is_line =
            line.starts_with(OPENING.as_bytes()) && line.get(OPENING.len() + DIGITS..)?.starts_with(CLOSING.as_bytes());
        // The body's own brace stands where the comma is.
        *line.get_mut(REST - 1).filter(|_| is_line)? = b'{';
        let (head, body) = line.split_at_checked(REST - 1)?;
        Some(Self {
            digest: std::str::from_utf8(head.get(OPENING.len()..OPENING.len() + DIGITS)?).ok()?,
            body: std::str::from_utf8(body).ok()?,
        })
    }

    /// Whether the line is what was written.
    pub(super) fn is_intact(&self) -> bool {
        self.digest == short(self.body.as_bytes())
    }
}

/// The digest of the digests of all lines, in order.
#[derive(Default)]
pub(super) struct Tally {
    exchanges: u64,
    digests: Sha256,
}

impl Tally {
    pub(super) fn add(&mut self, digest: &str) {
        self.exchanges += 1;
        self.digests.update(digest);
    }

    pub(super) fn footer(&self) -> FooterLine {
        let mut all = hex_text(&self.digests.clone().finalize());
        all.truncate(DIGITS);
        FooterLine {
            exchanges: self.exchanges,
            all,
        }
    }
}

fn short(text: &[u8]) -> String {
    let digest = Sha256::digest(text);
    hex_text(digest.get(..DIGITS / 2).unwrap_or_default())
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RequestPart {
    method: String,
    query: Text,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    headers: Vec<(String, String)>,
    body: Text,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AnswerPart {
    status: u16,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    headers: Vec<(String, String)>,
    body: Text,
}

impl From<HttpRequest> for RequestPart {
    fn from(request: HttpRequest) -> Self {
        Self {
            method: request.method.as_str().to_owned(),
            query: Text::abridged(request.query.into_bytes()),
            headers: request.headers,
            body: Text::abridged(request.body),
        }
    }
}

impl From<HttpAnswer> for AnswerPart {
    fn from(answer: HttpAnswer) -> Self {
        Self {
            status: answer.status,
            headers: answer.headers,
            body: Text::whole(answer.body),
        }
    }
}

impl RequestPart {
    /// The request; `None` where it was too long to be kept, or has another method than there is.
    pub(super) fn request(&self) -> Option<HttpRequest> {
        let methods = [Method::Get, Method::Post];
        Some(HttpRequest {
            method: methods.into_iter().find(|method| method.as_str() == self.method)?,
            query: String::from_utf8(self.query.bytes()?).ok()?,
            headers: self.headers.clone(),
            body: self.body.bytes()?,
        })
    }

    /// A line with method and query, header fields, an empty line, the body.
    pub(super) fn told(&self) -> String {
        let query = self.query.told();
        let mark = if query.is_empty() { "" } else { "?" };
        let first = format!("{} /{mark}{query}", self.method);
        message(&first, &self.headers, &self.body)
    }

    /// Whether a request is the same but for what placeholders stand for; `clean` is that request, redacted.
    pub(super) fn fits(&self, asked: &HttpRequest, clean: &Self, bound: &mut BTreeMap<String, String>) -> bool {
        let names = |headers: &[(String, String)]| headers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        if self.method != clean.method || names(&self.headers) != names(&clean.headers) {
            return false;
        }
        let mut now = bound.clone();
        let mut headers = self.headers.iter().zip(request_headers(asked));
        let fit = headers.all(|((_, kept), (_, value))| fits(kept.as_bytes(), value.as_bytes(), &mut now))
            && self.query.fits(asked.query.as_bytes(), &clean.query, &mut now)
            && self.body.fits(&asked.body, &clean.body, &mut now);
        if fit {
            *bound = now;
        }
        fit
    }

    /// The operation that a form names.
    pub(super) fn operation(&self) -> Option<String> {
        let in_form = |text: &Text| {
            let bytes = text.bytes()?;
            let mut pairs = url::form_urlencoded::parse(&bytes);
            pairs
                .find(|(name, _)| name == "Action")
                .map(|(_, value)| value.into_owned())
        };
        in_form(&self.body).or_else(|| in_form(&self.query))
    }
}

/// A first line, header fields, an empty line, the body.
fn message(first: &str, headers: &[(String, String)], body: &Text) -> String {
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\n"))
        .collect();
    format!("{first}\n{headers}\n{}", body.told())
}

impl AnswerPart {
    pub(super) fn status(&self) -> u16 {
        self.status
    }

    /// A line with the status, header fields, an empty line, the body.
    pub(super) fn told(&self) -> String {
        message(&format!("HTTP {}", self.status), &self.headers, &self.body)
    }

    pub(super) fn answer(&self) -> HttpAnswer {
        HttpAnswer {
            status: self.status,
            headers: self.headers.clone(),
            body: self.body.bytes().unwrap_or_default(),
        }
    }
}
