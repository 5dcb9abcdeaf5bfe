//! The oracle's emulator with alterations.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use parallax_contract::{Answer, Call, Contract, Expectation, Value};
use parallax_oracle::{Oracle, State};
use parallax_wire::HttpAnswer;

use super::{Alteration, Change};
use crate::Service;

/// How an answer travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// At once and whole.
    #[default]
    Plain,
    /// After this long.
    Late(Duration),
    /// Never, while the connection stays open.
    Never,
    /// Not at all: the connection is closed instead.
    Closed,
    /// Only this share of the body, in percent; then the connection is closed.
    Part(u8),
    /// Only this share of the body, in percent; then nothing more, while the connection stays open.
    Stalled(u8),
    /// Whole, in pieces whose number and size are not announced.
    Chunked,
}

/// The oracle's emulator with alterations, applied in the order given; the first is the innermost.
pub struct Altered {
    oracle: Oracle,
    form: Arc<Contract>,
    state: Mutex<State>,
    memo: Mutex<Memo>,
    alterations: Vec<Alteration>,
    served: AtomicU64,
    since: Instant,
}

/// What alterations remember, by names of their own.
pub(crate) type Memo = BTreeMap<String, Value>;

impl Altered {
    /// An emulator of `contract` in which nothing was created yet.
    pub fn new(contract: &Contract, alterations: Vec<Alteration>) -> Self {
        let (mut promise, mut form) = (contract.clone(), contract.clone());
        for alteration in &alterations {
            match alteration.change {
                Change::Promise(change) => change(&mut promise),
                Change::Form(change) => change(&mut form),
                Change::Serve(_) | Change::Bytes(_) | Change::Deliver(_) | Change::Pause(_) => {}
            }
        }
        Self {
            oracle: Oracle::new(Arc::new(promise)),
            form: Arc::new(form),
            state: Mutex::default(),
            memo: Mutex::default(),
            alterations,
            served: AtomicU64::new(0),
            since: Instant::now(),
        }
    }
}

impl Service for Altered {
    fn contract(&self) -> &Contract {
        self.oracle.contract()
    }

    fn answer(&self, call: &Call) -> Answer {
        // One lock over the whole: what an alteration asks of the emulator is one call to the outside.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut memo = self.memo.lock().unwrap_or_else(PoisonError::into_inner);
        let hold = Mutex::new((&mut *state, &mut *memo));
        Inner {
            oracle: &self.oracle,
            hold: &hold,
            layers: &self.alterations,
        }
        .answer(call)
    }

    fn form(&self) -> &Contract {
        &self.form
    }

    fn finish(&self, call: &Call, answer: &mut HttpAnswer) {
        for alteration in &self.alterations {
            if let Change::Bytes(change) = alteration.change {
                change(call, answer);
            }
        }
    }

    fn delivery(&self, call: &Call) -> Delivery {
        let number = self.served.fetch_add(1, Ordering::Relaxed);
        let deliveries = self
            .alterations
            .iter()
            .filter_map(|alteration| match alteration.change {
                Change::Deliver(change) => Some(change(call, number)),
                Change::Pause(stall) => stall.left(self.since.elapsed()).map(Delivery::Late),
                _ => None,
            });
        deliveries.fold(
            Delivery::Plain,
            |last, next| if next == Delivery::Plain { last } else { next },
        )
    }
}

/// What an alteration may ask: the emulator beneath it, what it remembers, and what the contract says.
pub(crate) struct Inner<'a> {
    oracle: &'a Oracle,
    hold: &'a Mutex<(&'a mut State, &'a mut Memo)>,
    layers: &'a [Alteration],
}

impl Inner<'_> {
    /// What the emulator beneath answers.
    pub(crate) fn answer(&self, call: &Call) -> Answer {
        let Some((last, beneath)) = self.layers.split_last() else {
            let mut hold = self.hold.lock().unwrap_or_else(PoisonError::into_inner);
            return self.oracle.answer(hold.0, call);
        };
        let inner = Inner {
            layers: beneath,
            ..*self
        };
        match last.change {
            Change::Serve(serve) => serve(&inner, call),
            _ => inner.answer(call),
        }
    }

    /// What the sources say of the call in the present state.
    pub(crate) fn expect(&self, call: &Call) -> Expectation {
        let hold = self.hold.lock().unwrap_or_else(PoisonError::into_inner);
        self.oracle.expect(hold.0, call)
    }

    /// Lets the state follow an answer that the oracle's emulator did not give itself.
    pub(crate) fn settle(&self, call: &Call, answer: &Answer) {
        let mut hold = self.hold.lock().unwrap_or_else(PoisonError::into_inner);
        self.oracle.settle(hold.0, call, answer);
    }

    /// Loses everything that was created.
    pub(crate) fn lose_all(&self) {
        *self.hold.lock().unwrap_or_else(PoisonError::into_inner).0 = State::default();
    }

    /// The contract in force.
    pub(crate) fn contract(&self) -> &Contract {
        self.oracle.contract()
    }

    /// Remembers something, and returns what stood there.
    pub(crate) fn remember(&self, name: impl Into<String>, value: Value) -> Option<Value> {
        self.hold
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .1
            .insert(name.into(), value)
    }

    /// What was remembered under this name.
    pub(crate) fn recall(&self, name: &str) -> Option<Value> {
        self.hold
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .1
            .get(name)
            .cloned()
    }

    /// Counts up under this name; the first count is one.
    pub(crate) fn count(&self, name: impl Into<String>) -> i64 {
        let name = name.into();
        let next = match self.recall(&name) {
            Some(Value::Int(last)) => last.saturating_add(1),
            _ => 1,
        };
        self.remember(name, Value::Int(next));
        next
    }

    /// Forgets, and returns what stood there.
    pub(crate) fn forget(&self, name: &str) -> Option<Value> {
        self.hold.lock().unwrap_or_else(PoisonError::into_inner).1.remove(name)
    }
}
