//! Parts of a run: which scenarios they have, and the file that each leaves for `merge`.

use std::collections::BTreeMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use parallax_contract::Contract;
use parallax_endpoint::cassette::{Cassette, contract_hash};
use parallax_outcome::Event;
use parallax_outcome::divergence::stable_id;
use parallax_report::shard::{FORMAT, Header, NAME, Writer};
use parallax_runner::split;
use parallax_scenario::{Scenario, to_text};
use serde_json::{Value, json};

use crate::args::RunArgs;
use crate::failure::Failure;
use crate::files::{NewFile, Place, unwritable};
use crate::repeat::Given;
use crate::reports;

/// A part of a run.
#[derive(Debug)]
pub(crate) struct Part {
    /// The places of its scenarios in the whole selection.
    pub(crate) places: Vec<usize>,
    /// What it says of the run.
    pub(crate) header: Header,
}

impl Part {
    /// The part that the arguments name, if they name one.
    pub(crate) fn of(
        args: &RunArgs,
        contract: &Contract,
        (scenarios, cassette): (&[Scenario], Option<&Cassette>),
    ) -> Result<Option<Self>, Failure> {
        let Some(shard) = args.shard.shard else {
            return Ok(None);
        };
        let durations = args.shard.durations.as_deref().map(durations).transpose()?;
        let paths: Vec<&str> = scenarios.iter().map(|scenario| scenario.path.as_str()).collect();
        let parts = split(&paths, shard.count, durations.as_ref());
        let given = Given::of(args).with(cassette);
        let mine = parts.iter().enumerate().filter(|(_, part)| **part == shard.index);
        Ok(Some(Self {
            places: mine.map(|(at, _)| at).collect(),
            header: Header {
                shard: FORMAT,
                index: shard.index,
                count: shard.count,
                tool: concat!("parallax ", env!("CARGO_PKG_VERSION")).to_owned(),
                service: contract.service.name.clone(),
                contract: contract_hash(contract),
                selection: hash_of(scenarios.iter().map(to_text)),
                scenarios: scenarios.len(),
                split: hash_of(parts.iter().map(u32::to_string)),
                given: json!(given),
            },
        }))
    }
}

/// How long each scenario took in an earlier run, in microseconds.
fn durations(path: &Utf8Path) -> Result<BTreeMap<String, u64>, Failure> {
    let report = reports::read(path)?;
    if report.run.durations.is_empty() {
        return Err(Failure::usage(format!("{path} has no durations at `run.durations`"))
            .mend("give the report.json of an earlier run"));
    }
    let paths = report.scenarios.into_iter().map(|row| row.path);
    Ok(paths.zip(report.run.durations).collect())
}

/// One hash of many texts.
fn hash_of(texts: impl Iterator<Item = String>) -> String {
    texts.fold(String::new(), |before, text| stable_id(&[&before, &text]))
}

/// shard.jsonl while it is written: there whole at the end, or not at all.
pub(crate) struct Log {
    path: Utf8PathBuf,
    writer: Writer<NewFile>,
    failed: Option<io::Error>,
}

impl Log {
    /// Begins the file. One of an earlier run is removed, so that nobody merges it should this one be killed.
    pub(crate) fn begin(folder: &Utf8Path, header: &Header) -> Result<Self, Failure> {
        let path = folder.join(NAME);
        if let Place::File(earlier) = Place::of(&path)? {
            match std::fs::remove_file(&earlier) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unwritable(&path, error)),
                _ => {}
            }
        }
        let writer = Writer::new(NewFile::begin(&path)?, header).map_err(|error| unwritable(&path, error))?;
        Ok(Self {
            path,
            writer,
            failed: None,
        })
    }

    /// Writes down what happened. A disk that is full ends the run only at its end.
    pub(crate) fn take(&mut self, event: &Event) {
        if self.failed.is_none() {
            self.failed = self.writer.event(event).err();
        }
    }

    /// Ends the file and puts it in its place; `run` is what belongs to this part alone.
    pub(crate) fn end(self, run: &Value) -> Result<(), Failure> {
        let Self { path, writer, failed } = self;
        let ended = failed.map_or_else(|| writer.end(run), Err);
        ended.map_err(|error| unwritable(&path, error))?.end()
    }
}
