//! Writing a cassette.

use std::io::{self, Write};

use parallax_contract::Expectation;

use super::line::{ExchangeLine, HeaderLine, Sealed, Tally};
use super::{FORMAT, Header, Position, Redacted};
use crate::Exchange;

/// Writes a cassette line by line. It is whole only after [`Writer::finish`].
pub struct Writer<W: Write> {
    to: W,
    tally: Tally,
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
        put(&mut to, &Sealed::new(&line)?)?;
        Ok(Self {
            to,
            tally: Tally::default(),
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
        let line = Sealed::new(&ExchangeLine {
            scenario,
            step,
            page,
            request: exchange.0.request,
            response: exchange.0.response,
            lost: exchange.0.lost,
            expectation: expectation.map(|clean| clean.0.0),
        })?;
        self.tally.add(&line);
        put(&mut self.to, &line)
    }

    /// Writes the footer and gives back what was written to.
    ///
    /// # Errors
    /// What writing raises.
    pub fn finish(mut self) -> io::Result<W> {
        put(&mut self.to, &Sealed::new(&self.tally.footer())?)?;
        self.to.flush()?;
        Ok(self.to)
    }
}

fn put(to: &mut impl Write, line: &Sealed) -> io::Result<()> {
    to.write_all(line.text().as_bytes())?;
    to.write_all(b"\n")
}
