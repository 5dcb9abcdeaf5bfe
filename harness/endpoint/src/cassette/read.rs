//! Reading a cassette.

use std::collections::BTreeMap;
use std::io::BufRead;

use parallax_contract::{Contract, Expectation, Observation};
use parallax_wire::{HttpAnswer, UnsupportedProtocol, protocol_of};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::line::{AnswerPart, ExchangeLine, FooterLine, HeaderLine, RequestPart, Sealed, Tally};
use super::placeholder::{fill, fill_text};
use super::redact::map_strings;
use super::{CassetteError, FORMAT, Header, Position, Redacted};
use crate::Exchange;

/// A whole, unedited cassette.
#[derive(Debug)]
pub struct Cassette {
    header: Header,
    entries: BTreeMap<Position, Entry>,
}

/// One exchange of a cassette.
#[derive(Debug)]
pub struct Entry {
    line: usize,
    request: RequestPart,
    response: Option<AnswerPart>,
    lost: Option<String>,
    expectation: Option<Box<RawValue>>,
}

impl Cassette {
    /// Reads all of it.
    ///
    /// # Errors
    /// [`CassetteError`], which names the line.
    pub fn read(from: impl BufRead) -> Result<Self, CassetteError> {
        let mut lines = Lines { from, number: 0 };
        let header = header(&lines.next()?.ok_or(CassetteError::NotACassette)?)?;
        let (mut entries, mut tally) = (BTreeMap::new(), Tally::default());
        loop {
            let truncated = CassetteError::Truncated { line: lines.number };
            let sealed = lines.next()?.ok_or(truncated)?;
            if let Ok(footer) = serde_json::from_str::<FooterLine>(&sealed.body) {
                check_end(&footer, tally, &mut lines)?;
                return Ok(Self { header, entries });
            }
            tally.add(&sealed);
            let (position, entry) = entry(&sealed, lines.number)?;
            if entries.contains_key(&position) {
                let line = lines.number;
                return Err(CassetteError::Duplicate { line, position });
            }
            entries.insert(position, entry);
        }
    }

    /// What it says of itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The exchange at this place, if it was recorded.
    pub fn get(&self, at: &Position) -> Option<&Entry> {
        self.entries.get(at)
    }

    /// All exchanges, ordered by scenario, step and page.
    pub fn iter(&self) -> impl Iterator<Item = (&Position, &Entry)> {
        self.entries.iter()
    }

    /// How many exchanges there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl Entry {
    /// Whether it was recorded from the same request; where not, the scenario has changed since.
    pub fn asks_the_same(&self, exchange: &Redacted<Exchange>) -> bool {
        self.request == exchange.0.request
    }

    /// The answer, its placeholders filled in from `values`; accounts and request ids that are not among them get
    /// values of the right form. `None` where no answer came.
    pub fn answer(&self, values: &BTreeMap<String, String>) -> Option<HttpAnswer> {
        let mut answer = self.response.as_ref()?.answer();
        answer.body = fill(&answer.body, values);
        for (_, value) in &mut answer.headers {
            *value = fill_text(value, values);
        }
        Some(answer)
    }

    /// Why no answer came, in words.
    pub fn lost(&self) -> Option<&str> {
        self.lost.as_deref()
    }

    /// The answer decoded as one to `operation`; `None` where no answer came.
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
        let answer = self.answer(values);
        Ok(answer.map(|answer| protocol.decode_response(contract, operation, &answer)))
    }

    /// What the answer must be, its placeholders filled in; `None` where only an answer was recorded.
    ///
    /// # Errors
    /// [`CassetteError::Line`] where this version does not understand it.
    pub fn expectation(&self, values: &BTreeMap<String, String>) -> Result<Option<Expectation>, CassetteError> {
        let Some(kept) = &self.expectation else {
            return Ok(None);
        };
        let filled = map_strings(kept.get(), |text| fill_text(text, values));
        let read = filled.and_then(|json| serde_json::from_str(&json));
        read.map(Some).map_err(|error| CassetteError::Line {
            line: self.line,
            why: error.to_string(),
        })
    }
}

/// Whole lines with a true digest.
struct Lines<R> {
    from: R,
    /// How many were read.
    number: usize,
}

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> Result<Option<Sealed>, CassetteError> {
        let mut bytes = Vec::new();
        self.from.read_until(b'\n', &mut bytes)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        // Only a break ends a line: what comes without one was cut off.
        if bytes.pop() != Some(b'\n') {
            return Err(CassetteError::Truncated { line: self.number });
        }
        self.number += 1;
        let sealed = std::str::from_utf8(&bytes).ok().and_then(Sealed::split);
        match (sealed, self.number) {
            // The header is looked at before its digest: a newer format may have another one.
            (Some(sealed), 1) => Ok(Some(sealed)),
            (None, 1) => Err(CassetteError::NotACassette),
            (Some(sealed), _) if sealed.is_intact() => Ok(Some(sealed)),
            (_, line) => Err(CassetteError::Edited { line }),
        }
    }
}

fn header(sealed: &Sealed) -> Result<Header, CassetteError> {
    #[derive(Deserialize)]
    struct Format {
        cassette: u32,
    }
    let format: Format = serde_json::from_str(&sealed.body).map_err(|_| CassetteError::NotACassette)?;
    if format.cassette > FORMAT {
        return Err(CassetteError::Newer { found: format.cassette });
    }
    if !sealed.is_intact() {
        return Err(CassetteError::Edited { line: 1 });
    }
    Ok(parse::<HeaderLine>(sealed, 1)?.header)
}

fn entry(sealed: &Sealed, line: usize) -> Result<(Position, Entry), CassetteError> {
    let found: ExchangeLine = parse(sealed, line)?;
    let position = Position {
        scenario: found.scenario,
        step: found.step,
        page: found.page,
    };
    let entry = Entry {
        line,
        request: found.request,
        response: found.response,
        lost: found.lost,
        expectation: found.expectation,
    };
    Ok((position, entry))
}

fn check_end(footer: &FooterLine, tally: Tally, lines: &mut Lines<impl BufRead>) -> Result<(), CassetteError> {
    let line = lines.number;
    let found = tally.footer();
    if *footer != found {
        return Err(CassetteError::Miscounted {
            line,
            counted: footer.exchanges,
            found: found.exchanges,
        });
    }
    // Nothing comes behind a footer; not even a line that is right in itself.
    match lines.next() {
        Ok(None) => Ok(()),
        _ => Err(CassetteError::Edited { line: line + 1 }),
    }
}

fn parse<T: DeserializeOwned>(sealed: &Sealed, line: usize) -> Result<T, CassetteError> {
    serde_json::from_str(&sealed.body).map_err(|error| CassetteError::Line {
        line,
        why: error.to_string(),
    })
}
