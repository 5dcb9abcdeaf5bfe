//! Places in answers, found by what the contract says of them.

use parallax_contract::{Answer, Contract, Resource, Shape, ShapeKind, Value};

/// The members of one structure.
pub(crate) type Fields = Vec<(String, Value)>;

/// A place in an answer that holds a text with a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Site {
    /// A resource's identifier.
    Identifier,
    /// A resource's description.
    Description,
    /// A resource's ARN.
    Arn,
    /// The account that owns a resource.
    Owner,
    /// The key of a tag.
    TagKey,
    /// The value of a tag.
    TagValue,
    /// A member that identifies a permission.
    GrantKey,
    /// The state of a permission.
    GrantStatus,
}

/// Rewrites every text at `site` of a successful answer to `operation`.
pub(crate) fn rewrite(
    contract: &Contract,
    operation: &str,
    answer: &mut Answer,
    site: Site,
    with: &dyn Fn(&str) -> String,
) {
    structures(contract, operation, answer, &mut |shape, fields| {
        for (name, value) in fields.iter_mut() {
            if let (true, Value::Text(text)) = (site_of(contract, shape, name) == Some(site), value) {
                *text = with(text);
            }
        }
    });
}

/// Shows every resource in a successful answer to `operation`.
pub(crate) fn resources(
    contract: &Contract,
    operation: &str,
    answer: &mut Answer,
    see: &mut dyn FnMut(&Resource, &mut Fields),
) {
    structures(contract, operation, answer, &mut |shape, fields| {
        if let Some(resource) = contract.resources.values().find(|resource| resource.shape == shape) {
            see(resource, fields);
        }
    });
}

/// Shows every structure in a successful answer to `operation`, with the name of its shape; the outer ones first.
pub(crate) fn structures(
    contract: &Contract,
    operation: &str,
    answer: &mut Answer,
    see: &mut dyn FnMut(&str, &mut Fields),
) {
    let Answer::Success(output) = answer else { return };
    let known = contract.operations.get(operation);
    if let Some(shape) = known.and_then(|operation| operation.output.as_deref()) {
        walk(contract, shape, output, see);
    }
}

fn walk(contract: &Contract, shape: &str, value: &mut Value, see: &mut dyn FnMut(&str, &mut Fields)) {
    match (contract.shape(shape).map(|shape| &shape.kind), value) {
        (Some(ShapeKind::Structure { members }), Value::Map(fields)) => {
            see(shape, fields);
            for (name, value) in fields {
                if let Some(member) = members.iter().find(|member| member.name == *name) {
                    walk(contract, &member.shape, value, see);
                }
            }
        }
        (Some(ShapeKind::List { member, .. }), Value::List(items)) => {
            items.iter_mut().for_each(|item| walk(contract, member, item, see));
        }
        _ => {}
    }
}

/// The value of a member, to be changed.
pub(crate) fn field<'f>(fields: &'f mut Fields, name: &str) -> Option<&'f mut Value> {
    fields
        .iter_mut()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value)
}

/// The list that a successful answer holds under this name at its outermost level, to be changed.
pub(crate) fn list<'a>(answer: &'a mut Answer, name: &str) -> Option<&'a mut Vec<Value>> {
    let Answer::Success(Value::Map(fields)) = answer else {
        return None;
    };
    match field(fields, name) {
        Some(Value::List(items)) => Some(items),
        _ => None,
    }
}

fn site_of(contract: &Contract, shape: &str, member: &str) -> Option<Site> {
    if let Some(resource) = contract.resources.values().find(|resource| resource.shape == shape) {
        return of_resource(resource, member);
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
    let grants = grants.find(|grants| grants.keys.iter().all(|key| has(contract, shape, key)))?;
    match () {
        () if grants.keys.iter().any(|key| key == member) => Some(Site::GrantKey),
        () if grants.status_member.as_deref() == Some(member) => Some(Site::GrantStatus),
        () => None,
    }
}

fn of_resource(resource: &Resource, member: &str) -> Option<Site> {
    let is = |name: Option<&String>| name.is_some_and(|name| name == member);
    match () {
        () if resource.identifier.output == member => Some(Site::Identifier),
        () if is(resource.description.as_ref().map(|echo| &echo.output)) => Some(Site::Description),
        () if is(resource.arn.as_ref().map(|rule| &rule.member)) => Some(Site::Arn),
        () if is(resource.owner_member.as_ref()) => Some(Site::Owner),
        () => None,
    }
}

fn has(contract: &Contract, shape: &str, member: &str) -> bool {
    contract
        .shape(shape)
        .map_or(&[][..], Shape::members)
        .iter()
        .any(|known| known.name == member)
}
