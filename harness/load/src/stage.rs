//! What a mix needs before it can be asked, and what is deleted afterwards. Neither is measured.

use std::sync::Arc;

use parallax_contract::{Call, Observation, Outcome, TransportFault, Value, only_reads};
use parallax_endpoint::{ConnectError, Endpoint as _, Http};
use parallax_oracle::{Oracle, State};
use parallax_scenario::mix::Mix;
use parallax_scenario::{Names, Step, resolve};
use parallax_wire::UnsupportedProtocol;

use crate::actor::{Actor, Part};
use crate::cancel::{Cancel, Farewell};
use crate::choice::Choice;
use crate::sweep::Broom;
use crate::verify::{Verifier, Verify};

/// Why a target cannot be measured with a mix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StageError {
    /// Nobody answers.
    #[error("preparing it, {operation} was not answered: {fault}")]
    NoAnswer {
        /// What was asked.
        operation: String,
        /// What came instead.
        fault: TransportFault,
    },
    /// What the mix is about cannot be made there.
    #[error("it cannot be prepared: {operation} was answered with {answer}")]
    Refused {
        /// What was asked.
        operation: String,
        /// What came.
        answer: String,
    },
    /// A call of the preparation needs what no answer told.
    #[error("it cannot be prepared: nothing was told for {{{0}}}")]
    Untold(String),
    /// There are not as many as the mix needs.
    #[error(
        "{connections} connections hold {holds} of {resource} at a time, and {limit} are allowed; give fewer \
         --connections or another --resource"
    )]
    Quota {
        /// How many connections there are to be.
        connections: u64,
        /// How many resources they hold.
        holds: u64,
        /// Of what.
        resource: String,
        /// How many there may be.
        limit: u64,
    },
    /// The protocol is not built in.
    #[error(transparent)]
    Protocol(#[from] UnsupportedProtocol),
}

/// Why a target is not prepared.
pub(crate) enum Halt {
    /// Somebody broke it off.
    BrokenOff,
    /// It cannot be.
    Failed(StageError),
}

impl<E: Into<StageError>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// A target that is ready to be asked.
pub(crate) struct Stage {
    http: Arc<Http>,
    oracle: Arc<Oracle>,
    /// What was prepared, to be deleted again.
    state: State,
}

/// How many ask, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cast {
    pub(crate) connections: u64,
    pub(crate) verify: Verify,
    pub(crate) seed: u64,
}

impl Stage {
    pub(crate) fn new(http: Arc<Http>, oracle: Arc<Oracle>) -> Self {
        Self {
            http,
            oracle,
            state: State::default(),
        }
    }

    /// Makes what the mix needs, and one actor a connection. `run` keeps the names of this bench apart from others'.
    pub(crate) async fn prepare(
        &mut self,
        mix: &Arc<Mix>,
        run: &str,
        cast: Cast,
        cancel: &Cancel,
    ) -> Result<Vec<Actor>, Halt> {
        check_quota(mix, cast.connections)?;
        let mut said = Vec::new();
        let mut shared = Vec::new();
        for number in 0..u64::from(mix.shared) {
            let names = names(&token(run, 's', number));
            shared.push(self.make(mix, names, true, &mut said, cancel).await?);
        }
        let shared: Arc<[Names]> = shared.into();
        let mut actors = Vec::new();
        for number in 0..cast.connections {
            let token = token(run, 'c', number);
            let mut own_said = Vec::new();
            let mut own = names(&token);
            if mix.has_own() || mix.has_parents() {
                own = self.make(mix, own, mix.has_own(), &mut own_said, cancel).await?;
            }
            let state = self.believed(&token, said.iter().chain(&own_said));
            let protocol = parallax_wire::protocol_of(self.oracle.contract())?;
            let verifier = Verifier::new(cast.verify, Arc::clone(&self.oracle), protocol, state);
            let part = Part {
                token,
                own,
                shared: Arc::clone(&shared),
                choice: Choice::of(cast.seed, number),
            };
            actors.push(Actor::new(Arc::clone(&self.http), Arc::clone(mix), part, verifier));
        }
        Ok(actors)
    }

    /// What one connection believes of the target after what was prepared.
    fn believed<'a>(&self, token: &str, said: impl Iterator<Item = &'a (Call, Observation)>) -> State {
        let mut state = State::shared(token);
        for (call, observation) in said {
            self.oracle.follow(&mut state, call, observation);
        }
        state
    }

    /// Makes one resource with what it presupposes, or that alone.
    async fn make(
        &mut self,
        mix: &Mix,
        mut names: Names,
        itself: bool,
        said: &mut Vec<(Call, Observation)>,
        cancel: &Cancel,
    ) -> Result<Names, Halt> {
        for step in mix.parents.iter().chain(itself.then_some(&mix.create)) {
            let observation = self.play(step, &names, said, cancel).await?;
            for capture in &step.captures {
                let output = observation.success();
                if let Some(told) = output
                    .and_then(|output| output.at(&capture.path))
                    .and_then(Value::as_text)
                {
                    names.set(&capture.name, told);
                }
            }
        }
        Ok(names)
    }

    async fn play(
        &mut self,
        step: &Step,
        names: &Names,
        said: &mut Vec<(Call, Observation)>,
        cancel: &Cancel,
    ) -> Result<Observation, Halt> {
        if cancel.is_cancelled() {
            return Err(Halt::BrokenOff);
        }
        let call = resolve(&step.call, names).map_err(|missing| StageError::Untold(missing.0))?;
        let operation = call.operation.clone();
        let (observation, given_up) = tokio::select! {
            asked = self.http.ask(&call) => (asked.observation, false),
            // It may have its effect for all that, and is deleted as if it had.
            () = cancel.given_up() => (Observation::lost(TransportFault::TimedOut), true),
        };
        self.oracle.follow(&mut self.state, &call, &observation);
        if given_up {
            return Err(Halt::BrokenOff);
        }
        let answer = match &observation.outcome {
            Outcome::Success(_) => {
                said.push((call, observation.clone()));
                return Ok(observation);
            }
            Outcome::Lost(fault) => {
                let fault = fault.clone();
                return Err(StageError::NoAnswer { operation, fault }.into());
            }
            Outcome::Error(error) => format!("{} (status {})", error.code, observation.status),
            Outcome::Malformed(malformed) => format!("status {}: {}", observation.status, malformed.why),
        };
        Err(StageError::Refused { operation, answer }.into())
    }

    /// Whether nobody listens there any more.
    pub(crate) async fn is_deserted(&self) -> bool {
        let connected = self.http.connect().await;
        matches!(connected, Err(ConnectError::Unreachable(TransportFault::Refused(_))))
    }

    /// Whether a question that only reads is waited for in vain, though nothing else is asked any more.
    pub(crate) async fn is_silent(&self) -> bool {
        let operations = &self.oracle.contract().operations;
        let Some(operation) = operations.keys().find(|operation| only_reads(operation)) else {
            return false;
        };
        let call = Call::new(&**operation, Value::Map(Vec::new()));
        let answer = self.http.ask(&call).await.observation;
        matches!(
            answer.outcome,
            Outcome::Lost(TransportFault::TimedOut | TransportFault::Unfinished)
        )
    }

    /// Deletes what was prepared and what turns left behind. Returns how many resources are left.
    pub(crate) async fn clear(self, mix: &Mix, actors: Vec<Actor>, farewell: &Farewell) -> u64 {
        let (mut calls, mut unnamed) = (Vec::new(), 0);
        for mut actor in actors {
            actor.forsake();
            for names in &actor.litter {
                match deletion(mix, names) {
                    Some(call) => calls.push(call),
                    None => unnamed += 1,
                }
            }
        }
        calls.extend(self.oracle.leftovers(&self.state));
        let broom = Broom::new(self.http.as_ref(), self.oracle.contract(), farewell);
        unnamed + broom.sweep(calls).await
    }
}

/// The turn's own deletion of what it left behind.
fn deletion(mix: &Mix, names: &Names) -> Option<Call> {
    resolve(mix.delete.as_ref()?, names).ok()
}

fn check_quota(mix: &Mix, connections: u64) -> Result<(), StageError> {
    match mix.limit.filter(|limit| mix.holds(connections) > *limit) {
        None => Ok(()),
        Some(limit) => Err(StageError::Quota {
            connections,
            holds: mix.holds(connections),
            resource: mix.resource.clone(),
            limit,
        }),
    }
}

fn names(token: &str) -> Names {
    let mut names = Names::new(token);
    names.set("id", &format!("px{token}"));
    names
}

/// Seven lower-case letters and digits: three of the bench, one of the role, three of the number.
fn token(run: &str, role: char, number: u64) -> String {
    const DIGITS: [char; 36] = [
        'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v',
        'w', 'x', 'y', 'z', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
    ];
    let digit = |place: u32| {
        let at = usize::try_from(number / 36_u64.pow(place) % 36).unwrap_or_default();
        DIGITS.get(at).copied().unwrap_or('a')
    };
    format!("{run}{role}{}{}{}", digit(2), digit(1), digit(0))
}
