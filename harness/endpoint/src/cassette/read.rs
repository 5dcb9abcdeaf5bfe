//! Reading a cassette.

use std::fs::File;
use std::path::Path;
use std::sync::OnceLock;

use super::entry::Entry;
use super::index::{Head, Index, Record, beside};
use super::scan::{Care, Line, Lines, Read, Scanned, scan};
use super::source::Source;
use super::{CassetteError, Damage, Header, Position};

/// A cassette, of which an exchange is read when it is asked for.
///
/// What is checked when: [`Cassette::open`] looks at every line unless an index beside the file was made of it as it is;
/// then only at the first line and the last. A line that is read has its digest checked, each time.
#[derive(Debug)]
pub struct Cassette {
    header: Header,
    source: Source,
    index: Index,
    care: Care,
    seal: Option<String>,
    damage: Damage,
    trouble: OnceLock<CassetteError>,
}

impl Cassette {
    /// Opens a file. Its index is taken from beside it, or made and put there; where it cannot be put there it is held.
    ///
    /// # Errors
    /// [`CassetteError`], which names the line. With [`Care::Salvage`] only where nothing can be read at all.
    pub fn open(path: &Path, care: Care) -> Result<Self, CassetteError> {
        let file = File::open(path)?;
        let plain = file.metadata()?.is_file();
        if let Some((index, head)) = Index::find(beside(path), &file).filter(|_| plain && care == Care::Whole) {
            return Self::indexed(Source::of(file)?, index, &head);
        }
        let again = file.try_clone()?;
        let (cassette, records, footer) = Self::scanned(Source::of(file)?, care)?;
        if let Some(footer) = footer.filter(|_| plain && care == Care::Whole) {
            // Without it the next reader looks at every line again; that is all.
            Head::of(&again, cassette.len(), footer)
                .and_then(|head| Index::write(&beside(path), &head, &records))
                .ok();
        }
        Ok(cassette)
    }

    /// Looks at every line of a file, whatever its index says.
    ///
    /// # Errors
    /// [`CassetteError`], which names the line. With [`Care::Salvage`] only where nothing can be read at all.
    pub fn check(file: File, care: Care) -> Result<Self, CassetteError> {
        Ok(Self::scanned(Source::of(file)?, care)?.0)
    }

    /// Reads a whole cassette that is in memory.
    ///
    /// # Errors
    /// [`CassetteError`], which names the line.
    pub fn read(bytes: impl Into<Vec<u8>>) -> Result<Self, CassetteError> {
        Ok(Self::scanned(Source::Bytes(bytes.into()), Care::Whole)?.0)
    }

    /// Reads what can be read of a cassette that is in memory.
    ///
    /// # Errors
    /// [`CassetteError::Nothing`] where that is nothing.
    pub fn salvage(bytes: impl Into<Vec<u8>>) -> Result<Self, CassetteError> {
        Ok(Self::scanned(Source::Bytes(bytes.into()), Care::Salvage)?.0)
    }

    /// By an index that fits: the ends are looked at, and each line when it is read.
    fn indexed(source: Source, index: Index, head: &Head) -> Result<Self, CassetteError> {
        let first = Lines::of(&source).next()?;
        let header = first.ok_or(CassetteError::NotACassette)?.header()?;
        let number = usize::try_from(index.count()).unwrap_or(usize::MAX).saturating_add(2);
        let last = source.len()?.saturating_sub(head.footer_at).saturating_sub(1);
        let bytes = source.read_at(head.footer_at, usize::try_from(last).unwrap_or_default())?;
        match Line::at(head.footer_at, number, bytes).read()? {
            Read::Footer(_, digest) if digest == head.footer => {}
            _ => return Err(CassetteError::Edited { line: number }),
        }
        Ok(Self {
            header,
            source,
            index,
            care: Care::Whole,
            seal: Some(head.footer.clone()),
            damage: Damage::default(),
            trouble: OnceLock::new(),
        })
    }

    fn scanned(source: Source, care: Care) -> Result<Opened, CassetteError> {
        let Scanned {
            header,
            mut records,
            footer,
            miscounted,
            mut damage,
        } = scan(&source, care)?;
        records.sort_unstable();
        let duplicates = duplicates(&source, &records)?;
        for found in duplicates.iter().map(Duplicate::error).chain(miscounted) {
            match care {
                Care::Whole => return Err(found),
                Care::Salvage => damage.add(found),
            }
        }
        // Which of two answers is the right one, nobody knows.
        let doubtful = |record: &Record| duplicates.iter().any(|found| found.leaves_out(record));
        records.retain(|record| !doubtful(record));
        let cassette = Self {
            header,
            index: Index::hold(&records),
            source,
            care,
            seal: footer.as_ref().map(|(_, digest)| digest.clone()),
            damage,
            trouble: OnceLock::new(),
        };
        Ok((cassette, records, footer))
    }

    /// What it says of itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The digest of all that was recorded, which its last line bears; none where that line cannot be read.
    pub fn seal(&self) -> Option<&str> {
        self.seal.as_deref()
    }

    /// What is not used of it; nothing unless it was opened with [`Care::Salvage`].
    pub fn damage(&self) -> &Damage {
        &self.damage
    }

    /// The first reason why an exchange that was asked for could not be read.
    pub fn trouble(&self) -> Option<&CassetteError> {
        self.trouble.get()
    }

    /// How many exchanges there are.
    pub fn len(&self) -> u64 {
        self.index.count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether there is an exchange at this place, by the index alone.
    pub fn holds(&self, at: &Position) -> bool {
        self.index.find_all(at).is_ok_and(|found| !found.is_empty())
    }

    /// The exchange at this place, if it was recorded.
    ///
    /// # Errors
    /// Where the line is no longer what was written.
    pub fn get(&self, at: &Position) -> Result<Option<Entry>, CassetteError> {
        self.find(at).inspect_err(|error| {
            self.trouble.set(error.clone()).ok();
        })
    }

    fn find(&self, at: &Position) -> Result<Option<Entry>, CassetteError> {
        for record in self.index.find_all(at)? {
            let (position, entry) = exchange(&self.source, &record)?;
            if position == *at {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// All exchanges in the order of the file, read one by one.
    pub fn entries(&self) -> Entries<'_> {
        Entries {
            cassette: self,
            lines: Lines::of(&self.source),
        }
    }

    /// Whether a line that can be read is used.
    fn uses(&self, at: &Position, line: usize) -> bool {
        let is_it = |record: &Record| u32::try_from(line).is_ok_and(|line| line == record.line);
        self.care == Care::Whole || self.index.find_all(at).is_ok_and(|found| found.iter().any(is_it))
    }
}

/// A cassette, its records in order, and its footer's place and digest.
type Opened = (Cassette, Vec<Record>, Option<(u64, String)>);

/// The exchanges of a cassette in the order of the file.
pub struct Entries<'a> {
    cassette: &'a Cassette,
    lines: Lines<'a>,
}

impl Iterator for Entries<'_> {
    type Item = Result<(Position, Entry), CassetteError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut line = match self.lines.next() {
                Ok(line) => line?,
                Err(error) => return Some(Err(error)),
            };
            let number = line.number;
            if number == 1 {
                continue;
            }
            match line.read() {
                Ok(Read::Exchange(found, _)) => {
                    let (position, entry) = Entry::of(*found, number);
                    if self.cassette.uses(&position, number) {
                        return Some(Ok((position, entry)));
                    }
                }
                Err(error) if self.cassette.care == Care::Whole => return Some(Err(error)),
                _ => {}
            }
        }
    }
}

/// Two lines of one position.
struct Duplicate {
    first: Record,
    second: Record,
    position: Position,
    differs: bool,
}

impl Duplicate {
    fn error(&self) -> CassetteError {
        CassetteError::Duplicate {
            line: self.second.line as usize,
            position: self.position.clone(),
        }
    }

    fn leaves_out(&self, record: &Record) -> bool {
        *record == self.second || (self.differs && *record == self.first)
    }
}

/// The lines that repeat others, in the order of the file.
fn duplicates(source: &Source, records: &[Record]) -> Result<Vec<Duplicate>, CassetteError> {
    let mut found = Vec::new();
    for pair in records.windows(2) {
        let [first, second] = pair else { continue };
        if !first.has_key_of(second) {
            continue;
        }
        let ((position, one), (other, two)) = (exchange(source, first)?, exchange(source, second)?);
        if position == other {
            let differs = !(one.says_the_same(&two) && one.is_asked_the_same(&two));
            found.push(Duplicate {
                first: *first,
                second: *second,
                position,
                differs,
            });
        }
    }
    found.sort_by_key(|duplicate| duplicate.second.line);
    Ok(found)
}

/// The exchange that a record points to.
fn exchange(source: &Source, record: &Record) -> Result<(Position, Entry), CassetteError> {
    let line = record.line as usize;
    let bytes = match source.read_at(record.offset, record.length as usize) {
        // It was cut off since it was opened.
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Err(CassetteError::Edited { line }),
        read => read?,
    };
    match Line::at(record.offset, line, bytes).read()? {
        Read::Exchange(found, _) => Ok(Entry::of(*found, line)),
        Read::Footer(..) => Err(CassetteError::Edited { line }),
    }
}
