//! What generation needs of a contract, prepared once.

use std::collections::{BTreeMap, BTreeSet};

use parallax_contract::{Call, Contract, Tagging};

use super::Options;
use super::member::{Field, Kind, inputs};
use super::text::TextRule;
use crate::derive::kit::{Kit, absent_arn, kits, plain_call};

/// A contract's operations, ready to be asked at random.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) kits: Vec<Kit>,
    pub(super) tagging: Option<TagPlan>,
    /// Plain calls of operations that belong to no resource.
    pub(super) others: Vec<Call>,
    pub(super) absent_arn: String,
    /// Operations whose answers are paged.
    pub(super) paged: BTreeSet<String>,
    inputs: BTreeMap<String, Vec<Field>>,
    /// Where a member's texts are bounded by nothing.
    free: TextRule,
}

/// The tagging interface.
#[derive(Clone, Debug)]
pub(super) struct TagPlan {
    pub(super) tagging: Tagging,
    pub(super) add: Call,
    pub(super) list: Call,
    pub(super) remove: Call,
    pub(super) key: TextRule,
    pub(super) value: TextRule,
    /// The most tags that a resource may have, or what is usual.
    pub(super) limit: usize,
}

/// How many tags a resource may usually have.
const USUAL_LIMIT: u64 = 50;

impl Plan {
    pub(super) fn new(contract: &Contract, options: &Options) -> Self {
        let kits: Vec<_> = kits(contract)
            .into_iter()
            .filter(|kit| options.wants(kit, contract))
            .collect();
        let inputs = inputs(contract);
        let known: BTreeSet<&str> = kits.iter().flat_map(Kit::operations).collect();
        let paged = |(name, operation): (&String, &parallax_contract::Operation)| {
            operation.paginator.as_ref().map(|_| name.clone())
        };
        Self {
            tagging: contract
                .tagging
                .as_ref()
                .map(|tagging| TagPlan::new(contract, tagging, &inputs)),
            others: others(contract, options, &known),
            absent_arn: absent_arn(contract),
            paged: contract.operations.iter().filter_map(paged).collect(),
            free: TextRule::new(std::iter::empty()),
            inputs,
            kits,
        }
    }

    /// Every operation that may be asked; those of the tagging interface only where there is something to tag.
    pub(super) fn operations(&self) -> impl Iterator<Item = &str> {
        let taggable = !self.kits.is_empty();
        let tagging = self.tagging.iter().filter(move |_| taggable);
        let tagging = tagging.flat_map(|plan| [&plan.add, &plan.list, &plan.remove]);
        let parents = self.kits.iter().flat_map(|kit| &kit.parents).map(|step| &step.call);
        let calls = tagging
            .chain(&self.others)
            .chain(parents)
            .map(|call| call.operation.as_str());
        self.kits.iter().flat_map(Kit::operations).chain(calls)
    }

    /// The input members of an operation.
    pub(super) fn fields(&self, operation: &str) -> &[Field] {
        self.inputs.get(operation).map_or(&[], Vec::as_slice)
    }

    /// Whether a member of this name takes an identifier somewhere.
    pub(super) fn names_one(&self, member: &str) -> bool {
        let mut kits = self.kits.iter();
        kits.any(|kit| kit.id_member.as_deref() == Some(member) || kit.id_input == member)
    }

    /// What is known of the texts of an input member.
    pub(super) fn rule(&self, operation: &str, member: &str) -> &TextRule {
        let field = self.fields(operation).iter().find(|field| field.name == member);
        match field.map(|field| &field.kind) {
            Some(Kind::Text(rule)) => rule,
            _ => &self.free,
        }
    }
}

/// Plain calls of operations that are neither a kit's nor another resource's.
fn others(contract: &Contract, options: &Options, known: &BTreeSet<&str>) -> Vec<Call> {
    let owned: BTreeSet<String> = kits(contract)
        .iter()
        .flat_map(|kit| kit.operations().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let wanted = |name: &&String| match options.operations.is_empty() {
        true => options.resources.is_empty() && !owned.contains(*name),
        false => options.operations.contains(name) && !known.contains(name.as_str()),
    };
    let names = contract.operations.keys().filter(wanted);
    names.map(|name| plain_call(contract, name)).collect()
}

impl TagPlan {
    fn new(contract: &Contract, tagging: &Tagging, inputs: &BTreeMap<String, Vec<Field>>) -> Self {
        let limit = tagging.limit.as_ref().map_or(USUAL_LIMIT, |quota| quota.limit);
        let rule = |part: &str| tag_rule(inputs, tagging, part);
        Self {
            add: plain_call(contract, &tagging.add),
            list: plain_call(contract, &tagging.list),
            remove: plain_call(contract, &tagging.remove),
            key: rule(&tagging.key),
            value: rule(&tagging.value),
            limit: usize::try_from(limit.min(200)).unwrap_or(200),
            tagging: tagging.clone(),
        }
    }
}

/// What is known of a tag's key or value.
fn tag_rule(inputs: &BTreeMap<String, Vec<Field>>, tagging: &Tagging, part: &str) -> TextRule {
    let find = |fields: &[Field], name: &str| fields.iter().find(|field| field.name == name).map(|f| f.kind.clone());
    let tags = inputs
        .get(&tagging.add)
        .and_then(|fields| find(fields, &tagging.tags_member));
    let part = match tags {
        Some(Kind::List(element, _)) => match *element {
            Kind::Structure(fields) => find(&fields, part),
            _ => None,
        },
        _ => None,
    };
    match part {
        Some(Kind::Text(rule)) => rule,
        _ => TextRule::new(std::iter::empty()),
    }
}
