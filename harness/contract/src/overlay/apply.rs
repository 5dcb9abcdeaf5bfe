//! Puts the entries of an overlay where they belong.

use toml::{Spanned, Table};

use super::{Lines, OverlayError, entries};
use crate::constraint::{Constraint, Origin, Rule};
use crate::model::{CommonError, Cost, Message};
use crate::resource::{Builtin, Echo, Gate, Quota, Sample};
use crate::{Contract, Evidence, Resource};

type Done = Result<(), OverlayError>;

pub(super) fn overlay(contract: &mut Contract, overlay: entries::Overlay, lines: &Lines<'_>) -> Done {
    let at = Place(*lines);
    let expected = contract.service.name.clone();
    if *overlay.service.get_ref() != expected {
        return Err(OverlayError::OtherService {
            line: lines.of(overlay.service.span().start),
            found: overlay.service.into_inner(),
            expected,
        });
    }
    let common = overlay
        .common_errors
        .iter()
        .map(|(code, entry)| (code.clone(), common_error(code, entry)));
    contract.common_errors.extend(common);
    for (name, entry) in overlay.messages {
        let message = message(contract, &entry, at)?;
        contract.messages.insert(name, message);
    }
    for (name, entry) in overlay.resources {
        resource(contract, &name, entry, at)?;
    }
    for entry in overlay.constraints {
        constraint(contract, &entry, at)?;
    }
    for entry in &overlay.costs {
        cost(contract, entry, at)?;
    }
    overlay.tagging.map_or(Ok(()), |entry| tagging(contract, entry, at))
}

/// Says where a name stands that the contract does not have.
#[derive(Clone, Copy)]
struct Place<'a>(Lines<'a>);

impl Place<'_> {
    fn unknown<T>(self, what: &'static str, name: &Spanned<T>, text: impl Into<String>) -> OverlayError {
        OverlayError::Unknown {
            line: self.0.of(name.span().start),
            what,
            name: text.into(),
        }
    }

    fn known(self, known: bool, what: &'static str, name: &Spanned<String>) -> Done {
        if known {
            Ok(())
        } else {
            Err(self.unknown(what, name, name.get_ref()))
        }
    }
}

fn common_error(code: &str, entry: &entries::CommonError) -> CommonError {
    CommonError {
        code: code.to_owned(),
        status: entry.status,
        fault: entry.fault,
        evidence: entry.evidence(format!("any operation may answer {code} with status {}", entry.status)),
    }
}

fn message(contract: &Contract, entry: &entries::Message, at: Place<'_>) -> Result<Message, OverlayError> {
    if let Some(code) = &entry.code {
        at.known(is_code(contract, code.get_ref()), "error code", code)?;
    }
    Ok(Message {
        text: entry.text.clone(),
        code: entry.code.as_ref().map(|code| code.get_ref().clone()),
        evidence: entry.evidence("the text of a refusal"),
    })
}

fn is_code(contract: &Contract, code: &str) -> bool {
    contract.error_by_code(code).is_some() || contract.common_errors.contains_key(code)
}

fn resource(contract: &mut Contract, name: &Spanned<String>, entry: entries::Resource, at: Place<'_>) -> Done {
    let Some(mut resource) = contract.resources.get(name.get_ref()).cloned() else {
        return Err(at.unknown("resource", name, name.get_ref()));
    };
    if let Some(arn) = entry.arn {
        let rule = resource
            .arn
            .as_mut()
            .ok_or_else(|| at.unknown("ARN member in the resource", name, name.get_ref()))?;
        rule.evidence = Some(arn.evidence(format!("the ARN has the form {}", arn.template)));
        rule.template = Some(arn.template);
    }
    if let Some(grants) = entry.grants {
        self::grants(&mut resource, name, grants, at)?;
    }
    if let Some(sample) = entry.sample {
        resource.sample = Some(self::sample(contract, &resource, &sample, at)?);
    }
    for echo in entry.echoes {
        resource.echoes.push(self::echo(contract, &resource, &echo, at)?);
    }
    for gate in entry.gates {
        at.known(is_code(contract, gate.code.get_ref()), "error code", &gate.code)?;
        resource.gates.push(self::gate(gate));
    }
    resource.quota = entry
        .quota
        .map(|entry| quota(&entry, &resource.shape))
        .or(resource.quota);
    if let Some(entry) = entry.stored_form {
        resource.stored_form = Some(entry.evidence("it was not found in the casing given, but in lower case"));
    }
    resource.builtin.extend(entry.builtin.into_iter().map(builtin));
    contract.resources.insert(name.get_ref().clone(), resource);
    Ok(())
}

fn grants(resource: &mut Resource, name: &Spanned<String>, entry: entries::Grants, at: Place<'_>) -> Done {
    let grants = resource
        .grants
        .as_mut()
        .ok_or_else(|| at.unknown("grants in the resource", name, name.get_ref()))?;
    for key in entry.sample.keys() {
        at.known(grants.keys.contains(key.get_ref()), "key of a grant", key)?;
    }
    grants.evidence = Some(entry.evidence("the states that a permission goes through"));
    grants.granted = entry.granted;
    grants.revoking = entry.revoking;
    grants.sample = entry
        .sample
        .into_iter()
        .map(|(key, value)| (key.into_inner(), value))
        .collect();
    Ok(())
}

fn sample(
    contract: &Contract,
    resource: &Resource,
    entry: &entries::Sample,
    at: Place<'_>,
) -> Result<Sample, OverlayError> {
    let create = &resource.lifecycle.create;
    let members = contract.input_members(create);
    let given = entry.input.fields().iter().map(|(name, _)| name);
    let strange = given
        .into_iter()
        .find(|name| members.iter().all(|member| member.name != **name));
    match strange {
        Some(name) => Err(at.unknown("input member", &entry.sure, format!("{create}.{name}"))),
        None => Ok(Sample {
            input: entry.input.clone(),
            sure: *entry.sure.get_ref(),
            evidence: entry.evidence(format!("a valid input of {create}")),
        }),
    }
}

fn echo(contract: &Contract, resource: &Resource, entry: &entries::Echo, at: Place<'_>) -> Result<Echo, OverlayError> {
    let inputs = contract.input_members(&resource.lifecycle.create);
    let outputs = contract.shape(&resource.shape).map_or(&[][..], |shape| shape.members());
    at.known(
        inputs.iter().any(|member| member.name == *entry.input.get_ref()),
        "input member",
        &entry.input,
    )?;
    at.known(
        outputs.iter().any(|member| member.name == *entry.output.get_ref()),
        "output member",
        &entry.output,
    )?;
    Ok(Echo {
        input: entry.input.get_ref().clone(),
        output: entry.output.get_ref().clone(),
        evidence: Some(entry.evidence("it comes back as it was given")),
    })
}

fn gate(entry: entries::Gate) -> Gate {
    Gate {
        evidence: entry.evidence(format!("accounts of the profile {} are refused", entry.profile)),
        profile: entry.profile,
        otherwise: entry.otherwise,
        code: entry.code.into_inner(),
        message: entry.message,
    }
}

fn quota(entry: &entries::Quota, of: &str) -> Quota {
    Quota {
        limit: entry.limit,
        evidence: entry.evidence(format!("at most {} of {of} an account, unless raised", entry.limit)),
    }
}

fn builtin(entry: entries::Builtin) -> Builtin {
    let ends = if entry.deletable { "can" } else { "cannot" };
    Builtin {
        evidence: entry.evidence(format!("`{}` may be there uncreated and {ends} be deleted", entry.id)),
        id: entry.id,
        deletable: entry.deletable,
    }
}

fn cost(contract: &mut Contract, entry: &entries::Cost, at: Place<'_>) -> Done {
    for wanted in &entry.operations {
        let mut known = false;
        for (name, operation) in &mut contract.operations {
            if fits(wanted.get_ref(), name) {
                known = true;
                operation.cost = Some(Cost {
                    free: entry.free,
                    evidence: entry.evidence(entry.fact.clone()),
                });
            }
        }
        at.known(known, "operation", wanted)?;
    }
    Ok(())
}

/// Whether a name is the one wanted, or begins as a wanted one with an open end does.
fn fits(wanted: &str, name: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == wanted,
    }
}

fn constraint(contract: &mut Contract, entry: &entries::Constraint, at: Place<'_>) -> Done {
    let rule = rule(&entry.rule, at)?;
    let Evidence { source, confidence, .. } = entry.evidence(String::new());
    for place in &entry.at {
        let member = place
            .get_ref()
            .split_once('.')
            .and_then(|(shape, member)| contract.member_mut(shape, member));
        let member = member.ok_or_else(|| at.unknown("member", place, place.get_ref()))?;
        member.constraints.push(Constraint {
            rule: rule.clone(),
            origin: Origin::Overlay,
            confidence,
            at: source.clone(),
        });
    }
    Ok(())
}

/// The rule of a table. A key that the rule does not have would vanish unnoticed, so the rule is written back and
/// compared.
fn rule(table: &Spanned<Table>, at: Place<'_>) -> Result<Rule, OverlayError> {
    let start = table.span().start;
    let broken = |message: String| OverlayError::Toml {
        line: at.0.of(start),
        column: 1,
        message,
    };
    let rule: Rule = table
        .get_ref()
        .clone()
        .try_into()
        .map_err(|error: toml::de::Error| broken(error.message().to_owned()))?;
    let known = Table::try_from(&rule).map_err(|error| broken(error.to_string()))?;
    match table.get_ref().keys().find(|key| !known.contains_key(*key)) {
        Some(key) => Err(broken(format!("unknown key `{key}` in a rule"))),
        None => Ok(rule),
    }
}

fn tagging(contract: &mut Contract, entry: Spanned<entries::Tagging>, at: Place<'_>) -> Done {
    let Some(tagging) = contract.tagging.as_mut() else {
        return Err(at.unknown("tagging interface for the table", &entry, "tagging"));
    };
    let entry = entry.into_inner();
    tagging.limit = entry.limit.map(|limit| Quota {
        limit: limit.limit,
        evidence: limit.evidence(format!("at most {} tags a resource", limit.limit)),
    });
    tagging.facts.extend(
        entry
            .facts
            .into_iter()
            .map(|(name, fact)| (name, fact.evidence(fact.fact.clone()))),
    );
    Ok(())
}
