//! The parts of a run, made into what the whole run would have told.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use std::num::NonZero;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

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
        "{file} and {other} are of different runs: {}; play all shards with the same parallax and the same arguments \
         but --shard",
        told(.differing)
    )]
    Mismatch {
        /// One of them.
        file: String,
        /// The other.
        other: String,
        /// In what they differ.
        differing: Vec<Differing>,
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

/// In what two parts differ that must be the same in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// What it is.
    pub what: String,
    /// What the one says.
    pub of_file: String,
    /// What the other says.
    pub of_other: String,
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
    /// of itself. Parts are read side by side: the order of events does not show in a report.
    ///
    /// # Errors
    /// [`MergeError::Part`] where a part is cut off or broken; of several, the first.
    pub fn report(self) -> Result<Report, MergeError>
    where
        R: Send,
    {
        let scenarios = self.header.scenarios;
        let mut collector = Collector::new();
        let mut broken_off = BTreeSet::new();
        let mut read = side_by_side(self.parts, |number, event| match event {
            // What has no place among the scenarios belongs to the run, and every part tells it.
            Event::Scenario(record) if record.index >= scenarios && number > 0 => {}
            event => {
                if matches!(event, Event::Interrupted { .. }) {
                    broken_off.insert(number);
                }
                collector.take(event);
            }
        })?;
        for number in broken_off {
            if let Some(Value::Object(run)) = read.get_mut(number) {
                run.insert(BROKEN_OFF.to_owned(), json!(true));
            }
        }
        Ok(collector.report(run_of(&read)))
    }
}

/// Reads all parts, hands each event over with the number of its part, and gives what each part says of itself.
fn side_by_side<R: BufRead + Send>(
    parts: Vec<Part<R>>,
    mut take: impl FnMut(usize, Event),
) -> Result<Vec<Value>, MergeError> {
    let readers = thread::available_parallelism().map_or(1, NonZero::get).min(parts.len());
    let mut ends: Vec<Option<Result<Value, MergeError>>> = parts.iter().map(|_| None).collect();
    let parts = Mutex::new(parts.into_iter().enumerate());
    let (sender, receiver) = mpsc::sync_channel(WAITING);
    thread::scope(|scope| {
        for _ in 0..readers {
            let (sender, parts) = (sender.clone(), &parts);
            scope.spawn(move || {
                let next = || parts.lock().unwrap_or_else(PoisonError::into_inner).next();
                while let Some((number, part)) = next() {
                    // Nobody listens any more.
                    if hand_over(number, part, &sender).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for (number, heard) in receiver {
            match heard {
                Heard::Events(events) => events.into_iter().for_each(|event| take(number, event)),
                Heard::End(end) => {
                    if let Some(place) = ends.get_mut(number) {
                        *place = Some(end);
                    }
                }
            }
        }
    });
    ends.into_iter().flatten().collect()
}

/// What stands in the `shards` of a merged report at those that were broken off.
pub const BROKEN_OFF: &str = "broken_off";
/// So many messages may wait.
const WAITING: usize = 16;
/// So many events make a message.
const AT_ONCE: usize = 128;

/// What a reader tells of a part.
enum Heard {
    Events(Vec<Event>),
    /// What it says of itself, or what is wrong with it.
    End(Result<Value, MergeError>),
}

type Sender = mpsc::SyncSender<(usize, Heard)>;

/// Reads a part to its end. An error says that nobody listens.
fn hand_over<R: BufRead>(
    number: usize,
    mut part: Part<R>,
    sender: &Sender,
) -> Result<(), mpsc::SendError<(usize, Heard)>> {
    let mut events = Vec::with_capacity(AT_ONCE);
    let end = loop {
        match part.reader.next_event() {
            Ok(Some(event)) => events.push(event),
            Ok(None) => break Ok(part.reader.run().cloned().unwrap_or_default()),
            Err(error) => {
                break Err(MergeError::Part { file: part.file, error });
            }
        }
        if events.len() == AT_ONCE {
            sender.send((number, Heard::Events(std::mem::take(&mut events))))?;
        }
    };
    sender.send((number, Heard::Events(events)))?;
    sender.send((number, Heard::End(end)))
}

fn same_run<R: BufRead>(first: &Part<R>, part: &Part<R>) -> Result<(), MergeError> {
    let (one, other) = (first.reader.header(), part.reader.header());
    let differing = [
        differing(&facts(one), &facts(other)),
        given_otherwise(&one.given, &other.given),
        differing(&following(one), &following(other)),
    ];
    // Of the first that differ the others may follow.
    match differing.into_iter().find(|differing| !differing.is_empty()) {
        None => Ok(()),
        Some(differing) => Err(MergeError::Mismatch {
            file: first.file.clone(),
            other: part.file.clone(),
            differing,
        }),
    }
}

/// The first of some facts that are not the same in both.
fn differing(one: &[(&str, String)], other: &[(&str, String)]) -> Vec<Differing> {
    let first = one.iter().zip(other).find(|(one, other)| one != other);
    let first = first.map(|((what, of_file), (_, of_other))| Differing {
        what: (*what).to_owned(),
        of_file: of_file.clone(),
        of_other: of_other.clone(),
    });
    first.into_iter().collect()
}

/// All that was given otherwise, by name: to find it in two long texts is no work for people.
fn given_otherwise(one: &Value, other: &Value) -> Vec<Differing> {
    let names = |given: &Value| {
        given
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect()
    };
    let (mut all, more): (BTreeSet<String>, BTreeSet<String>) = (names(one), names(other));
    all.extend(more);
    let said = |given: &Value, name: &str| match given.get(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    let differing = |name: String| Differing {
        of_file: said(one, &name),
        of_other: said(other, &name),
        what: format!("the {}", name.replace('_', " ")),
    };
    let all = all.into_iter().map(differing);
    all.filter(|differing| differing.of_file != differing.of_other)
        .collect()
}

fn told(differing: &[Differing]) -> String {
    let told = differing.iter().map(|one| {
        let Differing {
            what,
            of_file,
            of_other,
        } = one;
        format!("{what} is `{of_file}` in one and `{of_other}` in the other")
    });
    told.collect::<Vec<_>>().join(", ")
}

/// What must be the same in all parts, the most telling first.
fn facts(header: &Header) -> [(&'static str, String); 4] {
    [
        ("the tool", header.tool.clone()),
        ("the service", header.service.clone()),
        ("the number of shards", header.count.to_string()),
        ("the contract", header.contract.clone()),
    ]
}

/// What must be the same in all parts, and follows from what was given.
fn following(header: &Header) -> [(&'static str, String); 3] {
    [
        ("the number of scenarios", header.scenarios.to_string()),
        ("the selection of scenarios", header.selection.clone()),
        ("the split by --durations", header.split.clone()),
    ]
}

/// What belonged to the parts alone: of the first what is the same for all, and what each says of itself.
fn run_of(runs: &[Value]) -> Value {
    const OF_EACH: [&str; 7] = [
        "started",
        "seconds",
        "target_url",
        "reference_url",
        "token",
        "shard",
        BROKEN_OFF,
    ];
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
