//! Life cycles, inferred from names and shapes alone: CreateX, DescribeXs, DeleteX and the members they share.
//!
//! Nothing here knows a service. What a name or a shape does not tell stays out, for the overlay to add.

mod faults;
mod grants;
mod names;
mod paging;
mod resource;
mod tagging;

use crate::constraint::Rule;
use crate::model::{Member, ShapeKind};
use crate::{Contract, Resource};

pub(super) use paging::paginators;
pub(super) use tagging::tagging;

/// Every resource that the operations imply, by name.
pub(super) fn resources(contract: &Contract) -> impl Iterator<Item = (String, Resource)> {
    let creating = contract
        .operations
        .keys()
        .filter_map(|operation| operation.strip_prefix("Create"));
    creating.filter_map(|name| resource::resource(contract, name).map(|resource| (name.to_owned(), resource)))
}

/// The element's shape, if the member is a list.
fn element<'a>(contract: &'a Contract, member: &Member) -> Option<&'a str> {
    match &contract.shape(&member.shape)?.kind {
        ShapeKind::List { member, .. } => Some(member),
        _ => None,
    }
}

fn is_text(contract: &Contract, member: &Member) -> bool {
    contract
        .shape(&member.shape)
        .is_some_and(|shape| shape.kind == ShapeKind::String)
}

/// Whether the shape is a structure of a key and a value, and of nothing else: a tag.
fn is_tag(contract: &Contract, shape: &str) -> bool {
    let members = contract.shape(shape).map_or(&[][..], |shape| shape.members());
    matches!(members, [key, value] if key.name == "Key" && value.name == "Value")
}

/// The member that takes or gives tags.
fn tag_list<'a>(contract: &Contract, members: &'a [Member]) -> Option<&'a Member> {
    members
        .iter()
        .find(|member| element(contract, member).is_some_and(|shape| is_tag(contract, shape)))
}

fn find<'a>(members: &'a [Member], name: &str) -> Option<&'a Member> {
    members.iter().find(|member| member.name == name)
}

fn is_lowercased(member: &Member) -> bool {
    member
        .constraints
        .iter()
        .any(|constraint| constraint.rule == Rule::StoredLowercase)
}
