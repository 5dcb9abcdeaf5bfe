//! What is created under a name of its own.

use parallax_contract::{Call, Contract, Resource, Value};

/// What a placeholder of the run's token begins with.
const TOKEN: &str = "{run";

/// Whether a call, its placeholders not filled in, creates something under a name that others may use as well, or under
/// none: then nobody knows whose it is, and nobody cleans it up. What the service names itself has a name of its own.
pub(crate) fn is_anybodys(contract: &Contract, call: &Call) -> bool {
    let made = |resource: &&Resource| resource.lifecycle.create == call.operation && !resource.identifier.assigned;
    contract.resources.values().find(made).is_some_and(|resource| {
        let name = call.input.get(&resource.identifier.input).and_then(Value::as_text);
        name.is_none_or(|name| !name.contains(TOKEN))
    })
}
