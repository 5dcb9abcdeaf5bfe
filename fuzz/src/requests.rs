//! What holds for every request.

use parallax_contract::{Call, Contract, Value};
use parallax_scenario::{Names, Scenario, resolve};
use parallax_wire::{HttpRequest, Method, Protocol as _, Query};

/// What a server understood of any parameters, sent on, settles.
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
    sent_on_it_settles(contract, &understood);
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
        sent_on_it_settles(contract, &understood);
        if call.tweaks.is_empty() {
            let arrived = texts(&understood.input);
            let lost = texts(&call.input).into_iter().find(|text| !arrived.contains(text));
            assert_eq!(lost, None, "{call:?}");
        }
    }
}

/// What is sent on twice is the same from then on. Not from the first time: of a list with gaps and an element given twice
/// no departure from the usual encoding says where each stood.
fn sent_on_it_settles(contract: &Contract, call: &Call) {
    let send_on = |request: &HttpRequest| Query.encode_request(contract, &Query.decode_request(contract, request));
    let settled = send_on(&send_on(&Query.encode_request(contract, call)));
    assert_eq!(send_on(&settled), settled, "{call:?}");
}

/// The texts of a value that are not empty: an empty one and none at all are one on the wire.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Text(text) if !text.is_empty() => vec![text],
        Value::List(items) => items.iter().flat_map(texts).collect(),
        _ => value.fields().iter().flat_map(|(_, value)| texts(value)).collect(),
    }
}
