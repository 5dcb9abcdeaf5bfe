//! Values of input members, by their shapes.

use std::collections::BTreeMap;

use parallax_contract::{Contract, Member, Rule, Shape, ShapeKind, Value};

use super::choose::{Choose, index, pick, rarely};
use super::text::TextRule;

/// How deep structures are filled; a shape may hold itself.
const DEPTH: usize = 4;

/// Numbers that programs trip over.
const NUMBERS: [i64; 9] = [1, 0, -1, 2, 100, 255, 2_147_483_647, 2_147_483_648, i64::MIN];

/// Points in time, in seconds since the epoch: the usual, the first, before it, with a fraction, and past 32 bits.
const MOMENTS: [f64; 5] = [1_600_000_000.0, 0.0, -1.0, 1_600_000_000.125, 4_294_967_296.0];

/// One member of a structure.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) kind: Kind,
}

/// What values a member takes.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Text(TextRule),
    /// The numbers at the bounds, the first being valid.
    Int(Vec<i64>),
    Float,
    Bool,
    Time,
    Blob,
    /// The element and how many of it are tried.
    List(Box<Kind>, Vec<usize>),
    Map(Box<Kind>, Box<Kind>),
    Structure(Vec<Field>),
    /// Deeper than is tried.
    Nothing,
}

/// The input members of every operation.
pub(super) fn inputs(contract: &Contract) -> BTreeMap<String, Vec<Field>> {
    let fields = |operation: &String| fields(contract, contract.input_members(operation), DEPTH);
    contract
        .operations
        .keys()
        .map(|operation| (operation.clone(), fields(operation)))
        .collect()
}

fn fields(contract: &Contract, members: &[Member], depth: usize) -> Vec<Field> {
    let field = |member: &Member| Field {
        name: member.name.clone(),
        required: member.required,
        kind: kind(contract, &member.shape, &rules(&member.constraints), depth),
    };
    members.iter().map(field).collect()
}

fn rules(constraints: &[parallax_contract::Constraint]) -> Vec<&Rule> {
    constraints.iter().map(|constraint| &constraint.rule).collect()
}

fn kind(contract: &Contract, shape: &str, own: &[&Rule], depth: usize) -> Kind {
    let Some(shape) = contract.shape(shape).filter(|_| depth > 0) else {
        return Kind::Nothing;
    };
    let inner = |shape: &str| Box::new(kind(contract, shape, &[], depth - 1));
    let rules = own.iter().copied().chain(rules(&shape.constraints));
    match &shape.kind {
        ShapeKind::String => Kind::Text(TextRule::new(rules)),
        ShapeKind::Integer | ShapeKind::Long => Kind::Int(bounds(rules)),
        ShapeKind::Float | ShapeKind::Double => Kind::Float,
        ShapeKind::Boolean => Kind::Bool,
        ShapeKind::Timestamp { .. } => Kind::Time,
        ShapeKind::Blob => Kind::Blob,
        ShapeKind::List { member, .. } => Kind::List(inner(member), counts(rules)),
        ShapeKind::Map { key, value, .. } => Kind::Map(inner(key), inner(value)),
        ShapeKind::Structure { .. } => Kind::Structure(fields(contract, Shape::members(shape), depth - 1)),
    }
}

fn bounds<'a>(rules: impl Iterator<Item = &'a Rule>) -> Vec<i64> {
    let mut bounds = Vec::new();
    for rule in rules {
        if let Rule::Range { min, max } = rule {
            let near = |bound: &i64| [*bound, bound.saturating_add(1), bound.saturating_sub(1)];
            bounds.extend(min.iter().chain(max).flat_map(near));
        }
    }
    bounds
}

fn counts<'a>(rules: impl Iterator<Item = &'a Rule>) -> Vec<usize> {
    let mut counts = vec![1, 2, 0];
    for rule in rules {
        if let Rule::MinLength { min: bound } | Rule::MaxLength { max: bound } = rule {
            let bound = usize::try_from((*bound).min(100)).unwrap_or(100);
            counts.extend([bound.saturating_sub(1), bound, bound + 1]);
        }
    }
    counts
}

impl Kind {
    /// A value of this kind, now and then one of another.
    pub(super) fn value(&self, choose: &mut dyn Choose) -> Value {
        match self {
            Self::Text(rule) => Value::Text(rule.text(choose)),
            Self::Int(_) | Self::Float | Self::Bool if rarely(choose, 16) => Value::text("px"),
            Self::Int(bounds) if !bounds.is_empty() && choose.below(4) < 3 => {
                Value::Int(pick(choose, bounds).copied().unwrap_or(1))
            }
            Self::Int(_) => Value::Int(pick(choose, &NUMBERS).copied().unwrap_or(1)),
            Self::Float => Value::Float(pick(choose, &[1.0, 0.0, -0.5, 1e300]).copied().unwrap_or(1.0)),
            Self::Bool => Value::Bool(choose.below(2) == 1),
            Self::Time => Value::Timestamp(pick(choose, &MOMENTS).copied().unwrap_or(0.0)),
            Self::Blob => {
                let length = choose.below(4);
                Value::Blob(
                    (0..length)
                        .map(|_| u8::try_from(choose.below(256)).unwrap_or(0))
                        .collect(),
                )
            }
            Self::List(element, counts) => {
                let count = pick(choose, counts).copied().unwrap_or(1);
                Value::List((0..count).map(|_| element.value(choose)).collect())
            }
            Self::Map(key, value) => {
                let count = choose.below(3);
                Value::Map((0..count).map(|_| (key.key(choose), value.value(choose))).collect())
            }
            Self::Structure(fields) => structure(choose, fields),
            Self::Nothing => Value::text("px"),
        }
    }

    /// A key of a map.
    fn key(&self, choose: &mut dyn Choose) -> String {
        match self.value(choose) {
            // Keys are not filled in; their braces are their own.
            Value::Text(text) if !text.contains('{') => text,
            _ => "px".to_owned(),
        }
    }
}

/// The required members and a few others.
fn structure(choose: &mut dyn Choose, fields: &[Field]) -> Value {
    let mut chosen = Vec::new();
    for field in fields {
        let wanted = match field.required {
            true => !rarely(choose, 16),
            false => choose.below(3) == 1,
        };
        if wanted {
            chosen.push((field.name.clone(), field.kind.value(choose)));
        }
    }
    Value::Map(chosen)
}

/// Adds up to two optional members to an input.
pub(super) fn add_extras(choose: &mut dyn Choose, fields: &[Field], input: &mut Value) {
    let count = match choose.below(6) {
        0..=3 => return,
        4 => 1,
        _ => 2,
    };
    for _ in 0..count {
        let at = index(choose, fields.len());
        if let Some(field) = fields.get(at).filter(|field| input.get(&field.name).is_none()) {
            input.set(&field.name, field.kind.value(choose));
        }
    }
}

/// Leaves out one of the members given, whichever it is, once in many times.
pub(super) fn drop_one(choose: &mut dyn Choose, input: &mut Value) {
    if !rarely(choose, 40) {
        return;
    }
    let at = index(choose, input.fields().len());
    if let Value::Map(fields) = input
        && at < fields.len()
    {
        fields.remove(at);
    }
}
