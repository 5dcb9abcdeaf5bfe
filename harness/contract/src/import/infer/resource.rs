//! One resource from the operation that creates it.

use super::names::plurals;
use super::{element, faults, find, grants, is_lowercased, is_text, tag_list};
use crate::Contract;
use crate::model::Member;
use crate::resource::{ArnRule, Echo, Identifier, Lifecycle, Resource};

/// The resource that `Create<name>` makes, if its answer is or holds a structure of that name and its identifier can
/// be told.
pub(super) fn resource(contract: &Contract, name: &str) -> Option<Resource> {
    let create = format!("Create{name}");
    let delete = Some(format!("Delete{name}")).filter(|delete| contract.operations.contains_key(delete));
    let create_path = create_path(contract, &create, name)?;
    let shape = contract.shape(name)?.members();
    let inputs = contract.input_members(&create);
    let identifier = identifier(contract, name, &create, delete.as_deref())?;
    let describe = describe(contract, name, &identifier.input);
    let mut resource = Resource {
        shape: name.to_owned(),
        description: description(contract, inputs, shape),
        echoes: Vec::new(),
        tags_member: tag_list(contract, inputs).map(|member| member.name.clone()),
        grants: None,
        status_member: status_member(contract, name, shape),
        arn: arn(contract, name, shape),
        owner_member: find(shape, "OwnerId").map(|member| member.name.clone()),
        sample: None,
        builtin: Vec::new(),
        gates: Vec::new(),
        quota: None,
        stored_form: None,
        lifecycle: Lifecycle {
            create,
            create_path,
            delete,
            ..Lifecycle::default()
        },
        identifier,
    };
    if let Some(describe) = describe {
        resource.lifecycle.describe = Some(describe.operation);
        resource.lifecycle.describe_list = Some(describe.list);
        resource.lifecycle.describe_filter = describe.filter;
    }
    resource.grants = grants::grants(contract, &resource);
    set_errors(contract, name, &mut resource.lifecycle);
    resource.lifecycle.modify = modify(contract, &resource);
    Some(resource)
}

/// Where the create answer holds the resource; empty where it is the resource.
fn create_path(contract: &Contract, create: &str, name: &str) -> Option<String> {
    let output = contract.operations.get(create)?.output.as_deref()?;
    if output == name {
        return Some(String::new());
    }
    contract
        .output_members(create)
        .iter()
        .find(|member| member.shape == name)
        .map(|member| member.name.clone())
}

/// The required text that creation and deletion share, or, where they share none, the one that deletion requires: then
/// the service makes it up.
fn identifier(contract: &Contract, name: &str, create: &str, delete: Option<&str>) -> Option<Identifier> {
    let shape = contract.shape(name)?.members();
    let given = required_texts(contract, create);
    let shared: Vec<&Member> = match delete {
        Some(delete) => {
            let ending = required_texts(contract, delete);
            given
                .into_iter()
                .filter(|member| find_in(&ending, &member.name))
                .collect()
        }
        None => given
            .into_iter()
            .filter(|member| is_identifier_of(name, &member.name))
            .collect(),
    };
    let shared: Vec<&Member> = shared
        .into_iter()
        .filter(|member| find(shape, &member.name).is_some())
        .collect();
    if let Some(member) = named_first(&shared, name) {
        return Some(found(member, false));
    }
    let ending = required_texts(contract, delete?);
    let known: Vec<&Member> = ending
        .into_iter()
        .filter(|member| find(shape, &member.name).is_some())
        .collect();
    named_first(&known, name).map(|member| found(member, true))
}

fn found(member: &Member, assigned: bool) -> Identifier {
    Identifier {
        input: member.name.clone(),
        output: member.name.clone(),
        lowercase: is_lowercased(member),
        assigned,
    }
}

fn required_texts<'a>(contract: &'a Contract, operation: &str) -> Vec<&'a Member> {
    let members = contract.input_members(operation).iter();
    members
        .filter(|member| member.required && is_text(contract, member))
        .collect()
}

fn find_in(members: &[&Member], name: &str) -> bool {
    members.iter().any(|member| member.name == name)
}

/// The member named after the resource, else the first.
fn named_first<'a>(members: &[&'a Member], name: &str) -> Option<&'a Member> {
    members
        .iter()
        .find(|member| member.name.starts_with(name))
        .or_else(|| members.first())
        .copied()
}

fn is_identifier_of(name: &str, member: &str) -> bool {
    member
        .strip_prefix(name)
        .is_some_and(|rest| matches!(rest, "Name" | "Id" | "Identifier" | "Arn"))
}

struct Describe {
    operation: String,
    list: String,
    filter: Option<String>,
}

/// The operation that lists the resource: by name where there is one, else by what its answer lists.
fn describe(contract: &Contract, name: &str, identifier: &str) -> Option<Describe> {
    let forms = plurals(name).into_iter().chain([name.to_owned()]);
    let by_name = forms.flat_map(|form| ["Describe", "List", "Get"].map(|verb| format!("{verb}{form}")));
    let by_shape = contract
        .operations
        .keys()
        .filter(|operation| operation.starts_with("Describe"))
        .cloned();
    by_name
        .chain(by_shape)
        .find_map(|operation| listing(contract, operation, name, identifier))
}

fn listing(contract: &Contract, operation: String, name: &str, identifier: &str) -> Option<Describe> {
    let mut outputs = contract.output_members(&operation).iter();
    let list = outputs
        .find(|member| element(contract, member) == Some(name))?
        .name
        .clone();
    let filter = find(contract.input_members(&operation), identifier).map(|member| member.name.clone());
    Some(Describe {
        operation,
        list,
        filter,
    })
}

/// A free description in the input and the member that gives it back.
fn description(contract: &Contract, inputs: &[Member], shape: &[Member]) -> Option<Echo> {
    let input = inputs
        .iter()
        .find(|member| member.name.ends_with("Description") && is_text(contract, member))?;
    let output = find(shape, &input.name).or_else(|| find(shape, "Description"))?;
    Some(Echo {
        input: input.name.clone(),
        output: output.name.clone(),
        evidence: None,
    })
}

fn status_member(contract: &Contract, name: &str, shape: &[Member]) -> Option<String> {
    let is_status = |member: &&Member| {
        let of = member
            .name
            .strip_suffix("Status")
            .or_else(|| member.name.strip_suffix("State"));
        of.is_some_and(|of| of.is_empty() || of == name) && is_text(contract, member)
    };
    shape.iter().find(is_status).map(|member| member.name.clone())
}

fn arn(contract: &Contract, name: &str, shape: &[Member]) -> Option<ArnRule> {
    let is_arn = |member: &&Member| {
        let bare = member.name.eq_ignore_ascii_case("arn");
        (bare || member.name.eq_ignore_ascii_case(&format!("{name}Arn"))) && is_text(contract, member)
    };
    shape.iter().find(is_arn).map(|member| ArnRule {
        member: member.name.clone(),
        template: None,
        evidence: None,
    })
}

/// Other operations that require the identifier and declare the error of an absent one, save those that make or end
/// some other resource and those that change grants.
fn modify(contract: &Contract, resource: &Resource) -> Vec<String> {
    let lifecycle = &resource.lifecycle;
    let grants = resource
        .grants
        .as_ref()
        .map(|grants| [&grants.authorize, &grants.revoke]);
    let own = [lifecycle.describe.as_ref(), lifecycle.delete.as_ref()]
        .into_iter()
        .flatten();
    let known: Vec<&String> = own.chain(grants.into_iter().flatten()).collect();
    let others = contract.operations.iter().filter(|(name, operation)| {
        let made_elsewhere = name.starts_with("Create") || name.starts_with("Delete");
        let declared = lifecycle
            .not_found
            .as_ref()
            .is_none_or(|error| operation.errors.contains(error));
        !made_elsewhere && declared && !known.contains(name)
    });
    let takes = |name: &str| find_in(&required_texts(contract, name), &resource.identifier.input);
    others
        .filter(|(name, _)| takes(name))
        .map(|(name, _)| name.clone())
        .collect()
}

fn set_errors(contract: &Contract, name: &str, lifecycle: &mut Lifecycle) {
    let known = [lifecycle.delete.as_deref(), lifecycle.describe.as_deref()];
    let known: Vec<&str> = known.into_iter().flatten().collect();
    let not_found = faults::not_found(contract, &known, name);
    let invalid_state = faults::invalid_state(contract, &known, name);
    lifecycle.already_exists = faults::already_exists(contract, &lifecycle.create, name);
    lifecycle.quota_exceeded = faults::quota_exceeded(contract, &lifecycle.create, name);
    lifecycle.not_found = not_found;
    lifecycle.invalid_state = invalid_state;
}
