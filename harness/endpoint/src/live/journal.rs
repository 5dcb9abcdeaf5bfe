//! What was made, on disk before it is made.
//!
//! A journal is JSON Lines: a head, then a line for each beginning, success, refusal and end of a resource. A line is on
//! disk before its request is sent, so that whatever ends the process, everything that may be there is listed. Where the
//! service makes up the name, the line before is an attempt, and the name follows once an answer tells it.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::ledger::{Attempt, Entry, Held, Ledger};

/// The format that this version writes; it reads earlier ones, too.
const FORMAT: u32 = 2;

/// How many letters and digits follow the run's own in a token.
const NUMBER_LENGTH: usize = 4;

/// What a journal says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The service's name.
    pub service: String,
    /// What the run's tokens begin with.
    pub token: String,
    /// The region that was asked.
    pub region: String,
    /// The URL that was asked.
    pub url: String,
    /// When it began.
    pub started: String,
}

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file cannot be read or written.
    #[error("the journal {path} cannot be used; check the path and the rights to it")]
    Io {
        /// The file.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// A line is not one of a journal.
    #[error("{path}:{line}: no line of a journal; check that it is the right file, and remove the line if it is")]
    Line {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// Another version wrote it.
    #[error("{path} has journal format {found}, and up to {FORMAT} is read here; use the parallax that wrote it")]
    Format {
        /// The file.
        path: String,
        /// Its format.
        found: u32,
    },
    /// The file is empty, or holds no whole line.
    #[error("{path} holds no journal: its first line is missing; nothing was made under it")]
    Empty {
        /// The file.
        path: String,
    },
}

#[derive(Serialize, Deserialize)]
struct HeadLine {
    journal: u32,
    #[serde(flatten)]
    head: Head,
}

/// What this run made, in memory and on disk.
#[derive(Debug)]
pub struct Journal {
    head: Head,
    file: Mutex<Option<File>>,
    ledger: Mutex<Ledger>,
}

impl Journal {
    /// Begins a journal in a new file.
    ///
    /// # Errors
    /// [`JournalError::Io`] where the file is there already or cannot be written.
    pub fn create(path: &Path, head: Head) -> Result<Self, JournalError> {
        let journal = || {
            let mut file = OpenOptions::new().append(true).create_new(true).open(path)?;
            let line = HeadLine {
                journal: FORMAT,
                head: head.clone(),
            };
            put(&mut file, &line)?;
            Ok(file)
        };
        let file = journal().map_err(|source| io_error(path, source))?;
        Ok(Self {
            file: Mutex::new(Some(file)),
            ..Self::in_memory(head)
        })
    }

    /// A journal that is kept nowhere, for a rehearsal.
    pub fn in_memory(head: Head) -> Self {
        Self {
            head,
            file: Mutex::default(),
            ledger: Mutex::default(),
        }
    }

    /// Reads a journal, and goes on with it. A last line that was cut short is no line: its request was never sent. It is
    /// cut off, so that the next line stands alone; but only once all before it is known to be a journal.
    ///
    /// # Errors
    /// [`JournalError`] where it cannot be read or is none, which is then left as it is.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let (journal, whole) = Self::of(path, OpenOptions::new().read(true).append(true))?;
        if let Some(file) = journal.file.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            file.set_len(whole).map_err(|source| io_error(path, source))?;
        }
        Ok(journal)
    }

    /// Reads a journal to see what it lists. Nothing is written.
    ///
    /// # Errors
    /// As [`Journal::open`].
    pub fn read(path: &Path) -> Result<Self, JournalError> {
        let (journal, _) = Self::of(path, OpenOptions::new().read(true))?;
        Ok(Self {
            file: Mutex::default(),
            ..journal
        })
    }

    /// What a file holds, and how long its whole lines are.
    fn of(path: &Path, how: &OpenOptions) -> Result<(Self, u64), JournalError> {
        let file = how.open(path).map_err(|source| io_error(path, source))?;
        let (lines, whole) = whole_lines(&file).map_err(|source| io_error(path, source))?;
        let mut lines = lines.iter().enumerate();
        let (_, first) = lines.next().ok_or_else(|| JournalError::Empty { path: shown(path) })?;
        let HeadLine { journal, head } = parse(path, 1, first)?;
        if !(1..=FORMAT).contains(&journal) {
            return Err(JournalError::Format {
                path: shown(path),
                found: journal,
            });
        }
        let mut ledger = Ledger::default();
        for (at, line) in lines {
            ledger.take(&parse(path, at + 1, line)?);
        }
        let journal = Self {
            head,
            file: Mutex::new(Some(file)),
            ledger: Mutex::new(ledger),
        };
        Ok((journal, whole))
    }

    /// What it says of itself.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// What may be there, the newest first.
    pub fn held(&self) -> Vec<Held> {
        self.ledger().held()
    }

    /// What may be there under a name that is not known.
    pub fn attempts(&self) -> Vec<Attempt> {
        self.ledger().attempts().to_vec()
    }

    /// Whether nothing can be there.
    pub fn is_clear(&self) -> bool {
        self.count() == 0
    }

    /// Whether a name bears a token of this run.
    pub(super) fn marks(&self, id: &str) -> bool {
        let id = id.to_ascii_lowercase();
        let token = self.head.token.as_str();
        let numbered = |rest: &str| {
            let digits = rest.bytes().take_while(u8::is_ascii_alphanumeric);
            digits.count() >= NUMBER_LENGTH
        };
        !token.is_empty()
            && id
                .match_indices(token)
                .any(|(at, _)| id.get(at + token.len()..).is_some_and(numbered))
    }

    /// How many requests it takes to delete what may be there.
    pub(super) fn count(&self) -> u64 {
        self.ledger().count()
    }

    /// Whether this run made it, be it there still or not.
    pub(super) fn lists(&self, resource: Option<&str>, id: &str) -> bool {
        self.ledger().lists(resource, id)
    }

    /// Whether the answer to a creation of this run told this name.
    pub(super) fn was_told(&self, resource: Option<&str>, id: &str) -> bool {
        self.ledger().was_told(resource, id)
    }

    /// Whether nobody knows if it was ever made.
    pub(super) fn doubts(&self, held: &Held) -> bool {
        self.ledger().doubts(held)
    }

    /// Writes down that it is about to be made; whether it was not listed before.
    pub(super) fn begin(&self, held: &Held) -> io::Result<bool> {
        let fresh = !self.ledger().holds(held);
        self.note(&Entry::Begin(held.clone()))?;
        Ok(fresh)
    }

    /// Writes down that something is about to be made of whose name no more than this part is known.
    pub(super) fn attempt(&self, resource: &str, part: &str) -> io::Result<Attempt> {
        // Whoever holds the file gives out the numbers.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let attempt = Attempt {
            number: self.ledger().number(),
            resource: resource.to_owned(),
            part: part.to_owned(),
            accepted: false,
            strange: String::new(),
        };
        self.note_in(&mut file, &Entry::Attempt(attempt.clone()))?;
        Ok(attempt)
    }

    /// Writes down that an attempt was accepted, and no name told that could be this run's; perhaps a strange one.
    pub(super) fn unnamed(&self, attempt: &Attempt, strange: Option<&str>) -> io::Result<()> {
        self.note(&Entry::Attempt(Attempt {
            accepted: true,
            strange: strange.unwrap_or_default().to_owned(),
            ..attempt.clone()
        }))
    }

    /// Writes down that it is known what became of an attempt.
    pub(super) fn settled(&self, attempt: &Attempt) -> io::Result<()> {
        self.note(&Entry::Settled(attempt.number))
    }

    /// Writes down that it was made, and that the answer alone says so.
    pub(super) fn told(&self, held: &Held) -> io::Result<()> {
        self.note(&Entry::Told(held.clone()))
    }

    /// Writes down that it was made.
    pub(super) fn made(&self, held: &Held) -> io::Result<()> {
        self.note(&Entry::Made(held.clone()))
    }

    /// Writes down that it was not made after all.
    pub(super) fn void(&self, held: &Held) -> io::Result<()> {
        self.note(&Entry::Void(held.clone()))
    }

    /// Writes down that it is gone.
    pub(super) fn gone(&self, held: &Held) -> io::Result<()> {
        self.note(&Entry::Gone(held.clone()))
    }

    fn note(&self, entry: &Entry) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        self.note_in(&mut file, entry)
    }

    fn note_in(&self, file: &mut Option<File>, entry: &Entry) -> io::Result<()> {
        let written = file.as_mut().map_or(Ok(()), |file| put(file, entry));
        // What is only about to be made is not made where it cannot be written down; what happened, did.
        if written.is_ok() || !entry.is_intent() {
            self.ledger().take(entry);
        }
        written
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The lines that end with a line break, and how many bytes they take.
fn whole_lines(file: &File) -> io::Result<(Vec<String>, u64)> {
    let mut reader = BufReader::new(file);
    let (mut lines, mut length) = (Vec::new(), 0);
    loop {
        let mut line = Vec::new();
        let read = reader.read_until(b'\n', &mut line)?;
        if line.pop() != Some(b'\n') {
            return Ok((lines, length));
        }
        length += read as u64;
        lines.push(String::from_utf8_lossy(&line).into_owned());
    }
}

/// Writes a line and waits until it is on disk. A line that finds no room leaves nothing behind.
fn put(file: &mut File, line: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    let before = file.metadata()?.len();
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_data());
    if written.is_err() {
        file.set_len(before)?;
    }
    written
}

fn parse<T: DeserializeOwned>(path: &Path, line: usize, text: &str) -> Result<T, JournalError> {
    serde_json::from_str(text).map_err(|source| JournalError::Line {
        path: shown(path),
        line,
        source,
    })
}

fn io_error(path: &Path, source: io::Error) -> JournalError {
    JournalError::Io {
        path: shown(path),
        source,
    }
}

fn shown(path: &Path) -> String {
    PathBuf::from(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"{"journal":1,"service":"a","token":"t","region":"r","url":"u","started":"s"}"#;
    const BEGIN: &str = r#"{"begin":{"resource":"Thing","id":"one"}}"#;

    /// What is left of a file that was taken for a journal, and how much it listed.
    fn after(text: &str, take: impl Fn(&Path) -> Result<Journal, JournalError>) -> (String, Option<usize>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        std::fs::write(&path, text).unwrap();
        let listed = take(&path).ok().map(|journal| journal.held().len());
        (std::fs::read_to_string(&path).unwrap(), listed)
    }

    #[test]
    fn what_is_no_journal_stays_as_it_is() {
        let newer = HEAD.replace(":1,", &format!(":{},", FORMAT + 1));
        for text in [
            "no line break".to_owned(),
            "one\ntwo".to_owned(),
            format!("{HEAD}\none\ntwo"),
            format!("{newer}\n{BEGIN}"),
            HEAD.to_owned(),
            String::new(),
        ] {
            assert_eq!(after(&text, Journal::open), (text.clone(), None));
            assert_eq!(after(&text, Journal::read), (text.clone(), None));
        }
    }

    #[test]
    fn a_line_that_was_cut_short_is_cut_off_by_who_goes_on_and_by_nobody_else() {
        let text = format!("{HEAD}\n{BEGIN}\n{}", &BEGIN[..20]);
        assert_eq!(after(&text, Journal::read), (text.clone(), Some(1)));
        assert_eq!(after(&text, Journal::open), (format!("{HEAD}\n{BEGIN}\n"), Some(1)));
    }
}
