//! One exchange of a cassette.

use std::collections::BTreeMap;

use parallax_contract::{Call, Contract, Expectation, Observation, TransportFault};
use parallax_wire::{HttpAnswer, HttpRequest, UnsupportedProtocol, protocol_of};
use serde_json::value::RawValue;

use super::line::{AnswerPart, ExchangeLine, RequestPart};
use super::placeholder::{Otherwise, RUN_UPPER, fill, fill_text, names};
use super::redact::{CleanExchange, CleanExpectation, map_strings};
use super::{CassetteError, Position, Redacted};
use crate::Exchange;

/// One exchange of a cassette.
#[derive(Debug)]
pub struct Entry {
    line: usize,
    request: RequestPart,
    response: Option<AnswerPart>,
    lost: Option<String>,
    expectation: Option<Box<RawValue>>,
}

impl Entry {
    /// What a line holds, and where it belongs.
    pub(super) fn of(found: ExchangeLine, line: usize) -> (Position, Self) {
        let position = found.position();
        let entry = Self {
            line,
            request: found.request,
            response: found.response,
            lost: found.lost,
            expectation: found.expectation,
        };
        (position, entry)
    }

    /// The line it stands on, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The request as it was kept, for people: a line with method and query, header fields, an empty line, the body.
    pub fn request_text(&self) -> String {
        self.request.told()
    }

    /// The operation that the request names; `None` where it was too long to keep.
    pub fn operation(&self) -> Option<String> {
        self.request.operation()
    }

    /// The answer as it was kept, for people: a line with the status, header fields, an empty line, the body. `None` where
    /// no answer came.
    pub fn answer_text(&self) -> Option<String> {
        self.response.as_ref().map(AnswerPart::told)
    }

    /// The answer's status; `None` where no answer came.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(AnswerPart::status)
    }

    /// What the answer must be, as JSON; `None` where only an answer was recorded.
    pub fn expectation_text(&self) -> Option<&str> {
        self.expectation.as_deref().map(RawValue::get)
    }

    /// The names of the placeholders in it, each as often as it stands there.
    pub fn placeholders(&self) -> Vec<String> {
        let texts = [Some(self.request.told()), self.answer_text()];
        let texts = texts
            .into_iter()
            .flatten()
            .chain(self.expectation_text().map(str::to_owned));
        let of = |text: String| names(text.as_bytes()).map(str::to_owned).collect::<Vec<_>>();
        texts.flat_map(of).collect()
    }

    /// Whether both say the same.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.response == other.response
            && self.lost == other.lost
            && self.expectation_text() == other.expectation_text()
    }

    /// Whether both were asked the same.
    pub fn is_asked_the_same(&self, other: &Self) -> bool {
        self.request == other.request
    }

    /// Whether it was recorded from the same request; where not, the scenario has changed since.
    pub fn asks_the_same(&self, exchange: &Redacted<Exchange>) -> bool {
        self.request == exchange.0.request
    }

    /// Whether this request is the same but for what placeholders stand for: the bound values, and for others whatever
    /// the request has in their places, which is then bound. `clean` is the same request, redacted.
    pub fn fits(
        &self,
        request: &HttpRequest,
        clean: &Redacted<Exchange>,
        bound: &mut BTreeMap<String, String>,
    ) -> bool {
        self.request.fits(request, &clean.0.request, bound)
    }

    /// The answer, its placeholders filled in from `values`; accounts, ids, addresses and the like that are not among them
    /// get values of the right form. `None` where no answer came.
    pub fn answer(&self, values: &BTreeMap<String, String>) -> Option<HttpAnswer> {
        self.filled(values, Otherwise::Made)
    }

    /// The same with the placeholders themselves where there is no value.
    pub fn answer_as_kept(&self, values: &BTreeMap<String, String>) -> Option<HttpAnswer> {
        self.filled(values, Otherwise::Kept)
    }

    fn filled(&self, values: &BTreeMap<String, String>, otherwise: Otherwise) -> Option<HttpAnswer> {
        let mut answer = self.response.as_ref()?.answer();
        answer.body = fill(&answer.body, values, otherwise);
        for (_, value) in &mut answer.headers {
            *value = fill_text(value, values, otherwise);
        }
        Some(answer)
    }

    /// Why no answer came, in words.
    pub fn lost(&self) -> Option<&str> {
        self.lost.as_deref()
    }

    /// Whether the harness itself had left the request unsent; it would again.
    pub fn is_withheld(&self) -> bool {
        let mark = TransportFault::Withheld(String::new()).to_string();
        self.lost().is_some_and(|lost| lost.starts_with(&mark))
    }

    /// The request, its placeholders filled in from `values`; `None` where it was too long to be kept.
    pub fn request(&self, values: &BTreeMap<String, String>) -> Option<HttpRequest> {
        let mut request = self.request.request()?;
        request.query = fill_text(&request.query, values, Otherwise::Made);
        request.body = fill(&request.body, values, Otherwise::Made);
        Some(request)
    }

    /// The exchange that asking `call` and being answered so would be.
    ///
    /// # Errors
    /// [`UnsupportedProtocol`] where the contract's protocol is not built in.
    pub fn exchange(
        &self,
        contract: &Contract,
        call: &Call,
        values: &BTreeMap<String, String>,
    ) -> Result<Exchange, UnsupportedProtocol> {
        let protocol = protocol_of(contract)?;
        let answer = self.answer(values);
        let lost = || Observation::lost(TransportFault::Closed(String::new()));
        let decode = |answer| protocol.decode_response(contract, &call.operation, answer);
        Ok(Exchange {
            request: protocol.encode_request(contract, call),
            observation: answer.as_ref().map_or_else(lost, decode),
            answer,
        })
    }

    /// The answer decoded as one to `operation`, with the placeholders themselves where there is no value; `None` where no
    /// answer came.
    ///
    /// # Errors
    /// [`UnsupportedProtocol`] where the contract's protocol is not built in.
    pub fn observation(
        &self,
        contract: &Contract,
        operation: &str,
        values: &BTreeMap<String, String>,
    ) -> Result<Option<Observation>, UnsupportedProtocol> {
        let protocol = protocol_of(contract)?;
        let answer = self.answer_as_kept(values);
        Ok(answer.map(|answer| protocol.decode_response(contract, operation, &answer)))
    }

    /// What the answer must be, its placeholders filled in; `None` where only an answer was recorded.
    ///
    /// # Errors
    /// [`CassetteError::Line`] where this version does not understand it, [`CassetteError::Hidden`] where a placeholder in
    /// it has no value: what it stood for was due.
    pub fn expectation(&self, values: &BTreeMap<String, String>) -> Result<Option<Expectation>, CassetteError> {
        let Some(kept) = &self.expectation else {
            return Ok(None);
        };
        let mut hidden = None;
        let filled = map_strings(kept.get(), |text| {
            let without = |name: &&str| !values.contains_key(*name) && *name != RUN_UPPER;
            hidden = hidden
                .take()
                .or_else(|| names(text.as_bytes()).find(without).map(str::to_owned));
            fill_text(text, values, Otherwise::Kept)
        });
        if let Some(name) = hidden {
            return Err(CassetteError::Hidden { line: self.line, name });
        }
        let read = filled.and_then(|json| serde_json::from_str(&json));
        read.map(Some).map_err(|error| CassetteError::Line {
            line: self.line,
            why: error.to_string(),
        })
    }

    /// The same, to be written again: what was read of a cassette was redacted when it was made.
    pub fn kept(self) -> (Redacted<Exchange>, Option<Redacted<Expectation>>) {
        let exchange = CleanExchange {
            request: self.request,
            response: self.response,
            lost: self.lost,
        };
        let expectation = self.expectation.map(|kept| Redacted(CleanExpectation(kept)));
        (Redacted(exchange), expectation)
    }
}
