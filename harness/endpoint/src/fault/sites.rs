//! Places in calls and answers, found by what the contract says of them.

use parallax_contract::{Answer, Call, Contract, Resource, Shape, ShapeKind, Value};

/// A place in an answer that holds a text with a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Site {
    /// A resource's identifier.
    Identifier,
    /// A resource's description.
    Description,
    /// A resource's ARN.
    Arn,
    /// The key of a tag.
    TagKey,
    /// The value of a tag.
    TagValue,
    /// A member that identifies a permission.
    GrantKey,
}

/// Rewrites every text at `site` of a successful answer to `operation`.
pub(crate) fn rewrite(
    contract: &Contract,
    operation: &str,
    answer: &mut Answer,
    site: Site,
    with: &dyn Fn(&str) -> String,
) {
    let Answer::Success(output) = answer else { return };
    let Some(shape) = contract
        .operations
        .get(operation)
        .and_then(|operation| operation.output.as_deref())
    else {
        return;
    };
    visit(contract, shape, output, &mut |found, value| {
        if let (true, Value::Text(text)) = (found == site, value) {
            *text = with(text);
        }
    });
}

/// Shows every text with a meaning of a value of this shape.
pub(crate) fn visit(contract: &Contract, shape: &str, value: &mut Value, see: &mut dyn FnMut(Site, &mut Value)) {
    match (contract.shape(shape).map(|shape| &shape.kind), value) {
        (Some(ShapeKind::Structure { members }), Value::Map(fields)) => {
            for (name, value) in fields {
                if let Some(site) = site_of(contract, shape, name) {
                    see(site, value);
                }
                if let Some(member) = members.iter().find(|member| member.name == *name) {
                    visit(contract, &member.shape, value, see);
                }
            }
        }
        (Some(ShapeKind::List { member, .. }), Value::List(items)) => {
            items.iter_mut().for_each(|item| visit(contract, member, item, see));
        }
        _ => {}
    }
}

fn site_of(contract: &Contract, shape: &str, member: &str) -> Option<Site> {
    if let Some(resource) = contract.resources.values().find(|resource| resource.shape == shape) {
        let is = |echo: Option<&String>| echo.is_some_and(|name| name == member);
        return match () {
            () if resource.identifier.output == member => Some(Site::Identifier),
            () if is(resource.description.as_ref().map(|echo| &echo.output)) => Some(Site::Description),
            () if is(resource.arn.as_ref().map(|rule| &rule.member)) => Some(Site::Arn),
            () => None,
        };
    }
    let tagging = contract.tagging.as_ref();
    if tagging.is_some_and(|tagging| has(contract, shape, &tagging.key) && has(contract, shape, &tagging.value)) {
        return match tagging {
            Some(tagging) if tagging.key == member => Some(Site::TagKey),
            Some(tagging) if tagging.value == member => Some(Site::TagValue),
            _ => None,
        };
    }
    let mut grants = contract
        .resources
        .values()
        .filter_map(|resource| resource.grants.as_ref());
    let key = grants.any(|grants| {
        grants.keys.iter().any(|key| key == member) && grants.keys.iter().all(|key| has(contract, shape, key))
    });
    key.then_some(Site::GrantKey)
}

fn has(contract: &Contract, shape: &str, member: &str) -> bool {
    contract
        .shape(shape)
        .map_or(&[][..], Shape::members)
        .iter()
        .any(|known| known.name == member)
}

/// What a call does to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Makes it.
    Create,
    /// Shows one, or lists all.
    Describe,
    /// Ends it.
    Delete,
    /// Changes it otherwise.
    Modify,
    /// Adds a permission.
    Authorize,
    /// Removes a permission.
    Revoke,
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
            () if is(cycle.describe.as_ref()) => Deed::Describe,
            () if is(cycle.delete.as_ref()) => Deed::Delete,
            () if is(grants.map(|grants| &grants.authorize)) => Deed::Authorize,
            () if is(grants.map(|grants| &grants.revoke)) => Deed::Revoke,
            () if cycle.modify.iter().any(|name| name == operation) => Deed::Modify,
            () => return None,
        };
        Some((resource, deed))
    })
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

/// The call with another identifier.
pub(crate) fn renamed(resource: &Resource, call: &Call, with: &dyn Fn(&str) -> String) -> Call {
    let mut call = call.clone();
    if let Some((member, id)) = id(resource, &call).map(|(member, id)| (member, with(id))) {
        call.input.set(&member, Value::Text(id));
    }
    call
}
