//! Ready-made calls of each resource, for generation: what a call needs besides what is generated.

use parallax_contract::{Call, Contract};

use super::base::{PLAIN, Subject};
use super::{grants, parents, plausible};
use crate::{Scenario, Step};

/// The calls of one resource.
#[derive(Clone, Debug)]
pub(crate) struct Kit {
    /// The resource's name.
    pub(crate) name: String,
    /// Whether the sources say of a creation that it surely succeeds.
    pub(crate) sure: bool,
    /// The creations that one of it presupposes.
    pub(crate) parents: Vec<Step>,
    /// Creates one, with all that is required but the identifier; captures `id` and `arn` where there are any.
    pub(crate) create: Step,
    /// The member of the create input that takes the identifier.
    pub(crate) id_member: Option<String>,
    /// Whether the service makes the identifier up.
    pub(crate) assigned: bool,
    /// The member of the create input that takes a description.
    pub(crate) description: Option<String>,
    /// The member of the create input that takes tags.
    pub(crate) tags_member: Option<String>,
    /// Describes all of them.
    pub(crate) describe: Option<Call>,
    /// The member of the describe input that picks one.
    pub(crate) filter: Option<String>,
    /// Deletes one.
    pub(crate) delete: Option<Call>,
    /// Changes or looks at one otherwise.
    pub(crate) modify: Vec<Call>,
    /// Gives and takes a permission, with the members that identify it.
    pub(crate) grants: Option<GrantKit>,
    /// The member of the other inputs that takes the identifier.
    pub(crate) id_input: String,
    /// Identifiers that may exist without having been created.
    pub(crate) builtin: Vec<String>,
}

/// The calls that change permissions.
#[derive(Clone, Debug)]
pub(crate) struct GrantKit {
    pub(crate) authorize: Call,
    pub(crate) revoke: Call,
    pub(crate) keys: Vec<String>,
}

impl Kit {
    /// The operations that it has calls of.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &str> {
        let grants = self
            .grants
            .iter()
            .flat_map(|grants| [&grants.authorize, &grants.revoke]);
        let calls = self
            .describe
            .iter()
            .chain(&self.delete)
            .chain(&self.modify)
            .chain(grants);
        std::iter::once(&self.create.call)
            .chain(calls)
            .map(|call| call.operation.as_str())
    }
}

/// The kit of every resource that can be created, by name.
pub(crate) fn kits(contract: &Contract) -> Vec<Kit> {
    let subjects = Subject::all(contract);
    subjects.iter().map(|subject| kit(subject, &subjects)).collect()
}

/// An input of any operation that the sources call valid, with identifiers of what nobody made.
pub(crate) fn plain_call(contract: &Contract, operation: &str) -> Call {
    Call::new(operation, plausible::input(contract, operation))
}

/// The ARN of a resource that nobody made.
pub(crate) fn absent_arn(contract: &Contract) -> String {
    plausible::absent_arn(contract)
}

fn kit(subject: &Subject<'_>, subjects: &[Subject<'_>]) -> Kit {
    let resource = subject.resource;
    let mut call = subject.create(PLAIN);
    let id_member = subject.identifier_member().map(|member| member.name.clone());
    let parents = presupposed(subject, subjects, &call);
    if let Some(member) = &id_member {
        call.input.remove(member);
    }
    Kit {
        name: subject.name.to_owned(),
        sure: resource.sample.as_ref().is_some_and(|sample| sample.sure),
        parents,
        create: subject.creation_with_arn("create", call),
        id_member,
        assigned: resource.identifier.assigned,
        description: resource.description.as_ref().map(|echo| echo.input.clone()),
        tags_member: subject.tags_member().map(str::to_owned),
        describe: subject.describe_all(),
        filter: resource.lifecycle.describe_filter.clone(),
        delete: subject.delete(PLAIN),
        modify: resource
            .lifecycle
            .modify
            .iter()
            .map(|operation| subject.on(operation, PLAIN))
            .collect(),
        grants: grant_kit(subject),
        id_input: resource.identifier.input.clone(),
        builtin: resource.builtin.iter().map(|builtin| builtin.id.clone()).collect(),
    }
}

/// The creations that are put before this one when a scenario has it.
fn presupposed(subject: &Subject<'_>, subjects: &[Subject<'_>], create: &Call) -> Vec<Step> {
    let mut scenario = Scenario {
        path: String::new(),
        resource: None,
        steps: vec![Step::new("create", create.clone())],
        exclusive: false,
    };
    parents::provide(subject.contract, subjects, &mut scenario);
    scenario.steps.pop();
    scenario.steps
}

fn grant_kit(subject: &Subject<'_>) -> Option<GrantKit> {
    let rule = subject.resource.grants.as_ref()?;
    let keys = grants::keys(subject, rule);
    let call = |operation: &str| grants::call(subject, operation, PLAIN, &keys);
    Some(GrantKit {
        authorize: call(&rule.authorize),
        revoke: call(&rule.revoke),
        keys: rule.keys.clone(),
    })
}
