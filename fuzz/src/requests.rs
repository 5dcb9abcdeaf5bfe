//! What holds for every request.

use parallax_contract::{Call, Contract, Value};
use parallax_scenario::{Names, Scenario, resolve};
use parallax_wire::{HttpRequest, Method, Protocol as _, Query};

/// What a server understood of any parameters, sent again, is understood in the same way.
pub fn check_raw(contract: &Contract, operation: &str, get: bool, parameters: &[u8]) {
    let version = &contract.service.api_version;
    let head = format!("Action={operation}&Version={version}&");
    let whole = [head.as_bytes(), parameters].concat();
    let request = HttpRequest {
        method: if get { Method::Get } else { Method::Post },
        query: if get {
            String::from_utf8_lossy(&whole).into_owned()
        } else {
            String::new()
        },
        headers: Vec::new(),
        body: if get { Vec::new() } else { whole },
    };
    let understood = Query.decode_request(contract, &request);
    assert!(matches!(understood.input, Value::Map(_)));
    sent_again_it_is_the_same(contract, &understood);
}

/// Every call of a sequence arrives at the operation that it was for, with every text that was in it.
pub fn check_calls(contract: &Contract, scenario: &Scenario) {
    let mut names = Names::new("r0a0000");
    for step in &scenario.steps {
        for capture in &step.captures {
            names.set(&capture.name, "arn:aws:any:r:000000000000:thing:px");
        }
        let Ok(call) = resolve(&step.call, &names) else {
            continue;
        };
        let understood = Query.decode_request(contract, &Query.encode_request(contract, &call));
        assert_eq!(understood.operation, call.operation);
        sent_again_it_is_the_same(contract, &understood);
        if call.tweaks.is_empty() {
            assert_eq!(sorted_texts(&understood.input), sorted_texts(&call.input), "{call:?}");
        }
    }
}

fn sent_again_it_is_the_same(contract: &Contract, call: &Call) {
    let sent = Query.encode_request(contract, call);
    let again = Query.encode_request(contract, &Query.decode_request(contract, &sent));
    assert_eq!(again, sent, "{call:?}");
}

/// A server has the members in the order of the model.
fn sorted_texts(value: &Value) -> Vec<&str> {
    let mut all = texts(value);
    all.sort_unstable();
    all
}

/// The texts of a value that are not empty: an empty one and none at all are one on the wire.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Text(text) if !text.is_empty() => vec![text],
        Value::List(items) => items.iter().flat_map(texts).collect(),
        _ => value.fields().iter().flat_map(|(_, value)| texts(value)).collect(),
    }
}
