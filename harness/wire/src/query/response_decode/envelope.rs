//! What surrounds the output or the error: the outermost element, the result wrapper, the request id.

use parallax_contract::{
    ApiError, Contract, Fault, Forgiven, Forgiveness, Observation, Operation, Outcome, Shape, Value,
};

use super::values::{Path, Values};
use crate::xml::{Document, Element};

const METADATA: &str = "ResponseMetadata";

/// Reads the whole answer into `observation`; the error says why an SDK could not.
pub(super) fn read(
    contract: &Contract,
    operation: &str,
    document: &Document<'_>,
    observation: &mut Observation,
) -> Result<(), String> {
    let root = document.root().ok_or_else(|| "no element at all".to_owned())?;
    let mut values = Values::new(contract);
    namespace(contract, root, &mut values);
    if is_error(root) {
        observation.body_request_id = request_id(root.child("RequestId"), &mut values);
        observation.outcome = Outcome::Error(error(root, &mut values)?);
    } else if (200..300).contains(&observation.status) {
        let metadata = root.child(METADATA).and_then(|metadata| metadata.child("RequestId"));
        observation.body_request_id = request_id(metadata, &mut values);
        observation.outcome = Outcome::Success(success(contract, operation, root, &mut values));
    } else {
        return Err(format!(
            "the status {} with a body that is no error but `{}`",
            observation.status,
            root.name()
        ));
    }
    observation.forgiven = values.forgiven;
    Ok(())
}

fn forgive(values: &mut Values<'_>, what: Forgiveness, detail: String) {
    values.forgiven.push(Forgiven {
        what,
        path: String::new(),
        detail,
    });
}

fn namespace(contract: &Contract, root: Element<'_>, values: &mut Values<'_>) {
    let due = &contract.service.xml_namespace;
    match root.own_namespace() {
        Some(found) if found == *due => {}
        Some(found) => forgive(
            values,
            Forgiveness::Namespace,
            format!("the namespace `{found}` where `{due}` was due"),
        ),
        None => forgive(
            values,
            Forgiveness::Namespace,
            format!("no namespace where `{due}` was due"),
        ),
    }
}

fn request_id(element: Option<Element<'_>>, values: &mut Values<'_>) -> Option<String> {
    let id = element.map(Element::text).filter(|id| !id.trim().is_empty());
    if id.is_none() {
        forgive(
            values,
            Forgiveness::MissingRequestId,
            "no request id in the body".to_owned(),
        );
    }
    id.map(str::to_owned)
}

/// An error in its own envelope, in that of a neighbouring protocol, or bare.
fn is_error(root: Element<'_>) -> bool {
    matches!(root.name(), "ErrorResponse" | "Error")
        || root.child("Errors").is_some()
        || root.child("Error").is_some_and(|error| error.child("Code").is_some())
}

fn error(root: Element<'_>, values: &mut Values<'_>) -> Result<ApiError, String> {
    let error = error_element(root, values);
    let text = |name: &str| error.child(name).map(|element| element.text().to_owned());
    let code = text("Code").filter(|code| !code.is_empty());
    let fault = fault(text("Type").as_deref(), values);
    for member in error.children() {
        let (name, envelope) = (member.name(), member.name() == "RequestId" && error.name() != "Error");
        if !matches!(name, "Type" | "Code" | "Message") && !envelope {
            forgive(
                values,
                Forgiveness::ErrorEnvelope,
                format!("the extra member `{name}` in the error"),
            );
        }
    }
    Ok(ApiError {
        code: code.ok_or_else(|| "an error without a code".to_owned())?,
        fault,
        message: text("Message"),
    })
}

/// The element that holds the code, wherever the envelope has it.
fn error_element<'d>(root: Element<'d>, values: &mut Values<'_>) -> Element<'d> {
    let direct = root.child("Error");
    if root.name() != "ErrorResponse" {
        let detail = format!("the outermost element `{}` around an error", root.name());
        forgive(values, Forgiveness::ErrorEnvelope, detail);
    } else if direct.is_none() {
        forgive(
            values,
            Forgiveness::ErrorEnvelope,
            "no `Error` element in the envelope".to_owned(),
        );
    } else if let Some(extra) = root
        .children()
        .find(|child| !matches!(child.name(), "Error" | "RequestId"))
    {
        let detail = format!("the extra element `{}` beside the error", extra.name());
        forgive(values, Forgiveness::ErrorEnvelope, detail);
    }
    let nested = || root.child("Errors").and_then(|errors| errors.child("Error"));
    direct.or_else(nested).unwrap_or(root)
}

fn fault(kind: Option<&str>, values: &mut Values<'_>) -> Option<Fault> {
    let detail = match kind {
        Some("Sender") => return Some(Fault::Sender),
        Some("Receiver") => return Some(Fault::Receiver),
        Some(other) => format!("the error's `Type` is `{other}`, not `Sender` or `Receiver`"),
        None => "no `Type` in the error".to_owned(),
    };
    forgive(values, Forgiveness::ErrorEnvelope, detail);
    None
}

fn success<'c>(contract: &'c Contract, operation: &str, root: Element<'_>, values: &mut Values<'c>) -> Value {
    let Some(known) = contract.operations.get(operation) else {
        return Value::Map(Vec::new());
    };
    let due = format!("{operation}Response");
    if root.name() != due {
        let detail = format!("the outermost element `{}` where `{due}` was due", root.name());
        forgive(values, Forgiveness::ResponseElement, detail);
    }
    let shape = known.output.as_deref().and_then(|name| contract.shape(name));
    let members = shape.map_or(&[][..], Shape::members);
    match wrapper(known, root, values) {
        Some(result) if shape.is_some() => {
            extras(root, result.name(), values);
            values.structure(members, result, &Path::Root)
        }
        Some(result) => {
            let detail = format!("the result `{}` where the operation has none", result.name());
            forgive(values, Forgiveness::ResultWrapper, detail);
            Value::Map(Vec::new())
        }
        None => values.structure_without(METADATA, members, root),
    }
}

/// The element around the output, under the due name or another.
fn wrapper<'d>(operation: &Operation, root: Element<'d>, values: &mut Values<'_>) -> Option<Element<'d>> {
    let due = operation.result_wrapper.as_deref();
    if let Some(found) = due.and_then(|name| root.child(name)) {
        return Some(found);
    }
    let mut results = root.children().filter(|child| child.name().ends_with("Result"));
    let other = results.next().filter(|_| due.is_some() || operation.output.is_none());
    if let Some(due) = due {
        let detail = match other {
            Some(other) => format!("the result in `{}` where `{due}` was due", other.name()),
            None => format!("no `{due}` around the result"),
        };
        forgive(values, Forgiveness::ResultWrapper, detail);
    }
    other
}

/// What stands beside the result without belonging there.
fn extras(root: Element<'_>, result: &str, values: &mut Values<'_>) {
    let (mut results, mut metadata) = (0, 0);
    for child in root.children() {
        match child.name() {
            name if name == result => results += 1,
            METADATA => metadata += 1,
            name => forgive(
                values,
                Forgiveness::UnknownMember,
                format!("`{name}` beside the result"),
            ),
        }
    }
    for (count, name) in [(results, result), (metadata, METADATA)] {
        if count > 1 {
            forgive(values, Forgiveness::Repeated, format!("`{name}` {count} times"));
        }
    }
}
