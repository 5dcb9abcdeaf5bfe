//! The harness against every fault and every benign variant of the embedded emulator.
//!
//! For each alteration a fresh emulator is served over HTTP and the derived scenarios are played until one of them
//! reports an error or a warning. A fault must be found; a variant, and the emulator as it is, must stay silent. Faults
//! that only generated scenarios reach are hunted for.

mod seek;
mod subjects;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parallax_contract::Contract;
use parallax_endpoint::fault::{Alteration, Altered, Class};
use parallax_endpoint::{Endpoint, Http, HttpError, HttpSettings, ServeError, Server};
use parallax_oracle::Oracle;
use parallax_outcome::{Event, Kind, RunInfo, ScenarioRecord, Severity};
use parallax_scenario::Scenario;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::{Cancel, Plan, Reference, RunError, run};
pub use seek::{Bounds, Hunted, beyond_set_up, seek};
pub use subjects::{combinations, generated, scenarios, scenarios_to_be_silent, subjects};

/// How long a request may take where answers that never come are looked for.
const IMPATIENCE: Duration = Duration::from_millis(300);

/// What a run's names begin with; every emulator is fresh.
const TOKEN: &str = "sel";

/// What is put to the test: the emulator with these alterations.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its name: of a fault, of a variant, of several joined by `+`, or `control`.
    pub name: String,
    /// What it is changed by; nothing for the control.
    pub alterations: Vec<Alteration>,
    /// How far it is hunted; nothing where the derived scenarios are played instead.
    pub hunt: Option<Bounds>,
}

impl Subject {
    /// The emulator as it is.
    pub fn control() -> Self {
        Self {
            name: "control".to_owned(),
            alterations: Vec::new(),
            hunt: None,
        }
    }

    /// The emulator with these alterations, the first innermost.
    pub fn of(alterations: Vec<Alteration>) -> Self {
        let names: Vec<_> = alterations.iter().map(|alteration| alteration.name).collect();
        Self {
            name: names.join("+"),
            alterations,
            hunt: None,
        }
    }

    /// A fault that is hunted for.
    pub fn hunted(fault: Alteration, bounds: Bounds) -> Self {
        Self {
            hunt: Some(bounds),
            ..Self::of(vec![fault])
        }
    }

    /// Whether something must be found.
    pub fn is_faulty(&self) -> bool {
        self.alterations.iter().any(Alteration::is_fault)
    }

    /// Whether only generated scenarios reach its fault.
    pub fn is_generated(&self) -> bool {
        self.alterations.iter().any(|alteration| alteration.generated)
    }

    /// What its fault is a fault of; `benign` for a variant and for the control.
    pub fn class(&self) -> &'static str {
        let fault = self.alterations.iter().find(|alteration| alteration.is_fault());
        fault.map_or(Class::Benign, |fault| fault.class).as_str()
    }
}

/// What came of one subject.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was put to the test.
    pub subject: Subject,
    /// The first difference that was an error or a warning.
    pub found: Option<Found>,
    /// The first difference that was a note.
    pub noted: Option<Found>,
    /// What it took to find it, where it was hunted.
    pub hunted: Option<Hunted>,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

impl Row {
    /// Whether nothing but a note was seen.
    pub fn is_note_only(&self) -> bool {
        self.found.is_none() && self.noted.is_some()
    }

    /// Whether the harness did what it must: found a fault, or stayed silent.
    pub fn is_right(&self) -> bool {
        self.found.is_some() == self.subject.is_faulty()
    }
}

/// Where a difference was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The scenario's path.
    pub scenario: String,
    /// The step's name.
    pub step: String,
    /// The difference's kind.
    pub kind: Kind,
    /// Its severity.
    pub severity: Severity,
    /// The place in the answer.
    pub path: String,
    /// What was due there.
    pub expected: String,
    /// What was there.
    pub observed: String,
}

/// Why the harness cannot be put to the test.
#[derive(Debug, thiserror::Error)]
pub enum SelftestError {
    /// The emulator cannot be served.
    #[error("the emulator `{subject}` cannot be served")]
    Serve {
        /// Which.
        subject: String,
        /// Why not.
        source: ServeError,
    },
    /// No client can be made for it.
    #[error("the emulator `{subject}` cannot be asked")]
    Ask {
        /// Which.
        subject: String,
        /// Why not.
        source: HttpError,
    },
    /// The machine has no descriptors or ports left for it, so that nothing can be told of the harness.
    #[error("this machine ran short of descriptors or ports at the emulator `{subject}`, which proves nothing of it")]
    Short {
        /// Which.
        subject: String,
    },
    /// A bug of ours.
    #[error("the self-test ended early: {0}; please report this")]
    Worker(String),
}

/// Puts the harness to the test against each subject, `jobs` at a time, and says what came of each as it ends.
///
/// # Errors
/// [`SelftestError`] where an emulator cannot be served or asked.
pub async fn selftest(
    contract: Arc<Contract>,
    subjects: Vec<Subject>,
    jobs: usize,
    mut told: impl FnMut(&Row),
    cancel: Cancel,
) -> Result<Vec<Row>, SelftestError> {
    let count = subjects.len();
    let bench = Arc::new(Bench {
        to_find: scenarios(&contract),
        to_be_silent: scenarios_to_be_silent(&contract),
        contract,
        subjects,
        next: AtomicUsize::new(0),
        cancel,
    });
    let (sender, mut receiver) = mpsc::channel(jobs.max(1));
    let mut workers = JoinSet::new();
    for _ in 0..jobs.clamp(1, count.max(1)) {
        workers.spawn(Arc::clone(&bench).work(sender.clone()));
    }
    drop(sender);
    let mut rows = Vec::with_capacity(count);
    while let Some((at, row)) = receiver.recv().await {
        told(&row);
        rows.push((at, row));
    }
    while let Some(ended) = workers.join_next().await {
        ended.map_err(|error| SelftestError::Worker(error.to_string()))??;
    }
    rows.sort_by_key(|(at, _)| *at);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// What the workers of a self-test share.
struct Bench {
    contract: Arc<Contract>,
    to_find: Vec<Scenario>,
    to_be_silent: Vec<Scenario>,
    subjects: Vec<Subject>,
    next: AtomicUsize,
    cancel: Cancel,
}

impl Bench {
    async fn work(self: Arc<Self>, rows: mpsc::Sender<(usize, Row)>) -> Result<(), SelftestError> {
        while !self.cancel.is_cancelled() {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(subject) = self.subjects.get(at) else { break };
            let row = self.examine(subject).await?;
            // A hunt that was broken off has missed nothing.
            if self.cancel.is_cancelled() && row.hunted.is_some() && row.found.is_none() {
                break;
            }
            if rows.send((at, row)).await.is_err() {
                break;
            }
        }
        Ok(())
    }

    async fn examine(&self, subject: &Subject) -> Result<Row, SelftestError> {
        let name = || subject.name.clone();
        let emulator = Arc::new(Altered::new(&self.contract, subject.alterations.clone()));
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let settings = settings(subject);
        let served = Server::start_among(address, emulator, &settings.shortage);
        let server = served.map_err(|source| match source {
            ServeError::NoDescriptor(_) => SelftestError::Short { subject: name() },
            source => SelftestError::Serve {
                subject: name(),
                source,
            },
        })?;
        let endpoint =
            Http::new(Arc::clone(&self.contract), &server.url(), &settings).map_err(|source| SelftestError::Ask {
                subject: name(),
                source,
            })?;
        let scenarios = match subject.is_faulty() {
            true => &self.to_find,
            false => &self.to_be_silent,
        };
        let (name, subject, endpoint) = (name(), subject.clone(), Arc::new(endpoint));
        let row = match subject.hunt {
            Some(bounds) => seek(&self.contract, subject, bounds, endpoint, &self.cancel)
                .await
                .map_err(|error| SelftestError::Worker(error.to_string())),
            None => examine(&self.contract, scenarios, subject, endpoint)
                .await
                .map_err(|error| SelftestError::Worker(error.to_string())),
        };
        // Whatever came of it may have come of that.
        match settings.shortage.count() {
            0 => row,
            _ => Err(SelftestError::Short { subject: name }),
        }
    }
}

/// Only answers that come late, or never, are worth being impatient for: a busy machine must raise no alarm.
fn settings(subject: &Subject) -> HttpSettings {
    let mut settings = HttpSettings::default();
    if subject.class() == Class::Transport.as_str() {
        settings.time_limit = IMPATIENCE;
    }
    settings
}

/// Plays the scenarios against one endpoint, one after the other, until an error or a warning is found. What the
/// endpoint implements is not asked first.
///
/// # Errors
/// [`RunError::Worker`] for a bug of ours.
pub async fn examine(
    contract: &Arc<Contract>,
    scenarios: &[Scenario],
    subject: Subject,
    endpoint: Arc<dyn Endpoint>,
) -> Result<Row, RunError> {
    let begin = Instant::now();
    let cancel = Cancel::new();
    let mut sight = Sight::default();
    let reference = Reference::Docs(Arc::new(Oracle::new(Arc::clone(contract))));
    let ended = run(
        plan(contract, scenarios),
        endpoint,
        reference,
        |event| {
            if let Event::Scenario(record) = event {
                sight.look(&record);
            }
            if sight.found.is_some() {
                cancel.cancel();
            }
        },
        cancel.clone(),
    )
    .await;
    match ended {
        Err(RunError::NeverAnswered { fault, .. }) => sight.found = Some(never_answered(fault.to_string())),
        Err(error) => return Err(error),
        Ok(()) => {}
    }
    Ok(Row {
        subject,
        found: sight.found,
        noted: sight.noted,
        hunted: None,
        millis: millis(begin),
    })
}

/// So many milliseconds have passed since then.
fn millis(begin: Instant) -> u64 {
    u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn plan(contract: &Arc<Contract>, scenarios: &[Scenario]) -> Plan {
    Plan {
        contract: Arc::clone(contract),
        scenarios: scenarios.to_vec(),
        jobs: 1,
        repeat: 1,
        token: TOKEN.to_owned(),
        info: RunInfo {
            service: contract.service.name.clone(),
            operations: contract.operations.keys().cloned().collect(),
            scenarios: scenarios.len(),
            target: "embedded".to_owned(),
            reference: "docs".to_owned(),
        },
        places: None,
        probe: false,
    }
}

fn never_answered(why: String) -> Found {
    Found {
        scenario: "before all scenarios".to_owned(),
        step: "hello".to_owned(),
        kind: Kind::Transport,
        severity: Severity::Error,
        path: String::new(),
        expected: "an answer".to_owned(),
        observed: why,
    }
}

/// What was seen so far.
#[derive(Default)]
struct Sight {
    found: Option<Found>,
    noted: Option<Found>,
}

impl Sight {
    fn look(&mut self, record: &ScenarioRecord) {
        let steps = record.steps.iter();
        for (step, difference) in steps.flat_map(|step| step.differences.iter().map(move |found| (step, found))) {
            let slot = match difference.severity {
                Severity::Note => &mut self.noted,
                Severity::Warning | Severity::Error => &mut self.found,
            };
            slot.get_or_insert_with(|| Found {
                scenario: record.path.clone(),
                step: step.step.clone(),
                kind: difference.kind,
                severity: difference.severity,
                path: difference.path.clone(),
                expected: difference.expected.clone(),
                observed: difference.observed.clone(),
            });
        }
    }
}
