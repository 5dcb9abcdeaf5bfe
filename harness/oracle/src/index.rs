//! What the oracle looks up for each call, prepared once.

use std::collections::{BTreeMap, BTreeSet};

use parallax_contract::{
    Basis, Confidence, Constraint, Contract, Evidence, Member, Origin, Resource, Rule, Shape, ShapeKind,
};
use regex::Regex;
use rustc_hash::FxHashMap;

/// What an operation does to resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Create(usize),
    Describe(usize),
    Delete(usize),
    Modify(usize),
    Authorize(usize),
    Revoke(usize),
    TagAdd,
    TagList,
    TagRemove,
    Other,
}

/// Prepared lookups. Resources are numbered in the order of their names. The hash maps are only looked into, never walked,
/// so that their order shows nowhere.
#[derive(Debug)]
pub(crate) struct Index {
    pub(crate) resources: Vec<Resource>,
    pub(crate) roles: FxHashMap<String, Role>,
    pub(crate) shapes: FxHashMap<String, Vec<Check>>,
    pub(crate) members: FxHashMap<String, Vec<MemberChecks>>,
    /// The identifier members of inputs, by name, whatever the operation: an identifier must not be blank.
    pub(crate) identifiers: BTreeSet<String>,
    /// What supports that identifiers are stored in lower case, by resource.
    lowercase: BTreeMap<String, Basis>,
}

/// A rule with what supports it, ready to be applied.
#[derive(Debug)]
pub(crate) struct Check {
    pub(crate) rule: Rule,
    pub(crate) regex: Option<Regex>,
    pub(crate) basis: Basis,
    /// Whether the model states it, and not only a sentence.
    pub(crate) modelled: bool,
}

/// The checks of one member of a structure.
#[derive(Debug)]
pub(crate) struct MemberChecks {
    pub(crate) name: String,
    pub(crate) shape: String,
    pub(crate) required: Option<Basis>,
    pub(crate) checks: Vec<Check>,
}

impl Index {
    pub(crate) fn new(contract: &Contract) -> Self {
        let resources: Vec<Resource> = contract.resources.values().cloned().collect();
        let identifiers = resources
            .iter()
            .map(|resource| resource.identifier.input.clone())
            .collect();
        let shapes = contract
            .shapes
            .iter()
            .map(|(name, shape)| (name.clone(), checks(name, &shape.constraints)))
            .collect();
        let members = contract
            .shapes
            .iter()
            .map(|(name, shape)| (name.clone(), member_checks(name, shape)))
            .collect();
        let lowercase = resources
            .iter()
            .map(|resource| (resource.shape.clone(), lowercase(contract, resource)))
            .collect();
        Self {
            roles: roles(contract, &resources),
            resources,
            shapes,
            members,
            identifiers,
            lowercase,
        }
    }

    /// What supports that this resource's identifiers are stored in lower case.
    pub(crate) fn lowercase_basis(&self, resource: &Resource) -> &Basis {
        self.lowercase.get(&resource.shape).unwrap_or(&crate::pattern::ECHO)
    }

    /// The rules of the identifier where a resource is made.
    pub(crate) fn identifier_checks(&self, contract: &Contract, number: usize) -> impl Iterator<Item = &Check> {
        let resource = self.resources.get(number);
        let input = resource
            .and_then(|resource| contract.operations.get(&resource.lifecycle.create))
            .and_then(|operation| operation.input.as_ref());
        let member = input.and_then(|shape| self.members.get(shape)).and_then(|members| {
            members
                .iter()
                .find(|m| resource.is_some_and(|r| r.identifier.input == m.name))
        });
        let own = member.map_or(&[][..], |member| &member.checks);
        let shape = member
            .and_then(|member| self.shapes.get(&member.shape))
            .map_or(&[][..], Vec::as_slice);
        own.iter().chain(shape)
    }

    /// The resource of a shape's name.
    pub(crate) fn resource(&self, number: usize) -> Option<&Resource> {
        self.resources.get(number)
    }
}

fn roles(contract: &Contract, resources: &[Resource]) -> FxHashMap<String, Role> {
    let mut roles = FxHashMap::default();
    for (number, resource) in resources.iter().enumerate() {
        let cycle = &resource.lifecycle;
        for modify in &cycle.modify {
            roles.insert(modify.clone(), Role::Modify(number));
        }
        if let Some(grants) = &resource.grants {
            roles.insert(grants.authorize.clone(), Role::Authorize(number));
            roles.insert(grants.revoke.clone(), Role::Revoke(number));
        }
        let named = [
            (&cycle.describe, Role::Describe(number)),
            (&cycle.delete, Role::Delete(number)),
        ];
        roles.extend(named.into_iter().filter_map(|(name, role)| Some((name.clone()?, role))));
        roles.insert(cycle.create.clone(), Role::Create(number));
    }
    if let Some(tagging) = &contract.tagging {
        roles.insert(tagging.add.clone(), Role::TagAdd);
        roles.insert(tagging.list.clone(), Role::TagList);
        roles.insert(tagging.remove.clone(), Role::TagRemove);
    }
    roles
}

fn lowercase(contract: &Contract, resource: &Resource) -> Basis {
    let rule = contract
        .input_members(&resource.lifecycle.create)
        .iter()
        .filter(|member| member.name == resource.identifier.input)
        .flat_map(|member| &member.constraints)
        .find(|constraint| constraint.rule == Rule::StoredLowercase);
    let (source, confidence) = rule.map_or_else(
        || (format!("contract: {}", resource.shape), Confidence::Documented),
        |constraint| (format!("documentation: {}", constraint.at), constraint.confidence),
    );
    Evidence::basis(
        format!("{} is stored in lower case", resource.identifier.output),
        source,
        confidence,
    )
}

fn checks(subject: &str, constraints: &[Constraint]) -> Vec<Check> {
    constraints
        .iter()
        .map(|constraint| check(subject, constraint))
        .collect()
}

fn member_checks(shape_name: &str, shape: &Shape) -> Vec<MemberChecks> {
    let ShapeKind::Structure { members } = &shape.kind else {
        return Vec::new();
    };
    members.iter().map(|member| one_member(shape_name, member)).collect()
}

fn one_member(shape_name: &str, member: &Member) -> MemberChecks {
    let required = member.required.then(|| {
        let fact = format!("{} is required", member.name);
        Evidence::basis(
            fact,
            format!("model: {shape_name}.{}", member.name),
            Confidence::Documented,
        )
    });
    MemberChecks {
        name: member.name.clone(),
        shape: member.shape.clone(),
        required,
        checks: checks(&member.name, &member.constraints),
    }
}

/// Smithy says that a pattern need only be found somewhere in a text. Services hold the whole text against it: one refused
/// a table's name in quotes against `[a-zA-Z0-9_.-]+`, which is found between them.
const WHOLE: &str = "services match the whole text: github.com/aws/aws-cli/issues/790";

fn check(subject: &str, constraint: &Constraint) -> Check {
    let Constraint {
        rule,
        origin,
        confidence,
        at,
    } = constraint;
    let regex = match rule {
        // An expression that this engine cannot compile supports nothing.
        Rule::Pattern { regex } => Regex::new(&format!("^(?s:{regex})$")).ok(),
        _ => None,
    };
    let source = match origin {
        Origin::Model if matches!(rule, Rule::Pattern { .. }) => format!("model: {at}; {WHOLE}"),
        Origin::Model => format!("model: {at}"),
        Origin::Prose => format!("documentation: {at}"),
        Origin::Example => format!("example: {at}"),
        Origin::Overlay => at.clone(),
    };
    let basis = Evidence::basis(format!("{subject}: {rule}"), source, *confidence);
    Check {
        rule: rule.clone(),
        regex,
        basis,
        modelled: *origin == Origin::Model,
    }
}
