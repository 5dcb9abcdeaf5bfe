//! What each kind of operation must answer, given what the endpoint is believed to hold.

mod create;
mod describe;
pub(crate) mod grants;
pub(crate) mod tags;

use parallax_contract::{Basis, Call, Confidence, Evidence, Refusal, Resource, Value};

use crate::Oracle;
use crate::codes::{self, INVALID_VALUE};
use crate::draft::Draft;
use crate::index::Role;
use crate::pattern;
use crate::rules::{self, Judgement};
use crate::state::{Found, State};

/// Judges a call by the role of its operation.
pub(crate) fn judge(oracle: &Oracle, state: &State, call: &Call, draft: &mut Draft) {
    let on = |number: usize| {
        oracle.index.resource(number).map(|resource| On {
            oracle,
            state,
            call,
            number,
            resource,
        })
    };
    match oracle.role(&call.operation) {
        Role::Create(number) => on(number).into_iter().for_each(|on| create::judge(&on, draft)),
        Role::Describe(number) => on(number).into_iter().for_each(|on| describe::judge(&on, draft)),
        Role::Delete(number) => on(number).into_iter().for_each(|on| delete(&on, draft)),
        Role::Modify(number) => on(number).into_iter().for_each(|on| modify(&on, draft)),
        Role::Authorize(number) => on(number).into_iter().for_each(|on| grants::authorize(&on, draft)),
        Role::Revoke(number) => on(number).into_iter().for_each(|on| grants::revoke(&on, draft)),
        role @ (Role::TagAdd | Role::TagList | Role::TagRemove) => tags::judge(oracle, state, call, &role, draft),
        Role::Other => other(oracle, call, draft),
    }
}

/// A call on one kind of resource.
pub(crate) struct On<'a> {
    pub(crate) oracle: &'a Oracle,
    pub(crate) state: &'a State,
    pub(crate) call: &'a Call,
    pub(crate) number: usize,
    pub(crate) resource: &'a Resource,
}

impl On<'_> {
    /// The identifier in the input, if there is one and it is not empty.
    pub(crate) fn id(&self) -> Option<&str> {
        let member = self
            .oracle
            .contract
            .identifier_member(&self.call.operation, self.resource);
        self.call
            .input
            .get(member)
            .and_then(Value::as_text)
            .filter(|id| !id.is_empty())
    }

    /// A declared error of this resource, where the operation declares it.
    pub(crate) fn declares(&self, shape: Option<&String>) -> bool {
        let operation = self.oracle.contract.operations.get(&self.call.operation);
        shape.is_some_and(|shape| operation.is_some_and(|operation| operation.errors.contains(shape)))
    }

    /// The refusal of a resource that is not there. An identifier that no rule permits may be called invalid instead.
    pub(crate) fn not_found(&self, id: &str) -> Refusal {
        let shape = self.resource.lifecycle.not_found.as_ref();
        let fact = format!("{} that does not exist is refused", self.resource.shape);
        let basis = Evidence::basis(fact, format!("model: {}", self.call.operation), Confidence::Documented);
        let mut refusal = codes::declared(&self.oracle.contract, shape, &basis);
        if !self.plain(id) && !refusal.codes.is_empty() {
            refusal.codes.push(codes::code(&self.oracle.contract, INVALID_VALUE));
        }
        refusal.message = Some(format!("{} not found: {id}", self.resource.shape));
        refusal
    }

    /// A refusal for any reason but that the resource is not there.
    fn not_absent(&self) -> Refusal {
        let shape = self.resource.lifecycle.not_found.as_ref();
        let wrong = codes::declared(&self.oracle.contract, shape, &pattern::ADDRESS).codes;
        Refusal {
            wrong: wrong.into_iter().map(|code| code.code).collect(),
            ..Refusal::any(Basis::clone(&pattern::ADDRESS))
        }
    }

    /// Demands the resource that the input names. Returns it where the call may succeed.
    pub(crate) fn existing(&self, draft: &mut Draft) -> Option<Found<'_>> {
        let id = self.id()?;
        let found = self.state.find(self.number, self.resource, id);
        match &found {
            Found::Surely(..) => {}
            Found::Maybe(_, _, reason) => draft.doubt(*reason, Some(self.not_found(id))),
            Found::Absent if self.may_exist(id) => {
                draft.doubt("it may exist without having been made", Some(self.not_found(id)));
            }
            Found::Absent if self.declares(self.resource.lifecycle.not_found.as_ref()) => {
                draft.refuse(self.not_found(id));
            }
            Found::Absent => draft.doubt("no declared error speaks of an absent one", None),
        }
        Some(found)
    }

    /// Whether an instance of this name may exist without having been made.
    pub(crate) fn may_exist(&self, id: &str) -> bool {
        self.state.may_be_others(id)
            || self
                .resource
                .builtin
                .iter()
                .any(|builtin| builtin.id.eq_ignore_ascii_case(id))
    }

    /// Whether no rule on identifiers is broken or open for this one.
    fn plain(&self, id: &str) -> bool {
        self.oracle
            .index
            .identifier_checks(&self.oracle.contract, self.number)
            .all(|check| rules::text(&check.rule, check.regex.as_ref(), id) == Judgement::Kept)
            && pattern::is_plain(id)
    }

    pub(crate) fn documented(&self, fact: &str) -> Basis {
        Evidence::basis(fact, format!("model: {}", self.call.operation), Confidence::Documented)
    }
}

fn delete(on: &On<'_>, draft: &mut Draft) {
    let invalid_state = || {
        codes::declared(
            &on.oracle.contract,
            on.resource.lifecycle.invalid_state.as_ref(),
            &pattern::ADDRESS,
        )
    };
    if let Some(id) = on.id()
        && let Some(builtin) = on
            .resource
            .builtin
            .iter()
            .find(|b| !b.deletable && b.id.eq_ignore_ascii_case(id))
    {
        let basis = Basis::new(builtin.evidence.clone());
        let mut refusal = codes::declared(
            &on.oracle.contract,
            on.resource.lifecycle.invalid_state.as_ref(),
            &basis,
        );
        refusal.codes.extend(on.not_found(id).codes);
        if !refusal.codes.iter().any(|code| code.code == INVALID_VALUE) {
            refusal.codes.push(codes::code(&on.oracle.contract, INVALID_VALUE));
        }
        return draft.refuse(refusal);
    }
    if on.call.input.fields().len() > 1 {
        draft.doubt("the sources do not say what the other members demand", None);
    }
    let Some(Found::Surely(_, instance) | Found::Maybe(_, instance, _)) = on.existing(draft) else {
        return;
    };
    if on.resource.status_member.is_some() {
        draft.doubt(
            "a resource with a state may not be ready to be deleted",
            Some(invalid_state()),
        );
    }
    let declared = on.oracle.contract.output_members(&on.call.operation);
    let path = on.resource.lifecycle.create_path.as_str();
    let shown = if declared.iter().any(|member| member.name == path) {
        pattern::at(path, identifier_only(on.resource, &instance.members))
    } else if path.is_empty() && !declared.is_empty() {
        identifier_only(on.resource, &instance.members)
    } else {
        parallax_contract::Pattern::Fields(Vec::new())
    };
    draft.accept(shown, Basis::clone(&pattern::ADDRESS));
}

/// Of a resource that is going away only the identifier is sure.
fn identifier_only(
    resource: &Resource,
    members: &[(String, parallax_contract::Pattern)],
) -> parallax_contract::Pattern {
    let name = &resource.identifier.output;
    parallax_contract::Pattern::Fields(members.iter().filter(|(member, _)| member == name).cloned().collect())
}

fn modify(on: &On<'_>, draft: &mut Draft) {
    const UNKNOWN: &str = "the sources do not say enough about this change";
    match on.existing(draft) {
        Some(Found::Surely(..)) => draft.doubt(UNKNOWN, Some(on.not_absent())),
        Some(Found::Maybe(..)) => draft.doubt(UNKNOWN, None),
        Some(Found::Absent) | None => {}
    }
}

fn other(oracle: &Oracle, call: &Call, draft: &mut Draft) {
    let required = oracle
        .contract
        .input_members(&call.operation)
        .iter()
        .any(|member| member.required);
    let reads = ["Describe", "List", "Get"]
        .iter()
        .any(|verb| call.operation.starts_with(verb));
    if required || !reads || !call.input.fields().is_empty() {
        draft.doubt("the sources do not say enough about this operation", None);
    }
}
