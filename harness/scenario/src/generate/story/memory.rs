//! What a sequence made so far.

use std::collections::BTreeSet;

use parallax_contract::{Call, Value};

use super::Plan;
use crate::Step;
use crate::derive::kit::Kit;
use crate::generate::plan::TagPlan;

/// What later steps may take up.
#[derive(Debug, Default)]
pub(in crate::generate) struct Memory {
    /// Creations in order.
    pub(super) made: Vec<Made>,
    /// Tags given, by key and value.
    pub(super) tags: Vec<(String, String)>,
    /// What was deleted, by kit and address.
    pub(super) deleted: Vec<(usize, String)>,
    /// Permissions given, by the members that identify them.
    pub(super) grants: Vec<Vec<(String, Value)>>,
    /// Kits whose presupposed creations are made.
    pub(super) provided: BTreeSet<usize>,
    /// The creation that the last step was about.
    pub(super) touched: usize,
}

/// One creation.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) kit: usize,
    /// How it is addressed, in the notation of scenarios.
    pub(super) address: String,
    /// The name of the captured ARN.
    pub(super) arn: Option<String>,
}

impl Memory {
    /// What these steps make, as far as their calls tell.
    pub(in crate::generate) fn of(plan: &Plan, steps: &[Step]) -> Self {
        let mut memory = Self::default();
        for step in steps {
            let creates = |kit: &Kit| kit.create.call.operation == step.call.operation;
            if let Some(number) = plan.kits.iter().position(creates) {
                memory.provided.insert(number);
                let made = plan.kits.get(number).and_then(|kit| Made::of(number, kit, step));
                memory.made.extend(made);
            }
            memory.note_tags(plan, &step.call.input);
            memory.note_deeds(plan, step);
        }
        memory.touched = memory.made.len().saturating_sub(1);
        memory
    }

    /// The kit of the last creation.
    pub(in crate::generate) fn last_kit(&self) -> Option<usize> {
        self.made.last().map(|made| made.kit)
    }

    /// Remembers the tags anywhere in the first level of an input.
    fn note_tags(&mut self, plan: &Plan, input: &Value) {
        let Some(TagPlan { tagging, .. }) = &plan.tagging else {
            return;
        };
        let text = |tag: &Value, name: &str| tag.get(name).and_then(Value::as_text).map(str::to_owned);
        let lists = input.fields().iter().filter_map(|(_, value)| value.as_list());
        let tags = lists
            .flatten()
            .filter_map(|tag| Some((text(tag, &tagging.key)?, text(tag, &tagging.value).unwrap_or_default())));
        self.tags.extend(tags);
    }

    /// Remembers a permission that is given, and a deletion of what was made.
    fn note_deeds(&mut self, plan: &Plan, step: &Step) {
        let input = &step.call.input;
        let is = |call: &Call| call.operation == step.call.operation;
        for (number, kit) in plan.kits.iter().enumerate() {
            if let Some(grants) = kit.grants.as_ref().filter(|grants| is(&grants.authorize)) {
                let part = |key: &String| Some((key.clone(), input.get(key)?.clone()));
                self.grants
                    .extend(grants.keys.iter().map(part).collect::<Option<Vec<_>>>());
            }
            if kit.delete.as_ref().is_some_and(is)
                && let Some(id) = input.get(&kit.id_input).and_then(Value::as_text)
            {
                self.deleted.push((number, id.to_owned()));
            }
        }
    }
}

impl Made {
    pub(super) fn of(number: usize, kit: &Kit, step: &Step) -> Option<Self> {
        let named = |name: &str| {
            let path = &kit.create.captures.iter().find(|capture| capture.name == name)?.path;
            let found = step.captures.iter().find(|capture| capture.path == *path);
            found.map(|capture| capture.name.clone())
        };
        let address = match kit.assigned {
            true => format!("{{{}}}", named("id")?),
            false => step.call.input.get(kit.id_member.as_deref()?)?.as_text()?.to_owned(),
        };
        Some(Self {
            kit: number,
            address,
            arn: named("arn"),
        })
    }
}
