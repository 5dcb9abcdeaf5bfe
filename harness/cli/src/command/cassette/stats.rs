//! `parallax cassette stats`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use parallax_endpoint::cassette::{Cassette, Entry, Header, Position, Provenance};
use parallax_outcome::ExitCode;
use serde_json::{Value, json};

use super::open;
use crate::args::CassetteStatsArgs;
use crate::cassettes::unusable;
use crate::failure::Failure;
use crate::screen::{Screen, print};

/// What stands in the place of an operation that cannot be told.
const UNTOLD: &str = "(too long to keep)";

/// Says what the cassette is and what it holds.
pub(super) fn stats(args: &CassetteStatsArgs, screen: Screen) -> Result<ExitCode, Failure> {
    let cassette = open(&args.cassette, screen)?;
    let mut held = Held::default();
    for found in cassette.entries() {
        let (at, entry) = found.map_err(|error| unusable(&args.cassette.file, error))?;
        held.add(at, &entry);
    }
    held.bytes = fs::metadata(&args.cassette.file).map_or(0, |metadata| metadata.len());
    match args.json {
        true => print(&format!("{}\n", held.json(&cassette)))?,
        false => print(&held.text(&cassette))?,
    }
    Ok(ExitCode::Ok)
}

#[derive(Default)]
struct Held {
    bytes: u64,
    scenarios: u64,
    last_scenario: String,
    lost: u64,
    due: u64,
    operations: BTreeMap<String, u64>,
    statuses: BTreeMap<u16, u64>,
    placeholders: BTreeMap<String, u64>,
}

impl Held {
    fn add(&mut self, at: Position, entry: &Entry) {
        // A scenario's exchanges stand together, so nothing has to be held to count them.
        if self.scenarios == 0 || self.last_scenario != at.scenario {
            self.scenarios += 1;
            self.last_scenario = at.scenario;
        }
        let operation = entry.operation().unwrap_or_else(|| UNTOLD.to_owned());
        *self.operations.entry(operation).or_default() += 1;
        match entry.status() {
            Some(status) => *self.statuses.entry(status).or_default() += 1,
            None => self.lost += 1,
        }
        self.due += u64::from(entry.expectation_text().is_some());
        let names: BTreeSet<_> = entry.placeholders().into_iter().collect();
        for name in names {
            *self.placeholders.entry(name).or_default() += 1;
        }
    }

    fn text(&self, cassette: &Cassette) -> String {
        let mut out = about(cassette.header());
        let _ = writeln!(out, "scenarios     {}", self.scenarios);
        let _ = writeln!(out, "exchanges     {}", cassette.len());
        let _ = writeln!(out, "  with what is due  {}", self.due);
        let _ = writeln!(out, "  without an answer {}", self.lost);
        let _ = writeln!(out, "bytes         {}", self.bytes);
        let statuses = self.statuses.iter().map(|(status, count)| (status.to_string(), count));
        table(&mut out, "status", statuses);
        table(&mut out, "operation", self.operations.iter());
        table(&mut out, "placeholder", self.placeholders.iter());
        out
    }

    fn json(&self, cassette: &Cassette) -> Value {
        json!({
            "header": cassette.header(),
            "scenarios": self.scenarios,
            "exchanges": cassette.len(),
            "due": self.due,
            "lost": self.lost,
            "bytes": self.bytes,
            "left_out": cassette.damage().count(),
            "statuses": self.statuses,
            "operations": self.operations,
            "placeholders": self.placeholders,
        })
    }
}

fn table<'a>(out: &mut String, title: &str, rows: impl Iterator<Item = (impl AsRef<str>, &'a u64)>) {
    let rows: Vec<_> = rows.collect();
    let width = rows
        .iter()
        .map(|(name, _)| name.as_ref().len())
        .chain([title.len()])
        .max();
    let width = width.unwrap_or_default();
    let _ = writeln!(out, "\n{title:width$}  exchanges");
    for (name, count) in rows {
        let _ = writeln!(out, "{:width$}  {count:9}", name.as_ref());
    }
}

fn about(header: &Header) -> String {
    let mut out = String::new();
    let origin = match &header.provenance {
        Provenance::Recorded { date } => format!("recorded on {date}"),
        Provenance::Documented => "made from the documentation".to_owned(),
    };
    let _ = writeln!(out, "service       {}", header.service);
    let _ = writeln!(out, "provenance    {origin}");
    let _ = writeln!(out, "contract      {}", header.contract);
    let _ = writeln!(out, "written by    {}", header.tool);
    if let Some(profile) = &header.profile {
        let _ = writeln!(out, "profile       {profile}");
    }
    if let Some(seed) = header.seed {
        let _ = writeln!(out, "seed          {seed}");
    }
    for (name, value) in &header.settings {
        let _ = writeln!(out, "{name:13} {value}");
    }
    out
}
