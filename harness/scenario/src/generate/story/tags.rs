//! The steps that tag.

use parallax_contract::{Call, Value};

use super::Story;
use crate::derive::kit::Kit;
use crate::generate::choose::{index, pick, pick_recent, rarely, weighted};
use crate::generate::folding::respell;
use crate::generate::plan::TagPlan;

/// Keys that meet when folded, and keys that a service keeps for itself.
const KEYS: [&str; 10] = ["k", "K", "\u{212a}", "aws:px", "AWS:px", "Aws:px", "ß", "ss", " k", ""];

/// How carefully a list of tags is made. One that breaks a rule is refused as a whole, so the others are seldom seen then.
#[derive(Clone, Copy)]
enum Care {
    /// Nothing in it breaks a rule.
    Kept,
    /// One of them may.
    OneOdd,
    /// All of them may.
    Any,
}

const CARE: [(u32, Care); 3] = [(5, Care::Kept), (2, Care::OneOdd), (1, Care::Any)];

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
        let keys = self.keys(plan);
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
            other => 1 + other as usize % 4,
        };
        let care = weighted(self.choose, &CARE).unwrap_or(Care::Kept);
        let odd = index(self.choose, count);
        let mut tags = Vec::new();
        for at in 0..count {
            let kept = match care {
                Care::Kept => true,
                Care::OneOdd => at != odd,
                Care::Any => false,
            };
            tags.extend(self.tag(plan, kept, &tags));
        }
        Value::List(tags)
    }

    /// A tag, new or near one that was given before; none where a careful list has its key already.
    fn tag(&mut self, plan: &TagPlan, kept: bool, others: &[Value]) -> Option<Value> {
        let known = pick_recent(self.choose, &self.memory.tags).cloned();
        let (key, old) = match (known, self.choose.below(4)) {
            (Some((key, old)), 2) => (key, old),
            (Some((key, old)), 3) => (respell(self.choose, &key), old),
            (known, _) => (
                self.fresh_key(plan, kept),
                known.map(|(_, old)| old).unwrap_or_default(),
            ),
        };
        let is_key = |tag: &Value| tag.get(&plan.tagging.key).and_then(Value::as_text) == Some(key.as_str());
        if kept && others.iter().any(is_key) {
            return None;
        }
        let value = self.tag_value(plan, kept, (&key, old));
        let text = value.as_ref().and_then(Value::as_text).unwrap_or_default();
        self.memory.tags.push((key.clone(), text.to_owned()));
        Some(tag(plan, key, value))
    }

    fn fresh_key(&mut self, plan: &TagPlan, kept: bool) -> String {
        match (kept, self.choose.below(4)) {
            (true, _) => plan.key.kept(self.choose),
            (false, 3) => (*pick(self.choose, &KEYS).unwrap_or(&"k")).to_owned(),
            (false, _) => plan.key.text(self.choose),
        }
    }

    /// A value: a new one, the one given before in another spelling, the key, or hardly one.
    fn tag_value(&mut self, plan: &TagPlan, kept: bool, (key, old): (&str, String)) -> Option<Value> {
        match self.choose.below(16) {
            9 => Some(Value::Text(old)),
            10..=12 if !old.is_empty() => Some(Value::Text(respell(self.choose, &old))),
            13 => Some(Value::text(key)),
            14 if !kept => Some(Value::text("")),
            15 if !kept && self.choose.below(2) == 0 => Some(Value::Null),
            15 if !kept => None,
            _ if kept => Some(Value::Text(plan.value.kept(self.choose))),
            _ => Some(Value::Text(plan.value.text(self.choose))),
        }
    }

    /// Keys to be removed: mostly some that were given.
    fn keys(&mut self, plan: &TagPlan) -> Vec<Value> {
        let given = self.choose.below(4) < 3;
        let count = 1 + self.choose.below(3);
        let mut keys: Vec<String> = Vec::new();
        for _ in 0..count {
            let key = match pick_recent(self.choose, &self.memory.tags).cloned() {
                Some((known, _)) if given => known,
                Some((known, _)) if self.choose.below(2) == 0 => respell(self.choose, &known),
                _ => self.fresh_key(plan, given),
            };
            if !given || !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys.into_iter().map(Value::Text).collect()
    }
}

fn tag(plan: &TagPlan, key: String, value: Option<Value>) -> Value {
    let key = (plan.tagging.key.clone(), Value::Text(key));
    let value = value.map(|value| (plan.tagging.value.clone(), value));
    Value::Map(std::iter::once(key).chain(value).collect())
}
