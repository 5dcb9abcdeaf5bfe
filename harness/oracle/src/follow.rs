//! Taking note of what was answered.

use parallax_contract::casing::same_but_case;
use parallax_contract::{
    Answer, Call, ListForm, Observation, Outcome, Pattern, Resource, Tagging, Tweak, Value, only_reads,
};

use crate::Oracle;
use crate::index::Role;
use crate::pattern;
use crate::protocol::leaves_no_trace;
use crate::roles::{grants, tags};
use crate::state::{self, Found, Grant, Instance, Key, State, Tags};

/// Changes the state as the answer to `call` implies.
///
/// `forbidden` says that the call had to be refused: where it was accepted all the same, no source says with what effect.
pub(crate) fn follow(oracle: &Oracle, state: &mut State, call: &Call, answer: &Heard<'_>, forbidden: bool) {
    let on = |number: usize| {
        oracle.index.resource(number).map(|resource| On {
            oracle,
            call,
            number,
            resource,
            unclear: forbidden || is_obscure(call),
        })
    };
    match oracle.role(&call.operation) {
        Role::Create(number) => on(number).into_iter().for_each(|on| on.created(state, answer)),
        Role::Describe(number) => on(number).into_iter().for_each(|on| on.described(state, answer)),
        Role::Delete(number) => on(number).into_iter().for_each(|on| on.deleted(state, answer)),
        Role::Modify(number) => on(number).into_iter().for_each(|on| on.modified(state, answer)),
        role @ (Role::Authorize(number) | Role::Revoke(number)) => {
            let adds = matches!(role, Role::Authorize(_));
            on(number).into_iter().for_each(|on| on.granted(state, answer, adds));
        }
        role @ (Role::TagAdd | Role::TagList | Role::TagRemove) => {
            tagged(oracle, state, call, (&role, forbidden || is_obscure(call)), answer);
        }
        Role::Other => {}
    }
}

/// Whether it is open what the call said.
fn is_obscure(call: &Call) -> bool {
    let plain = |tweak: &Tweak| {
        matches!(
            tweak,
            Tweak::Get | Tweak::OtherSpace | Tweak::Lists(ListForm::Member | ListForm::LocationName)
        )
    };
    !call.tweaks.iter().all(plain) || leaves_no_trace(&call.input)
}

/// Whether a departure may change what a plain text of the request says, and not its lists alone.
fn blurs_texts(tweak: &Tweak) -> bool {
    match tweak {
        Tweak::Param(..) | Tweak::Raw(_) | Tweak::EmptyBody | Tweak::Action(_) | Tweak::Version(_) => true,
        Tweak::Get | Tweak::OtherSpace | Tweak::Lists(_) => false,
    }
}

/// An answer as far as it changes what is believed.
pub(crate) enum Heard<'a> {
    Accepted(&'a Value),
    Refused(&'a str),
    Unclear,
}

impl<'a> Heard<'a> {
    /// An answer as it arrived.
    pub(crate) fn of(observation: &'a Observation) -> Self {
        match &observation.outcome {
            Outcome::Success(output) => Self::Accepted(output),
            Outcome::Error(error) => Self::Refused(&error.code),
            Outcome::Malformed(_) | Outcome::Lost(_) => Self::Unclear,
        }
    }

    /// An answer as it was given.
    pub(crate) fn given(answer: &'a Answer) -> Self {
        match answer {
            Answer::Success(output) => Self::Accepted(output),
            Answer::Refused(refused) => Self::Refused(&refused.code),
        }
    }
}

struct On<'a> {
    oracle: &'a Oracle,
    call: &'a Call,
    number: usize,
    resource: &'a Resource,
    /// Whether it is open what an acceptance means.
    unclear: bool,
}

impl On<'_> {
    fn created(&self, state: &mut State, answer: &Heard<'_>) {
        let nothing = Value::Map(Vec::new());
        let (output, sure) = match answer {
            Heard::Accepted(output) => (*output, true),
            Heard::Unclear => (&nothing, false),
            Heard::Refused(_) => return,
        };
        let shown = at(output, &self.resource.lifecycle.create_path);
        let ids = self.made_ids(shown);
        if ids.is_empty() && sure && !self.resource.identifier.assigned {
            state.note_nameless(self.number, true);
        }
        let sole = ids.len() == 1;
        for id in ids {
            self.made(state, id, shown, (sure, sole));
        }
    }

    /// Takes note of what was made under this identifier: `sure`, if it was made at all, and `sole`, if no other comes
    /// into question.
    fn made(&self, state: &mut State, id: String, shown: Option<&Value>, (sure, sole): (bool, bool)) {
        // Made twice, or against the rules: what an answer will show of it, nobody knows.
        let clear = sole && !self.unclear && matches!(state.find(self.number, self.resource, &id), Found::Absent);
        let mut members = pattern::made(self.oracle, self.resource, &id, &self.call.input);
        if !clear {
            members.retain(|(name, _)| *name == self.resource.identifier.output);
        }
        let instance = Instance {
            members,
            arn: self.arn(shown),
            aliases: Vec::new(),
            born: 0,
            sure: sure && clear,
            made: sure,
            leaving: false,
            tags: self.tags_given().filter(|_| clear),
            grants: self.resource.grants.as_ref().filter(|_| clear).map(|_| Vec::new()),
            id,
        };
        let id = instance.id.clone();
        state.insert(state::key(self.number, self.resource, &id), instance);
        state.confuse(self.number, self.resource, &id);
    }

    /// The identifier that a creation gave: the one asked for, or the one shown where the service makes it up. Where the
    /// request may have said another one, both.
    fn made_ids(&self, shown: Option<&Value>) -> Vec<String> {
        let asked = self
            .call
            .input
            .get(&self.resource.identifier.input)
            .and_then(Value::as_text);
        let shown = shown
            .and_then(|shown| shown.get(&self.resource.identifier.output))
            .and_then(Value::as_text);
        let ids = if self.resource.identifier.assigned {
            [shown.or(asked), None]
        } else if self.call.tweaks.iter().any(blurs_texts) {
            [
                asked,
                shown.filter(|shown| !asked.is_some_and(|asked| same_but_case(asked, shown))),
            ]
        } else {
            [asked.or(shown), None]
        };
        let ids = ids.into_iter().flatten().filter(|id| !id.is_empty());
        ids.map(str::to_owned).collect()
    }

    fn tags_given(&self) -> Option<Tags> {
        let mut tags = Tags::new();
        let given = self
            .resource
            .tags_member
            .as_ref()
            .and_then(|member| self.call.input.get(member));
        match (given, &self.oracle.contract.tagging) {
            (None, _) => Some(tags),
            (Some(Value::List(given)), Some(tagging)) => tags::merge(tagging, &mut tags, given).then_some(tags),
            _ => None,
        }
    }

    fn arn(&self, shown: Option<&Value>) -> Option<String> {
        let rule = self.resource.arn.as_ref()?;
        Some(shown?.get(&rule.member)?.as_text()?.to_owned())
    }

    fn described(&self, state: &mut State, answer: &Heard<'_>) {
        let filter = self
            .resource
            .lifecycle
            .describe_filter
            .as_ref()
            .and_then(|filter| self.call.input.get(filter));
        match (filter.and_then(Value::as_text), answer) {
            (Some(id), Heard::Accepted(output)) => self.shown(state, id, output),
            (Some(id), Heard::Refused(code)) if self.is_not_found(code) => self.lost(state, id),
            (None, Heard::Accepted(output)) => self.page(state, output),
            _ => {}
        }
    }

    /// What was asked for by its identifier was shown, or was not.
    fn shown(&self, state: &mut State, id: &str, output: &Value) {
        let Some(Value::List(items)) = self
            .resource
            .lifecycle
            .describe_list
            .as_ref()
            .and_then(|list| output.get(list))
        else {
            return;
        };
        let is_it = |item: &&Value| {
            let shown = item.get(&self.resource.identifier.output).and_then(Value::as_text);
            shown.is_some_and(|shown| shown.to_lowercase() == id.to_lowercase())
        };
        let item = items.iter().find(is_it);
        let Some(instance) = self.find(state, id).and_then(|key| state.get_mut(&key)) else {
            return;
        };
        match item {
            Some(item) if instance.arn.is_none() => instance.arn = self.arn(Some(item)),
            Some(_) => {}
            None => instance.sure = false,
        }
    }

    /// The answer denies what should be there: from now on nothing is sure of it.
    fn lost(&self, state: &mut State, id: &str) {
        if let Found::Surely(key, _) = state.find(self.number, self.resource, id)
            && let Some(instance) = state.get_mut(&key)
        {
            instance.sure = false;
        }
    }

    fn page(&self, state: &mut State, output: &Value) {
        let operation = self.oracle.contract.operations.get(&self.call.operation);
        let Some(pages) = operation.and_then(|operation| operation.paginator.as_ref()) else {
            return;
        };
        let Some(next) = output.get(&pages.output_token).and_then(Value::as_text) else {
            return;
        };
        let marker = self.call.input.get(&pages.input_token).and_then(Value::as_text);
        let mut seen = marker
            .and_then(|marker| state.seen_before(marker))
            .map_or_else(Vec::new, <[_]>::to_vec);
        let items = output
            .get(&pages.result_key)
            .and_then(Value::as_list)
            .unwrap_or_default();
        for item in items {
            if let Some(id) = item.get(&self.resource.identifier.output).and_then(Value::as_text)
                && let Found::Surely(_, instance) | Found::Maybe(_, instance, _) =
                    state.find(self.number, self.resource, id)
            {
                seen.push(instance.id.clone());
            }
        }
        state.remember_page(next, seen);
    }

    fn deleted(&self, state: &mut State, answer: &Heard<'_>) {
        let Some(id) = self.id().filter(|id| !id.is_empty()) else {
            let is_gone = match answer {
                Heard::Accepted(_) => true,
                Heard::Refused(code) => self.is_not_found(code),
                Heard::Unclear => false,
            };
            if is_gone {
                state.note_nameless(self.number, false);
            }
            return;
        };
        if state.confuse(self.number, self.resource, &id) {
            return;
        }
        match answer {
            Heard::Accepted(_) => {
                let Some(key) = self.find(state, &id) else { return };
                if self.resource.status_member.is_none() {
                    state.remove_spelling(&key, &id);
                } else if let Some(instance) = state.get_mut(&key) {
                    instance.leaving = true;
                }
            }
            Heard::Refused(code) if self.is_not_found(code) => self.lost(state, &id),
            Heard::Refused(_) => {}
            Heard::Unclear => self.unsure(state, &id),
        }
    }

    fn modified(&self, state: &mut State, answer: &Heard<'_>) {
        let Some(id) = self.id() else { return };
        match answer {
            Heard::Refused(code) if self.is_not_found(code) => self.lost(state, &id),
            Heard::Refused(_) => {}
            Heard::Accepted(_) | Heard::Unclear if only_reads(&self.call.operation) => {}
            Heard::Accepted(_) | Heard::Unclear => {
                let Some(instance) = self.find(state, &id).and_then(|key| state.get_mut(&key)) else {
                    return;
                };
                for (name, known) in &mut instance.members {
                    if *name != self.resource.identifier.output {
                        *known = Pattern::any("it was changed, and the sources do not say enough about the change");
                    }
                }
            }
        }
    }

    fn granted(&self, state: &mut State, answer: &Heard<'_>, adds: bool) {
        let (Some(rule), Some(id)) = (&self.resource.grants, self.id()) else {
            return;
        };
        let keys = grants::keys(rule, &self.call.input);
        let Some(instance) = self.find(state, &id).and_then(|key| state.get_mut(&key)) else {
            return;
        };
        match (answer, keys, instance.grants.as_mut()) {
            (Heard::Accepted(_), Some(keys), Some(known)) => {
                if adds {
                    known.retain(|grant| grant.keys != keys);
                    known.push(Grant { keys, leaving: false });
                } else {
                    known
                        .iter_mut()
                        .filter(|grant| grant.keys == keys)
                        .for_each(|grant| grant.leaving = true);
                }
            }
            (Heard::Refused(_), ..) => {}
            _ => instance.grants = None,
        }
    }

    fn unsure(&self, state: &mut State, id: &str) {
        if let Some(instance) = self.find(state, id).and_then(|key| state.get_mut(&key)) {
            instance.sure = false;
        }
    }

    fn id(&self) -> Option<String> {
        let member = self
            .oracle
            .contract
            .identifier_member(&self.call.operation, self.resource);
        self.call.input.get(member).and_then(Value::as_text).map(str::to_owned)
    }

    fn find(&self, state: &State, id: &str) -> Option<Key> {
        match state.find(self.number, self.resource, id) {
            Found::Surely(key, _) | Found::Maybe(key, ..) => Some(key),
            Found::Absent => None,
        }
    }

    fn is_not_found(&self, code: &str) -> bool {
        let shape = self.resource.lifecycle.not_found.as_ref();
        shape
            .and_then(|shape| self.oracle.contract.errors.get(shape))
            .is_some_and(|error| error.code == code)
    }
}

fn tagged(oracle: &Oracle, state: &mut State, call: &Call, (role, unclear): (&Role, bool), answer: &Heard<'_>) {
    let Some(tagging) = &oracle.contract.tagging else {
        return;
    };
    let Some(arn) = call.input.get(&tagging.resource_member).and_then(Value::as_text) else {
        return;
    };
    let Some(instance) = tags::named(oracle, state, arn).and_then(|key| state.get_mut(&key)) else {
        return;
    };
    match answer {
        Heard::Refused(_) => {}
        Heard::Unclear if *role == Role::TagList => {}
        Heard::Unclear => instance.tags = None,
        Heard::Accepted(output) if unclear => instance.tags = shown_tags(tagging, output),
        Heard::Accepted(output) => instance.tags = after(tagging, instance.tags.take(), call, role, output),
    }
}

/// The tags after an accepted call; where they were not known, what the answer shows.
fn after(tagging: &Tagging, before: Option<Tags>, call: &Call, role: &Role, output: &Value) -> Option<Tags> {
    let Some(mut tags) = before else {
        return shown_tags(tagging, output);
    };
    match role {
        Role::TagAdd => {
            let given = call
                .input
                .get(&tagging.tags_member)
                .and_then(Value::as_list)
                .unwrap_or_default();
            if !tags::merge(tagging, &mut tags, given) {
                return shown_tags(tagging, output);
            }
        }
        Role::TagRemove => {
            let keys = call
                .input
                .get(&tagging.keys_member)
                .and_then(Value::as_list)
                .unwrap_or_default();
            tags.retain(|key, _| !keys.iter().any(|gone| gone.as_text() == Some(key)));
        }
        _ => {}
    }
    Some(tags)
}

fn shown_tags(tagging: &Tagging, output: &Value) -> Option<Tags> {
    let mut tags = Tags::new();
    tags::merge(tagging, &mut tags, output.get(&tagging.output_member)?.as_list()?).then_some(tags)
}

fn at<'v>(output: &'v Value, path: &str) -> Option<&'v Value> {
    if path.is_empty() { Some(output) } else { output.at(path) }
}
