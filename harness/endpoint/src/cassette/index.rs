//! Where each exchange of a cassette stands.
//!
//! An index is a file beside its cassette: a line that says what it was made of, padded, then a record of fixed length for
//! each exchange, ordered by a hash of its place. A lookup reads a few records and nothing else, so that neither memory
//! nor the time to begin grows with the cassette.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::line::{Opened, seal};
use super::scan::Line;
use super::source::Source;
use super::{CassetteError, Position};

/// The format that this version reads and writes.
const FORMAT: u32 = 1;
/// Where the records begin.
const HEAD: usize = 512;
/// The length of a record.
const LENGTH: usize = 32;
/// How many records are read at a time.
const WINDOW: u64 = 64;

/// What an index was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    index: u32,
    /// The cassette's length in bytes.
    length: u64,
    /// When the cassette was last written, in nanoseconds since 1970.
    modified: u64,
    /// Where its footer begins.
    pub(super) footer_at: u64,
    /// The digest that the footer bears.
    pub(super) footer: String,
    /// How many exchanges it holds.
    exchanges: u64,
}

/// Where one exchange stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Record {
    /// The hash of its position.
    key: u64,
    /// Where its line begins.
    pub(super) offset: u64,
    /// The length of the line without its break.
    pub(super) length: u32,
    /// Which line it is, from 1.
    pub(super) line: u32,
}

/// The records of a cassette, in a file or in memory.
#[derive(Debug)]
pub(super) struct Index {
    records: Source,
    /// Where the first record begins.
    begin: u64,
    count: u64,
    /// The file, where there is one.
    path: Option<PathBuf>,
}

impl Head {
    /// Of a file that was just looked at.
    pub(super) fn of(file: &File, exchanges: u64, footer: (u64, String)) -> io::Result<Self> {
        let (length, modified) = state(file)?;
        let (footer_at, footer) = footer;
        Ok(Self {
            index: FORMAT,
            length,
            modified,
            footer_at,
            footer,
            exchanges,
        })
    }
}

/// What changes when a file is written: its length and its time.
fn state(file: &File) -> io::Result<(u64, u64)> {
    let metadata = file.metadata()?;
    let since = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok((metadata.len(), u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)))
}

/// Where the index of a cassette is.
pub(super) fn beside(cassette: &Path) -> PathBuf {
    let mut path = cassette.as_os_str().to_owned();
    path.push(".index");
    path.into()
}

impl Index {
    /// The index beside a cassette, if it was made of the cassette as it is.
    pub(super) fn find(path: PathBuf, cassette: &File) -> Option<(Self, Head)> {
        let file = File::open(&path).ok().filter(is_plain)?;
        let records = Source::of(file).ok()?;
        let mut head = records.read_at(0, HEAD).ok()?;
        let end = memchr::memchr(b'\n', &head)?;
        let opened = Opened::of(head.get_mut(..end)?).filter(Opened::is_intact)?;
        let head: Head = serde_json::from_str(opened.body).ok()?;
        let fits = head.index == FORMAT && state(cassette).ok()? == (head.length, head.modified);
        let whole = records.len().ok()? == HEAD as u64 + head.exchanges.checked_mul(LENGTH as u64)?;
        let index = Self {
            records,
            begin: HEAD as u64,
            count: head.exchanges,
            path: Some(path),
        };
        (fits && whole).then_some((index, head))
    }

    /// An index in memory.
    pub(super) fn hold(records: &[Record]) -> Self {
        Self {
            records: Source::Bytes(records.iter().flat_map(Record::bytes).collect()),
            begin: 0,
            count: records.len() as u64,
            path: None,
        }
    }

    /// Writes an index beside a cassette, whole or not at all.
    pub(super) fn write(path: &Path, head: &Head, records: &[Record]) -> io::Result<()> {
        if path.exists() && !is_plain(&File::open(path)?) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let mut new = tempfile::Builder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // As any new file; the user's mask applies.
            new.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let mut out = BufWriter::new(new.tempfile_in(folder.unwrap_or(Path::new(".")))?);
        let mut line = Vec::with_capacity(HEAD);
        seal(&mut line, head)?;
        line.resize(HEAD, b' ');
        out.write_all(&line)?;
        for record in records {
            out.write_all(&record.bytes())?;
        }
        out.into_inner()?.persist(path)?;
        Ok(())
    }

    /// How many exchanges there are.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// The records that may be of this position: one, or none; more where hashes are equal.
    pub(super) fn find_all(&self, at: &Position) -> Result<Vec<Record>, CassetteError> {
        let key = key(at);
        let (mut low, mut high) = (0, self.count);
        let (mut low_key, mut high_key) = (0, u64::MAX);
        // The first record whose key is not less lies from `low` to `high`.
        while high - low > WINDOW {
            let begin = guess((low, high), (low_key, high_key), key);
            let window = self.read(begin, WINDOW)?;
            let (Some(first), Some(last)) = (window.first(), window.last()) else {
                break;
            };
            if first.key >= key && begin > low {
                (high, high_key) = (begin, first.key);
            } else if last.key < key {
                (low, low_key) = (begin + WINDOW, last.key);
            } else {
                (low, high) = (begin, begin + WINDOW);
                break;
            }
        }
        self.equal(low, high, key)
    }

    /// The records of this key, the first of which lies from `low` to `high`.
    fn equal(&self, low: u64, high: u64, key: u64) -> Result<Vec<Record>, CassetteError> {
        let mut found = Vec::new();
        let mut begin = low;
        // One more than the window: the first may be the one that it ends before.
        let mut end = (high + 1).min(self.count);
        while begin < end {
            let window = self.read(begin, end - begin)?;
            found.extend(window.iter().filter(|record| record.key == key));
            let goes_on = window.last().is_some_and(|last| last.key <= key);
            begin = end;
            end = if goes_on { (end + WINDOW).min(self.count) } else { end };
        }
        Ok(found)
    }

    fn read(&self, begin: u64, count: u64) -> Result<Vec<Record>, CassetteError> {
        let length = usize::try_from(count).unwrap_or(usize::MAX).saturating_mul(LENGTH);
        let bytes = self.records.read_at(self.begin + begin * LENGTH as u64, length)?;
        let records: Option<_> = bytes.chunks_exact(LENGTH).map(Record::read).collect();
        records.ok_or_else(|| CassetteError::Index {
            path: self.path.clone().unwrap_or_default(),
        })
    }
}

/// Where the window should begin: hashes are spread evenly.
fn guess((low, high): (u64, u64), (low_key, high_key): (u64, u64), key: u64) -> u64 {
    let keys = u128::from(high_key.saturating_sub(low_key)).max(1);
    let share = u128::from(high - low) * u128::from(key.saturating_sub(low_key)) / keys;
    let middle = low + u64::try_from(share).unwrap_or_default();
    middle.saturating_sub(WINDOW / 2).clamp(low, high - WINDOW)
}

/// Whether a file can be read at any place and replaced.
fn is_plain(file: &File) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.is_file())
}

/// The hash of a position.
fn key(at: &Position) -> u64 {
    let mut digest = Sha256::new();
    for part in [at.scenario.as_bytes(), at.step.as_bytes()] {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    digest.update(at.page.to_le_bytes());
    number(&digest.finalize(), 0)
}

impl Record {
    /// The record of a line.
    pub(super) fn new(at: &Position, line: &Line) -> Self {
        Self {
            key: key(at),
            offset: line.offset,
            // The longest line that is read, and more of them than any disk holds.
            length: u32::try_from(line.bytes.len()).unwrap_or(u32::MAX),
            line: u32::try_from(line.number).unwrap_or(u32::MAX),
        }
    }

    /// Whether both may be of the same position.
    pub(super) fn has_key_of(&self, other: &Self) -> bool {
        self.key == other.key
    }

    fn bytes(&self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        let fields = [self.key, self.offset, self.extent(), self.check()];
        for (place, field) in bytes.chunks_exact_mut(8).zip(fields) {
            place.copy_from_slice(&field.to_le_bytes());
        }
        bytes
    }

    /// A record that was read; `None` where it is not what was written.
    fn read(bytes: &[u8]) -> Option<Self> {
        let extent = number(bytes, 16);
        let record = Self {
            key: number(bytes, 0),
            offset: number(bytes, 8),
            length: u32::try_from(extent >> 32).ok()?,
            line: u32::try_from(extent & u64::from(u32::MAX)).ok()?,
        };
        (record.check() == number(bytes, 24)).then_some(record)
    }

    fn extent(&self) -> u64 {
        u64::from(self.length) << 32 | u64::from(self.line)
    }

    /// A number that no accident leaves right.
    fn check(&self) -> u64 {
        let fields = [self.key, self.offset, self.extent()];
        fields.iter().fold(0x70_6172_616c_6c61, |sum: u64, field| {
            (sum ^ field).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
        })
    }
}

/// The number of eight bytes from this place on.
fn number(bytes: &[u8], at: usize) -> u64 {
    let part = bytes.get(at..at + 8).and_then(|part| part.try_into().ok());
    u64::from_le_bytes(part.unwrap_or_default())
}
