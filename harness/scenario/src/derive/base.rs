//! The calls that every family makes of a resource: create, describe, delete.

use parallax_contract::{Call, Contract, Member, Resource, Tagging, Value};

use super::plausible;
use super::script::Script;
use crate::Step;

/// An ordinary name: it keeps every rule that a source states for identifiers.
pub(crate) const PLAIN: &str = "px{run}";

/// One resource of a contract, to be asked about.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) contract: &'a Contract,
    pub(crate) name: &'a str,
    pub(crate) resource: &'a Resource,
}

impl<'a> Subject<'a> {
    /// Every resource that can be created, by name.
    pub(crate) fn all(contract: &'a Contract) -> Vec<Self> {
        let subject = |(name, resource): (&'a String, &'a Resource)| Self {
            contract,
            name,
            resource,
        };
        let subjects = contract.resources.iter().map(subject);
        subjects
            .filter(|subject| contract.operations.contains_key(subject.create_operation()))
            .collect()
    }

    /// The resource that an operation is about, if any.
    pub(crate) fn of_operation(contract: &'a Contract, operation: &str) -> Option<Self> {
        Self::all(contract)
            .into_iter()
            .find(|subject| subject.operations().any(|other| other == operation))
    }

    /// The operations of its life cycle and of its grants.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &'a str> {
        let cycle = &self.resource.lifecycle;
        let grants = self.resource.grants.iter();
        [Some(&cycle.create), cycle.describe.as_ref(), cycle.delete.as_ref()]
            .into_iter()
            .flatten()
            .chain(&cycle.modify)
            .chain(grants.flat_map(|grants| [&grants.authorize, &grants.revoke]))
            .map(String::as_str)
    }

    /// A scenario whose path begins with the create operation.
    pub(super) fn script(&self, family: &str, case: &str) -> Script {
        let path = format!("{}/{family}/{case}", self.create_operation());
        Script::new(&path, Some(self.name))
    }

    /// A scenario about the resource's whole life, whose path begins with its name.
    pub(super) fn story(&self, family: &str, case: &str) -> Script {
        Script::new(&format!("{}/{family}/{case}", self.name), Some(self.name))
    }

    pub(crate) fn create_operation(&self) -> &'a str {
        &self.resource.lifecycle.create
    }

    /// The member of the create input that takes the identifier, or a part of it; there may be none.
    pub(crate) fn identifier_member(&self) -> Option<&'a Member> {
        self.contract.naming_member(self.resource)
    }

    /// A create input that the sources call valid, without the identifier.
    pub(crate) fn base_input(&self) -> Value {
        let sample = self.resource.sample.as_ref();
        let mut input = sample.map_or_else(|| Value::Map(Vec::new()), |sample| plausible::adopt(&sample.input));
        plausible::complete(self.contract, self.create_operation(), &mut input);
        if let Some(member) = self.identifier_member() {
            input.remove(&member.name);
        }
        input
    }

    /// Creates one of this name.
    pub(crate) fn create(&self, id: &str) -> Call {
        self.create_with(id, |_| {})
    }

    /// Creates one of this name with an input changed by `change`.
    pub(crate) fn create_with(&self, id: &str, change: impl FnOnce(&mut Value)) -> Call {
        let mut input = self.base_input();
        if let Some(member) = self.identifier_member() {
            input.set(&member.name, Value::text(id));
        }
        change(&mut input);
        Call::new(self.create_operation(), input)
    }

    /// The step that creates; where the service makes up the identifier, it is captured.
    pub(crate) fn creation(&self, name: &str, call: Call) -> Step {
        let step = Step::new(name, call);
        match self.resource.identifier.assigned {
            true => step.capture("id", self.answer_path(&self.resource.identifier.output)),
            false => step,
        }
    }

    /// The same with the ARN captured, where the resource has one.
    pub(crate) fn creation_with_arn(&self, name: &str, call: Call) -> Step {
        let step = self.creation(name, call);
        match &self.resource.arn {
            Some(arn) => step.capture("arn", self.answer_path(&arn.member)),
            None => step,
        }
    }

    /// The path of a member of the resource in the create answer.
    fn answer_path(&self, member: &str) -> String {
        match self.resource.lifecycle.create_path.as_str() {
            "" => member.to_owned(),
            path => format!("{path}.{member}"),
        }
    }

    /// How to address what was created as `id`.
    pub(crate) fn address(&self, id: &str) -> String {
        match self.resource.identifier.assigned {
            true => "{id}".to_owned(),
            false => id.to_owned(),
        }
    }

    /// Describes the one of this address.
    pub(crate) fn describe(&self, id: &str) -> Option<Call> {
        let mut call = self.describe_all()?;
        if let Some(filter) = &self.resource.lifecycle.describe_filter {
            call.input.set(filter, Value::text(id));
        }
        Some(call)
    }

    /// Describes all of them.
    pub(crate) fn describe_all(&self) -> Option<Call> {
        let operation = self.resource.lifecycle.describe.as_ref()?;
        Some(Call::new(operation, plausible::input(self.contract, operation)))
    }

    /// Deletes the one of this address.
    pub(crate) fn delete(&self, id: &str) -> Option<Call> {
        Some(self.on(self.resource.lifecycle.delete.as_ref()?, id))
    }

    /// Any operation that takes the identifier, with what it requires besides.
    pub(crate) fn on(&self, operation: &str, id: &str) -> Call {
        let mut input = plausible::input(self.contract, operation);
        input.set(&self.resource.identifier.input, Value::text(id));
        Call::new(operation, input)
    }

    /// The tagging interface, if the resource has an ARN to be tagged by.
    pub(crate) fn tagging(&self) -> Option<&'a Tagging> {
        self.resource.arn.as_ref().and(self.contract.tagging.as_ref())
    }

    /// The member of the create input that takes tags, if it is there.
    pub(crate) fn tags_member(&self) -> Option<&'a str> {
        let member = self.resource.tags_member.as_deref()?;
        let members = self.contract.input_members(self.create_operation());
        members.iter().any(|other| other.name == member).then_some(member)
    }
}

/// `character` repeated `times`, written short.
pub(crate) fn long(character: char, times: usize) -> String {
    match times {
        0..=32 => character.to_string().repeat(times),
        _ => format!("{{{character}*{times}}}"),
    }
}
