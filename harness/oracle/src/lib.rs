//! What the documentation says the answer is; executable and pure.
//!
//! The [`Oracle`] interprets a contract. For a call and the [`State`] that earlier calls left it gives an
//! [`Expectation`], three-valued: known with evidence, one of several, or unspecified with the reason. After each answer
//! it *follows* what was observed, so that a point that no source settles is settled for this endpoint by what the
//! endpoint did. The same expectations, sampled, make an emulator.
//!
//! This crate never does I/O, reads no clock, uses no randomness, and knows no service by name.

mod codes;
mod draft;
mod follow;
mod index;
mod pattern;
mod protocol;
mod roles;
mod rules;
mod sample;
mod state;
mod validate;

use std::sync::Arc;

use parallax_contract::{Answer, Call, Contract, Expectation, Expected, Observation, Outcome};

use crate::draft::Draft;
use crate::follow::Heard;
use crate::index::{Index, Role};
pub use crate::state::State;

/// The documentation as an executable reference.
#[derive(Debug)]
pub struct Oracle {
    contract: Arc<Contract>,
    index: Index,
}

impl Oracle {
    /// Prepares a contract for questions.
    pub fn new(contract: Arc<Contract>) -> Self {
        let index = Index::new(&contract);
        Self { contract, index }
    }

    /// The contract it interprets.
    pub fn contract(&self) -> &Arc<Contract> {
        &self.contract
    }

    /// What must be answered to `call` by an endpoint in `state`.
    pub fn expect(&self, state: &State, call: &Call) -> Expectation {
        let mut draft = Draft::new();
        if protocol::judge(self, call, &mut draft) {
            validate::judge(self, state, call, &mut draft);
            roles::judge(self, state, call, &mut draft);
        }
        draft.finish()
    }

    /// Takes note of what was answered to `call`.
    pub fn follow(&self, state: &mut State, call: &Call, observation: &Observation) {
        let due = self.makes(call, observation).then(|| self.expect(state, call));
        self.follow_after(state, call, due.as_ref(), observation);
    }

    /// The same, where what was due to `call` in this state is at hand: [`Oracle::expect`] is not asked again.
    pub fn follow_due(&self, state: &mut State, call: &Call, due: &Expectation, observation: &Observation) {
        let due = Some(due).filter(|_| self.makes(call, observation));
        self.follow_after(state, call, due, observation);
    }

    fn follow_after(&self, state: &mut State, call: &Call, due: Option<&Expectation>, observation: &Observation) {
        if matches!(&observation.outcome, Outcome::Lost(fault) if fault.is_unsent()) {
            return;
        }
        // What was accepted against the rules has effects that no source tells.
        let forbidden = due.is_some_and(|due| matches!(due.expected, Expected::Refusal(_)));
        follow::follow(self, state, call, &Heard::of(observation), forbidden);
    }

    /// Whether the call made something new.
    fn makes(&self, call: &Call, observation: &Observation) -> bool {
        let role = self.role(&call.operation);
        matches!(role, Role::Create(_) | Role::TagAdd | Role::TagRemove) && observation.success().is_some()
    }

    /// Takes note of what an emulator answered to `call`.
    pub fn settle(&self, state: &mut State, call: &Call, answer: &Answer) {
        follow::follow(self, state, call, &Heard::given(answer), false);
        // An emulator has no reason to take its time, and no memory for what will never end.
        if let Role::Delete(number) = self.role(&call.operation)
            && self
                .index
                .resource(number)
                .is_some_and(|resource| resource.status_member.is_some())
        {
            state.end_leaving(number);
        }
    }

    /// Answers as an emulator would that does what the documentation says.
    pub fn answer(&self, state: &mut State, call: &Call) -> Answer {
        let answer = sample::sample(&self.expect(state, call));
        self.settle(state, call, &answer);
        answer
    }

    /// The calls that delete what exists, the newest first.
    pub fn leftovers(&self, state: &State) -> Vec<Call> {
        let mut alive: Vec<_> = state
            .instances()
            .filter(|(_, instance)| !instance.leaving && (instance.made || !state.may_be_others(&instance.id)))
            .collect();
        alive.sort_by_key(|(_, instance)| std::cmp::Reverse(instance.born));
        // No rule permits one without a name, and nobody else would clean it up.
        let nameless = state.nameless().filter_map(|number| self.deletion(number, ""));
        let named = alive.into_iter().flat_map(|(key, instance)| {
            let mut ids = vec![&instance.id];
            ids.extend(&instance.aliases);
            // Which of the two spellings an endpoint finds it by is for the steps to judge; here it has to go.
            if !ids.contains(&&key.id) {
                ids.push(&key.id);
            }
            let calls = ids.into_iter().filter_map(|id| self.deletion(key.resource, id));
            calls.collect::<Vec<_>>()
        });
        named.chain(nameless).collect()
    }

    fn deletion(&self, number: usize, id: &str) -> Option<Call> {
        self.contract.deletion(self.index.resource(number)?, id)
    }

    fn role(&self, operation: &str) -> Role {
        self.index.roles.get(operation).cloned().unwrap_or(Role::Other)
    }
}
