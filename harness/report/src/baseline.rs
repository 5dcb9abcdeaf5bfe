//! Baselines: the divergences that a team accepts for now, each with a reason.
//!
//! A baseline is a TOML file of `[[known]]` entries. An entry names divergences by `id` or `ids`, or describes them with
//! any of `operation`, `kind`, `scenario` and `path` (globs, of which all must match). It has a `reason`, and may have a
//! `link`, a last day (`until`), and a glob over the target's `version`. A list that may only shrink: an entry that
//! matches nothing any more is a [`Problem`].

mod edit;
mod judge;
mod read;
mod remove;

use globset::{Glob, GlobMatcher};
use jiff::civil::Date;

pub use edit::{EditError, NewEntries, Updated, VersionError, create, update};
pub use judge::{Problem, Scope, Trouble};
pub use read::BaselineError;

/// What a baseline file says.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// The entries in the order of the file.
    pub entries: Vec<Entry>,
}

/// One `[[known]]` of the file.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The line it begins on, from 1.
    pub line: usize,
    /// Which divergences it accepts.
    pub accepts: Accepts,
    /// Why they are accepted.
    pub reason: String,
    /// Where they are being dealt with.
    pub link: Option<String>,
    /// The last day on which they are accepted.
    pub until: Option<Date>,
    /// The versions of the target that the entry is about; all of them if absent.
    pub version: Option<Pattern>,
}

/// Which divergences an entry accepts.
#[derive(Clone, Debug)]
pub enum Accepts {
    /// Those with these ids.
    Ids(Vec<Id>),
    /// Those of which everything given matches.
    Matching(Box<Matching>),
}

/// The id of a divergence, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id {
    /// Sixteen hexadecimal digits.
    pub id: String,
    /// The line, from 1.
    pub line: usize,
}

/// A description of divergences; what is absent restricts nothing.
#[derive(Clone, Debug, Default)]
pub struct Matching {
    /// The operation's name.
    pub operation: Option<Pattern>,
    /// The word of the kind, such as `error-*`.
    pub kind: Option<Pattern>,
    /// The scenario's path.
    pub scenario: Option<Pattern>,
    /// Where in the answer, with or without the keys of list elements.
    pub path: Option<Pattern>,
}

/// A glob in which `*` also stands for slashes, or the text itself.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    glob: GlobMatcher,
}

impl Pattern {
    /// The glob in a text.
    fn new(text: &str) -> Result<Self, String> {
        Self::written(text, text)
    }

    /// A text that is to be read as this glob.
    fn written(text: &str, glob: &str) -> Result<Self, String> {
        let glob = Glob::new(glob).map_err(|error| error.kind().to_string())?;
        Ok(Self {
            text: text.to_owned(),
            glob: glob.compile_matcher(),
        })
    }

    /// The glob as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the text is, or matches.
    pub fn matches(&self, text: &str) -> bool {
        self.text == text || self.glob.is_match(text)
    }
}
