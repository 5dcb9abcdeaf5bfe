//! Patterns of resources, as far as the sources know them.

use std::sync::LazyLock;

use parallax_contract::{Basis, Confidence, Evidence, Grants, Pattern, Piece, Resource, Value};

use crate::Oracle;
use crate::state::{Grant, Instance, Tags};

/// The law of echo (ARCHITECTURE.md): what was accepted comes back unchanged.
pub(crate) static ECHO: LazyLock<Basis> = LazyLock::new(|| {
    Evidence::basis(
        "what was accepted comes back unchanged",
        "the law of echo",
        Confidence::Documented,
    )
});

/// The law of address: the identifier that created a resource addresses it from then on.
pub(crate) static ADDRESS: LazyLock<Basis> = LazyLock::new(|| {
    Evidence::basis(
        "the identifier that created it addresses it",
        "the law of address",
        Confidence::Documented,
    )
});

/// What an endpoint has shown of its own choice stays.
static SHOWN: LazyLock<Basis> = LazyLock::new(|| {
    Evidence::basis(
        "what an earlier answer showed stays",
        "the law of echo",
        Confidence::Documented,
    )
});

/// What is known of a resource's members right after it was made with this input.
pub(crate) fn made(oracle: &Oracle, resource: &Resource, id: &str, input: &Value) -> Vec<(String, Pattern)> {
    let mut members = Vec::with_capacity(5);
    if !resource.identifier.assigned {
        members.push((resource.identifier.output.clone(), identifier(oracle, resource, id)));
    }
    for echo in resource.description.iter().chain(&resource.echoes) {
        match input.get(&echo.input) {
            Some(Value::Text(text)) if text.is_empty() && !is_required(oracle, resource, &echo.input) => {
                let reason = "no source says whether an optional text that is empty was given";
                let sample = Some(Value::text(""));
                members.push((
                    echo.output.clone(),
                    Pattern::Any {
                        reason: reason.into(),
                        sample,
                    },
                ));
            }
            Some(value @ Value::Text(_)) => members.push((echo.output.clone(), Pattern::exactly(value.clone(), &ECHO))),
            Some(Value::Null) => members.push((echo.output.clone(), Pattern::any("no source says how null is shown"))),
            _ => {}
        }
    }
    if let Some(owner) = &resource.owner_member {
        let pieces = vec![Piece::Bound("account".into())];
        members.push((
            owner.clone(),
            Pattern::Template {
                pieces,
                basis: Basis::clone(&SHOWN),
            },
        ));
    }
    members.extend(arn(oracle, resource, id));
    members
}

fn is_required(oracle: &Oracle, resource: &Resource, member: &str) -> bool {
    let members = oracle.contract.input_members(&resource.lifecycle.create);
    members.iter().any(|known| known.name == member && known.required)
}

/// Whether an identifier is of characters that every service keeps: no white space, nothing beyond ASCII.
pub(crate) fn is_plain(id: &str) -> bool {
    id.chars().all(|c| c.is_ascii_graphic())
}

/// The identifier as it is shown.
fn identifier(oracle: &Oracle, resource: &Resource, id: &str) -> Pattern {
    let lower = id.to_ascii_lowercase();
    if !is_plain(id) {
        let sample = if resource.identifier.lowercase {
            lower.as_str()
        } else {
            id
        };
        let reason = "no source says how such an identifier is stored";
        return Pattern::Any {
            reason: reason.into(),
            sample: Some(Value::text(sample)),
        };
    }
    if lower == id {
        return Pattern::exactly(Value::Text(lower), &ECHO);
    }
    if resource.identifier.lowercase {
        return Pattern::exactly(Value::Text(lower), oracle.index.lowercase_basis(resource));
    }
    Pattern::OneOf {
        values: vec![Value::text(id), Value::Text(lower)],
        basis: Basis::clone(&ECHO),
    }
}

/// The ARN as the sources form it, where they do and the identifier is one they speak of.
fn arn(oracle: &Oracle, resource: &Resource, id: &str) -> Option<(String, Pattern)> {
    let rule = resource.arn.as_ref()?;
    let (template, evidence) = (rule.template.as_ref()?, rule.evidence.as_ref()?);
    if !is_plain(id) || resource.identifier.assigned {
        return None;
    }
    let lower = id.to_ascii_lowercase();
    if !resource.identifier.lowercase && lower != id {
        return None;
    }
    let pieces = pieces(template, &lower);
    let form = Basis::new(evidence.clone());
    let basis = match lower == id {
        true => form,
        // That alone says nothing of the casing.
        false => both(&form, oracle.index.lowercase_basis(resource)),
    };
    Some((rule.member.clone(), Pattern::Template { pieces, basis }))
}

/// What follows from two statements together, which is as sure as the less sure one.
pub(crate) fn both(one: &Basis, other: &Basis) -> Basis {
    Evidence::basis(
        format!("{}; {}", one.fact, other.fact),
        format!("{}; {}", one.source, other.source),
        one.confidence.min(other.confidence),
    )
}

/// `arn:{partition}:x:{region}:{account}:y:{id}` with the identifier filled in.
fn pieces(template: &str, id: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in template.split('{') {
        match part.split_once('}') {
            Some(("id", rest)) => literal(&mut pieces, &[id, rest]),
            Some((name, rest)) => {
                pieces.push(Piece::Bound(name.to_owned()));
                literal(&mut pieces, &[rest]);
            }
            None => literal(&mut pieces, &[part]),
        }
    }
    pieces
}

fn literal(pieces: &mut Vec<Piece>, parts: &[&str]) {
    for part in parts.iter().filter(|part| !part.is_empty()) {
        match pieces.last_mut() {
            Some(Piece::Literal(text)) => text.push_str(part),
            _ => pieces.push(Piece::Literal((*part).to_owned())),
        }
    }
}

/// What is known of an existing resource.
pub(crate) fn resource(resource: &Resource, instance: &Instance) -> Pattern {
    let mut members = instance.members.clone();
    let known = |name: &str| instance.members.iter().any(|(member, _)| member == name);
    if let (Some(rule), Some(arn)) = (&resource.arn, &instance.arn)
        && !known(&rule.member)
        && instance.sure
    {
        members.push((rule.member.clone(), Pattern::exactly(Value::text(arn), &SHOWN)));
    }
    members.extend(grants(resource, instance.grants.as_deref()));
    Pattern::Fields(members)
}

/// The list of permissions, where the resource has one.
pub(crate) fn grants(resource: &Resource, known: Option<&[Grant]>) -> Option<(String, Pattern)> {
    let rule = resource.grants.as_ref()?;
    let list = rule.list.clone();
    let Some(known) = known else {
        return Some((list, Pattern::any("an earlier answer left the permissions open")));
    };
    let basis = state_of_grants(rule, "it holds the permissions that were given, and no others");
    if known.is_empty() {
        return Some((list, Pattern::Absent { basis }));
    }
    let key = rule.keys.first().cloned().unwrap_or_default();
    let (leaving, staying): (Vec<_>, Vec<_>) = known.iter().partition(|grant| grant.leaving);
    let items = staying
        .into_iter()
        .map(|grant| one_grant(rule, grant, &rule.granted))
        .collect();
    let optional = leaving
        .into_iter()
        .map(|grant| one_grant(rule, grant, &rule.revoking))
        .collect();
    Some((
        list,
        Pattern::Bag {
            key,
            items,
            optional,
            basis,
        },
    ))
}

fn one_grant(rule: &Grants, grant: &Grant, states: &[String]) -> Pattern {
    let mut members: Vec<_> = grant
        .keys
        .iter()
        .map(|(name, value)| (name.clone(), Pattern::exactly(Value::text(value), &ECHO)))
        .collect();
    if let (Some(status), false) = (&rule.status_member, states.is_empty()) {
        let values = states.iter().map(Value::text).collect();
        let basis = state_of_grants(rule, "the states of a permission that the sources name");
        members.push((status.clone(), Pattern::OneOf { values, basis }));
    }
    Pattern::Fields(members)
}

fn state_of_grants(rule: &Grants, fact: &str) -> Basis {
    Evidence::basis(
        format!("{}: {fact}", rule.list),
        format!("model: {}", rule.authorize),
        Confidence::Documented,
    )
}

/// The tags after a call.
pub(crate) fn tags(key: &str, value: &str, tags: &Tags, basis: &Basis) -> Pattern {
    let item = |(name, given): (&String, &Value)| {
        let shown = match given {
            Value::Text(text) if !text.is_empty() => Pattern::exactly(given.clone(), &ECHO),
            // Whether null and empty are told apart, no source says.
            _ => Pattern::OneOf {
                values: vec![Value::text(""), Value::Null],
                basis: Basis::clone(&ECHO),
            },
        };
        Pattern::Fields(vec![
            (key.to_owned(), Pattern::exactly(Value::text(name), &ECHO)),
            (value.to_owned(), shown),
        ])
    };
    Pattern::Bag {
        key: key.to_owned(),
        items: tags.iter().map(item).collect(),
        optional: Vec::new(),
        basis: Basis::clone(basis),
    }
}

/// The pattern at a dotted path of the output.
pub(crate) fn at(path: &str, pattern: Pattern) -> Pattern {
    if path.is_empty() {
        return pattern;
    }
    path.rsplit('.')
        .fold(pattern, |inner, name| Pattern::Fields(vec![(name.to_owned(), inner)]))
}
