//! One connection's part: what it asks next, with which request, and what the answer was worth.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parallax_contract::model::Paginator;
use parallax_contract::{Call, Contract, Observation, TransportFault, Value};
use parallax_endpoint::{ConnectError, Connection, Http, Prepared, Unanswered, Wanted};
use parallax_scenario::mix::{About, Mix, Turn};
use parallax_scenario::{Names, Step, resolve};
use parallax_wire::HttpAnswer;

use crate::choice::Choice;
use crate::verify::{Asked, Seen, Verifier, Worth, Wrong};

/// How long a signature is used; services refuse those that are older than five minutes.
const FRESH: Duration = Duration::from_secs(60);
/// How many names a connection gives to what it creates, one after the other.
const RING: usize = 8;
/// The kind of error of a request for whose connection no descriptor was free.
const NO_DESCRIPTOR: &str = "no-descriptor";
/// How many pages of one listing are turned.
const PAGES: u32 = 1000;

/// What asks on one connection.
pub(crate) struct Actor {
    http: Arc<Http>,
    mix: Arc<Mix>,
    shared: Arc<[Names]>,
    own: Names,
    connection: Option<Connection>,
    verifier: Verifier,
    answer: HttpAnswer,
    choice: Choice,
    weights: u64,
    /// The requests of each step of each turn, by what they are about.
    requests: Vec<Vec<Vec<Option<Box<Ready>>>>>,
    steps: Vec<Vec<Known>>,
    /// How many turns were begun that create.
    lives: u64,
    /// How many names of each place in the ring could not be deleted, so that the place gets another.
    spoilt: [u64; RING],
    token: String,
    now: Now,
    /// What is left of turns that went wrong.
    pub(crate) litter: Vec<Names>,
}

/// What tells one connection's part from the others'.
pub(crate) struct Part {
    /// In every name that only this connection uses.
    pub(crate) token: String,
    /// What its placeholders stand for.
    pub(crate) own: Names,
    /// The resources that every connection asks about.
    pub(crate) shared: Arc<[Names]>,
    /// Where its choices come from.
    pub(crate) choice: Choice,
}

/// What is known of a step ahead.
struct Known {
    /// Whether it leaves everything as it is.
    reads: bool,
    /// Whether its request is the same each time.
    fixed: bool,
    /// Whether a later step needs what its answer tells.
    captures: bool,
    /// The operation's number in the records.
    operation: usize,
}

impl Known {
    /// Whether what is asked later depends on the answer.
    fn tells(&self, step: &Step) -> bool {
        self.captures || step.all_pages
    }
}

/// The request that is asked next.
struct Now {
    turn: usize,
    step: usize,
    slot: usize,
    /// What its placeholders stand for, where that is neither its own names nor those of a shared resource.
    names: Option<Names>,
    /// The call of the next page.
    page: Option<Call>,
    pages: u32,
    /// Whether something was created that is not deleted yet.
    alive: bool,
}

/// A request that is asked again and again.
struct Ready {
    call: Call,
    prepared: Prepared,
    made: Instant,
    seen: Option<Seen>,
}

/// What came of one request.
pub(crate) struct Done {
    /// The operation's number.
    pub(crate) operation: usize,
    /// When it was sent.
    pub(crate) sent: Instant,
    /// When the last byte of the answer was there, or when there was to be none.
    pub(crate) done: Instant,
    /// What came.
    pub(crate) result: Result<Worth, Wrong>,
}

impl Done {
    /// Whether nobody but this machine kept it from being answered.
    pub(crate) fn is_short(&self) -> bool {
        matches!(&self.result, Err(wrong) if wrong.kind == NO_DESCRIPTOR)
    }
}

impl Actor {
    pub(crate) fn new(http: Arc<Http>, mix: Arc<Mix>, part: Part, verifier: Verifier) -> Self {
        let Part {
            token,
            own,
            shared,
            choice,
        } = part;
        let steps = known(verifier.contract(), &mix);
        let slots = |turn: &Turn| match turn.about {
            About::Shared => shared.len().max(1),
            About::Fresh => RING,
            About::Own | About::Nothing => 1,
        };
        let empty = |turn: &Turn| {
            let slots = slots(turn);
            turn.steps
                .iter()
                .map(|_| std::iter::repeat_with(|| None).take(slots).collect())
                .collect()
        };
        let mut actor = Self {
            connection: None,
            answer: HttpAnswer {
                status: 0,
                headers: Vec::new(),
                body: Vec::new(),
            },
            weights: mix.turns.iter().map(|turn| u64::from(turn.weight)).sum(),
            requests: mix.turns.iter().map(empty).collect(),
            steps,
            lives: 0,
            spoilt: [0; RING],
            token,
            now: Now {
                turn: 0,
                step: usize::MAX,
                slot: 0,
                names: None,
                page: None,
                pages: 0,
                alive: false,
            },
            litter: Vec::new(),
            http,
            mix,
            shared,
            own,
            verifier,
            choice,
        };
        actor.begin();
        actor
    }

    /// Whether it can ask at once.
    pub(crate) fn is_connected(&self) -> bool {
        self.connection.as_ref().is_some_and(Connection::is_open)
    }

    /// Opens a connection in place of the one before.
    pub(crate) async fn connect(&mut self) -> Result<(), ConnectError> {
        self.connection = None;
        self.connection = Some(self.http.connect().await?);
        Ok(())
    }

    /// The operation's number of what is asked next.
    pub(crate) fn operation(&self) -> usize {
        self.step().map_or(0, |step| step.operation)
    }

    fn step(&self) -> Option<&Known> {
        self.steps.get(self.now.turn)?.get(self.now.step)
    }

    /// Asks what is next. `None` where the connection turned out to be closed before anything was sent.
    pub(crate) async fn ask(&mut self) -> Option<Done> {
        let operation = self.operation();
        let now = Instant::now();
        let (mut ready, sent) = match self.take_ready(now) {
            Ok(ready) => ready,
            Err(wrong) => {
                self.turn_over();
                return Some(Done {
                    operation,
                    sent: now,
                    done: now,
                    result: Err(wrong),
                });
            }
        };
        let wanted = self.wanted();
        let connection = self.connection.as_mut()?;
        let asked = connection.ask(&ready.prepared, sent, (&mut self.answer, wanted)).await;
        let done = Instant::now();
        let result = match asked {
            Ok(()) => Ok(self.judge(&mut ready)),
            Err(Unanswered::Stale) => {
                self.connection = None;
                self.put_ready(ready);
                return None;
            }
            Err(Unanswered::NoDescriptor) => {
                self.connection = None;
                Err(unconnected(&ConnectError::NoDescriptor))
            }
            Err(Unanswered::Lost(fault)) => {
                self.connection = None;
                Err(lost(&fault))
            }
        };
        self.put_ready(ready);
        let went_well = !matches!(result, Err(_) | Ok(Worth::Wrong(_)));
        self.move_on(went_well);
        Some(Done {
            operation,
            sent,
            done,
            result,
        })
    }

    /// What is looked at of the answer.
    fn wanted(&self) -> Wanted {
        let turn = self.mix.turns.get(self.now.turn);
        let step = turn.and_then(|turn| turn.steps.get(self.now.step));
        let tells = step.zip(self.step()).is_some_and(|(step, about)| about.tells(step));
        match self.verifier.looks_inside() || tells {
            true => Wanted::Whole,
            false => Wanted::Status,
        }
    }

    fn judge(&mut self, ready: &mut Ready) -> Worth {
        let Some(turn) = self.mix.turns.get(self.now.turn) else {
            return Worth::Unchecked;
        };
        let Some((step, about)) = turn.steps.get(self.now.step).zip(self.step()) else {
            return Worth::Unchecked;
        };
        let asked = Asked {
            call: &ready.call,
            refused: turn.refused,
            reads: about.reads,
        };
        let told = about
            .tells(step)
            .then(|| self.verifier.decode(&step.call.operation, &self.answer));
        let worth = self.verifier.judge(&asked, &self.answer, &mut ready.seen);
        if let Some(observation) = told {
            self.learn(&ready.call, &observation);
        }
        worth
    }

    /// Keeps what later requests need of an answer.
    fn learn(&mut self, call: &Call, observation: &Observation) {
        let mix = Arc::clone(&self.mix);
        let Some(step) = mix
            .turns
            .get(self.now.turn)
            .and_then(|turn| turn.steps.get(self.now.step))
        else {
            return;
        };
        let output = observation.success();
        for capture in &step.captures {
            if let Some(value) = output
                .and_then(|output| output.at(&capture.path))
                .and_then(Value::as_text)
            {
                let mut names = self.now.names.take().unwrap_or_else(|| self.names().clone());
                names.set(&capture.name, value);
                self.now.names = Some(names);
            }
        }
        if step.all_pages {
            let marker = output.and_then(|output| self.marker(step, output));
            self.now.pages += 1;
            self.now.page = marker.filter(|_| self.now.pages < PAGES).map(|(name, marker)| {
                let mut next = call.clone();
                next.input.set(&name, Value::text(marker));
                next
            });
        }
    }

    fn marker(&self, step: &Step, output: &Value) -> Option<(String, String)> {
        let Paginator {
            input_token,
            output_token,
            ..
        } = self.verifier.paginator(&step.call.operation)?;
        let marker = output.get(output_token)?.as_text()?;
        (!marker.is_empty()).then(|| (input_token.clone(), marker.to_owned()))
    }

    /// What the placeholders of the request stand for that is asked next.
    fn names(&self) -> &Names {
        let turn = self.mix.turns.get(self.now.turn);
        let shared = turn.filter(|turn| turn.about == About::Shared);
        let shared = shared.and_then(|_| self.shared.get(self.now.slot));
        self.now.names.as_ref().or(shared).unwrap_or(&self.own)
    }

    /// The request that is asked next, from where it is kept or made now, and when it was ready.
    fn take_ready(&mut self, now: Instant) -> Result<(Box<Ready>, Instant), Wrong> {
        let fixed = self.step().is_some_and(|step| step.fixed) && self.now.page.is_none();
        let slot = self.now.slot;
        let kept = fixed.then(|| self.place(slot).and_then(Option::take)).flatten();
        let made = match kept {
            Some(kept) if now.saturating_duration_since(kept.made) < FRESH => return Ok((kept, now)),
            Some(old) => self.prepare(old.call, old.seen),
            None => {
                let call = match self.now.page.take() {
                    Some(page) => page,
                    None => self.call()?,
                };
                self.prepare(call, None)
            }
        };
        made.map(|made| (made, Instant::now()))
    }

    fn put_ready(&mut self, ready: Box<Ready>) {
        let fixed = self.step().is_some_and(|step| step.fixed) && self.now.pages <= 1;
        let slot = self.now.slot;
        if let Some(place) = self.place(slot).filter(|_| fixed) {
            *place = Some(ready);
        }
    }

    fn place(&mut self, slot: usize) -> Option<&mut Option<Box<Ready>>> {
        let (turn, step) = (self.now.turn, self.now.step);
        self.requests.get_mut(turn)?.get_mut(step)?.get_mut(slot)
    }

    fn call(&self) -> Result<Call, Wrong> {
        let step = self
            .mix
            .turns
            .get(self.now.turn)
            .and_then(|turn| turn.steps.get(self.now.step));
        let step = step.ok_or_else(|| unasked("the mix has no such step"))?;
        resolve(&step.call, self.names()).map_err(|missing| {
            unasked(&format!(
                "{}: nothing is known for {{{}}}",
                step.call.operation, missing.0
            ))
        })
    }

    fn prepare(&self, call: Call, seen: Option<Seen>) -> Result<Box<Ready>, Wrong> {
        let prepared = self.http.prepared(&call).map_err(|fault| lost(&fault))?;
        Ok(Box::new(Ready {
            call,
            prepared,
            made: Instant::now(),
            seen,
        }))
    }

    /// Goes to the next page, step or turn.
    fn move_on(&mut self, went_well: bool) {
        let Some(turn) = self.mix.turns.get(self.now.turn) else {
            return;
        };
        let (first, last) = (self.now.step == 0, self.now.step + 1 == turn.steps.len());
        let fresh = turn.about == About::Fresh && !turn.refused;
        if fresh && first {
            // What went wrong may have created it for all that.
            self.now.alive = true;
            if !went_well {
                return self.turn_over();
            }
        }
        if self.now.page.is_some() {
            return;
        }
        if fresh && last && went_well {
            self.now.alive = false;
        }
        match last {
            true => self.turn_over(),
            false => {
                self.now.step += 1;
                self.now.pages = 0;
            }
        }
    }

    /// Ends this turn and begins another.
    fn turn_over(&mut self) {
        self.forsake();
        self.begin();
    }

    /// Notes what this turn leaves behind.
    pub(crate) fn forsake(&mut self) {
        if std::mem::take(&mut self.now.alive) {
            self.litter.push(self.names().clone());
            let (turn, slot) = (self.now.turn, self.now.slot);
            if let Some(spoilt) = self.spoilt.get_mut(slot) {
                *spoilt += 1;
            }
            for places in self.requests.get_mut(turn).into_iter().flatten() {
                if let Some(place) = places.get_mut(slot) {
                    *place = None;
                }
            }
        }
    }

    fn begin(&mut self) {
        let turn = self.draw();
        let about = self.mix.turns.get(turn).map_or(About::Nothing, |turn| turn.about);
        let (slot, names) = match about {
            About::Nothing | About::Own => (0, None),
            About::Shared => {
                let slot = self.choice.below(self.shared.len() as u64);
                (usize::try_from(slot).unwrap_or_default(), None)
            }
            About::Fresh => {
                self.lives += 1;
                let slot = usize::try_from(self.lives % RING as u64).unwrap_or_default();
                let number = if self.mix.instant { slot as u64 } else { self.lives };
                let spoilt = self.spoilt.get(slot).copied().unwrap_or_default();
                let mut names = self.own.clone();
                names.set("id", &format!("px{}n{number}x{spoilt}", self.token));
                (slot, Some(names))
            }
        };
        self.now = Now {
            turn,
            step: 0,
            slot,
            names,
            page: None,
            pages: 0,
            alive: false,
        };
    }

    fn draw(&mut self) -> usize {
        let mut drawn = self.choice.below(self.weights);
        let turns = self.mix.turns.iter();
        turns
            .map(|turn| u64::from(turn.weight))
            .position(|weight| match drawn.checked_sub(weight) {
                Some(rest) => {
                    drawn = rest;
                    false
                }
                None => true,
            })
            .unwrap_or_default()
    }
}

/// What is known ahead of each step of each turn.
fn known(contract: &Contract, mix: &Mix) -> Vec<Vec<Known>> {
    let operations = mix.operations();
    let mut ahead = Names::new("run");
    ahead.set("id", "id");
    let is_told = |step: &Step| resolve(&step.call, &ahead).is_err();
    let of_step = |turn: &Turn, at: usize, step: &Step| {
        let operation = step.call.operation.as_str();
        let fresh = turn.about == About::Fresh;
        Known {
            reads: reads(contract, operation),
            fixed: !fresh || (mix.instant && !is_told(step)),
            captures: fresh && !step.captures.is_empty() && turn.steps.iter().skip(at).any(is_told),
            operation: operations
                .iter()
                .position(|other| *other == operation)
                .unwrap_or_default(),
        }
    };
    let of_turn = |turn: &Turn| {
        let steps = turn.steps.iter().enumerate();
        steps.map(|(at, step)| of_step(turn, at, step)).collect()
    };
    mix.turns.iter().map(of_turn).collect()
}

/// Whether an operation surely leaves everything as it is.
fn reads(contract: &Contract, operation: &str) -> bool {
    let describes = contract
        .resources
        .values()
        .filter_map(|resource| resource.lifecycle.describe.as_deref());
    let lists = contract.tagging.iter().map(|tagging| tagging.list.as_str());
    describes.chain(lists).any(|other| other == operation)
}

/// Why a request was not answered.
pub(crate) fn lost(fault: &TransportFault) -> Wrong {
    let kind = match fault {
        TransportFault::Refused(_) => "unreachable",
        TransportFault::TimedOut => "timed-out",
        TransportFault::Unfinished => "unfinished",
        TransportFault::Closed(_) => "closed",
        TransportFault::TooLarge(_) => "too-large",
        TransportFault::NotHttp(_) => "not-http",
        TransportFault::GivenUp(_) => "given-up",
        TransportFault::Withheld(_) | TransportFault::Short(_) => "withheld",
    };
    let example = match fault {
        TransportFault::Refused(why) | TransportFault::Closed(why) | TransportFault::NotHttp(why) => {
            format!("{fault}: {why}")
        }
        other => other.to_string(),
    };
    Wrong { kind, example }
}

/// Why there is no connection.
pub(crate) fn unconnected(error: &ConnectError) -> Wrong {
    let kind = match error {
        ConnectError::NoPort => "no-port",
        ConnectError::NoDescriptor => NO_DESCRIPTOR,
        ConnectError::Unreachable(TransportFault::TimedOut) => "timed-out",
        ConnectError::Unreachable(_) => "unreachable",
    };
    Wrong {
        kind,
        example: error.to_string(),
    }
}

fn unasked(why: &str) -> Wrong {
    Wrong {
        kind: "not-asked",
        example: why.to_owned(),
    }
}
