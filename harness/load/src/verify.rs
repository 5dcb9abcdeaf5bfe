//! Whether an answer is right.
//!
//! A verdict is a function of what was due and of the answer's bytes. Where the same bytes come again (but for the request
//! id, which is never the same) while nothing else has changed, the verdict is the one from before: most answers of a
//! load are told apart by a comparison of memory, and checking does not slow the asking down.

use std::sync::Arc;

use parallax_contract::model::Paginator;
use parallax_contract::{
    Call, Confidence, Contract, Evidence, Expectation, Expected, Observation, Outcome, Pattern, Refusal,
};
use parallax_diff::{Bindings, compare};
use parallax_oracle::{Oracle, State};
use parallax_outcome::Verdict;
use parallax_wire::{HttpAnswer, Protocol};

/// How answers are checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verify {
    /// By the status alone: nothing counts as verified.
    Off,
    /// Decoded, accepted or refused as it must be, and of the declared shape.
    #[default]
    Shape,
    /// Against all that the documentation says of it, after all that was asked before.
    Full,
}

impl Verify {
    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Shape => "shape",
            Self::Full => "full",
        }
    }
}

/// What an answer is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Worth {
    /// It is not known to be wrong; nothing was checked.
    Unchecked,
    /// It is right.
    Right,
    /// The sources do not tell.
    Open,
    /// It is wrong.
    Wrong(Wrong),
}

/// In which way an answer is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) kind: &'static str,
    pub(crate) example: String,
}

/// The checker of one connection.
pub(crate) struct Verifier {
    verify: Verify,
    oracle: Arc<Oracle>,
    protocol: &'static dyn Protocol,
    state: State,
    bindings: Bindings,
    accepted: Expectation,
    refused: Expectation,
    /// Changes whenever the state may have.
    version: u64,
}

/// One answer to one request as it was last seen, with what it was worth.
pub(crate) struct Seen {
    version: u64,
    template: Template,
    worth: Worth,
}

/// What is asked: the call, and how it ought to go.
pub(crate) struct Asked<'a> {
    pub(crate) call: &'a Call,
    /// Whether it must be refused.
    pub(crate) refused: bool,
    /// Whether it leaves everything as it is.
    pub(crate) reads: bool,
}

impl Verifier {
    pub(crate) fn new(verify: Verify, oracle: Arc<Oracle>, protocol: &'static dyn Protocol, state: State) -> Self {
        let basis: Arc<_> = Evidence {
            fact: "the mix asks for what must go so".to_owned(),
            source: "the mix".to_owned(),
            confidence: Confidence::Documented,
        }
        .into();
        let accepted = Expected::Success {
            output: Pattern::any("only the shape is checked"),
            basis: Arc::clone(&basis),
        };
        Self {
            verify,
            oracle,
            protocol,
            state,
            bindings: Bindings::default(),
            accepted: Expectation { expected: accepted },
            refused: Expectation {
                expected: Expected::Refusal(Refusal::any(basis)),
            },
            version: 0,
        }
    }

    /// Whether more than the status of an answer is looked at.
    pub(crate) fn looks_inside(&self) -> bool {
        self.verify != Verify::Off
    }

    /// What an answer is worth. `seen` is what came of the same request before.
    pub(crate) fn judge(&mut self, asked: &Asked<'_>, answer: &HttpAnswer, seen: &mut Option<Seen>) -> Worth {
        if self.verify == Verify::Off {
            return by_status(asked, answer.status);
        }
        let same = seen.as_ref().is_some_and(|seen| seen.template.fits(answer));
        if let Some(before) = seen.as_ref().filter(|before| same && before.version == self.version) {
            return before.worth.clone();
        }
        let observation = self.decode(&asked.call.operation, answer);
        let worth = self.compare(asked, &observation);
        let stays = asked.reads || self.verify == Verify::Shape;
        if !(stays && same) {
            self.version += u64::from(self.verify == Verify::Full);
        }
        *seen = Template::of(answer, &observation)
            .filter(|_| stays)
            .map(|template| Seen {
                version: self.version,
                template,
                worth: worth.clone(),
            });
        worth
    }

    /// The answer decoded.
    pub(crate) fn decode(&self, operation: &str, answer: &HttpAnswer) -> Observation {
        self.protocol.decode_response(self.contract(), operation, answer)
    }

    /// What is promised.
    pub(crate) fn contract(&self) -> &Contract {
        self.oracle.contract()
    }

    /// How an operation's pages are turned, if it has any.
    pub(crate) fn paginator(&self, operation: &str) -> Option<&Paginator> {
        self.contract().operations.get(operation)?.paginator.as_ref()
    }

    fn compare(&mut self, asked: &Asked<'_>, observation: &Observation) -> Worth {
        let intended = if asked.refused { &self.refused } else { &self.accepted };
        let full = (self.verify == Verify::Full).then(|| self.oracle.expect(&self.state, asked.call));
        let due = full.as_ref().unwrap_or(intended);
        let contract = self.oracle.contract();
        let operation = &asked.call.operation;
        let found = compare(contract, operation, due, observation, &mut self.bindings);
        if let Some(due) = &full {
            self.oracle.follow_due(&mut self.state, asked.call, due, observation);
        }
        match found.verdict {
            Verdict::Agree => Worth::Right,
            Verdict::Inconclusive(_) | Verdict::Skipped(_) => Worth::Open,
            Verdict::Diverge => {
                let first = found.differences.iter().find(|difference| !difference.habit);
                let kind = first.map_or("outcome", |first| first.kind.as_str());
                let example = first.map_or_else(String::new, |first| {
                    format!("{operation}: {} was due, {} came", first.expected, first.observed)
                });
                Worth::Wrong(Wrong { kind, example })
            }
        }
    }
}

/// Unchecked answers are wrong only where their status says so.
fn by_status(asked: &Asked<'_>, status: u16) -> Worth {
    let accepted = (200..300).contains(&status);
    if accepted != asked.refused {
        return Worth::Unchecked;
    }
    Worth::Wrong(Wrong {
        kind: "status",
        example: format!("{}: status {status}", asked.call.operation),
    })
}

/// The bytes of an answer, with a hole where its request id stood.
struct Template {
    status: u16,
    content_type: Option<String>,
    body: Vec<u8>,
    hole: std::ops::Range<usize>,
    /// Which header field bore the same id.
    id_header: Option<(usize, String)>,
}

impl Template {
    /// None for an answer whose id cannot be told from the rest.
    fn of(answer: &HttpAnswer, observation: &Observation) -> Option<Self> {
        // An answer that cannot be read is of no use to know again.
        if let Outcome::Malformed(_) | Outcome::Lost(_) = observation.outcome {
            return None;
        }
        let id = observation.body_request_id.as_deref().unwrap_or_default();
        let in_header = observation.header_request_id.as_deref();
        let id_header = in_header.and_then(|id| answer.headers.iter().position(|(_, value)| value == id));
        if id.is_empty() || in_header.is_some_and(|other| other != id) || !id.bytes().all(is_plain) {
            return None;
        }
        let text = std::str::from_utf8(&answer.body).ok()?;
        let mut places = text.match_indices(id);
        let (at, _) = places.next()?;
        if places.next().is_some() {
            return None;
        }
        Some(Self {
            status: answer.status,
            content_type: answer.header("content-type").map(str::to_owned),
            body: answer.body.clone(),
            hole: at..at + id.len(),
            id_header: id_header.and_then(|at| Some((at, answer.headers.get(at)?.0.clone()))),
        })
    }

    /// Whether an answer says the same, under whichever id.
    fn fits(&self, answer: &HttpAnswer) -> bool {
        let body = &answer.body;
        let same = |one: Option<&[u8]>, other: Option<&[u8]>| one.is_some() && one == other;
        answer.status == self.status
            && body.len() == self.body.len()
            && same(body.get(..self.hole.start), self.body.get(..self.hole.start))
            && same(body.get(self.hole.end..), self.body.get(self.hole.end..))
            && body
                .get(self.hole.clone())
                .is_some_and(|id| id.iter().copied().all(is_plain))
            && answer.header("content-type") == self.content_type.as_deref()
            && self.bears_the_id(answer)
    }

    fn bears_the_id(&self, answer: &HttpAnswer) -> bool {
        match &self.id_header {
            None => !answer
                .headers
                .iter()
                .any(|(name, _)| name.ends_with("requestid") || name.ends_with("request-id")),
            Some((at, name)) => answer
                .headers
                .get(*at)
                .is_some_and(|(other, id)| other == name && answer.body.get(self.hole.clone()) == Some(id.as_bytes())),
        }
    }
}

/// Characters of which a request id cannot be anything else.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}
