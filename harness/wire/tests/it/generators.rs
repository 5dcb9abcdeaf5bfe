//! Values that are valid for the shapes of the made-up service.

use parallax_contract::{Contract, Member, ShapeKind, Value};
use proptest::collection::vec;
use proptest::prelude::*;

/// Which side a value is for: they differ in what cannot be told apart on the wire.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    Request,
    Answer,
}

/// The input or output structure `name`, members in the model's order, nested at most `depth` levels.
pub(crate) fn structure(contract: &Contract, name: &str, side: For, depth: u32) -> BoxedStrategy<Value> {
    let members = contract.shape(name).unwrap().members();
    members
        .iter()
        .filter(|member| depth > 0 || !has_parts(contract, member))
        .map(|member| proptest::option::weighted(0.3, member_value(contract, member, side, depth)))
        .collect::<Vec<_>>()
        .prop_map(|fields| Value::map(fields.into_iter().flatten()))
        .boxed()
}

fn has_parts(contract: &Contract, member: &Member) -> bool {
    use ShapeKind::{List, Map, Structure};
    matches!(
        contract.shape(&member.shape).unwrap().kind,
        List { .. } | Map { .. } | Structure { .. }
    )
}

fn member_value(contract: &Contract, member: &Member, side: For, depth: u32) -> BoxedStrategy<(String, Value)> {
    let name = member.name.clone();
    let flattened = member.flattened;
    shape(contract, &member.shape, side, depth, flattened)
        .prop_map(move |value| (name.clone(), value))
        .boxed()
}

fn shape(contract: &Contract, name: &str, side: For, depth: u32, flattened: bool) -> BoxedStrategy<Value> {
    let depth = depth.saturating_sub(1);
    match &contract.shape(name).unwrap().kind {
        ShapeKind::Structure { .. } => {
            let inner = structure(contract, name, side, depth);
            // A structure without members leaves no trace in a request.
            inner
                .prop_filter("a trace", move |value| side == For::Answer || !value.is_empty())
                .boxed()
        }
        ShapeKind::List {
            member, flattened: own, ..
        } => {
            // An empty flattened list leaves no trace in an answer.
            let least = usize::from(side == For::Answer && (flattened || *own));
            vec(shape(contract, member, side, depth, false), least..4)
                .prop_map(Value::List)
                .boxed()
        }
        ShapeKind::Map { value, .. } => {
            let least = usize::from(side == For::Request || flattened);
            let inner = shape(contract, value, side, depth, false);
            let map = proptest::collection::btree_map(text(), inner, least..4);
            map.prop_map(Value::map).boxed()
        }
        scalar => self::scalar(scalar),
    }
}

fn scalar(kind: &ShapeKind) -> BoxedStrategy<Value> {
    match kind {
        ShapeKind::Integer => any::<i32>().prop_map(|number| Value::Int(number.into())).boxed(),
        ShapeKind::Long => any::<i64>().prop_map(Value::Int).boxed(),
        ShapeKind::Float | ShapeKind::Double => {
            let numbers = any::<f64>().prop_filter("equal to itself", |number| !number.is_nan());
            prop_oneof![4 => numbers, 1 => Just(f64::INFINITY), 1 => Just(f64::NEG_INFINITY)]
                .prop_map(Value::Float)
                .boxed()
        }
        ShapeKind::Boolean => any::<bool>().prop_map(Value::Bool).boxed(),
        ShapeKind::Blob => vec(any::<u8>(), 0..9).prop_map(Value::Blob).boxed(),
        ShapeKind::Timestamp { .. } => time(),
        _ => text().prop_map(Value::Text).boxed(),
    }
}

/// Whole seconds, the finest that every form has.
fn time() -> BoxedStrategy<Value> {
    (-2_000_000_000..2_000_000_000)
        .prop_map(|seconds: i32| Value::Timestamp(seconds.into()))
        .boxed()
}

/// Any characters that XML allows, the awkward ones often.
fn text() -> BoxedStrategy<String> {
    prop_oneof![
        3 => "[a-z0-9-]{0,8}",
        2 => "[ &<>'\"%+=;\r\n\t.]{0,6}",
        1 => "\\PC{0,6}",
    ]
    .boxed()
}
