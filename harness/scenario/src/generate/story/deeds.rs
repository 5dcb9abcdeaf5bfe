//! The steps of a life cycle.

use parallax_contract::{Call, ListForm, Tweak, Value};

use super::memory::Made;
use super::{ABSENT, Story};
use crate::derive::kit::Kit;
use crate::generate::choose::{index, pick, pick_recent, rarely, weighted};
use crate::generate::folding::respell;
use crate::generate::member::{add_extras, drop_one};
use crate::{Capture, Step};

/// Departures from the usual encoding that say the same, or nearly.
const TWEAKS: [Tweak; 6] = [
    Tweak::Get,
    Tweak::OtherSpace,
    Tweak::Lists(ListForm::Member),
    Tweak::Lists(ListForm::LocationName),
    Tweak::Lists(ListForm::Gaps),
    Tweak::Lists(ListForm::FromZero),
];

/// What tells the names of siblings apart, when people number them.
const ENDINGS: [&str; 8] = ["1", "2", "0", "a", "10", "x", "b", "-1"];

/// Which identifier is asked for.
#[derive(Clone, Copy)]
enum Whose {
    Made,
    Respelled,
    Another,
    Nobodys,
}

impl Story<'_> {
    /// One more creation, with what it presupposes before it.
    pub(super) fn create(&mut self) {
        let Some((number, kit)) = self.kit() else {
            return self.other();
        };
        let id = self.fresh_name(kit, number);
        self.create_as(number, kit, id);
    }

    fn create_as(&mut self, number: usize, kit: &Kit, id: String) {
        if self.memory.provided.insert(number) {
            self.steps.extend(kit.parents.iter().cloned());
        }
        let mut step = kit.create.clone();
        let serial = self.memory.made.len() + 1;
        for Capture { name, .. } in &mut step.captures {
            *name = format!("{name}{serial}");
        }
        if let Some(member) = &kit.id_member {
            step.call.input.set(member, Value::Text(id));
        }
        self.describe_it(kit, &mut step.call);
        self.tag_it(kit, &mut step.call);
        self.vary(&mut step.call);
        self.memory.made.extend(Made::of(number, kit, &step));
        self.memory.touched = self.memory.made.len().saturating_sub(1);
        self.steps.push(step);
    }

    /// Deletes one and makes it again under the same name, or only makes it again where it is gone.
    pub(super) fn recreate(&mut self) {
        let Some((number, kit)) = self.kit() else {
            return;
        };
        let taken = self.addresses_of(number);
        let Some(id) = pick_recent(self.choose, &taken).cloned() else {
            return;
        };
        if kit.assigned {
            return self.delete();
        }
        let gone = (number, id.clone());
        if let Some(mut call) = kit.delete.clone().filter(|_| !self.memory.deleted.contains(&gone)) {
            call.input.set(&kit.id_input, Value::text(&id));
            self.ask(call);
        }
        self.memory.deleted.retain(|other| *other != gone);
        self.create_as(number, kit, id);
    }

    /// A name for a new one: its own, or near one that is there.
    fn fresh_name(&mut self, kit: &Kit, number: usize) -> String {
        let taken = self.addresses_of(number);
        let serial = taken.len();
        if !kit.assigned && !taken.is_empty() && self.choose.below(3) == 2 {
            let id = pick_recent(self.choose, &taken).cloned().unwrap_or_default();
            return match self.choose.below(4) {
                0 => id,
                1 => respell(self.choose, &id),
                _ => id + pick(self.choose, &ENDINGS).unwrap_or(&"1"),
            };
        }
        let member = kit.id_member.as_deref().unwrap_or_default();
        let rule = self.plan.rule(&kit.create.call.operation, member);
        rule.name(self.choose, serial)
    }

    fn addresses_of(&self, kit: usize) -> Vec<String> {
        let made = self.memory.made.iter().filter(|made| made.kit == kit);
        made.map(|made| made.address.clone()).collect()
    }

    fn describe_it(&mut self, kit: &Kit, call: &mut Call) {
        if let Some(member) = kit.description.as_deref().filter(|_| self.choose.below(4) > 0) {
            let text = self.plan.rule(&call.operation, member).text(self.choose);
            call.input.set(member, Value::Text(text));
        }
    }

    pub(super) fn describe(&mut self) {
        let Some((number, kit)) = self.kit() else {
            return;
        };
        let id = self.address(number, kit, true);
        self.describe_as(kit, id);
    }

    pub(super) fn describe_as(&mut self, kit: &Kit, id: String) {
        if let (Some(call), Some(filter)) = (&kit.describe, &kit.filter) {
            let mut call = call.clone();
            call.input.set(filter, Value::Text(id));
            self.ask(call);
        }
    }

    pub(super) fn describe_all(&mut self) {
        if let Some(call) = self.kit().and_then(|(_, kit)| kit.describe.clone()) {
            let all_pages = self.plan.paged.contains(&call.operation) && self.choose.below(3) == 2;
            self.ask(call);
            if let Some(step) = self.steps.last_mut() {
                step.all_pages = all_pages;
            }
        }
    }

    pub(super) fn delete(&mut self) {
        if let Some((number, kit)) = self.kit()
            && let Some(mut call) = kit.delete.clone()
        {
            let id = self.address(number, kit, false);
            self.memory.deleted.push((number, id.clone()));
            call.input.set(&kit.id_input, Value::Text(id));
            self.ask(call);
        }
    }

    pub(super) fn modify(&mut self) {
        if let Some((number, kit)) = self.kit()
            && let Some(mut call) = pick(self.choose, &kit.modify).cloned()
        {
            add_extras(self.choose, self.plan.fields(&call.operation), &mut call.input);
            self.ask_about(number, kit, call);
        }
    }

    pub(super) fn other(&mut self) {
        if let Some(mut call) = pick(self.choose, &self.plan.others).cloned() {
            add_extras(self.choose, self.plan.fields(&call.operation), &mut call.input);
            self.ask(call);
        }
    }

    /// Asks for a call with the identifier of one of this kit.
    pub(super) fn ask_about(&mut self, number: usize, kit: &Kit, mut call: Call) {
        let id = self.address(number, kit, false);
        call.input.set(&kit.id_input, Value::Text(id));
        self.ask(call);
    }

    pub(super) fn ask(&mut self, mut call: Call) {
        self.vary(&mut call);
        self.steps.push(Step::new("", call));
    }

    /// Now and then more members, one member less, or another encoding.
    fn vary(&mut self, call: &mut Call) {
        if rarely(self.choose, 5) {
            add_extras(self.choose, self.plan.fields(&call.operation), &mut call.input);
        }
        drop_one(self.choose, &mut call.input);
        if rarely(self.choose, 40) {
            call.tweaks.extend(pick(self.choose, &TWEAKS).cloned());
        }
    }

    /// An identifier to ask for. What can do harm only names what this scenario made.
    pub(super) fn address(&mut self, number: usize, kit: &Kit, harmless: bool) -> String {
        let mine: Vec<usize> = (0..self.memory.made.len())
            .filter(|at| self.memory.made.get(*at).is_some_and(|made| made.kit == number))
            .collect();
        let whose = match mine.is_empty() {
            true => weighted(self.choose, &[(3, Whose::Nobodys), (1, Whose::Another)]),
            false => weighted(
                self.choose,
                &[
                    (14, Whose::Made),
                    (5, Whose::Respelled),
                    (1, Whose::Nobodys),
                    (1, Whose::Another),
                ],
            ),
        };
        if let Some(at) = pick_recent(self.choose, &mine).copied() {
            self.memory.touched = at;
        }
        let made = self
            .memory
            .made
            .get(self.memory.touched)
            .map(|made| made.address.clone());
        match (whose, made) {
            (Some(Whose::Made), Some(id)) => id,
            (Some(Whose::Respelled), Some(id)) => respell(self.choose, &id),
            (Some(Whose::Another), _) => self.another(kit, harmless),
            _ => ABSENT.to_owned(),
        }
    }

    /// One that is there already, or a name that was never made.
    fn another(&mut self, kit: &Kit, harmless: bool) -> String {
        let at = index(self.choose, kit.builtin.len() + 1);
        match kit.builtin.get(at) {
            Some(id) if harmless => id.clone(),
            _ => {
                let member = kit.id_member.as_deref().unwrap_or_default();
                self.plan.rule(&kit.create.call.operation, member).name(self.choose, 7)
            }
        }
    }
}
