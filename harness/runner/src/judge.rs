//! What must come back, as each kind of reference says it.

use std::collections::BTreeMap;
use std::sync::Arc;

use parallax_contract::{
    Call, Confidence, Contract, Evidence, Expectation, Expected, Observation, Outcome, Pattern, Refusal, Tweak, Value,
    only_reads,
};
use parallax_diff::{Rename, expectation_from};
use parallax_endpoint::Exchange;
use parallax_endpoint::cassette::{Cassette, Entry, Position, Redactor};
use parallax_outcome::Text;
use parallax_scenario::Step;

use crate::coverage::{looks_unimplemented, says_unimplemented};
use crate::greeting::Hearing;
use crate::page::{Pages, gather};
use crate::side::Side;
use crate::transcript;

/// The reference as one scenario sees it.
pub(crate) enum Judge {
    /// The documentation, asked before the target.
    Docs,
    /// Another endpoint, asked at the same time.
    Live(Box<Live>),
    /// What was recorded, looked up after the target answered.
    Tape(Box<Tape>),
}

/// Another endpoint.
pub(crate) struct Live {
    pub(crate) side: Side,
    /// Its answer to an action that nobody has.
    pub(crate) unknown: Observation,
    /// What it said at the last step.
    pub(crate) last: Option<Exchange>,
    pub(crate) hearing: Hearing,
    pub(crate) parted: Parted,
}

/// A cassette.
pub(crate) struct Tape {
    cassette: Arc<Cassette>,
    redactor: Redactor,
    /// What the placeholders of the recorded requests stand for in those of this run.
    bound: BTreeMap<String, String>,
    /// What those of the recorded answers stand for. What an endpoint brought up first is its own, and bound when the
    /// answers are compared.
    values: BTreeMap<String, String>,
    token: String,
    parted: Parted,
}

/// The step at which one side accepted what the other refused. From there on they hold different things, and what
/// follows is no evidence.
#[derive(Default)]
pub(crate) struct Parted(Option<String>);

impl Parted {
    fn note(&mut self, step: &Step, reference: &Observation, target: &Observation) {
        let ways = |observation: &Observation| match observation.outcome {
            Outcome::Success(_) => Some(true),
            Outcome::Error(_) => Some(false),
            Outcome::Malformed(_) | Outcome::Lost(_) => None,
        };
        if self.0.is_none() && !only_reads(&step.call.operation) && ways(reference) != ways(target) {
            self.0 = Some(format!(
                "target and reference took different ways at step {}",
                step.name
            ));
        }
    }
}

impl Parted {
    /// The reference gave no answer at this step, so it is not known what it holds since.
    fn lose(&mut self, step: &Step) {
        if self.0.is_none() && !only_reads(&step.call.operation) {
            self.0 = Some(format!(
                "the reference gave no answer at step {}, which may have changed something",
                step.name
            ));
        }
    }
}

/// Why answers that go different ways say nothing: the request names an account, which may be one side's own and
/// strange to the other.
fn is_about_an_account(step: &Step, reference: &Observation, target: &Observation) -> Option<String> {
    let account = account_in(&step.call.input)?;
    let code = |observation: &Observation| observation.error().map(|error| error.code.clone());
    let answers = [reference, target].map(|side| matches!(side.outcome, Outcome::Success(_) | Outcome::Error(_)));
    (answers == [true; 2] && code(reference) != code(target))
        .then(|| format!("the request names account {account}, which may be one side's own and strange to the other"))
}

fn lacks(operation: &str) -> String {
    format!("the reference does not implement {operation}")
}

/// Whether a step asks for the operation that it is named for, and not for an action that it makes up.
fn asks_its_operation(step: &Step) -> bool {
    let changes = |tweak: &Tweak| matches!(tweak, Tweak::Action(_));
    !step.call.operation.is_empty() && !step.call.tweaks.iter().any(changes)
}

/// The account of an ARN that is written out, not taken from an answer.
fn account_in(value: &Value) -> Option<&str> {
    let text = match value {
        Value::Text(text) => text,
        Value::List(items) => return items.iter().find_map(account_in),
        Value::Map(fields) => return fields.iter().find_map(|(_, value)| account_in(value)),
        _ => return None,
    };
    let (scheme, rest) = text.split_once(':')?;
    let account = rest.split(':').nth(3).filter(|_| scheme.eq_ignore_ascii_case("arn"))?;
    (account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())).then_some(account)
}

impl Judge {
    /// Whether there is reason to see if a live reference is still there.
    pub(crate) fn is_doubtful(&self) -> bool {
        matches!(self, Self::Live(live) if live.hearing.is_doubtful())
    }

    /// What the reference said at a step, if it is one that answers.
    pub(crate) fn said(&self, scenario: &str, step: &Step) -> Option<Text> {
        match self {
            Self::Docs => None,
            Self::Live(live) => transcript::answer(live.last.as_ref()?),
            Self::Tape(tape) => {
                let entry = tape.cassette.get(&Position::new(scenario, &*step.name)).ok()??;
                let answer = entry.answer_as_kept(&tape.values)?;
                Some(transcript::message(answer.status, &answer.headers, &answer.body))
            }
        }
    }
}

impl Live {
    /// Asks the reference what the target is asked.
    pub(crate) async fn ask(&mut self, contract: &Contract, step: &Step) -> Result<Observation, String> {
        self.last = None;
        let call = self.side.resolve(step);
        let call = call.map_err(|missing| format!("the reference gave nothing for {{{}}}", missing.0))?;
        let exchange = if step.all_pages {
            gather(&mut self.side, contract, call).await.0
        } else {
            self.side.ask(&call).await
        };
        self.side.capture(step, &exchange.observation);
        let observation = exchange.observation.clone();
        self.hearing.hear(contract, &observation);
        self.last = Some(exchange);
        Ok(observation)
    }

    /// What the target must answer, given what the reference did.
    pub(crate) fn due(
        &mut self,
        contract: &Contract,
        step: &Step,
        reference: Result<Observation, String>,
        (target, token): (&Observation, &str),
    ) -> Expectation {
        let reference = match (&self.parted.0, reference) {
            (Some(reason), _) => return open(reason),
            (None, Err(reason)) => return open(&reason),
            (None, Ok(reference)) => reference,
        };
        let operation = &step.call.operation;
        // Where the step itself asks for another action, that answer is about the other one.
        if asks_its_operation(step) && looks_unimplemented(&reference, &self.unknown) {
            return open(&lacks(operation));
        }
        self.parted.note(step, &reference, target);
        if let Some(reason) = is_about_an_account(step, &reference, target) {
            return open(&reason);
        }
        let rename = Rename {
            from: &self.side.token,
            to: token,
        };
        expectation_from(contract, operation, &reference, &rename)
    }
}

impl Tape {
    pub(crate) fn new(cassette: Arc<Cassette>, token: &str) -> Self {
        Self {
            cassette,
            redactor: Redactor::new(token),
            bound: [("run".to_owned(), token.to_owned())].into(),
            values: [("run".to_owned(), token.to_owned())].into(),
            token: token.to_owned(),
            parted: Parted::default(),
        }
    }

    /// What the target must have answered, as far as the cassette can tell.
    pub(crate) fn due(
        &mut self,
        contract: &Contract,
        at: (&str, &Step),
        call: &Call,
        exchange: &Exchange,
    ) -> Expectation {
        self.look_up(contract, at, call, exchange)
            .unwrap_or_else(|reason| open(&reason))
    }

    fn look_up(
        &mut self,
        contract: &Contract,
        (scenario, step): (&str, &Step),
        call: &Call,
        exchange: &Exchange,
    ) -> Result<Expectation, String> {
        let redacted = self.redactor.redact(exchange);
        let position = Position::new(scenario, &*step.name);
        let found = self.cassette.get(&position).map_err(|error| error.to_string())?;
        let entry = found.ok_or_else(|| format!("the cassette has no answer to {position}"))?;
        if !entry.fits(&exchange.request, &redacted, &mut self.bound) {
            return Err(format!(
                "the cassette holds the answer to another request at {position}"
            ));
        }
        let given = self.bound.iter().filter(|(name, _)| name.starts_with("given-"));
        self.values
            .extend(given.map(|(name, value)| (name.clone(), value.clone())));
        if let Some(reason) = &self.parted.0 {
            return Err(reason.clone());
        }
        let recorded = self.recorded(contract, &entry, call);
        let mut recorded = recorded.inspect_err(|_| self.parted.lose(step))?;
        self.parted.note(step, &recorded, &exchange.observation);
        if let Some(due) = entry.expectation(&self.values).map_err(|error| error.to_string())? {
            return Ok(if step.all_pages { of_all_pages(due) } else { due });
        }
        if asks_its_operation(step) && says_unimplemented(&recorded) {
            return Err(lacks(&call.operation));
        }
        if let Some(reason) = is_about_an_account(step, &recorded, &exchange.observation) {
            return Err(reason);
        }
        if step.all_pages {
            self.later_pages(contract, position, call, &mut recorded)?;
        }
        let rename = Rename {
            from: &self.token,
            to: &self.token,
        };
        Ok(expectation_from(contract, &call.operation, &recorded, &rename))
    }

    fn later_pages(
        &self,
        contract: &Contract,
        mut position: Position,
        call: &Call,
        whole: &mut Observation,
    ) -> Result<(), String> {
        let pages = Pages::new(contract, &call.operation, u32::MAX);
        position.page += 1;
        while let Some(entry) = self.cassette.get(&position).map_err(|error| error.to_string())? {
            pages.join(whole, &self.recorded(contract, &entry, call)?);
            position.page += 1;
        }
        Ok(())
    }

    fn recorded(&self, contract: &Contract, entry: &Entry, call: &Call) -> Result<Observation, String> {
        let recorded = entry
            .observation(contract, &call.operation, &self.values)
            .map_err(|error| error.to_string())?;
        recorded.ok_or_else(|| {
            let why = entry.lost().unwrap_or("it is not there");
            format!("the recorded answer was lost: {why}")
        })
    }
}

/// What must be on all pages together, given what must be on the first: no page's limit holds for them.
fn of_all_pages(mut due: Expectation) -> Expectation {
    if let Expected::Success { output, .. } | Expected::Open { output, .. } = &mut due.expected
        && let Pattern::Listing(listing) = output
    {
        listing.at_most = None;
    }
    due
}

/// Nothing is known of the answer, for this reason; it must still be well-formed.
pub(crate) fn open(reason: &str) -> Expectation {
    let basis = Evidence::basis(reason, "the reference", Confidence::Claimed);
    Expectation {
        expected: Expected::Open {
            reason: reason.into(),
            output: Pattern::any(reason),
            refusal: Refusal::any(basis),
            prefer_success: false,
        },
    }
}
