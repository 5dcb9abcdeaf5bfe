//! The parts of a run, made into what the whole run would have told.

use std::collections::BTreeMap;
use std::io::BufRead;

use parallax_outcome::{Collector, Event, Report};
use serde_json::{Value, json};

use crate::shard::{Header, Reader, ShardError};

/// Why parts do not make a run.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// There is none.
    #[error("there is nothing to merge; give the folder of each shard")]
    Nothing,
    /// A part is no part.
    #[error("{file}: {error}")]
    Part {
        /// Which.
        file: String,
        /// What it is instead.
        error: ShardError,
    },
    /// Two parts are of different runs.
    #[error(
        "{file} and {other} are of different runs: {what} is `{of_file}` in one and `{of_other}` in the other; play all \
         shards with the same parallax and the same arguments but --shard"
    )]
    Mismatch {
        /// One of them.
        file: String,
        /// The other.
        other: String,
        /// In what they differ.
        what: &'static str,
        /// What the one says.
        of_file: String,
        /// What the other says.
        of_other: String,
    },
    /// One part was given twice.
    #[error("{file} and {other} are both shard {index} of {count}; leave one of them out")]
    Overlap {
        /// One of them.
        file: String,
        /// The other.
        other: String,
        /// Which part.
        index: u32,
        /// Of how many.
        count: u32,
    },
    /// Parts were not given.
    #[error("of {count} shards {} missing; play what is missing with --shard I/{count}, and give all folders", list(.missing))]
    Missing {
        /// Which.
        missing: Vec<u32>,
        /// Of how many.
        count: u32,
    },
}

/// A part, with the name of its file for messages.
#[derive(Debug)]
pub struct Part<R> {
    /// The file's name.
    pub file: String,
    /// What is in it.
    pub reader: Reader<R>,
}

impl<R: BufRead> Part<R> {
    /// Reads the header of a part.
    ///
    /// # Errors
    /// [`MergeError::Part`] where the file is none.
    pub fn open(file: String, input: R) -> Result<Self, MergeError> {
        match Reader::new(input) {
            Ok(reader) => Ok(Self { file, reader }),
            Err(error) => Err(MergeError::Part { file, error }),
        }
    }
}

/// All parts of one run, in order.
#[derive(Debug)]
pub struct Merge<R> {
    parts: Vec<Part<R>>,
    header: Header,
}

impl<R: BufRead> Merge<R> {
    /// The run that these are the parts of, in whatever order they come.
    ///
    /// # Errors
    /// [`MergeError`] where they are of different runs, where one is there twice, or where one is missing.
    pub fn of(parts: Vec<Part<R>>) -> Result<Self, MergeError> {
        let first = parts.first().ok_or(MergeError::Nothing)?;
        let header = first.reader.header().clone();
        for part in &parts {
            same_run(first, part)?;
        }
        let mut by_index: BTreeMap<u32, Part<R>> = BTreeMap::new();
        for part in parts {
            let index = part.reader.header().index;
            if let Some(other) = by_index.get(&index) {
                return Err(MergeError::Overlap {
                    file: other.file.clone(),
                    other: part.file,
                    index,
                    count: header.count,
                });
            }
            by_index.insert(index, part);
        }
        let missing: Vec<u32> = (1..=header.count)
            .filter(|index| !by_index.contains_key(index))
            .collect();
        match missing.as_slice() {
            [] => Ok(Self {
                parts: by_index.into_values().collect(),
                header,
            }),
            _ => Err(MergeError::Missing {
                missing,
                count: header.count,
            }),
        }
    }

    /// What all parts say of the run.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What the whole run would have told. Under `run` stands what the first part says, with `shards` for what each says
    /// of itself.
    ///
    /// # Errors
    /// [`MergeError::Part`] where a part is cut off or broken.
    pub fn report(self) -> Result<Report, MergeError> {
        let mut collector = Collector::new();
        let mut replay = Replay {
            scenarios: self.header.scenarios,
            of_the_run_taken: false,
        };
        let mut runs = Vec::new();
        for mut part in self.parts {
            let wrong = |error| MergeError::Part {
                file: part.file.clone(),
                error,
            };
            while let Some(event) = part.reader.next_event().map_err(wrong)? {
                replay.pass(event, &mut collector);
            }
            runs.extend(part.reader.run().cloned());
            replay.of_the_run_taken = true;
        }
        Ok(collector.report(run_of(&runs)))
    }
}

/// What the parts tell, less what all of them tell.
struct Replay {
    scenarios: usize,
    /// Whether a part was taken that told what is of no scenario.
    of_the_run_taken: bool,
}

impl Replay {
    fn pass(&mut self, event: Event, collector: &mut Collector) {
        match event {
            // What has no place among the scenarios belongs to the run, and every part tells it.
            Event::Scenario(record) if record.index >= self.scenarios && self.of_the_run_taken => {}
            event => collector.take(event),
        }
    }
}

fn same_run<R: BufRead>(first: &Part<R>, part: &Part<R>) -> Result<(), MergeError> {
    let (one, other) = (facts(first.reader.header()), facts(part.reader.header()));
    let differing = one.into_iter().zip(other).find(|(one, other)| one != other);
    match differing {
        None => Ok(()),
        Some(((what, of_file), (_, of_other))) => Err(MergeError::Mismatch {
            file: first.file.clone(),
            other: part.file.clone(),
            what,
            of_file,
            of_other,
        }),
    }
}

/// What must be the same in all parts, the most telling first.
fn facts(header: &Header) -> [(&'static str, String); 8] {
    [
        ("the tool", header.tool.clone()),
        ("the service", header.service.clone()),
        ("the number of shards", header.count.to_string()),
        ("the contract", header.contract.clone()),
        ("what was given", header.given.to_string()),
        ("the number of scenarios", header.scenarios.to_string()),
        ("the selection of scenarios", header.selection.clone()),
        ("the split by --durations", header.split.clone()),
    ]
}

/// What belonged to the parts alone: of the first what is the same for all, and what each says of itself.
fn run_of(runs: &[Value]) -> Value {
    const OF_EACH: [&str; 6] = ["started", "seconds", "target_url", "reference_url", "token", "shard"];
    let mut whole = runs.first().cloned().unwrap_or_else(|| json!({}));
    let of_each = |run: &Value| {
        OF_EACH
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), run.get(name)?.clone())))
            .collect()
    };
    let shards: Vec<serde_json::Map<String, Value>> = runs.iter().map(of_each).collect();
    if let Some(whole) = whole.as_object_mut() {
        for name in OF_EACH {
            whole.remove(name);
        }
        let started = runs.iter().filter_map(|run| run.get("started")?.as_str()).min();
        whole.insert("started".to_owned(), json!(started));
        whole.insert("shards".to_owned(), json!(shards));
    }
    whole
}

fn list(numbers: &[u32]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<String> = numbers.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = match numbers.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let is = if numbers.len() == 1 { "is" } else { "are" };
    format!("{}{more} {is}", shown.join(", "))
}
