//! shard.jsonl: what a part of a run leaves for `merge`, line by line: a header, the events, and an end that tells how
//! many there were and the digest of all lines before it.
//!
//! A merged report must be what the whole run would have told. Some things are told once for a whole run, so a part's
//! report is not enough; its events are.

use std::io::{self, BufRead, Write as _};

use parallax_outcome::Event;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The version of the form; a reader refuses a greater one.
pub const FORMAT: u32 = 2;

/// The file's name.
pub const NAME: &str = "shard.jsonl";

/// What a part says of the run that it is a part of. All but `index` is the same in all parts of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The version of this form, [`FORMAT`].
    pub shard: u32,
    /// Which part, from 1.
    pub index: u32,
    /// How many parts there are.
    pub count: u32,
    /// What wrote it, such as `parallax 0.1.0`.
    pub tool: String,
    /// The service's name.
    pub service: String,
    /// A hash of the contract.
    pub contract: String,
    /// A hash of all scenarios of the run.
    pub selection: String,
    /// How many scenarios the run has.
    pub scenarios: usize,
    /// A hash of which scenario is in which part.
    pub split: String,
    /// What was given on the command line, for whoever wrote it.
    pub given: serde_json::Value,
}

/// One line.
#[derive(Serialize, Deserialize)]
enum Line<H, E, R> {
    Shard(H),
    Event(E),
    End {
        /// How many events there were.
        events: u64,
        /// What belongs to this part alone.
        run: R,
        /// SHA-256 of all lines before, with their ends.
        digest: String,
    },
}

type Read = Line<Header, Event, serde_json::Value>;
type Written<'a> = Line<&'a Header, &'a Event, &'a serde_json::Value>;

/// Writes a part.
#[derive(Debug)]
pub struct Writer<W> {
    out: Digested<W>,
    events: u64,
}

/// A place that is written to, and the digest of what was.
#[derive(Debug)]
struct Digested<W> {
    out: W,
    digest: Sha256,
}

impl<W: io::Write> io::Write for Digested<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.digest.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn digits(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl<W: io::Write> Writer<W> {
    /// Begins with the header.
    ///
    /// # Errors
    /// Those of the place that is written to.
    pub fn new(out: W, header: &Header) -> io::Result<Self> {
        let digest = Sha256::new();
        let mut writer = Self {
            out: Digested { out, digest },
            events: 0,
        };
        writer.line(&Line::Shard(header))?;
        Ok(writer)
    }

    /// Writes an event.
    ///
    /// # Errors
    /// Those of the place that is written to.
    pub fn event(&mut self, event: &Event) -> io::Result<()> {
        self.events += 1;
        self.line(&Line::Event(event))
    }

    /// Ends the part; `run` is what belongs to it alone.
    ///
    /// # Errors
    /// Those of the place that is written to.
    pub fn end(mut self, run: &serde_json::Value) -> io::Result<W> {
        let events = self.events;
        let digest = digits(self.out.digest.clone());
        self.line(&Line::End { events, run, digest })?;
        self.out.flush()?;
        Ok(self.out.out)
    }

    fn line(&mut self, line: &Written<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, line)?;
        self.out.write_all(b"\n")
    }
}

/// Why something is no part of a run.
#[derive(Debug, thiserror::Error)]
pub enum ShardError {
    /// It does not begin as one.
    #[error("this is no shard.jsonl of parallax; give the folders that `parallax run --shard` wrote")]
    Foreign,
    /// Written by a newer version.
    #[error(
        "its form is {found} and this version reads up to {FORMAT}; merge with the parallax that played the shards"
    )]
    TooNew {
        /// The version in the text.
        found: u64,
    },
    /// The end is not there.
    #[error(
        "it is cut off after line {lines}: the shard was killed, or the file was not copied whole; play it again alone"
    )]
    CutOff {
        /// How many whole lines there are.
        lines: u64,
    },
    /// A line that no part has.
    #[error("line {line}: {detail}; play the shard again alone")]
    Broken {
        /// Where, from 1.
        line: u64,
        /// What does not fit.
        detail: String,
    },
    /// It cannot be read at all.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
}

/// Reads a part, one event at a time.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    line: Vec<u8>,
    lines: u64,
    header: Header,
    run: Option<serde_json::Value>,
    digest: Sha256,
}

impl<R: BufRead> Reader<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// [`ShardError`] says what the text is instead.
    pub fn new(input: R) -> Result<Self, ShardError> {
        let mut reader = Self {
            input,
            line: Vec::new(),
            lines: 0,
            header: Header::default(),
            run: None,
            digest: Sha256::new(),
        };
        reader.next_line()?;
        let first: serde_json::Value = serde_json::from_slice(&reader.line).map_err(|_| ShardError::Foreign)?;
        match first.pointer("/Shard/shard").and_then(serde_json::Value::as_u64) {
            None => return Err(ShardError::Foreign),
            Some(found) if found > u64::from(FORMAT) => return Err(ShardError::TooNew { found }),
            Some(_) => {}
        }
        match reader.parse()? {
            Line::Shard(header) => reader.header = header,
            _ => return Err(ShardError::Foreign),
        }
        Ok(reader)
    }

    /// What the part says of the run.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What belonged to the part alone; known once all events were read.
    pub fn run(&self) -> Option<&serde_json::Value> {
        self.run.as_ref()
    }

    /// The next event; `None` at the end.
    ///
    /// # Errors
    /// [`ShardError`] where the part is cut off or broken.
    pub fn next_event(&mut self) -> Result<Option<Event>, ShardError> {
        if self.run.is_some() {
            return Ok(None);
        }
        self.next_line()?;
        match self.parse()? {
            Line::Event(event) => Ok(Some(event)),
            Line::End { events, .. } if events.checked_add(2) != Some(self.lines) => {
                Err(self.broken(format!("the end tells of {events} events, and there are others")))
            }
            Line::End { digest, .. } if digest != digits(self.digest.clone()) => {
                Err(self.broken("the lines before are not those that the shard wrote".to_owned()))
            }
            Line::End { run, .. } => {
                if !self.input.fill_buf()?.is_empty() {
                    self.lines += 1;
                    return Err(self.broken("there is something behind the end".to_owned()));
                }
                self.run = Some(run);
                Ok(None)
            }
            Line::Shard(_) => Err(self.broken("a second header".to_owned())),
        }
    }

    fn next_line(&mut self) -> Result<(), ShardError> {
        // The end tells the digest of what is before it, so a line counts once the next is read.
        if self.lines > 0 {
            self.digest.update(&self.line);
            self.digest.update(b"\n");
        }
        self.line.clear();
        self.input.read_until(b'\n', &mut self.line)?;
        if self.line.pop() != Some(b'\n') {
            return Err(ShardError::CutOff { lines: self.lines });
        }
        self.lines += 1;
        Ok(())
    }

    fn parse(&self) -> Result<Read, ShardError> {
        serde_json::from_slice(&self.line).map_err(|error| self.broken(error.to_string()))
    }

    fn broken(&self, detail: String) -> ShardError {
        let line = self.lines;
        ShardError::Broken { line, detail }
    }
}
