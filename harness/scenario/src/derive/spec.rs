//! What a model alone implies for every operation: required members, enumerations, ranges, lengths, types, and the
//! shape of the answer.

use parallax_contract::{Call, Contract, Member, Rule, Shape, ShapeKind, Tweak, Value};

use super::base::{PLAIN, Subject, long};
use super::plausible::{self, ABSENT};
use super::script::Script;
use crate::Scenario;
use crate::names::escape;

/// The longest list or text that is sent to break a bound.
const LONGEST: u64 = 65_536;

/// The scenarios that every operation has.
pub(super) fn family(contract: &Contract) -> Vec<Scenario> {
    contract
        .operations
        .keys()
        .flat_map(|operation| Pass::new(contract, operation).scenarios())
        .collect()
}

/// The pass over one operation.
struct Pass<'a> {
    contract: &'a Contract,
    operation: &'a str,
    resource: Option<&'a str>,
    /// The member that names what the operation makes; the family of names has its rules.
    makes: Option<&'a Member>,
    input: Value,
}

impl<'a> Pass<'a> {
    fn new(contract: &'a Contract, operation: &'a str) -> Self {
        let subject = Subject::of_operation(contract, operation);
        let creator = subject.filter(|subject| subject.create_operation() == operation);
        let input = match creator {
            Some(subject) => subject.create(PLAIN).input,
            None => plausible::input(contract, operation),
        };
        Self {
            contract,
            operation,
            resource: subject.map(|subject| subject.name),
            makes: creator.and_then(|subject| subject.identifier_member()),
            input,
        }
    }

    fn scenarios(&self) -> Vec<Scenario> {
        let members = self.contract.input_members(self.operation);
        let unknown = Tweak::Param("PxNoSuchMember.Inner".to_owned(), "px".to_owned());
        let plain = Call::new(self.operation, self.input.clone());
        let mut scenarios = vec![
            self.asked("minimal", plain.clone()),
            self.asked("unknown-member", plain.tweak(unknown)),
        ];
        if members.iter().any(|member| member.required) {
            scenarios.push(self.asked("empty", Call::new(self.operation, Value::Map(Vec::new()))));
        }
        scenarios.extend(members.iter().flat_map(|member| self.member(member)));
        scenarios
    }

    fn asked(&self, case: &str, call: Call) -> Scenario {
        Script::new(&format!("{}/spec/{case}", self.operation), self.resource)
            .step("ask", call)
            .done()
    }

    fn with(&self, case: &str, member: &Member, value: Value) -> Scenario {
        let mut input = self.input.clone();
        input.set(&member.name, value);
        self.asked(&format!("{}-{case}", member.name), Call::new(self.operation, input))
    }

    /// Whether the member names a resource that has to be there.
    fn names_another(&self, member: &Member) -> bool {
        plausible::named_by(self.contract, &member.name).is_some_and(|name| Some(name) != self.resource)
    }

    fn member(&self, member: &Member) -> Vec<Scenario> {
        let mut scenarios = Vec::new();
        if member.required {
            let mut input = self.input.clone();
            input.remove(&member.name);
            let case = format!("{}-missing", member.name);
            scenarios.push(self.asked(&case, Call::new(self.operation, input)));
        }
        let Some(shape) = self.contract.shape(&member.shape) else {
            return scenarios;
        };
        if self.makes == Some(member) {
            return scenarios;
        }
        if !member.required && shape.kind == ShapeKind::String && self.names_another(member) {
            scenarios.push(self.with("absent", member, Value::text(ABSENT)));
        }
        let rules = plausible::rules(self.contract, member);
        let broken = rules.flat_map(|rule| breaches(self.contract, shape, rule));
        let mut values: Vec<(&str, Value)> = broken.collect();
        values.extend(mistyped(shape));
        values.extend(inner(self.contract, shape));
        scenarios.extend(values.into_iter().map(|(case, value)| self.with(case, member, value)));
        scenarios
    }
}

/// Values that break a rule, or just keep it, each with its name.
fn breaches(contract: &Contract, shape: &Shape, rule: &Rule) -> Vec<(&'static str, Value)> {
    match (rule, &shape.kind) {
        (Rule::ValidValues { values }, ShapeKind::String) => enumerated(values),
        (Rule::Range { min, max }, ShapeKind::Integer | ShapeKind::Long) => {
            let below = min.and_then(|min| min.checked_sub(1));
            let above = max.and_then(|max| max.checked_add(1));
            let below = below.map(|number| ("below-range", Value::Int(number)));
            below
                .into_iter()
                .chain(above.map(|number| ("above-range", Value::Int(number))))
                .collect()
        }
        (Rule::MaxLength { max }, ShapeKind::String) if *max < LONGEST => {
            let text = |length: u64| Value::Text(long('p', usize::try_from(length).unwrap_or(0)));
            vec![("longest", text(*max)), ("too-long", text(*max + 1))]
        }
        (Rule::MinLength { min }, ShapeKind::String) if *min > 1 && *min < LONGEST => {
            let length = usize::try_from(*min - 1).unwrap_or(1);
            vec![("too-short", Value::Text(long('p', length)))]
        }
        (Rule::MinLength { min: 1 } | Rule::NotBlank, ShapeKind::String) => vec![("empty", Value::text(""))],
        (Rule::MaxLength { max }, ShapeKind::List { member, .. }) if *max < 1000 => {
            let items = (0..=*max).map(|number| element(contract, member, number)).collect();
            vec![("too-many", Value::List(items))]
        }
        _ => Vec::new(),
    }
}

/// One of the valid values in another case, and none of them.
fn enumerated(values: &[String]) -> Vec<(&'static str, Value)> {
    let mut cases = vec![("no-such-value", Value::text("px-no-such-value"))];
    if let Some(first) = values.first() {
        let upper = first.to_uppercase();
        let other = if upper == *first { first.to_lowercase() } else { upper };
        if !values.contains(&other) {
            cases.push(("other-case", Value::Text(escape(&other))));
        }
    }
    cases
}

/// An element of a list that has too many: one of the valid values, or a text with a number.
fn element(contract: &Contract, shape: &str, number: u64) -> Value {
    let Some(shape) = contract.shape(shape) else {
        return Value::Null;
    };
    let valid = shape.constraints.iter().find_map(|constraint| match &constraint.rule {
        Rule::ValidValues { values } => {
            let at = number.checked_rem(values.len() as u64)?;
            values.get(usize::try_from(at).ok()?)
        }
        _ => None,
    });
    match (&shape.kind, valid) {
        (_, Some(value)) => Value::Text(escape(value)),
        (ShapeKind::String, None) => Value::Text(format!("px{number}{{run}}")),
        _ => Value::Int(i64::try_from(number).unwrap_or(0)),
    }
}

/// Text where a number, a truth value or a time is due.
fn mistyped(shape: &Shape) -> Vec<(&'static str, Value)> {
    let due = match &shape.kind {
        ShapeKind::Integer | ShapeKind::Long => [("not-a-number", "many"), ("a-fraction", "1.5")],
        ShapeKind::Float | ShapeKind::Double => [("not-a-number", "much"), ("two-points", "1.2.3")],
        ShapeKind::Boolean => [("not-a-boolean", "perhaps"), ("a-number", "2")],
        ShapeKind::Timestamp { .. } => [("not-a-time", "yesterday"), ("no-such-day", "2024-02-30T00:00:00Z")],
        _ => return Vec::new(),
    };
    due.map(|(case, text)| (case, Value::text(text))).into()
}

/// Values that break a rule on the elements of a list.
fn inner(contract: &Contract, shape: &Shape) -> Vec<(&'static str, Value)> {
    let ShapeKind::List { member, .. } = &shape.kind else {
        return Vec::new();
    };
    let rules = contract.shape(member).map_or(&[][..], |shape| &shape.constraints);
    let enumerated = rules
        .iter()
        .any(|constraint| matches!(constraint.rule, Rule::ValidValues { .. }));
    match enumerated {
        true => vec![("no-such-element", Value::List(vec![Value::text("px-no-such-value")]))],
        false => Vec::new(),
    }
}
