//! `parallax spec show`.

use std::fmt::Write as _;
use std::sync::Arc;

use parallax_contract::{Constraint, Contract, Member, Resource, Shape, ShapeKind};
use parallax_outcome::ExitCode;

use crate::args::ShowArgs;
use crate::failure::Failure;
use crate::files;
use crate::nearest::nearest;
use crate::screen::print;
use crate::services;

/// How deep members of members are shown.
const DEPTH: usize = 3;

/// Prints a contract, or one operation of it.
pub(crate) fn show(args: &ShowArgs) -> Result<ExitCode, Failure> {
    let contract = contract(args)?;
    let text = match &args.operation {
        None => all(&contract),
        Some(name) if contract.operations.contains_key(name) => one(&contract, name),
        Some(name) => {
            let names = contract.operations.keys().map(String::as_str);
            return Err(
                Failure::usage(format!("no operation `{name}` in {}", contract.service.full_name))
                    .mend(nearest(name, names)),
            );
        }
    };
    print(&text)?;
    Ok(ExitCode::Ok)
}

fn contract(args: &ShowArgs) -> Result<Arc<Contract>, Failure> {
    let Some(path) = &args.contract else {
        return services::contract(args.service.as_deref());
    };
    let read = Contract::from_json(&files::read_text(path)?);
    read.map(Arc::new)
        .map_err(|error| Failure::usage(format!("{path} is no contract")).because(error))
}

/// A line for each operation, then the resources.
fn all(contract: &Contract) -> String {
    let service = &contract.service;
    let mut out = format!(
        "{} {} ({}, from {})\n\n",
        service.full_name, service.api_version, service.protocol, contract.source.model
    );
    let width = contract.operations.keys().map(String::len).max().unwrap_or(0);
    for name in contract.operations.keys() {
        let required = contract.input_members(name).iter().filter(|member| member.required);
        let required: Vec<_> = required.map(|member| member.name.as_str()).collect();
        let _ = writeln!(out, "{name:width$}  {}", required.join(", "));
    }
    for (name, resource) in &contract.resources {
        life_cycle(&mut out, contract, name, resource);
    }
    out
}

/// One operation: its members with their rules, its errors, and the life cycle that it is part of.
fn one(contract: &Contract, name: &str) -> String {
    let Some(operation) = contract.operations.get(name) else {
        return String::new();
    };
    let mut out = format!("{name}{}\n", if operation.deprecated { " (deprecated)" } else { "" });
    for (side, shape) in [("input", &operation.input), ("output", &operation.output)] {
        let _ = writeln!(out, "\n{side} {}", shape.as_deref().unwrap_or("(none)"));
        let shape = shape.as_deref().and_then(|shape| contract.shape(shape));
        members(&mut out, contract, shape.map_or(&[], Shape::members), 1);
    }
    if let Some(pages) = &operation.paginator {
        let limit = pages.limit_key.as_deref().unwrap_or("no limit");
        let _ = writeln!(
            out,
            "\npages of {}: {} takes what {} gave, {limit} limits",
            pages.result_key, pages.input_token, pages.output_token
        );
    }
    errors(&mut out, contract, &operation.errors);
    for (resource_name, resource) in &contract.resources {
        if is_part_of(resource, name) {
            life_cycle(&mut out, contract, resource_name, resource);
        }
    }
    out
}

fn members(out: &mut String, contract: &Contract, members: &[Member], depth: usize) {
    let indent = "  ".repeat(depth);
    for member in members {
        let required = if member.required { ", required" } else { "" };
        let _ = writeln!(
            out,
            "{indent}{}: {}{required}",
            member.name,
            kind(contract, &member.shape)
        );
        let shape = contract.shape(&member.shape);
        let rules = member
            .constraints
            .iter()
            .chain(shape.map_or(&[][..], |shape| &shape.constraints));
        for rule in rules {
            let _ = writeln!(out, "{indent}    {}", constraint(rule));
        }
        if depth < DEPTH {
            self::members(out, contract, nested(contract, &member.shape), depth + 1);
        }
    }
}

/// The members of a structure, or of the structures in a list.
fn nested<'a>(contract: &'a Contract, shape: &str) -> &'a [Member] {
    match contract.shape(shape).map(|shape| &shape.kind) {
        Some(ShapeKind::Structure { members }) => members,
        Some(ShapeKind::List { member, .. }) => contract.shape(member).map_or(&[], Shape::members),
        _ => &[],
    }
}

fn kind(contract: &Contract, shape: &str) -> String {
    match contract.shape(shape).map(|shape| &shape.kind) {
        None => format!("{shape} (unknown)"),
        Some(ShapeKind::Structure { .. }) => format!("structure {shape}"),
        Some(ShapeKind::List { member, .. }) => format!("list of {member}"),
        Some(ShapeKind::Map { key, value, .. }) => format!("map of {key} to {value}"),
        Some(ShapeKind::String) => "string".into(),
        Some(ShapeKind::Integer) => "integer".into(),
        Some(ShapeKind::Long) => "long".into(),
        Some(ShapeKind::Float) => "float".into(),
        Some(ShapeKind::Double) => "double".into(),
        Some(ShapeKind::Boolean) => "boolean".into(),
        Some(ShapeKind::Timestamp { .. }) => "timestamp".into(),
        Some(ShapeKind::Blob) => "blob".into(),
    }
}

fn constraint(constraint: &Constraint) -> String {
    let Constraint {
        rule,
        origin,
        confidence,
        at,
    } = constraint;
    format!("- {rule} ({origin}, {confidence}: {at})")
}

fn errors(out: &mut String, contract: &Contract, names: &[String]) {
    if names.is_empty() {
        return;
    }
    out.push_str("\nerrors\n");
    for error in names.iter().filter_map(|name| contract.errors.get(name)) {
        let _ = writeln!(out, "  {} {} {:?}", error.status, error.code, error.fault);
    }
}

fn is_part_of(resource: &Resource, operation: &str) -> bool {
    let cycle = &resource.lifecycle;
    let grants = resource
        .grants
        .iter()
        .flat_map(|grants| [&grants.authorize, &grants.revoke]);
    let single = [Some(&cycle.create), cycle.describe.as_ref(), cycle.delete.as_ref()]
        .into_iter()
        .flatten();
    single.chain(&cycle.modify).chain(grants).any(|name| name == operation)
}

fn life_cycle(out: &mut String, contract: &Contract, name: &str, resource: &Resource) {
    let cycle = &resource.lifecycle;
    let stored = if resource.identifier.lowercase {
        ", stored in lower case"
    } else {
        ""
    };
    let _ = writeln!(
        out,
        "\nresource {name}, identified by {}{stored}",
        resource.identifier.input
    );
    let mut line = |role: &str, operation: Option<&String>| {
        if let Some(operation) = operation {
            let _ = writeln!(out, "  {role:15} {operation}");
        }
    };
    line("create", Some(&cycle.create));
    line("describe", cycle.describe.as_ref());
    cycle
        .modify
        .iter()
        .for_each(|operation| line("modify", Some(operation)));
    if let Some(grants) = &resource.grants {
        line("authorize", Some(&grants.authorize));
        line("revoke", Some(&grants.revoke));
    }
    line("delete", cycle.delete.as_ref());
    // As they are on the wire, which is not always the name of their shape.
    let code = |name: &Option<String>| Some(contract.errors.get(name.as_ref()?)?.code.clone());
    line("already exists", code(&cycle.already_exists).as_ref());
    line("not found", code(&cycle.not_found).as_ref());
    line("quota exceeded", code(&cycle.quota_exceeded).as_ref());
    line("invalid state", code(&cycle.invalid_state).as_ref());
}
