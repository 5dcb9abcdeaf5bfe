//! What a call does, told by the roles that the contract gives operations, and the texts in its input.

use parallax_contract::{Call, Contract, Resource, Tagging, Value};

use super::sites::field;

/// What a call does to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Makes it.
    Create,
    /// Shows the one that is named.
    Describe,
    /// Lists all.
    List,
    /// Ends it.
    Delete,
    /// Changes it otherwise.
    Modify,
    /// Adds a permission.
    Authorize,
    /// Removes a permission.
    Revoke,
}

/// The deeds that show a resource which is there.
pub(crate) const SHOWING: &[Deed] = &[Deed::Describe, Deed::List];

/// Every deed.
pub(crate) const ANY: &[Deed] = &[
    Deed::Create,
    Deed::Describe,
    Deed::List,
    Deed::Delete,
    Deed::Modify,
    Deed::Authorize,
    Deed::Revoke,
];

/// What a call does to tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagDeed {
    /// Adds some.
    Add,
    /// Lists them.
    List,
    /// Removes some.
    Remove,
}

/// The resource that a call is about, and what it does to it.
pub(crate) fn deed<'c>(contract: &'c Contract, call: &Call) -> Option<(&'c Resource, Deed)> {
    let operation = call.operation.as_str();
    contract.resources.values().find_map(|resource| {
        let cycle = &resource.lifecycle;
        let is = |name: Option<&String>| name.is_some_and(|name| name == operation);
        let grants = resource.grants.as_ref();
        let deed = match () {
            () if cycle.create == operation => Deed::Create,
            () if is(cycle.describe.as_ref()) && names_one(resource, call) => Deed::Describe,
            () if is(cycle.describe.as_ref()) => Deed::List,
            () if is(cycle.delete.as_ref()) => Deed::Delete,
            () if is(grants.map(|grants| &grants.authorize)) => Deed::Authorize,
            () if is(grants.map(|grants| &grants.revoke)) => Deed::Revoke,
            () if cycle.modify.iter().any(|name| name == operation) => Deed::Modify,
            () => return None,
        };
        Some((resource, deed))
    })
}

/// The resource, if the call does this to one.
pub(crate) fn doing<'c>(contract: &'c Contract, call: &Call, what: &[Deed]) -> Option<&'c Resource> {
    deed(contract, call)
        .filter(|(_, deed)| what.contains(deed))
        .map(|(resource, _)| resource)
}

/// The tagging interface, and what the call does by it.
pub(crate) fn tag_deed<'c>(contract: &'c Contract, call: &Call) -> Option<(&'c Tagging, TagDeed)> {
    let tagging = contract.tagging.as_ref()?;
    let deed = match &call.operation {
        name if *name == tagging.add => TagDeed::Add,
        name if *name == tagging.list => TagDeed::List,
        name if *name == tagging.remove => TagDeed::Remove,
        _ => return None,
    };
    Some((tagging, deed))
}

/// The ARN that a call on tags names.
pub(crate) fn arn<'v>(tagging: &Tagging, call: &'v Call) -> Option<&'v str> {
    call.input.get(&tagging.resource_member)?.as_text()
}

fn names_one(resource: &Resource, call: &Call) -> bool {
    let filter = resource.lifecycle.describe_filter.as_ref();
    filter.is_some_and(|filter| call.input.get(filter).is_some())
}

/// The input member of a call that names the resource, and its value.
pub(crate) fn id<'v>(resource: &Resource, call: &'v Call) -> Option<(String, &'v str)> {
    let names = [
        Some(&resource.identifier.input),
        resource.lifecycle.describe_filter.as_ref(),
    ];
    names
        .into_iter()
        .flatten()
        .find_map(|name| Some((name.clone(), call.input.get(name)?.as_text()?)))
}

/// The identifier in a call, empty where there is none.
pub(crate) fn id_text<'v>(resource: &Resource, call: &'v Call) -> &'v str {
    id(resource, call).map_or("", |(_, id)| id)
}

/// The call with another identifier.
pub(crate) fn renamed(resource: &Resource, call: &Call, with: &dyn Fn(&str) -> String) -> Call {
    let mut call = call.clone();
    if let Some((member, id)) = id(resource, &call).map(|(member, id)| (member, with(id))) {
        call.input.set(&member, Value::Text(id));
    }
    call
}

/// The creation with another description; unchanged where the call is none or has none.
pub(crate) fn described(contract: &Contract, call: &Call, with: &dyn Fn(&str) -> String) -> Call {
    let mut call = call.clone();
    let member = doing(contract, &call, &[Deed::Create])
        .and_then(|resource| resource.description.as_ref())
        .map(|echo| echo.input.clone());
    if let Some(member) = member
        && let Some(text) = call.input.get(&member).and_then(Value::as_text).map(with)
    {
        call.input.set(&member, Value::Text(text));
    }
    call
}

/// The list of tags that a call gives, to be changed: at creation or afterwards.
pub(crate) fn tags_given<'v>(contract: &Contract, call: &'v mut Call) -> Option<&'v mut Vec<Value>> {
    let of_resource = doing(contract, call, &[Deed::Create]).and_then(|resource| resource.tags_member.clone());
    let added = tag_deed(contract, call).filter(|(_, deed)| *deed == TagDeed::Add);
    let member = of_resource.or_else(|| added.map(|(tagging, _)| tagging.tags_member.clone()))?;
    let Value::Map(fields) = &mut call.input else {
        return None;
    };
    match field(fields, &member) {
        Some(Value::List(items)) => Some(items),
        _ => None,
    }
}

/// The call with every text of its tags at this member (key or value) changed.
pub(crate) fn retagged(contract: &Contract, call: &Call, member: &str, with: &dyn Fn(&str) -> String) -> Call {
    let mut call = call.clone();
    for tag in tags_given(contract, &mut call).into_iter().flatten() {
        if let Some(text) = tag.get(member).and_then(Value::as_text).map(with) {
            tag.set(member, Value::Text(text));
        }
    }
    call
}
