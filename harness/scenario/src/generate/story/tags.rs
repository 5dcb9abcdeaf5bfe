//! The steps that tag.

use parallax_contract::{Call, Value};

use super::Story;
use crate::derive::kit::Kit;
use crate::generate::choose::{pick, pick_recent, rarely, weighted};
use crate::generate::folding::respell;
use crate::generate::plan::TagPlan;

/// Keys that meet when folded, and keys that a service keeps for itself.
const KEYS: [&str; 10] = ["k", "K", "\u{212a}", "aws:px", "AWS:px", "Aws:px", "ß", "ss", " k", ""];

/// How a resource is named by its ARN.
#[derive(Clone, Copy)]
enum By {
    Arn,
    OtherCase,
    Respelled,
    OtherName,
    Nobodys,
}

impl Story<'_> {
    pub(super) fn add_tags(&mut self) {
        let Some(plan) = &self.plan.tagging else {
            return;
        };
        let arn = self.arn();
        let tags = self.tags(plan);
        self.tagging_call(plan, &plan.add, arn, Some((&plan.tagging.tags_member, tags)));
    }

    pub(super) fn list_tags(&mut self) {
        let arn = self.arn();
        self.list_tags_of(arn);
    }

    pub(super) fn list_tags_of(&mut self, arn: String) {
        if let Some(plan) = &self.plan.tagging {
            self.tagging_call(plan, &plan.list, arn, None);
        }
    }

    pub(super) fn remove_tags(&mut self) {
        let Some(plan) = &self.plan.tagging else {
            return;
        };
        let arn = self.arn();
        let count = 1 + self.choose.below(3);
        let keys = (0..count).map(|_| Value::Text(self.key(plan, 3))).collect();
        self.tagging_call(
            plan,
            &plan.remove,
            arn,
            Some((&plan.tagging.keys_member, Value::List(keys))),
        );
    }

    /// Gives a creation tags, one time in three.
    pub(super) fn tag_it(&mut self, kit: &Kit, call: &mut Call) {
        if let (Some(plan), Some(member)) = (&self.plan.tagging, &kit.tags_member)
            && self.choose.below(3) == 2
        {
            let tags = self.tags(plan);
            call.input.set(member, tags);
        }
    }

    fn tagging_call(&mut self, plan: &TagPlan, call: &Call, arn: String, member: Option<(&String, Value)>) {
        let mut call = call.clone();
        call.input.set(&plan.tagging.resource_member, Value::Text(arn));
        if let Some((name, value)) = member {
            call.input.set(name, value);
        }
        self.ask(call);
    }

    /// The ARN of one that was made, or something near it.
    fn arn(&mut self) -> String {
        let captured: Vec<usize> = (0..self.memory.made.len())
            .filter(|at| self.memory.made.get(*at).is_some_and(|made| made.arn.is_some()))
            .collect();
        let chosen = pick_recent(self.choose, &captured).and_then(|at| Some((*at, self.memory.made.get(*at)?)));
        let Some((at, made)) = chosen else {
            return self.plan.absent_arn.clone();
        };
        let (arn, id) = (made.arn.clone().unwrap_or_default(), made.address.clone());
        self.memory.touched = at;
        let by = [
            (16, By::Arn),
            (2, By::OtherCase),
            (1, By::Respelled),
            (2, By::OtherName),
            (1, By::Nobodys),
        ];
        match weighted(self.choose, &by).unwrap_or(By::Arn) {
            By::Arn => format!("{{{arn}}}"),
            By::OtherCase => format!(
                "{{{arn}:{}}}",
                pick(self.choose, &["lower", "upper"]).unwrap_or(&"lower")
            ),
            By::Respelled => respell(self.choose, &format!("{{{arn}}}")),
            By::OtherName => format!("{{{arn}:parent}}{}", respell(self.choose, &id)),
            By::Nobodys => self.plan.absent_arn.clone(),
        }
    }

    /// A few tags; now and then none, or as many as there may be and one fewer or more.
    fn tags(&mut self, plan: &TagPlan) -> Value {
        if rarely(self.choose, 30) {
            let count = (plan.limit + self.choose.below(3) as usize).saturating_sub(1);
            let numbered = |number| tag(plan, format!("key-{number:03}"), Some(Value::text("x")));
            return Value::List((0..count).map(numbered).collect());
        }
        let count = match self.choose.below(16) {
            15 => 0,
            other => 1 + other % 4,
        };
        let mut tags = Vec::new();
        for _ in 0..count {
            let key = self.key(plan, 2);
            let value = self.tag_value(plan);
            self.memory.keys.push(key.clone());
            tags.push(tag(plan, key, value));
        }
        Value::List(tags)
    }

    /// A key; one that was given before, or a respelling of it, so many times in four.
    fn key(&mut self, plan: &TagPlan, again: u32) -> String {
        let fresh = self.choose.below(4) >= again;
        match pick_recent(self.choose, &self.memory.keys).cloned() {
            Some(known) if !fresh && self.choose.below(2) == 0 => known,
            Some(known) if !fresh => respell(self.choose, &known),
            _ => match self.choose.below(4) {
                3 => (*pick(self.choose, &KEYS).unwrap_or(&"k")).to_owned(),
                _ => plan.key.text(self.choose),
            },
        }
    }

    fn tag_value(&mut self, plan: &TagPlan) -> Option<Value> {
        match self.choose.below(16) {
            13 => Some(Value::text("")),
            14 => Some(Value::Null),
            15 => None,
            _ => Some(Value::Text(plan.value.text(self.choose))),
        }
    }
}

fn tag(plan: &TagPlan, key: String, value: Option<Value>) -> Value {
    let key = (plan.tagging.key.clone(), Value::Text(key));
    let value = value.map(|value| (plan.tagging.value.clone(), value));
    Value::Map(std::iter::once(key).chain(value).collect())
}
