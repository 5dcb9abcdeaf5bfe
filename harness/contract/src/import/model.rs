//! Operations, shapes and errors of a model.

use std::collections::BTreeMap;

use super::{ImportError, raw};
use crate::constraint::{Constraint, Origin, Rule};
use crate::model::{ErrorShape, FORMAT, Member, Operation, Service, Shape, ShapeKind, Source};
use crate::{Confidence, Contract, Fault};

type Shapes<'a> = BTreeMap<&'a str, &'a raw::Shape>;

/// The contract of a model alone, without what is inferred or mined.
pub(super) fn contract(raw: &raw::Model, name: &str, sha256: String) -> Result<Contract, ImportError> {
    let shapes: Shapes<'_> = raw
        .shapes
        .0
        .iter()
        .map(|(name, shape)| (name.as_str(), shape))
        .collect();
    let contract = Contract {
        format: FORMAT,
        service: service(&raw.metadata),
        source: Source {
            model: name.to_owned(),
            sha256,
        },
        endpoints: Vec::new(),
        operations: raw
            .operations
            .0
            .iter()
            .map(|(name, operation)| (name.clone(), self::operation(operation)))
            .collect(),
        shapes: plain_shapes(&shapes)?,
        errors: shapes
            .iter()
            .filter(|(_, shape)| shape.exception)
            .map(|(name, shape)| error(name, shape))
            .collect(),
        common_errors: BTreeMap::new(),
        messages: BTreeMap::new(),
        resources: BTreeMap::new(),
        tagging: None,
        examples: Vec::new(),
        waiters: BTreeMap::new(),
    };
    match contract.dangling().or_else(|| dangling_error(&contract)) {
        Some((at, shape)) => Err(ImportError::Dangling { at, shape }),
        None => Ok(contract),
    }
}

fn dangling_error(contract: &Contract) -> Option<(String, String)> {
    let mut declared = contract
        .operations
        .iter()
        .flat_map(|(name, op)| op.errors.iter().map(move |error| (name, error)));
    declared
        .find(|(_, error)| !contract.errors.contains_key(*error))
        .map(|(name, error)| (name.clone(), error.clone()))
}

fn service(metadata: &raw::Metadata) -> Service {
    let name = &metadata.endpoint_prefix;
    Service {
        name: name.clone(),
        id: metadata.service_id.clone().filter(|id| !id.eq_ignore_ascii_case(name)),
        full_name: metadata.service_full_name.clone(),
        api_version: metadata.api_version.clone(),
        protocol: metadata.protocol.clone(),
        signing_name: metadata
            .signing_name
            .as_ref()
            .unwrap_or(&metadata.endpoint_prefix)
            .clone(),
        xml_namespace: metadata.xml_namespace.clone().unwrap_or_default(),
    }
}

fn operation(raw: &raw::Operation) -> Operation {
    Operation {
        input: raw.input.as_ref().map(|input| input.shape.clone()),
        output: raw.output.as_ref().map(|output| output.shape.clone()),
        result_wrapper: raw.output.as_ref().and_then(|output| output.result_wrapper.clone()),
        errors: raw.errors.iter().map(|error| error.shape.clone()).collect(),
        paginator: None,
        deprecated: raw.deprecated,
        cost: None,
    }
}

/// The code is the shape's own name unless the model gives another; 400 and 500 are botocore's own defaults.
fn error(name: &str, shape: &raw::Shape) -> (String, ErrorShape) {
    let traits = shape.error.as_ref();
    let status = traits
        .and_then(|error| error.http_status_code)
        .unwrap_or(if shape.fault { 500 } else { 400 });
    let sender = traits
        .and_then(|error| error.sender_fault)
        .unwrap_or(!shape.fault && status < 500);
    let error = ErrorShape {
        code: traits
            .and_then(|error| error.code.clone())
            .unwrap_or_else(|| name.to_owned()),
        status,
        fault: if sender { Fault::Sender } else { Fault::Receiver },
    };
    (name.to_owned(), error)
}

fn plain_shapes(shapes: &Shapes<'_>) -> Result<crate::model::Shapes, ImportError> {
    let mut plain = crate::model::Shapes::default();
    for (name, raw) in shapes.iter().filter(|(_, shape)| !shape.exception) {
        let shape = Shape {
            kind: kind(name, raw, shapes)?,
            constraints: traits(name, raw),
        };
        plain.insert((*name).to_owned(), shape);
    }
    Ok(plain)
}

fn kind(name: &str, raw: &raw::Shape, shapes: &Shapes<'_>) -> Result<ShapeKind, ImportError> {
    let part = |reference: &Option<raw::Reference>, part: &str| match reference {
        Some(reference) => Ok(reference.shape.clone()),
        None => Err(ImportError::Dangling {
            at: name.to_owned(),
            shape: part.to_owned(),
        }),
    };
    let location = |reference: &Option<raw::Reference>| reference.as_ref().and_then(|used| location_name(used, shapes));
    Ok(match raw.kind.as_str() {
        "structure" => ShapeKind::Structure {
            members: raw
                .members
                .0
                .iter()
                .map(|(name, used)| member(name, used, raw, shapes))
                .collect(),
        },
        "list" => ShapeKind::List {
            member: part(&raw.member, "member")?,
            location_name: location(&raw.member),
            flattened: raw.traits.flattened,
        },
        "map" => ShapeKind::Map {
            key: part(&raw.key, "key")?,
            value: part(&raw.value, "value")?,
            key_name: location(&raw.key),
            value_name: location(&raw.value),
            flattened: raw.traits.flattened,
        },
        "timestamp" => ShapeKind::Timestamp {
            format: raw.traits.timestamp_format.clone(),
        },
        other => scalar(other).ok_or_else(|| ImportError::UnknownType {
            shape: name.to_owned(),
            kind: other.to_owned(),
        })?,
    })
}

fn scalar(kind: &str) -> Option<ShapeKind> {
    Some(match kind {
        "string" | "character" => ShapeKind::String,
        "integer" => ShapeKind::Integer,
        "long" => ShapeKind::Long,
        "float" => ShapeKind::Float,
        "double" => ShapeKind::Double,
        "boolean" => ShapeKind::Boolean,
        "blob" => ShapeKind::Blob,
        _ => return None,
    })
}

fn member(name: &str, used: &raw::Reference, parent: &raw::Shape, shapes: &Shapes<'_>) -> Member {
    Member {
        name: name.to_owned(),
        shape: used.shape.clone(),
        required: parent.required.iter().any(|required| required == name),
        location_name: location_name(used, shapes),
        flattened: used.traits.flattened,
        xml_attribute: used.traits.xml_attribute,
        timestamp_format: used.traits.timestamp_format.clone(),
        idempotency_token: used.traits.idempotency_token,
        constraints: Vec::new(),
    }
}

/// A shape's own location name holds wherever a use of it sets none.
fn location_name(used: &raw::Reference, shapes: &Shapes<'_>) -> Option<String> {
    let own = || {
        shapes
            .get(used.shape.as_str())
            .and_then(|shape| shape.traits.location_name.clone())
    };
    used.traits.location_name.clone().or_else(own)
}

/// The constraints in a shape's traits.
fn traits(name: &str, raw: &raw::Shape) -> Vec<Constraint> {
    let mut rules = Vec::new();
    if matches!(raw.kind.as_str(), "string" | "list" | "map" | "blob") {
        rules.extend(raw.min.and_then(length).map(|min| Rule::MinLength { min }));
        rules.extend(raw.max.and_then(length).map(|max| Rule::MaxLength { max }));
    } else if raw.min.is_some() || raw.max.is_some() {
        rules.push(Rule::Range {
            min: raw.min.and_then(whole),
            max: raw.max.and_then(whole),
        });
    }
    rules.extend(raw.pattern.clone().map(|regex| Rule::Pattern { regex }));
    if !raw.values.is_empty() {
        let values = raw.values.clone();
        rules.push(Rule::ValidValues { values });
    }
    rules.into_iter().map(|rule| constraint(rule, name)).collect()
}

fn constraint(rule: Rule, at: &str) -> Constraint {
    Constraint {
        rule,
        origin: Origin::Model,
        confidence: Confidence::Documented,
        at: at.to_owned(),
    }
}

/// A bound as a whole number; botocore writes some as `1.0`, and a fraction bounds nothing that is counted.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates, and 2^53 is far above any real bound"
)]
fn whole(bound: f64) -> Option<i64> {
    (bound.fract() == 0.0).then_some(bound as i64)
}

fn length(bound: f64) -> Option<u64> {
    whole(bound).and_then(|bound| u64::try_from(bound).ok())
}
