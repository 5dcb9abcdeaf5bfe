//! Writing a cassette.

use std::io::{self, Write};

use parallax_contract::Expectation;

use super::line::{ExchangeLine, HeaderLine, Tally, seal};
use super::scan::LONGEST;
use super::{FORMAT, Header, Position, Redacted};
use crate::Exchange;

/// Writes a cassette line by line. It is whole only after [`Writer::finish`].
pub struct Writer<W: Write> {
    to: W,
    tally: Tally,
    /// The line that is being written.
    line: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Begins a cassette.
    ///
    /// # Errors
    /// What writing raises.
    pub fn create(mut to: W, header: Header) -> io::Result<Self> {
        let line = HeaderLine {
            cassette: FORMAT,
            header,
        };
        let mut bytes = Vec::new();
        seal(&mut bytes, &line)?;
        to.write_all(&bytes)?;
        Ok(Self {
            to,
            tally: Tally::default(),
            line: bytes,
        })
    }

    /// Adds an exchange and, where the reference can tell, what its answer must be.
    ///
    /// # Errors
    /// What writing raises.
    pub fn write(
        &mut self,
        at: Position,
        exchange: Redacted<Exchange>,
        expectation: Option<Redacted<Expectation>>,
    ) -> io::Result<()> {
        let Position { scenario, step, page } = at;
        self.put(&ExchangeLine {
            scenario,
            step,
            page,
            request: exchange.0.request,
            response: exchange.0.response,
            lost: exchange.0.lost,
            expectation: expectation.map(|clean| clean.0.0),
        })
    }

    /// What is written to.
    pub fn written(&self) -> &W {
        &self.to
    }

    /// Writes the footer and gives back what was written to.
    ///
    /// # Errors
    /// What writing raises.
    pub fn finish(mut self) -> io::Result<W> {
        self.line.clear();
        seal(&mut self.line, &self.tally.footer())?;
        self.to.write_all(&self.line)?;
        self.to.flush()?;
        Ok(self.to)
    }

    fn put(&mut self, exchange: &ExchangeLine) -> io::Result<()> {
        self.line.clear();
        let digest = seal(&mut self.line, exchange)?;
        if self.line.len() > LONGEST {
            let why = format!(
                "an exchange takes {} bytes, of which no reader takes more than {LONGEST}",
                self.line.len()
            );
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
        }
        self.tally.add(&digest);
        self.to.write_all(&self.line)
    }
}
