//! What an endpoint is believed to hold.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use parallax_contract::casing::same_but_case;
use parallax_contract::{Pattern, Resource, Value};

/// How many deleted resources and page markers are remembered; older ones are forgotten, which costs a check and never
/// makes a false alarm. An emulator runs for days on one state.
const REMEMBERED: usize = 64;

/// The resources, tags and permissions that calls and answers so far imply, of one endpoint.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// A part of every identifier that is surely nobody else's.
    token: Option<String>,
    instances: BTreeMap<Key, Instance>,
    /// How many instances have an identifier that cannot be folded surely.
    loose: usize,
    gone: VecDeque<Gone>,
    pages: VecDeque<Page>,
    born: u64,
    /// Kinds of resources of which one was made without a name.
    nameless: BTreeSet<usize>,
}

/// A resource's number and its identifier as it is looked up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) resource: usize,
    pub(crate) id: String,
}

/// One resource that is believed to exist.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    /// The identifier as it was given.
    pub(crate) id: String,
    /// Other spellings under which it was made again; where those are other resources, they are ours as well.
    pub(crate) aliases: Vec<String>,
    /// The order of creation.
    pub(crate) born: u64,
    /// Whether it surely exists.
    pub(crate) sure: bool,
    /// Whether its creation was surely accepted, so that it is ours to delete.
    pub(crate) made: bool,
    /// Whether it was deleted but may take its time.
    pub(crate) leaving: bool,
    /// The ARN, as an answer showed it.
    pub(crate) arn: Option<String>,
    /// What is known of its members.
    pub(crate) members: Vec<(String, Pattern)>,
    /// Its tags; `None` when they are no longer known.
    pub(crate) tags: Option<Tags>,
    /// Its permissions; `None` when they are no longer known.
    pub(crate) grants: Option<Vec<Grant>>,
}

/// Tags by key; the value is what was given.
pub(crate) type Tags = BTreeMap<String, Value>;

/// One permission.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grant {
    /// The members that identify it, with their values.
    pub(crate) keys: Vec<(String, String)>,
    /// Whether it was revoked but may take its time.
    pub(crate) leaving: bool,
}

/// A resource that was deleted.
#[derive(Clone, Debug)]
pub(crate) struct Gone {
    pub(crate) key: Key,
    pub(crate) arn: Option<String>,
}

/// What the pages up to a marker have shown.
#[derive(Clone, Debug)]
struct Page {
    marker: String,
    seen: Vec<String>,
}

/// What a look-up found.
#[derive(Debug)]
pub(crate) enum Found<'s> {
    /// It surely exists under this identifier.
    Surely(Key, &'s Instance),
    /// It may be this one, for the reason given.
    Maybe(Key, &'s Instance, &'static str),
    /// It surely does not exist.
    Absent,
}

impl State {
    /// An endpoint that others may use too: of an identifier without this token it is not known whether it exists.
    /// The token is lower-case letters and digits.
    pub fn shared(token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..Self::default()
        }
    }

    /// Whether an identifier that was never given here may have been given by somebody else.
    pub(crate) fn may_be_others(&self, id: &str) -> bool {
        self.token
            .as_ref()
            .is_some_and(|token| !id.to_lowercase().contains(token.as_str()))
    }

    pub(crate) fn instances(&self) -> impl Iterator<Item = (&Key, &Instance)> {
        self.instances.iter()
    }

    /// The instances of one resource.
    pub(crate) fn of(&self, resource: usize) -> impl Iterator<Item = &Instance> {
        self.range(resource).map(|(_, instance)| instance)
    }

    pub(crate) fn get_mut(&mut self, key: &Key) -> Option<&mut Instance> {
        self.instances.get_mut(key)
    }

    pub(crate) fn insert(&mut self, key: Key, mut instance: Instance) {
        self.born += 1;
        instance.born = self.born;
        self.loose += usize::from(!instance.id.is_ascii());
        self.gone.retain(|gone| gone.key != key);
        let old = self.instances.remove(&key);
        if let Some(old) = old {
            self.loose -= usize::from(!old.id.is_ascii());
            instance.aliases = old.aliases;
            if old.id != instance.id && !instance.aliases.contains(&old.id) {
                instance.aliases.push(old.id);
            }
        }
        self.instances.insert(key, instance);
    }

    pub(crate) fn remove(&mut self, key: &Key) {
        if let Some(old) = self.instances.remove(key) {
            self.loose -= usize::from(!old.id.is_ascii());
            remember(
                &mut self.gone,
                Gone {
                    key: key.clone(),
                    arn: old.arn,
                },
            );
        }
    }

    /// Takes one spelling of an instance away. Where it was made under another one as well, that may be a resource of its
    /// own, and stays.
    pub(crate) fn remove_spelling(&mut self, key: &Key, id: &str) {
        let Some(instance) = self.instances.get_mut(key) else {
            return;
        };
        if instance.aliases.is_empty() {
            return self.remove(key);
        }
        if instance.id != id {
            instance.aliases.retain(|alias| alias != id);
        } else if let Some(other) = instance.aliases.pop() {
            self.loose -= usize::from(!instance.id.is_ascii());
            self.loose += usize::from(!other.is_ascii());
            instance.id = other;
        }
        instance.sure = false;
        (instance.arn, instance.tags, instance.grants) = (None, None, None);
        instance.members.clear();
    }

    /// Whether this identifier may stand for more than one instance: two whose foldings meet. Which of them a call then
    /// concerns, nobody knows, so nothing stays sure of any.
    pub(crate) fn confuse(&mut self, number: usize, resource: &Resource, id: &str) -> bool {
        if resource.identifier.lowercase && self.loose == 0 {
            return false;
        }
        let alike = |(_, instance): &(&Key, &Instance)| same_but_case(&instance.id, id);
        let keys: Vec<_> = self.range(number).filter(alike).map(|(key, _)| key.clone()).collect();
        for key in keys.iter().filter(|_| keys.len() > 1) {
            if let Some(instance) = self.instances.get_mut(key) {
                instance.sure = false;
            }
        }
        keys.len() > 1
    }

    /// Ends what was deleted but might take its time, of one resource.
    pub(crate) fn end_leaving(&mut self, number: usize) {
        let leaving = self.range(number).filter(|(_, instance)| instance.leaving);
        for key in leaving.map(|(key, _)| key.clone()).collect::<Vec<_>>() {
            self.remove(&key);
        }
    }

    /// Takes note that one was made without a name, or is deleted.
    pub(crate) fn note_nameless(&mut self, resource: usize, is_there: bool) {
        match is_there {
            true => self.nameless.insert(resource),
            false => self.nameless.remove(&resource),
        };
    }

    /// The kinds of resources of which there is one without a name.
    pub(crate) fn nameless(&self) -> impl Iterator<Item = usize> {
        self.nameless.iter().copied()
    }

    pub(crate) fn gone(&self) -> impl Iterator<Item = &Gone> {
        self.gone.iter()
    }

    pub(crate) fn remember_page(&mut self, marker: &str, seen: Vec<String>) {
        remember(
            &mut self.pages,
            Page {
                marker: marker.to_owned(),
                seen,
            },
        );
    }

    /// What the pages before this marker have shown; `None` for a marker that was never answered.
    pub(crate) fn seen_before(&self, marker: &str) -> Option<&[String]> {
        self.pages
            .iter()
            .rev()
            .find(|page| page.marker == marker)
            .map(|page| page.seen.as_slice())
    }

    /// Looks an identifier up: in the casing given when it was made, or in lower case where it is stored so.
    pub(crate) fn find(&self, number: usize, resource: &Resource, id: &str) -> Found<'_> {
        let key = key(number, resource, id);
        if let Some(instance) = self.instances.get(&key) {
            return named(key, instance, id, resource);
        }
        if resource.identifier.lowercase && self.loose == 0 && id.is_ascii() {
            return Found::Absent;
        }
        match self.range(number).find(|(_, instance)| same_but_case(&instance.id, id)) {
            Some((key, instance)) => Found::Maybe(key.clone(), instance, "identifiers that differ in case may be one"),
            None => Found::Absent,
        }
    }

    /// Whether another instance has an identifier that differs from this one in case alone, so that an endpoint may
    /// show both in one form.
    pub(crate) fn has_near(&self, number: usize, resource: &Resource, id: &str) -> bool {
        if resource.identifier.lowercase && self.loose == 0 && id.is_ascii() {
            return false;
        }
        let mut others = self.of(number).filter(|other| other.id != id);
        others.any(|other| same_but_case(&other.id, id))
    }

    fn range(&self, resource: usize) -> impl Iterator<Item = (&Key, &Instance)> {
        let from = Key {
            resource,
            id: String::new(),
        };
        let to = Key {
            resource: resource + 1,
            id: String::new(),
        };
        self.instances.range(from..to)
    }
}

/// Whether the spelling asked for surely names the instance.
fn named<'s>(key: Key, instance: &'s Instance, id: &str, resource: &Resource) -> Found<'s> {
    let as_stored = resource.identifier.lowercase && id == key.id;
    let as_given = instance.id == id && (as_stored || resource.stored_form.is_none());
    if !instance.sure {
        Found::Maybe(key, instance, "an earlier answer left open whether it exists")
    } else if instance.leaving {
        Found::Maybe(key, instance, "a deletion may take its time")
    } else if as_given || (as_stored && instance.id.is_ascii()) {
        Found::Surely(key, instance)
    } else {
        Found::Maybe(
            key,
            instance,
            "no source says whether an identifier is found in another casing",
        )
    }
}

/// How an identifier is looked up.
pub(crate) fn key(number: usize, resource: &Resource, id: &str) -> Key {
    let id = if resource.identifier.lowercase {
        id.to_ascii_lowercase()
    } else {
        id.to_owned()
    };
    Key { resource: number, id }
}

fn remember<T>(memory: &mut VecDeque<T>, entry: T) {
    if memory.len() == REMEMBERED {
        memory.pop_front();
    }
    memory.push_back(entry);
}
