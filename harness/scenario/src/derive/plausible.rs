//! Values that the sources call valid, for members that a call needs but does not test.

use parallax_contract::{Constraint, Contract, Member, Resource, Rule, Shape, ShapeKind, Value};

use crate::Names;
use crate::names::{escape, resolves};

/// The identifier of what nobody made.
pub(crate) const ABSENT: &str = "absent{run}";

/// The identifier of what a creation presupposes.
const PARENT: &str = "pxparent{run}";

/// How deep structures are filled; a shape may hold itself.
const DEPTH: usize = 5;

/// A point in time for members that want one: in the past and of no significance, in seconds since the epoch.
const MOMENT: f64 = 1_600_000_000.0;

/// A plausible input of an operation: its required members, with identifiers of what nobody made.
pub(crate) fn input(contract: &Contract, operation: &str) -> Value {
    let members = contract.input_members(operation).iter();
    Value::map(
        members
            .filter(|member| member.required)
            .map(|member| (member.name.clone(), of(contract, operation, member))),
    )
}

/// Adds plausible values for required members that `input` lacks.
pub(super) fn complete(contract: &Contract, operation: &str, input: &mut Value) {
    for (name, value) in self::input(contract, operation).fields() {
        if input.get(name).is_none() {
            input.set(name, value.clone());
        }
    }
}

/// A plausible value of one member of an operation's input.
pub(super) fn of(contract: &Contract, operation: &str, member: &Member) -> Value {
    sampled(contract, operation, &member.name)
        .or_else(|| nobodys(contract, operation, &member.name))
        .or_else(|| exemplified(contract, operation, &member.name))
        .unwrap_or_else(|| of_member(contract, member, DEPTH))
}

/// For a member that names a resource: the name of one that nobody made; for one that a creation needs, the name under
/// which the scenario makes it first.
fn nobodys(contract: &Contract, operation: &str, member: &str) -> Option<Value> {
    let mut resources = contract.resources.values();
    let creates = resources.any(|resource| resource.lifecycle.create == operation);
    let by_arn = contract
        .tagging
        .as_ref()
        .is_some_and(|tagging| tagging.resource_member == member);
    match named_by(contract, member) {
        Some(name) if creates && !assigned(contract, name) => Some(Value::text(PARENT)),
        Some(_) => Some(Value::text(ABSENT)),
        None => by_arn.then(|| Value::text(absent_arn(contract))),
    }
}

/// The resource that a member of this name identifies: by the identifier's own name, or by a longer name that ends in
/// it (`PrimaryClusterId` of `ClusterId`), where the identifier's name is the resource's and not just `Id`.
pub(super) fn named_by<'a>(contract: &'a Contract, member: &str) -> Option<&'a str> {
    let exact = |(_, resource): &(&String, &Resource)| resource.identifier.input == member;
    let longer = |(_, resource): &(&String, &Resource)| {
        let input = &resource.identifier.input;
        input.starts_with(&resource.shape) && member.ends_with(input.as_str())
    };
    let resources = || contract.resources.iter();
    let found = resources().find(exact).or_else(|| {
        resources()
            .filter(longer)
            .max_by_key(|(_, resource)| resource.identifier.input.len())
    });
    found.map(|(name, _)| name.as_str())
}

fn assigned(contract: &Contract, resource: &str) -> bool {
    contract
        .resources
        .get(resource)
        .is_some_and(|resource| resource.identifier.assigned)
}

/// The ARN of a resource that nobody made.
pub(super) fn absent_arn(contract: &Contract) -> String {
    let mut rules = contract.resources.values().filter_map(|resource| resource.arn.as_ref());
    let template = rules.find_map(|rule| rule.template.as_deref());
    let usual = || {
        format!(
            "arn:{{partition}}:{}:{{region}}:{{account}}:resource:{{id}}",
            contract.service.signing_name
        )
    };
    let arn = template
        .map_or_else(usual, str::to_owned)
        .replace("{partition}", "aws")
        .replace("{region}", "us-east-1")
        .replace("{account}", "000000000000")
        .replace("{id}", ABSENT);
    adopt_text(&arn)
}

/// Scenario text from text of the contract: its placeholders are kept if the run token alone fills them, else its
/// braces are meant as braces.
pub(super) fn adopt(value: &Value) -> Value {
    texts(value, &adopt_text)
}

/// Text of an example with its braces meant as braces.
pub(super) fn quote(value: &Value) -> Value {
    texts(value, &escape)
}

fn adopt_text(text: &str) -> String {
    match resolves(text, &Names::new("x")) {
        true => text.to_owned(),
        false => escape(text),
    }
}

/// The value with every text in it replaced.
fn texts(value: &Value, with: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::Text(text) => Value::Text(with(text)),
        Value::List(items) => Value::List(items.iter().map(|item| texts(item, with)).collect()),
        Value::Map(fields) => Value::map(fields.iter().map(|(name, value)| (name.clone(), texts(value, with)))),
        other => other.clone(),
    }
}

/// The rules on a member: its own and those of its shape.
pub(super) fn rules<'a>(contract: &'a Contract, member: &'a Member) -> impl Iterator<Item = &'a Rule> {
    let of_shape = contract
        .shape(&member.shape)
        .map_or(&[][..], |shape| &shape.constraints);
    member
        .constraints
        .iter()
        .chain(of_shape)
        .map(|Constraint { rule, .. }| rule)
}

fn sampled(contract: &Contract, operation: &str, member: &str) -> Option<Value> {
    let mut resources = contract.resources.values();
    let resource = resources.find(|resource| resource.lifecycle.create == operation)?;
    resource.sample.as_ref()?.input.get(member).map(adopt)
}

fn exemplified(contract: &Contract, operation: &str, member: &str) -> Option<Value> {
    let mut examples = contract
        .examples
        .iter()
        .filter(|example| example.operation == operation);
    examples.find_map(|example| example.input.get(member)).map(quote)
}

fn of_member(contract: &Contract, member: &Member, depth: usize) -> Value {
    let valid = rules(contract, member).find_map(|rule| match rule {
        Rule::ValidValues { values } => values.first(),
        _ => None,
    });
    match (valid, contract.shape(&member.shape)) {
        (Some(value), Some(shape)) if is_text(shape) => Value::text(escape(value)),
        (_, Some(shape)) => of_shape(contract, shape, rules(contract, member), depth),
        (_, None) => Value::text("px"),
    }
}

fn is_text(shape: &Shape) -> bool {
    shape.kind == ShapeKind::String
}

fn of_shape<'a>(contract: &Contract, shape: &Shape, mut rules: impl Iterator<Item = &'a Rule>, depth: usize) -> Value {
    match &shape.kind {
        _ if depth == 0 => Value::Null,
        ShapeKind::String => Value::text(text(rules)),
        ShapeKind::Integer | ShapeKind::Long => Value::Int(number(&mut rules)),
        ShapeKind::Float | ShapeKind::Double => Value::Float(1.0),
        ShapeKind::Boolean => Value::Bool(false),
        ShapeKind::Timestamp { .. } => Value::Timestamp(MOMENT),
        ShapeKind::Blob => Value::Blob(b"px".to_vec()),
        ShapeKind::List { member, .. } => Value::List(vec![of_named(contract, member, depth)]),
        ShapeKind::Map { key, value, .. } => match of_named(contract, key, depth) {
            Value::Text(key) => Value::map([(key, of_named(contract, value, depth))]),
            _ => Value::Map(Vec::new()),
        },
        ShapeKind::Structure { members } => structure(contract, members, depth),
    }
}

/// The required members, or all plain ones where none is required, so that something is sent at all.
fn structure(contract: &Contract, members: &[Member], depth: usize) -> Value {
    let any_required = members.iter().any(|member| member.required);
    let wanted = |member: &&Member| match any_required {
        true => member.required,
        false => contract.shape(&member.shape).is_some_and(is_plain),
    };
    Value::map(
        members
            .iter()
            .filter(wanted)
            .map(|member| (member.name.clone(), of_member(contract, member, depth - 1))),
    )
}

fn is_plain(shape: &Shape) -> bool {
    !matches!(
        shape.kind,
        ShapeKind::Structure { .. } | ShapeKind::List { .. } | ShapeKind::Map { .. }
    )
}

fn of_named(contract: &Contract, shape: &str, depth: usize) -> Value {
    let Some(shape) = contract.shape(shape) else {
        return Value::text("px");
    };
    let valid = shape.constraints.iter().find_map(|constraint| match &constraint.rule {
        Rule::ValidValues { values } if is_text(shape) => values.first(),
        _ => None,
    });
    match valid {
        Some(value) => Value::text(escape(value)),
        None => of_shape(contract, shape, shape.constraints.iter().map(|c| &c.rule), depth - 1),
    }
}

/// Text within its length bounds. A pattern of digits alone gets digits, any other gets letters.
fn text<'a>(rules: impl Iterator<Item = &'a Rule>) -> String {
    let (mut length, mut longest, mut letter) = (2, u64::MAX, "p");
    for rule in rules {
        match rule {
            Rule::MinLength { min } => length = length.max((*min).min(4096)),
            Rule::MaxLength { max } => longest = longest.min(*max),
            Rule::Pattern { regex } if regex.starts_with(r"\d") => letter = "1",
            _ => {}
        }
    }
    letter.repeat(usize::try_from(length.min(longest)).unwrap_or(2))
}

fn number<'a>(rules: &mut impl Iterator<Item = &'a Rule>) -> i64 {
    let bounds = rules.find_map(|rule| match rule {
        Rule::Range { min, max } => Some(min.or(*max)),
        _ => None,
    });
    bounds.flatten().unwrap_or(1)
}
