//! The operations that add, list and remove tags.

use std::collections::BTreeMap;

use super::{element, faults, is_tag, is_text, tag_list};
use crate::model::{Member, ShapeKind};
use crate::{Contract, Tagging};

/// The tagging interface, if the service has all three operations of it.
pub(in crate::import) fn tagging(contract: &Contract) -> Option<Tagging> {
    let add = named(contract, &["AddTags", "TagResource"], |op| {
        tag_list(contract, contract.input_members(op))
    })?;
    let list = named(contract, &["ListTags"], |op| {
        tag_list(contract, contract.output_members(op))
    })?;
    let remove = named(contract, &["RemoveTags", "UntagResource"], |op| key_list(contract, op))?;
    let tags = tag_list(contract, contract.input_members(add))?;
    let tag = contract.shape(element(contract, tags)?)?.members();
    let resource = resource_member(contract, add)?;
    Some(Tagging {
        resource_member: resource.name.clone(),
        tags_member: tags.name.clone(),
        keys_member: key_list(contract, remove)?.name.clone(),
        output_member: tag_list(contract, contract.output_members(list))?.name.clone(),
        key: tag.first()?.name.clone(),
        value: tag.get(1)?.name.clone(),
        quota_exceeded: faults::first(contract, &[add], is_quota),
        not_found: faults::first(contract, &[remove], |stem| stem == "TagNotFound"),
        invalid_arn: faults::first(contract, &[list, add], |stem| stem.eq_ignore_ascii_case("InvalidArn")),
        add: add.to_owned(),
        list: list.to_owned(),
        remove: remove.to_owned(),
        limit: None,
        facts: BTreeMap::new(),
    })
}

/// The first operation of one of these names that takes a resource and passes.
fn named<'a, T>(contract: &'a Contract, prefixes: &[&str], passes: impl Fn(&str) -> Option<T>) -> Option<&'a str> {
    let mut all = contract.operations.keys().map(String::as_str);
    all.find(|operation| {
        let fits = prefixes.iter().any(|prefix| operation.starts_with(prefix));
        fits && resource_member(contract, operation).is_some() && passes(operation).is_some()
    })
}

/// The one required text: the resource by its name or ARN.
fn resource_member<'a>(contract: &'a Contract, operation: &str) -> Option<&'a Member> {
    let inputs = contract.input_members(operation).iter();
    inputs
        .into_iter()
        .find(|member| member.required && is_text(contract, member))
}

fn key_list<'a>(contract: &'a Contract, operation: &str) -> Option<&'a Member> {
    let is_text_list = |member: &&Member| {
        let shape = element(contract, member);
        let text = shape
            .and_then(|shape| contract.shape(shape))
            .is_some_and(|shape| shape.kind == ShapeKind::String);
        text && !shape.is_some_and(|shape| is_tag(contract, shape))
    };
    contract.input_members(operation).iter().find(is_text_list)
}

fn is_quota(stem: &str) -> bool {
    (stem.starts_with("Tag") || stem.starts_with("TooManyTags")) && (stem.contains("Quota") || stem.contains("TooMany"))
}
