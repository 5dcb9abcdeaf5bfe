//! Mixes: what a load is made of.
//!
//! A mix is a list of *turns*, each a short sequence of calls about one resource, drawn by weight. What its calls are
//! about is prepared before and deleted after. Like the scenarios, the ready mixes follow from a contract alone: a
//! mix of operations is completed with the inputs that the contract calls plausible.

mod ready;

use parallax_contract::{Call, Contract, Value};

use crate::derive::base::Subject;
use crate::derive::{grants, plausible};
use crate::{Scenario, Step};

pub use ready::{READY, ready};

/// What a load is made of. Texts hold placeholders: `{run}` is the asking connection's token, `{id}` and `{arn}` are
/// the resource that a turn is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Mix {
    /// Its name.
    pub name: String,
    /// The resource that it is about.
    pub resource: String,
    /// How many of the resource are made before, for all connections.
    pub shared: u32,
    /// Makes what a creation with this token presupposes.
    pub parents: Vec<Step>,
    /// Makes one of the resource, under the name `{id}`, and captures `arn` where there is one.
    pub create: Step,
    /// Deletes the one of the name `{id}`, where that can be done.
    pub delete: Option<Call>,
    /// Whether a deleted one is gone at once, so that its name may be used again.
    pub instant: bool,
    /// How many of the resource there may be at a time, where that is known.
    pub limit: Option<u64>,
    /// What is asked.
    pub turns: Vec<Turn>,
}

/// A sequence of calls that is asked as one, call by call.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// How often it is asked, compared with the others. At least 1.
    pub weight: u32,
    /// What its placeholders stand for.
    pub about: About,
    /// The calls, in order.
    pub steps: Vec<Step>,
    /// Whether the service must refuse each of them.
    pub refused: bool,
}

/// Which resource a turn is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// None.
    Nothing,
    /// One that the turn itself creates and deletes.
    Fresh,
    /// One that only this connection asks about.
    Own,
    /// Any of those that were prepared for all connections.
    Shared,
}

/// Why there is no such mix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MixError {
    /// No ready mix has this name.
    #[error("no mix is named `{0}`; there are {list}", list = READY.join(", "))]
    Unknown(String),
    /// The contract has no such resource.
    #[error("no resource is named `{0}`")]
    Resource(String),
    /// The contract has no such operation.
    #[error("no operation is named `{0}`")]
    Operation(String),
    /// The resource lacks what the mix asks.
    #[error("the mix `{mix}` asks for {lacks}, which {resource} has not; choose another resource")]
    Lacks {
        /// The mix.
        mix: String,
        /// The resource.
        resource: String,
        /// What it lacks.
        lacks: &'static str,
    },
    /// What is created stays.
    #[error("a turn of the mix creates what it does not delete, so the target would grow: end it with `{delete}`")]
    Grows {
        /// The operation that deletes.
        delete: String,
    },
    /// A weight is zero, or there are no turns.
    #[error("{0}")]
    Empty(&'static str),
}

impl Mix {
    /// Whether each connection has a resource of its own that is made before.
    pub fn has_own(&self) -> bool {
        self.turns.iter().any(|turn| turn.about == About::Own)
    }

    /// Whether each connection needs what a creation presupposes.
    pub fn has_parents(&self) -> bool {
        !self.parents.is_empty() && (self.has_own() || self.turns.iter().any(|turn| turn.about == About::Fresh))
    }

    /// The most of the resource that `connections` of this mix hold at a time.
    pub fn holds(&self, connections: u64) -> u64 {
        let of = |about| u64::from(self.turns.iter().any(|turn| turn.about == about));
        u64::from(self.shared) + connections * (of(About::Own) + of(About::Fresh))
    }

    /// Every operation that is asked, each once, in order.
    pub fn operations(&self) -> Vec<&str> {
        let mut operations = Vec::new();
        for step in self.turns.iter().flat_map(|turn| &turn.steps) {
            let operation = step.call.operation.as_str();
            if !operations.contains(&operation) {
                operations.push(operation);
            }
        }
        operations
    }
}

/// One turn of a mix as a person writes it: operations in order, and what to change of their derived inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// How often, compared with the others.
    pub weight: u32,
    /// The operations, in order.
    pub operations: Vec<String>,
    /// Members to set in the input of each operation that has them.
    pub input: Value,
    /// Whether each call must be refused.
    pub refused: bool,
}

/// The mix of these turns about `resource`, or about the resource that suits best.
///
/// # Errors
/// [`MixError`] where the contract lacks a name, or a turn lets the target grow.
pub fn mix(
    contract: &Contract,
    name: &str,
    resource: Option<&str>,
    shared: u32,
    wanted: &[Wanted],
) -> Result<Mix, MixError> {
    let maker = Maker::new(contract, name, resource)?;
    let turns = wanted
        .iter()
        .map(|wanted| maker.turn(wanted))
        .collect::<Result<Vec<_>, _>>()?;
    let shared = match turns.iter().any(|turn| turn.about == About::Shared) {
        true => shared.max(1),
        false => shared,
    };
    maker.mix(shared, turns)
}

/// Makes mixes about one resource.
struct Maker<'a> {
    name: &'a str,
    subject: Subject<'a>,
    subjects: Vec<Subject<'a>>,
}

impl<'a> Maker<'a> {
    fn new(contract: &'a Contract, name: &'a str, resource: Option<&str>) -> Result<Self, MixError> {
        let subjects = Subject::all(contract);
        let subject = match resource {
            Some(wanted) => subjects.iter().find(|subject| subject.name == wanted),
            None => subjects.iter().min_by_key(|subject| suitability(subject)),
        };
        let unknown = || MixError::Resource(resource.unwrap_or_default().to_owned());
        Ok(Self {
            name,
            subject: *subject.ok_or_else(unknown)?,
            subjects,
        })
    }

    fn mix(&self, shared: u32, turns: Vec<Turn>) -> Result<Mix, MixError> {
        if turns.is_empty() {
            return Err(MixError::Empty("the mix has no turns"));
        }
        if turns.iter().any(|turn| turn.weight == 0 || turn.steps.is_empty()) {
            return Err(MixError::Empty("a turn has no weight or no operations"));
        }
        let resource = self.subject.resource;
        if resource.identifier.assigned && turns.iter().any(|turn| turn.about != About::Nothing) {
            return Err(self.lacks("names of one's own"));
        }
        let create = self.subject.creation_with_arn("create", self.subject.create("{id}"));
        Ok(Mix {
            name: self.name.to_owned(),
            resource: self.subject.name.to_owned(),
            shared,
            parents: self.parents(&create),
            create,
            delete: self.subject.delete("{id}"),
            instant: resource.status_member.is_none(),
            limit: resource.quota.as_ref().map(|quota| quota.limit),
            turns,
        })
    }

    fn parents(&self, create: &Step) -> Vec<Step> {
        let mut scenario = Scenario {
            path: String::new(),
            resource: None,
            steps: vec![create.clone()],
            exclusive: false,
        };
        crate::derive::parents::provide(self.subject.contract, &self.subjects, &mut scenario);
        scenario.steps.pop();
        scenario.steps
    }

    fn turn(&self, wanted: &Wanted) -> Result<Turn, MixError> {
        let about = self.about(&wanted.operations);
        if let (About::Fresh, Some(delete)) = (about, &self.subject.resource.lifecycle.delete)
            && !wanted.refused
            && wanted.operations.last() != Some(delete)
        {
            return Err(MixError::Grows { delete: delete.clone() });
        }
        let step = |(index, operation): (usize, &String)| self.step(index, operation, about, wanted);
        let steps = wanted.operations.iter().enumerate().map(step);
        Ok(Turn {
            weight: wanted.weight,
            about,
            steps: steps.collect::<Result<_, _>>()?,
            refused: wanted.refused,
        })
    }

    /// A turn that creates is about what it creates; one that changes, about what nobody else changes.
    fn about(&self, operations: &[String]) -> About {
        let resource = self.subject.resource;
        let changes = |operation: &String| {
            let tagging = self.subject.tagging();
            tagging.is_some_and(|tagging| [&tagging.add, &tagging.remove, &tagging.list].contains(&operation))
                || resource.lifecycle.modify.contains(operation)
                || resource
                    .grants
                    .as_ref()
                    .is_some_and(|grants| [&grants.authorize, &grants.revoke].contains(&operation))
        };
        let is = |one: &Option<String>| operations.iter().any(|operation| Some(operation) == one.as_ref());
        if operations.contains(&resource.lifecycle.create) {
            About::Fresh
        } else if operations.iter().any(changes) {
            About::Own
        } else if is(&resource.lifecycle.describe) || is(&resource.lifecycle.delete) {
            About::Shared
        } else {
            About::Nothing
        }
    }

    fn step(&self, index: usize, operation: &str, about: About, wanted: &Wanted) -> Result<Step, MixError> {
        let contract = self.subject.contract;
        if !contract.operations.contains_key(operation) {
            return Err(MixError::Operation(operation.to_owned()));
        }
        let mut call = self.derived(operation, about);
        for (member, value) in wanted.input.fields() {
            let known = contract
                .input_members(operation)
                .iter()
                .any(|other| other.name == *member);
            if known {
                call.input.set(member, value.clone());
            }
        }
        let name = format!("{}-{operation}", index + 1);
        Ok(match operation == self.subject.create_operation() {
            true => self.subject.creation_with_arn(&name, call),
            false => Step::new(name, call),
        })
    }

    /// The call of an operation on what the turn is about.
    fn derived(&self, operation: &str, about: About) -> Call {
        let subject = &self.subject;
        let cycle = &subject.resource.lifecycle;
        let some = about != About::Nothing;
        if operation == cycle.create {
            return subject.create("{id}");
        }
        if Some(operation) == cycle.describe.as_deref()
            && some
            && let Some(call) = subject.describe("{id}")
        {
            return call;
        }
        if let Some(rule) = &subject.resource.grants
            && [&rule.authorize, &rule.revoke].iter().any(|one| *one == operation)
        {
            return grants::call(subject, operation, "{id}", &grants::keys(subject, rule));
        }
        if some && subject.operations().any(|other| other == operation) {
            return subject.on(operation, "{id}");
        }
        let mut call = crate::derive::kit::plain_call(subject.contract, operation);
        if let Some(tagging) = subject.tagging().filter(|_| some)
            && [&tagging.add, &tagging.list, &tagging.remove]
                .iter()
                .any(|one| *one == operation)
        {
            call.input.set(&tagging.resource_member, Value::text("{arn}"));
        }
        call
    }

    fn lacks(&self, lacks: &'static str) -> MixError {
        MixError::Lacks {
            mix: self.name.to_owned(),
            resource: self.subject.name.to_owned(),
            lacks,
        }
    }
}

/// The smaller, the better a resource suits a load: its creation surely succeeds, it comes and goes at once, its number
/// is not limited, and it needs little.
fn suitability(subject: &Subject<'_>) -> (bool, bool, bool, bool, usize) {
    let resource = subject.resource;
    (
        resource.identifier.assigned,
        !resource.sample.as_ref().is_some_and(|sample| sample.sure),
        resource.status_member.is_some(),
        resource.quota.is_some(),
        plausible::input(subject.contract, subject.create_operation())
            .fields()
            .len(),
    )
}
