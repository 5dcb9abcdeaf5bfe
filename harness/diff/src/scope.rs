//! Whose elements a list holds, and what tells them apart.

use parallax_contract::{Contract, Listing, Resource, Shape, ShapeKind, Value};

use crate::listing::own_key;
use crate::show;

/// What a member of an output lists.
#[derive(Clone, Copy)]
pub(crate) enum Scope {
    /// Resources of everybody: only our own are looked at, what others made depends on when we ask.
    Resources,
    /// Other things of everybody: looked at, but no single one is named.
    Anything,
    /// What belongs to this answer alone.
    Own,
}

/// What this member of the operation's output lists.
pub(crate) fn scope(contract: &Contract, operation: &str, member: &str) -> Scope {
    let is_listing = |resource: &Resource| {
        let lifecycle = &resource.lifecycle;
        lifecycle.describe.as_deref() == Some(operation) && lifecycle.describe_list.as_deref() == Some(member)
    };
    let known = contract.operations.get(operation);
    let paginator = known.and_then(|operation| operation.paginator.as_ref());
    if contract.resources.values().any(is_listing) {
        Scope::Resources
    } else if paginator.is_some_and(|paginator| paginator.result_key == member) {
        Scope::Anything
    } else {
        Scope::Own
    }
}

/// The shape of a list's elements.
pub(crate) fn element_shape<'c>(contract: &'c Contract, list: &str) -> Option<&'c str> {
    match &contract.shape(list)?.kind {
        ShapeKind::List { member, .. } => Some(member),
        _ => None,
    }
}

/// The member that tells elements of a shape apart, where the contract knows one.
pub(crate) fn identity<'c>(contract: &'c Contract, shape: &str) -> Option<&'c str> {
    let resource = contract.resources.values().find(|resource| resource.shape == shape);
    if let Some(resource) = resource {
        return Some(&resource.identifier.output);
    }
    let has = |name: &str| {
        contract
            .shape(shape)
            .is_some_and(|shape| shape.members().iter().any(|m| m.name == name))
    };
    let tagging = contract.tagging.as_ref();
    if let Some(tagging) = tagging.filter(|tagging| has(&tagging.key) && has(&tagging.value)) {
        return Some(&tagging.key);
    }
    let mut grants = contract
        .resources
        .values()
        .filter_map(|resource| resource.grants.as_ref());
    let grants = grants.find(|grants| grants.keys.iter().all(|key| has(key)))?;
    grants.keys.first().map(String::as_str)
}

/// A dotted path of the decoder's with list elements by their keys; `None` if it leads to what others made.
pub(crate) fn keyed(
    (contract, operation): (&Contract, &str),
    output: &Value,
    listing: Option<&Listing>,
    path: &str,
) -> Option<String> {
    let known = contract.operations.get(operation);
    let mut way = Way {
        contract,
        listing,
        here: Some(output),
        shape: known.and_then(|operation| operation.output.as_deref()),
        scope: scope(contract, operation, path.split('.').next().unwrap_or_default()),
        written: String::new(),
    };
    for part in path.split('.') {
        match way.element(part) {
            Some(element) => way.enter_element(element, part)?,
            None => way.enter_member(part),
        }
    }
    Some(way.written)
}

/// A walk along a path, value and shape side by side.
struct Way<'w> {
    contract: &'w Contract,
    listing: Option<&'w Listing>,
    here: Option<&'w Value>,
    shape: Option<&'w str>,
    /// Whose the elements of the next list are; those inside an element are its own.
    scope: Scope,
    written: String,
}

impl<'w> Way<'w> {
    fn element(&self, part: &str) -> Option<&'w Value> {
        self.here?.as_list()?.get(part.parse::<usize>().ok()?)
    }

    fn enter_element(&mut self, element: &'w Value, part: &str) -> Option<()> {
        self.shape = self.shape.and_then(|shape| element_shape(self.contract, shape));
        let key = match std::mem::replace(&mut self.scope, Scope::Own) {
            Scope::Resources => own_key(self.listing?, element)?,
            Scope::Anything => "*",
            Scope::Own => {
                let key = self.shape.and_then(|shape| identity(self.contract, shape));
                let key = key.and_then(|key| element.get(key)).and_then(Value::as_text);
                key.unwrap_or(part)
            }
        };
        self.written.push_str(&format!("[{}]", show::key(key)));
        self.here = Some(element);
        Some(())
    }

    fn enter_member(&mut self, part: &str) {
        if !self.written.is_empty() {
            self.written.push('.');
        }
        self.written.push_str(part);
        self.here = self.here.and_then(|value| value.get(part));
        let shape = self.shape.and_then(|shape| self.contract.shape(shape));
        let member = shape
            .map_or(&[][..], Shape::members)
            .iter()
            .find(|member| member.name == part);
        self.shape = member.map(|member| member.shape.as_str());
    }
}
