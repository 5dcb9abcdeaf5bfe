//! `parallax cassette diff`.

use std::io::{self, Write};

use parallax_endpoint::cassette::{Cassette, CassetteError, Entry, Position};
use parallax_outcome::ExitCode;
use serde_json::json;

use super::Wanted;
use crate::args::CassetteDiffArgs;
use crate::cassettes::{self, unusable};
use crate::failure::Failure;
use crate::screen::{Screen, print_by};

/// Says what changed, by place.
pub(super) fn diff(args: &CassetteDiffArgs, screen: Screen) -> Result<ExitCode, Failure> {
    let open = |path| cassettes::open(path, args.salvage, screen);
    let (before, after) = (open(&args.before)?, open(&args.after)?);
    let sides = Sides {
        before: &before,
        after: &after,
        wanted: Wanted::of("--scenario", args.scenario.as_deref())?,
    };
    let (mut changes, mut trouble) = (0_u64, None);
    print_by(|out| {
        let mut blame = |path, error| {
            trouble = Some(unusable(path, error));
            Ok(())
        };
        let all = sides.each(|change| {
            changes += 1;
            match args.json {
                true => change.as_json(out),
                false => change.for_people(out),
            }
        });
        match (all, args.json) {
            (Ok(all), false) => writeln!(out, "{changes} of {all} exchanges differ"),
            (Ok(_), true) => Ok(()),
            (Err(Trouble::Reader(error)), _) => Err(error),
            (Err(Trouble::Before(error)), _) => blame(&args.before, error),
            (Err(Trouble::After(error)), _) => blame(&args.after, error),
        }
    })?;
    match trouble {
        Some(failure) => Err(failure),
        None if changes > 0 => Ok(ExitCode::Diverged),
        None => Ok(ExitCode::Ok),
    }
}

struct Sides<'a> {
    before: &'a Cassette,
    after: &'a Cassette,
    wanted: Wanted,
}

/// What became of one exchange.
enum Change {
    Added(Entry),
    Removed(Entry),
    /// Another question is asked at this place, so the answers say nothing of each other.
    Asked(Entry, Entry),
    Answered(Entry, Entry),
}

struct Changed {
    at: Position,
    change: Change,
}

/// Why the comparison ended early.
enum Trouble {
    /// The older cassette is not what was written.
    Before(CassetteError),
    /// The newer one is not.
    After(CassetteError),
    /// Who is told listens no more.
    Reader(io::Error),
}

impl Sides<'_> {
    /// Every change: first those of exchanges that were there before, in their order, then what is new. How many exchanges
    /// there are, those counted once that are in both.
    fn each(&self, mut tell: impl FnMut(&Changed) -> io::Result<()>) -> Result<u64, Trouble> {
        let mut tell = |at, change| tell(&Changed { at, change }).map_err(Trouble::Reader);
        let mut all = 0;
        for found in self.before.entries() {
            let (at, before) = found.map_err(Trouble::Before)?;
            if !self.wanted.fits(&at.scenario) {
                continue;
            }
            all += 1;
            let after = self.after.get(&at).map_err(Trouble::After)?;
            match after {
                None => tell(at, Change::Removed(before))?,
                Some(after) if !before.is_asked_the_same(&after) => tell(at, Change::Asked(before, after))?,
                Some(after) if !before.says_the_same(&after) => tell(at, Change::Answered(before, after))?,
                Some(_) => {}
            }
        }
        for found in self.after.entries() {
            let (at, after) = found.map_err(Trouble::After)?;
            let is_new = self.wanted.fits(&at.scenario) && !self.before.holds(&at);
            if is_new {
                all += 1;
                tell(at, Change::Added(after))?;
            }
        }
        Ok(all)
    }
}

impl Change {
    fn word(&self) -> &'static str {
        match self {
            Self::Added(_) => "added",
            Self::Removed(_) => "removed",
            Self::Asked(..) => "asked otherwise",
            Self::Answered(..) => "answered otherwise",
        }
    }

    /// What is shown of before and after.
    fn texts(&self) -> (Option<String>, Option<String>) {
        match self {
            Self::Added(after) => (None, Some(answer(after))),
            Self::Removed(before) => (Some(answer(before)), None),
            Self::Asked(before, after) => (Some(before.request_text()), Some(after.request_text())),
            Self::Answered(before, after) => (Some(answer(before)), Some(answer(after))),
        }
    }
}

/// The answer, and what was due where only that differs.
fn answer(entry: &Entry) -> String {
    let said = entry.answer_text();
    let said = said.unwrap_or_else(|| format!("no answer: {}", entry.lost().unwrap_or("it is not there")));
    match entry.expectation_text() {
        Some(due) => format!("{said}\ndue: {due}"),
        None => said,
    }
}

impl Changed {
    fn for_people(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}: {}", self.at, self.change.word())?;
        let (before, after) = self.change.texts();
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        let (old, new): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
        // What both have is not shown; the lines of an answer seldom move.
        for line in old.iter().filter(|line| !new.contains(line)) {
            writeln!(out, "  - {}", line.escape_debug())?;
        }
        for line in new.iter().filter(|line| !old.contains(line)) {
            writeln!(out, "  + {}", line.escape_debug())?;
        }
        Ok(())
    }

    fn as_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let (before, after) = self.change.texts();
        let line = json!({
            "scenario": self.at.scenario,
            "step": self.at.step,
            "page": self.at.page,
            "change": self.change.word(),
            "before": before,
            "after": after,
        });
        writeln!(out, "{line}")
    }
}
