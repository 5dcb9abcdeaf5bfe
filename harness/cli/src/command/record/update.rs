//! Bringing a cassette up to date.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

use camino::Utf8Path;
use parallax_endpoint::cassette::{Cassette, Header, Provenance, Writer};
use parallax_scenario::Scenario;

use super::{Heard, Tape};
use crate::cassettes;
use crate::failure::Failure;
use crate::live::Spot;
use crate::party::Party;
use crate::screen::Screen;
use crate::standings::{self, Counts};

/// The setting that says who was recorded, where it was the service itself.
pub(super) const REFERENCE: &str = "reference";
/// Its value, which is also the reference's name.
pub(super) const AWS: &str = "aws";
/// The setting that says who stood in for the service itself, where somebody did.
pub(super) const ENDPOINT: &str = "endpoint";

/// The cassette as it was.
pub(super) struct Before {
    pub(super) cassette: Arc<Cassette>,
    counts: Counts,
    /// Whether what is there is recorded again.
    again: bool,
    today: String,
}

impl Before {
    /// Reads a cassette that the tape can add to, and leaves to the tape only the scenarios that lack something there,
    /// unless all of them are to be recorded again.
    pub(super) fn read(
        path: &Utf8Path,
        tape: &mut Tape<'_>,
        (party, screen): (&Party, Screen),
    ) -> Result<Self, Failure> {
        let cassette = cassettes::of_service(path, false, (&tape.contract, screen))?;
        addable(path, cassette.header(), tape, party)?;
        of_the_same(path, cassette.header(), tape, screen)?;
        let mut lacking = tape.scenarios.clone();
        let counts = standings::lacking(&tape.contract, &cassette, &mut lacking);
        if !tape.args.again {
            tape.scenarios = lacking;
        }
        Ok(Self {
            cassette: Arc::new(cassette),
            counts,
            again: tape.args.again,
            today: tape.now.strftime("%Y-%m-%d").to_string(),
        })
    }

    /// The kind of account that it was recorded of.
    pub(super) fn profile(&self) -> Option<&String> {
        self.cassette.header().profile.as_ref()
    }

    /// What there is to do, for people.
    pub(super) fn to_do(&self) -> String {
        let Counts { whole, missing, stale } = self.counts;
        let again = if self.again { "and recorded again" } else { "and stay" };
        format!(
            "{whole} scenarios are there {again}, {missing} are missing, {stale} were recorded as they were once or \
             without an answer"
        )
    }

    /// The header of the cassette that comes of it, given that of one recorded today.
    pub(super) fn header(&self, fresh: Header) -> Header {
        let before = self.cassette.header();
        let dated = matches!(before.provenance, Provenance::Recorded { .. });
        Header {
            provenance: before.provenance.clone(),
            updated: dated.then(|| self.today.clone()),
            profile: fresh.profile.or_else(|| before.profile.clone()),
            seed: fresh.seed.or(before.seed),
            ..fresh
        }
    }

    /// Writes what stays as it is: everything but the scenarios that are recorded anew.
    pub(super) fn copy(&self, anew: &[Scenario], to: &mut Writer<impl Write>) -> io::Result<()> {
        let anew: BTreeSet<&str> = anew.iter().map(|scenario| scenario.path.as_str()).collect();
        for found in self.cassette.entries() {
            let (position, entry) = found.map_err(io::Error::other)?;
            if !anew.contains(position.scenario.as_str()) {
                let (exchange, expectation) = entry.kept();
                to.write(position, exchange, expectation)?;
            }
        }
        Ok(())
    }

    /// What the reference answers otherwise than it did.
    pub(super) fn tell(&self, heard: &Heard) -> String {
        let header = self.cassette.header();
        let date = match &header.provenance {
            Provenance::Recorded { date } => header.updated.as_ref().unwrap_or(date),
            Provenance::Documented => "it was recorded",
        };
        let lost = match heard.ending.lost.saturating_add(heard.ending.unreadable) {
            0 => String::new(),
            lost => format!("{lost} requests have no answer that counts; give the command again\n"),
        };
        if heard.news.is_empty() {
            return format!("the reference answers nothing of what was asked again otherwise than {date}\n{lost}");
        }
        let mut text = format!("the reference answers otherwise than {date}:\n");
        for (position, news) in &heard.news {
            let at = if news.path.is_empty() { "the answer" } else { &news.path };
            let (kind, was, is) = (news.kind.as_str(), &news.expected, &news.observed);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  {}, step {}: {kind} at {at}", position.scenario, position.step);
            let _ = writeln!(text, "    was {was}\n    is  {is}");
        }
        text + &lost
    }
}

/// Fails where what would be added is of another kind than what is there.
fn addable(path: &Utf8Path, header: &Header, tape: &Tape<'_>, party: &Party) -> Result<(), Failure> {
    let other = |what: String| Err(Failure::usage(what).mend("record another cassette with --out"));
    let documented = header.provenance == Provenance::Documented;
    if documented != (*party == Party::Docs) {
        let made = if documented {
            "made of the documentation"
        } else {
            "recorded"
        };
        return other(format!(
            "{path} was {made}, and is not brought up to date from `{}`",
            tape.args.reference
        ));
    }
    let was_aws = header.settings.get(REFERENCE).is_some_and(|name| name == AWS);
    if was_aws != (*party == Party::Aws) {
        let whom = if was_aws {
            "the service itself"
        } else {
            "somebody else than the service itself"
        };
        return other(format!(
            "{path} was recorded of {whom}; answers of both in one cassette would prove nothing"
        ));
    }
    let more = &tape.args.more;
    match header.seed {
        Some(seed) if more.generate > 0 && seed != more.seed => Err(Failure::usage(format!(
            "the generated scenarios of {path} are those of seed {seed}"
        ))
        .mend(format!("give --seed {seed}, or record another cassette with --out"))),
        _ => Ok(()),
    }
}

/// Fails where the service itself would be added to what stood in for it, or the reverse. Another place of what stands in
/// is told: an emulator may be found at another port each time.
fn of_the_same(path: &Utf8Path, header: &Header, tape: &Tape<'_>, screen: Screen) -> Result<(), Failure> {
    let was = header.settings.get(ENDPOINT).map(String::as_str);
    let is = tape.spot.as_ref().and_then(Spot::stand_in);
    let (whom, other) = match (was, is) {
        (Some(was), None) => (format!("{was} in place of the service itself"), "the service itself"),
        (None, Some(is)) if tape.spot.is_some() => ("the service itself".to_owned(), is),
        (Some(was), Some(is)) if was != is => {
            screen.say(&format!(
                "{path} was recorded of {was}, and what is added is of {is}: see that both are the same"
            ));
            return Ok(());
        }
        _ => return Ok(()),
    };
    Err(Failure::usage(format!(
        "{path} was recorded of {whom}, and is not brought up to date from {other}; answers of both in one cassette would \
         prove nothing"
    ))
    .mend("give --endpoint-url as it was, or record another cassette with --out"))
}
