//! What makes two finds one defect, whatever operation and resource they were seen in.

use std::collections::BTreeMap;

use parallax_contract::{Contract, Resource, Value};
use parallax_outcome::divergence::{stable_id, without_keys};
use parallax_outcome::{Divergence, Kind, REFERENCE, ScenarioRecord, Severity};
use parallax_scenario::{Scenario, Step};

use super::cause::{Sighting, change, class, sightings};

/// A divergence without the names of its operation and resource: what is wrong, and after which steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sign {
    /// The kind, what the place is to its resource, and both sides.
    pub(super) manner: String,
    /// What the steps before did, as far as the reduction could not make it plain.
    pub(super) way: Vec<String>,
    /// Whether it takes a particular value to show it, so that sequences can do without.
    pub(super) is_avoidable: bool,
}

/// What the least sequence of a find showed.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    /// Of the find itself.
    pub(super) main: Sign,
    /// Of the same manner, the find's own among them.
    pub(super) alike: Vec<Sign>,
    /// Of what showed at earlier steps.
    earlier: Vec<Sign>,
}

impl Trace {
    pub(super) fn of(contract: &Contract, scenario: &Scenario, record: &ScenarioRecord, find: &Sighting) -> Self {
        let roles = Roles::of(contract);
        let identifiers = roles.identifiers(scenario);
        let way: Vec<_> = scenario
            .steps
            .iter()
            .map(|step| roles.step(step, &identifiers))
            .collect();
        let sign = |sighting: &Sighting| {
            let divergence = &sighting.divergence;
            let (manner, way) = match spill(divergence) {
                // Where a text spills, it does wherever it goes.
                Some(spill) => (
                    format!("{spill} {}", roles.role(&without_keys(&divergence.path))),
                    &[][..],
                ),
                None => (roles.manner(divergence), way.get(..sighting.at).unwrap_or_default()),
            };
            Sign {
                manner,
                way: way.to_vec(),
                is_avoidable: scenario.steps.iter().take(sighting.at + 1).any(tells),
            }
        };
        let main = sign(find);
        let all = sightings(record, Severity::Note);
        let mut alike: Vec<_> = all
            .iter()
            .map(sign)
            .filter(|other| other.manner == main.manner)
            .collect();
        alike.push(main.clone());
        let earlier = all.iter().filter(|other| other.at < find.at).map(sign).collect();
        Self { main, alike, earlier }
    }

    /// Sixteen hexadecimal digits, the same on every machine.
    pub(super) fn id(&self) -> String {
        let way = self.main.way.join("\n");
        stable_id(&[&self.main.manner, &way])
    }

    /// Whether this is what was seen before: the same after the same steps, or what the same sequence shows earlier.
    pub(super) fn is(&self, known: &Sign) -> bool {
        self.main.manner == known.manner
            && (self.main.way == known.way || self.alike.iter().any(|sign| sign.way == known.way))
    }

    /// Whether this comes of what was seen before. The least sequence shows that earlier, and could not do without it. What
    /// shows in every sequence is the cause of nothing else.
    pub(super) fn comes_of(&self, known: &Sign) -> bool {
        known.is_avoidable && self.earlier.iter().any(|sign| sign.manner == known.manner)
    }
}

/// What operations and members are to the resources of a contract.
struct Roles<'c> {
    contract: &'c Contract,
    operations: BTreeMap<&'c str, &'static str>,
    members: BTreeMap<&'c str, &'static str>,
    resources: Vec<&'c str>,
    /// The codes by which something is said not to exist.
    absent: Vec<&'c str>,
}

/// How an answer went, without its status and its words.
fn way_out(observed: &str) -> &str {
    observed.split(" (").next().unwrap_or_default()
}

/// What a text does that goes into an answer as it is, and there is taken for something else: it breaks the form, loses
/// what looks like an element, or is read once more. Which operation, and which character of its kind, says nothing.
fn spill(divergence: &Divergence) -> Option<&'static str> {
    let (expected, observed) = (divergence.expected.as_str(), divergence.observed.as_str());
    let marked = |text: &str| text.contains('<') || text.contains("]]>");
    match divergence.kind {
        Kind::Envelope if observed.contains("which XML does not allow") => {
            Some("a forbidden character breaks the form")
        }
        Kind::Envelope if observed.contains("no well-formed XML") => Some("markup breaks the form"),
        Kind::Escaped if expected.contains('&') && expected.len() > observed.len() => Some("a reference is read"),
        Kind::Value | Kind::Truncated | Kind::Missing if marked(expected) && !marked(observed) => {
            Some("markup is read")
        }
        Kind::State if marked(&divergence.path) => Some("markup is read"),
        Kind::Whitespace if expected.contains("\\r") && !observed.contains("\\r") => Some("a line end is read"),
        _ => None,
    }
}

impl<'c> Roles<'c> {
    fn of(contract: &'c Contract) -> Self {
        let mut roles = Self {
            contract,
            operations: BTreeMap::new(),
            members: BTreeMap::new(),
            resources: contract.resources.keys().map(String::as_str).collect(),
            absent: Vec::new(),
        };
        for resource in contract.resources.values() {
            roles.learn(resource);
            let not_found = resource.lifecycle.not_found.as_ref();
            let error = not_found.and_then(|shape| contract.errors.get(shape));
            roles.absent.extend(error.map(|error| error.code.as_str()));
        }
        roles
    }

    fn learn(&mut self, resource: &'c Resource) {
        let cycle = &resource.lifecycle;
        let grants = resource.grants.as_ref();
        let operations = [
            (Some(&cycle.create), "create"),
            (cycle.describe.as_ref(), "describe"),
            (cycle.delete.as_ref(), "delete"),
            (grants.map(|grants| &grants.authorize), "authorize"),
            (grants.map(|grants| &grants.revoke), "revoke"),
        ];
        let echo = resource.description.as_ref();
        let members = [
            (Some(&resource.identifier.input), "identifier"),
            (Some(&resource.identifier.output), "identifier"),
            (cycle.describe_filter.as_ref(), "identifier"),
            (echo.map(|echo| &echo.input), "description"),
            (echo.map(|echo| &echo.output), "description"),
            (resource.arn.as_ref().map(|arn| &arn.member), "arn"),
        ];
        let named = |(name, role): (Option<&'c String>, &'static str)| Some((name?.as_str(), role));
        self.operations.extend(operations.into_iter().filter_map(named));
        self.members.extend(members.into_iter().filter_map(named));
    }

    fn manner(&self, divergence: &Divergence) -> String {
        let Divergence {
            kind,
            path,
            expected,
            observed,
            ..
        } = divergence;
        let place = without_keys(path);
        let gone = match kind {
            Kind::Outcome => self.denies(observed),
            // A code for what is not there, where the call was to be accepted: it is gone.
            Kind::ErrorCode => expected.starts_with("accepted") && self.denies(observed),
            Kind::State => place.ends_with(']') && observed.contains(" not "),
            _ => false,
        };
        if gone {
            return "gone".to_owned();
        }
        let role = self.role(&place);
        match (role, kind) {
            // What is no form of the protocol is told with its place and its beginning, which tell nothing of the defect.
            (_, Kind::Envelope) => format!("{kind} {}", observed.split(", at byte").next().unwrap_or_default()),
            ("arn", _) => format!("{kind} {role}"),
            (_, Kind::Case) => format!("{kind} {role} {}", change(divergence)),
            // Which element it is that is lacking depends on what was given.
            (_, Kind::Missing) => format!("{kind} {} {observed}", role.trim_end_matches("[]")),
            (_, Kind::Outcome) => format!("{kind} {} {}", self.fact(divergence), way_out(observed)),
            (_, Kind::ErrorCode) if self.denies(observed) => format!("{kind} {} denied", self.fact(divergence)),
            (_, Kind::ErrorCode) => format!("{kind} {} {}", self.fact(divergence), way_out(observed)),
            _ => format!("{kind} {role} {expected} {observed}"),
        }
    }

    /// What the last member of a place is to its resource; its name where it is nothing special.
    fn role<'p>(&self, place: &'p str) -> &'p str {
        let member = place.rsplit('.').next().unwrap_or_default();
        self.members.get(member).copied().unwrap_or(member)
    }

    /// The statement that is violated, with roles for names: the codes that are due depend on the operation. That another
    /// endpoint answers otherwise is no statement, so there both sides are.
    fn fact(&self, divergence: &Divergence) -> String {
        let line = divergence.evidence.first();
        let fact = match line.filter(|line| line.source != REFERENCE) {
            Some(line) => &line.fact,
            None => &divergence.expected,
        };
        let word = |word: &str| match word.split_once(':') {
            Some((name, "")) => format!("{}:", self.plain_name(name)),
            _ => self.plain_name(word).to_owned(),
        };
        fact.split(' ').map(word).collect::<Vec<_>>().join(" ")
    }

    fn plain_name<'w>(&self, word: &'w str) -> &'w str {
        match self.resources.contains(&word) {
            true => "resource",
            false => self.members.get(word).copied().unwrap_or(word),
        }
    }

    fn denies(&self, observed: &str) -> bool {
        let code = way_out(observed);
        self.absent.contains(&code.strip_prefix("refused: ").unwrap_or(code))
    }

    /// The identifiers that a sequence gives.
    fn identifiers<'s>(&self, scenario: &'s Scenario) -> Vec<&'s str> {
        let fields = scenario.steps.iter().flat_map(|step| step.call.input.fields());
        fields
            .filter(|(name, _)| self.members.get(name.as_str()) == Some(&"identifier"))
            .filter_map(|(_, value)| value.as_text())
            .collect()
    }

    /// What a step does, with what is not plain in it. An identifier that another of the sequence equals but for case is
    /// told by where the two part: which one it is says nothing.
    fn step(&self, step: &Step, identifiers: &[&str]) -> String {
        let operation = step.call.operation.as_str();
        let operation = self.operations.get(operation).copied().unwrap_or(operation);
        let members = self.contract.input_members(&step.call.operation);
        let must = |name: &str| members.iter().any(|member| member.required && member.name == name);
        let says =
            |(name, value): &&(String, Value)| !(is_plain(value) || is_switch(value) || must(name) && is_word(value));
        let told = step.call.input.fields().iter().filter(says);
        let mut told: Vec<_> = told
            .map(|(name, value)| {
                let role = self.members.get(name.as_str()).copied().unwrap_or_default();
                let variant = value.as_text().and_then(|text| parting(text, identifiers));
                match variant {
                    Some((one, other)) if role == "identifier" => format!("{role}~{one}{other}"),
                    _ => format!("{role}={value:?}"),
                }
            })
            .collect();
        told.sort_unstable();
        format!("{operation} {} {:?}", told.join(" "), step.call.tweaks)
    }
}

/// The first letters in which a text parts from one that it equals but for case, each for all of its kind, in order.
fn parting(text: &str, others: &[&str]) -> Option<(char, char)> {
    let folded = text.to_lowercase();
    let is_variant = |other: &&&str| **other != text && other.to_lowercase() == folded;
    let other = others.iter().find(is_variant)?;
    let (one, other) = text.chars().zip(other.chars()).find(|(one, other)| one != other)?;
    let (one, other) = (class(one), class(other));
    Some((one.min(other), one.max(other)))
}

/// Whether a step holds anything but the simplest values.
fn tells(step: &Step) -> bool {
    let plain = step.call.input.fields().iter().all(|(_, value)| is_plain(value));
    !plain || !step.call.tweaks.is_empty()
}

/// Whether a value is as simple as reduction can make one, so that it says nothing.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) | Value::Int(0) => true,
        Value::Text(text) => matches!(text.as_str(), "" | "a" | "{run}") || is_captured(text),
        Value::List(items) => items.iter().all(is_plain),
        Value::Map(fields) => fields.iter().all(|(_, value)| is_plain(value)),
        _ => false,
    }
}

/// Whether a value turns something on that a call may need to be taken at all.
fn is_switch(value: &Value) -> bool {
    matches!(value, Value::Bool(_))
}

/// Whether a value is one word, such as the kind of engine: where it must be given, reduction could not make it plain.
fn is_word(value: &Value) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    matches!(value, Value::Text(text) if text.chars().all(is_part))
}

/// Whether a text is what an earlier answer gave; its number says only when.
fn is_captured(text: &str) -> bool {
    let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    inner.is_some_and(|inner| inner.chars().all(|c| c.is_ascii_alphanumeric()))
}
