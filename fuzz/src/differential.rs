//! Bytes become a sequence of calls, played on the oracle and on a target.

use std::collections::BTreeSet;
use std::env;
use std::fs::File;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arbitrary::Unstructured;
use parallax_contract::Contract;
use parallax_endpoint::fault::{Altered, named};
use parallax_endpoint::{Direct, Endpoint, Http, HttpSettings};
use parallax_oracle::Oracle;
use parallax_outcome::divergence::hash;
use parallax_outcome::{Divergence, Severity};
use parallax_runner::{HuntPlan, Player, Reference, Showing};
use parallax_scenario::generate::Seeded;
use parallax_scenario::{Choose as _, Options, Scenario, from_text, to_text};
use parallax_wire::Query;
use tokio::runtime::{Builder, Runtime};

use crate::{contracts, counters};

/// Who is asked: `embedded` (in process) or a URL.
const TARGET: &str = "PARALLAX_TARGET";
/// Faults of the embedded emulator, by name, with commas between.
const FAULTS: &str = "PARALLAX_FAULTS";
/// A file to which divergences are added instead of crashing, one line each.
const COLLECT: &str = "PARALLAX_COLLECT";
/// `off` leaves libFuzzer to the coverage of the harness alone.
const COUNTERS: &str = "PARALLAX_COUNTERS";

/// How long a target may take for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The oracle and a target, and what is done about divergences.
pub struct Session {
    runtime: Runtime,
    player: Player,
    guided: bool,
    learnt: Mutex<Learnt>,
    collection: Option<Mutex<Collection>>,
}

impl Session {
    /// As the environment says; ends the process with a word where that cannot be.
    pub fn from_env() -> Self {
        Self::new().unwrap_or_else(|why| {
            eprintln!("error: {why}");
            std::process::exit(2)
        })
    }

    fn new() -> Result<Self, String> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("no runtime: {error}"))?;
        let contract = Arc::clone(&contracts::REAL);
        let target = target(&contract)?;
        let reference = Reference::Docs(Arc::new(Oracle::new(Arc::clone(&contract))));
        let prepared = runtime.block_on(Player::prepare(plan(contract), target, reference));
        let collection = env::var(COLLECT).ok().map(|path| Collection::open(&path)).transpose()?;
        Ok(Self {
            player: prepared.map_err(|error| error.to_string())?,
            runtime,
            guided: env::var(COUNTERS).map_or(true, |word| word != "off"),
            learnt: Mutex::default(),
            collection: collection.map(Mutex::new),
        })
    }

    /// The sequence that these bytes stand for: that of a scenario's file, or else the one that they choose.
    fn scenario(&self, bytes: &[u8]) -> Scenario {
        let written = str::from_utf8(bytes).ok().and_then(|text| from_text(text).ok());
        written.unwrap_or_else(|| self.player.generator().scenario(&mut Unstructured::new(bytes)))
    }

    /// Plays the sequence that these bytes stand for, and says whether it is worth keeping.
    ///
    /// # Panics
    /// On a divergence, unless they are collected.
    pub fn play(&self, bytes: &[u8]) -> bool {
        let scenario = self.scenario(bytes);
        let showing = self.runtime.block_on(self.player.play(&scenario));
        self.judge(&showing.divergences, &scenario);
        !self.guided || self.learn(&showing, scenario)
    }

    /// Counts behaviours and causes, and says whether one of them is new. What is no news of the target may be news of
    /// the harness, whose own coverage libFuzzer sees; that is not what is looked for.
    fn learn(&self, showing: &Showing, scenario: Scenario) -> bool {
        let mut learnt = self.learnt.lock().unwrap_or_else(PoisonError::into_inner);
        let causes = showing.divergences.iter().map(|found| hash(&[&found.id]));
        let (mut new, mut parted) = (false, false);
        for cause in causes {
            counters::count(cause);
            parted |= learnt.seen.insert(cause);
        }
        for behaviour in &showing.behaviours {
            counters::count(*behaviour);
            new |= learnt.seen.insert(*behaviour);
        }
        if parted {
            learnt.parted.push(scenario);
        }
        new || parted
    }

    /// Changes the sequence in `bytes[..size]` as a hunt would, or puts a new one in its place; its new size.
    pub fn mutate(&self, bytes: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
        let mut choose = Seeded::new(seed.into(), 0);
        let generator = self.player.generator();
        let parted = self.one_that_parted(&mut choose);
        let changed = match (choose.below(4), parted) {
            (0, _) => generator.scenario(&mut choose),
            (1 | 2, Some(parted)) => generator.mutate(&parted, None, &mut choose),
            (_, parted) => {
                let scenario = self.scenario(bytes.get(..size).unwrap_or_default());
                generator.mutate(&scenario, parted.as_ref(), &mut choose)
            }
        };
        put(&changed, bytes.get_mut(..most).unwrap_or_default()).unwrap_or(size)
    }

    /// A sequence that showed a cause first, if there is one: where the two parted, they may part again nearby.
    fn one_that_parted(&self, choose: &mut Seeded) -> Option<Scenario> {
        let learnt = self.learnt.lock().unwrap_or_else(PoisonError::into_inner);
        let at = choose.below(u32::try_from(learnt.parted.len()).unwrap_or(u32::MAX));
        learnt.parted.get(at as usize).cloned()
    }

    /// Changes one sequence with parts of another; how much of `out` it fills.
    pub fn cross(&self, one: &[u8], other: &[u8], out: &mut [u8], seed: u32) -> usize {
        let mut choose = Seeded::new(seed.into(), 1);
        let (one, other) = (self.scenario(one), self.scenario(other));
        let crossed = self.player.generator().mutate(&one, Some(&other), &mut choose);
        put(&crossed, out).unwrap_or(0)
    }

    fn judge(&self, divergences: &[Divergence], scenario: &Scenario) {
        match &self.collection {
            Some(collection) => collection
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(divergences, scenario),
            None => assert!(divergences.is_empty(), "{divergences:#?}\n{}", to_text(scenario)),
        }
    }
}

/// What earlier sequences showed.
#[derive(Default)]
struct Learnt {
    /// Behaviours and causes, by number.
    seen: BTreeSet<u64>,
    /// The sequences that showed a cause first.
    parted: Vec<Scenario>,
}

/// Writes a sequence as its file; `None` where there is no room for it.
fn put(scenario: &Scenario, out: &mut [u8]) -> Option<usize> {
    let text = to_text(scenario);
    out.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
    Some(text.len())
}

fn target(contract: &Arc<Contract>) -> Result<Arc<dyn Endpoint>, String> {
    match env::var(TARGET) {
        Ok(url) if url != "embedded" => {
            let settings = HttpSettings {
                time_limit: PATIENCE,
                ..HttpSettings::default()
            };
            let http = Http::new(Arc::clone(contract), &url, &settings);
            Ok(Arc::new(http.map_err(|error| format!("{TARGET}: {error}"))?))
        }
        _ => {
            let names = env::var(FAULTS).unwrap_or_default();
            let names = names.split(',').filter(|name| !name.is_empty());
            let fault = |name| named(name).ok_or_else(|| format!("{FAULTS}: no fault is named `{name}`"));
            let faults = names.map(fault).collect::<Result<_, _>>()?;
            Ok(Arc::new(Direct::new(Arc::new(Altered::new(contract, faults)), &Query)))
        }
    }
}

fn plan(contract: Arc<Contract>) -> HuntPlan {
    HuntPlan {
        contract,
        options: Options::default(),
        seed: 0,
        cases: None,
        time: None,
        jobs: 1,
        known: BTreeSet::new(),
        corpus: Vec::new(),
        least: Severity::Warning,
        token: format!("f{:02}", std::process::id() % 100),
        probe: env::var(TARGET).is_ok_and(|url| url != "embedded"),
    }
}

/// Divergences in a file, each cause once.
struct Collection {
    file: File,
    known: BTreeSet<String>,
    begin: Instant,
}

impl Collection {
    fn open(path: &str) -> Result<Self, String> {
        let open = File::options().create(true).append(true).open(path);
        Ok(Self {
            file: open.map_err(|error| format!("{COLLECT}: {path}: {error}"))?,
            known: BTreeSet::new(),
            begin: Instant::now(),
        })
    }

    /// Writes what is new, at once: whatever ends the process loses nothing.
    fn take(&mut self, divergences: &[Divergence], scenario: &Scenario) {
        for found in divergences {
            if self.known.insert(found.id.clone()) {
                let seconds = self.begin.elapsed().as_secs();
                let (kind, operation, path) = (found.kind, &found.operation, &found.path);
                let steps = scenario.steps.len();
                let line = format!("{seconds} {} {kind} {operation} {path} steps={steps}\n", found.id);
                if let Err(error) = self.file.write_all(line.as_bytes()) {
                    eprintln!("{COLLECT}: {error}: {line}");
                }
            }
        }
    }
}
