//! A cassette from its first line to its last.

use std::io::{BufRead, BufReader};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::index::Record;
use super::line::{ExchangeLine, FooterLine, HeaderLine, Opened, Tally};
use super::source::{Source, Stream};
use super::{CassetteError, Damage, FORMAT, Header};

/// The longest line that is read, so that a file without line breaks does not fill the memory.
pub(super) const LONGEST: usize = 1 << 28;

/// Whether all of a cassette is wanted, or what can be had of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// A cassette that is not whole, or that was changed, is refused.
    Whole,
    /// What can be read is used, and the rest is told.
    Salvage,
}

/// What a look at every line brought.
pub(super) struct Scanned {
    pub(super) header: Header,
    pub(super) records: Vec<Record>,
    /// Where the footer begins and its digest.
    pub(super) footer: Option<(u64, String)>,
    /// Where the footer counts other lines than there are.
    pub(super) miscounted: Option<CassetteError>,
    pub(super) damage: Damage,
}

/// Looks at every line.
pub(super) fn scan(source: &Source, care: Care) -> Result<Scanned, CassetteError> {
    let mut scan = Scan {
        lines: Lines::of(source),
        care,
        tally: Tally::default(),
        records: Vec::new(),
        miscounted: None,
        damage: Damage::default(),
    };
    let header = scan.header()?;
    let footer = scan.exchanges()?;
    if care == Care::Salvage && scan.records.is_empty() && !scan.damage.is_none() {
        return Err(CassetteError::Nothing);
    }
    Ok(Scanned {
        header,
        records: scan.records,
        footer,
        miscounted: scan.miscounted,
        damage: scan.damage,
    })
}

struct Scan<'a> {
    lines: Lines<'a>,
    care: Care,
    tally: Tally,
    records: Vec<Record>,
    miscounted: Option<CassetteError>,
    damage: Damage,
}

impl Scan<'_> {
    fn header(&mut self) -> Result<Header, CassetteError> {
        let header = match self.lines.next()? {
            Some(mut line) => line.header(),
            None => Err(CassetteError::NotACassette),
        };
        match (header, self.care) {
            (Ok(header), _) => Ok(header),
            (Err(error), Care::Whole) => Err(error),
            (Err(error), Care::Salvage) => {
                self.damage.add(error);
                Ok(Header::unknown())
            }
        }
    }

    /// The lines behind the header, up to the end; the footer, where there is one.
    fn exchanges(&mut self) -> Result<Option<(u64, String)>, CassetteError> {
        let (mut footer, mut cut) = (None, false);
        loop {
            let last = self.lines.number;
            let Some(mut line) = self.lines.next()? else {
                if footer.is_none() && !cut {
                    self.forgive(CassetteError::Truncated { line: last })?;
                }
                return Ok(footer);
            };
            if footer.is_some() {
                // Nothing comes behind a footer; not even a line that is right in itself.
                self.forgive(CassetteError::Edited { line: line.number })?;
            }
            if !line.ended {
                // Only a break ends a line: what comes without one was cut off, though perhaps nothing else of it.
                cut = true;
                self.forgive(CassetteError::Truncated { line: last })?;
            }
            match line.read() {
                Ok(Read::Exchange(found, digest)) => {
                    self.tally.add(&digest);
                    self.records.push(Record::new(&found.position(), &line));
                }
                Ok(Read::Footer(found, digest)) => {
                    self.check_end(&found, line.number);
                    footer = Some((line.offset, digest));
                }
                Err(_) if cut => {}
                Err(error) => self.forgive(error)?,
            }
        }
    }

    /// A line that is there twice is the better reason; so this one waits.
    fn check_end(&mut self, footer: &FooterLine, line: usize) {
        let found = self.tally.footer();
        if *footer != found {
            self.miscounted = Some(CassetteError::Miscounted {
                line,
                counted: footer.exchanges,
                found: found.exchanges,
            });
        }
    }

    fn forgive(&mut self, error: CassetteError) -> Result<(), CassetteError> {
        match self.care {
            Care::Whole => Err(error),
            Care::Salvage => {
                self.damage.add(error);
                Ok(())
            }
        }
    }
}

/// Lines one after the other.
pub(super) struct Lines<'a> {
    from: BufReader<Stream<'a>>,
    offset: u64,
    /// How many were read.
    number: usize,
}

/// One line as it stands in the file.
pub(super) struct Line {
    /// Where it begins.
    pub(super) offset: u64,
    /// Which one it is, from 1.
    pub(super) number: usize,
    /// Its bytes, without the line break.
    pub(super) bytes: Vec<u8>,
    /// Whether a line break followed. What comes without one was cut off.
    ended: bool,
    /// Whether there was more than is kept.
    too_long: bool,
}

/// What a line holds.
pub(super) enum Read {
    /// An exchange, and the line's digest.
    Exchange(Box<ExchangeLine>, String),
    /// The footer, and the line's digest.
    Footer(FooterLine, String),
}

impl<'a> Lines<'a> {
    pub(super) fn of(source: &'a Source) -> Self {
        Self {
            from: source.stream(),
            offset: 0,
            number: 0,
        }
    }

    /// The next line; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Line>, CassetteError> {
        let offset = self.offset;
        let (mut bytes, mut ended) = (Vec::new(), false);
        while !ended {
            let chunk = self.from.fill_buf()?;
            if chunk.is_empty() {
                break;
            }
            let end = memchr::memchr(b'\n', chunk);
            let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            let room = (LONGEST + 1).saturating_sub(bytes.len()).min(part.len());
            bytes.extend_from_slice(part.get(..room).unwrap_or_default());
            ended = end.is_some();
            let used = part.len() + usize::from(ended);
            self.from.consume(used);
            self.offset += used as u64;
        }
        if self.offset == offset {
            return Ok(None);
        }
        if ended {
            cut_return(&mut bytes);
        }
        self.number += 1;
        Ok(Some(Line {
            offset,
            number: self.number,
            too_long: bytes.len() > LONGEST,
            bytes,
            ended,
        }))
    }
}

impl Line {
    /// A line that was read by its place.
    pub(super) fn at(offset: u64, number: usize, mut bytes: Vec<u8>) -> Self {
        cut_return(&mut bytes);
        Self {
            offset,
            number,
            bytes,
            ended: true,
            too_long: false,
        }
    }

    /// What the first line says. It is looked at before its digest: a newer format may have another one.
    pub(super) fn header(&mut self) -> Result<Header, CassetteError> {
        #[derive(Deserialize)]
        struct Format {
            cassette: u32,
        }
        if self.too_long {
            return Err(CassetteError::NotACassette);
        }
        if !self.ended {
            return Err(CassetteError::Truncated { line: 0 });
        }
        let opened = Opened::of(&mut self.bytes).ok_or(CassetteError::NotACassette)?;
        let format: Format = serde_json::from_str(opened.body).map_err(|_| CassetteError::NotACassette)?;
        if format.cassette > FORMAT {
            return Err(CassetteError::Newer { found: format.cassette });
        }
        if !opened.is_intact() {
            return Err(CassetteError::Edited { line: 1 });
        }
        Ok(parse::<HeaderLine>(opened.body, 1)?.header)
    }

    /// What a later line holds.
    pub(super) fn read(&mut self) -> Result<Read, CassetteError> {
        let line = self.number;
        let opened = self.intact()?;
        let digest = opened.digest.to_owned();
        if opened.body.starts_with(FooterLine::OPENING) {
            return Ok(Read::Footer(parse(opened.body, line)?, digest));
        }
        Ok(Read::Exchange(parse(opened.body, line)?, digest))
    }

    /// The line, if it is what was written.
    fn intact(&mut self) -> Result<Opened<'_>, CassetteError> {
        let line = self.number;
        if self.too_long {
            return Err(CassetteError::TooLong { line });
        }
        let opened = Opened::of(&mut self.bytes).filter(Opened::is_intact);
        opened.ok_or(CassetteError::Edited { line })
    }
}

/// Takes off what a version control system set to the line ends of Windows added. No line that was written ends so.
fn cut_return(line: &mut Vec<u8>) {
    if line.last() == Some(&b'\r') {
        line.pop();
    }
}

fn parse<T: DeserializeOwned>(body: &str, line: usize) -> Result<T, CassetteError> {
    serde_json::from_str(body).map_err(|error| CassetteError::Line {
        line,
        why: error.to_string(),
    })
}
