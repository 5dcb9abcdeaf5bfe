//! A cassette as a service, so that any client can be tested on what was recorded.

mod alike;
mod progress;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use parallax_contract::{Answer, Call, Contract, Fault, Refused, Tweak, only_reads};
use parallax_wire::{HttpAnswer, HttpRequest, Protocol, UnsupportedProtocol, protocol_of};

use self::alike::{alike, marks};
use self::progress::{Candidate, Progress};
use super::{Cassette, CassetteError, Position};
use crate::{Env, Service};

/// The status of what was not recorded.
const NOT_RECORDED: u16 = 501;
/// The run token of answers to a client that has shown none.
const NO_TOKEN: &str = "xxx0000";

/// Answers requests as they were answered when the cassette was recorded, and what was not recorded with
/// `NotRecorded` and status 501.
///
/// A request is a recorded one if it means the same call: the order of its parameters, its headers and its signature do
/// not matter. Where the recorded names bear a run's token, any token of that form stands for it, and the answer bears
/// the same; so it is with the account. What was asked more than once is answered in the order in which it was recorded: what follows in the scenario
/// under way comes first.
pub struct Replay {
    contract: Arc<Contract>,
    protocol: &'static dyn Protocol,
    cassette: Cassette,
    /// What can be answered, in the order of the file.
    recorded: Vec<Recorded>,
    /// Where in it the calls of an operation are.
    by_operation: BTreeMap<String, Vec<usize>>,
    progress: Mutex<Progress>,
    env: Arc<dyn Env>,
}

/// A call with an answer.
struct Recorded {
    position: Position,
    call: Call,
    /// The number of its scenario.
    scenario: usize,
}

/// Why a cassette cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The contract's protocol is not built in.
    #[error(transparent)]
    Protocol(#[from] UnsupportedProtocol),
    /// A line is not what was written.
    #[error(transparent)]
    Cassette(#[from] CassetteError),
}

impl Replay {
    /// Answers from this cassette, with fresh request ids of `env`. A request that was too long to be kept whole cannot be
    /// recognised, and one whose answer was lost has none.
    ///
    /// # Errors
    /// [`ReplayError`] where the contract's protocol is not built in, or a line is not what was written.
    pub fn new(contract: Arc<Contract>, cassette: Cassette, env: Arc<dyn Env>) -> Result<Self, ReplayError> {
        let protocol = protocol_of(&contract)?;
        let marked = marks();
        let mut recorded: Vec<Recorded> = Vec::new();
        let mut by_operation: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for found in cassette.entries() {
            let (position, entry) = found?;
            let Some(request) = entry.request(&marked).filter(|_| entry.status().is_some()) else {
                continue;
            };
            let call = understood(protocol.decode_request(&contract, &request));
            let scenario = match recorded.last() {
                None => 0,
                Some(last) if last.position.scenario == position.scenario => last.scenario,
                Some(last) => last.scenario + 1,
            };
            by_operation
                .entry(call.operation.clone())
                .or_default()
                .push(recorded.len());
            recorded.push(Recorded {
                position,
                call,
                scenario,
            });
        }
        Ok(Self {
            contract,
            protocol,
            progress: Mutex::new(Progress::new(recorded.iter().map(|one| one.scenario).collect())),
            cassette,
            recorded,
            by_operation,
            env,
        })
    }

    /// How many requests it can answer.
    pub fn answers(&self) -> usize {
        self.recorded.len()
    }

    fn say(&self, call: &Call) -> Option<HttpAnswer> {
        let places = self.by_operation.get(&call.operation)?;
        let candidates: Vec<Candidate> = places.iter().filter_map(|at| self.candidate(*at, call)).collect();
        // A panic in another thread is a bug that was reported there; where the others are stays true.
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, token) = progress.next(&candidates, only_reads(&call.operation))?;
        drop(progress);
        // A line that is no longer what was written says nothing.
        let recorded = self.recorded.get(at)?;
        let entry = self.cassette.get(&recorded.position).ok()??;
        let mut values = alike(&recorded.call, call)?;
        values.insert("request-id".to_owned(), self.env.id());
        values
            .entry("run".to_owned())
            .or_insert(token.unwrap_or_else(|| NO_TOKEN.to_owned()));
        entry.answer(&values)
    }

    fn candidate(&self, at: usize, call: &Call) -> Option<Candidate> {
        let mut shown = alike(&self.recorded.get(at)?.call, call)?;
        let token = shown.remove("run");
        Some(Candidate { at, token })
    }
}

impl Service for Replay {
    fn contract(&self) -> &Contract {
        &self.contract
    }

    fn verbatim(&self, request: &HttpRequest) -> Option<HttpAnswer> {
        self.say(&understood(self.protocol.decode_request(&self.contract, request)))
    }

    /// Only what was not recorded is asked in the words of the contract.
    fn answer(&self, call: &Call) -> Answer {
        let others = self.by_operation.get(&call.operation).map_or(0, Vec::len);
        let operation = match &*call.operation {
            "" => "an operation that the service does not have",
            name => name,
        };
        Answer::Refused(Refused {
            code: "NotRecorded".to_owned(),
            status: NOT_RECORDED,
            fault: Fault::Receiver,
            message: match others {
                0 => format!("The cassette holds no call of {operation}."),
                some => format!("The cassette holds {some} calls of {operation}, none of them with this input."),
            },
        })
    }
}

/// The call without what only tells clients apart: how a space is written, and a signature among the parameters.
fn understood(mut call: Call) -> Call {
    call.tweaks.retain(|tweak| match tweak {
        Tweak::OtherSpace => false,
        Tweak::Param(name, _) => !super::redact::is_of_signature(name),
        _ => true,
    });
    call
}
