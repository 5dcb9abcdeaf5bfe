//! The endpoint tests beside the rules: the URLs of the contracts must be those that the rules lead to.

use parallax_contract::{Contract, Value, endpoints};

use super::source;
use crate::failure::{At as _, Failure};
use crate::shell::root;

/// Checks the cases of every contract; how many. A case with a URL of its own, or without a region, is about the
/// command line and not about the contract.
pub(super) fn run() -> Result<usize, Failure> {
    let folder = root().join("specs/contracts");
    let mut checked = 0;
    for entry in folder.read_dir_utf8().at(&folder)? {
        let path = entry.at(&folder)?.path().to_owned();
        let Some(service) = path.file_stem().filter(|_| path.extension() == Some("json")) else {
            continue;
        };
        let contract = Contract::from_json(&std::fs::read_to_string(&path).at(&path)?).at(&path)?;
        let (_, tests) = source::unpacked(&format!(
            "tests/functional/endpoint-rules/{service}/endpoint-tests-1.json"
        ))?;
        let text = std::fs::read_to_string(&tests).at(&tests)?;
        let cases: Value = serde_json::from_str(&text).at(&tests)?;
        for case in cases.get("testCases").and_then(Value::as_list).unwrap_or_default() {
            checked += usize::from(check(&contract, case).at(service)?);
        }
    }
    match checked {
        0 => Err(Failure::new("there was no endpoint to check; fetch the vectors again")),
        checked => Ok(checked),
    }
}

/// Whether the case is about the contract.
fn check(contract: &Contract, case: &Value) -> Result<bool, String> {
    let param = |name: &str| case.at(&format!("params.{name}"));
    let (Some(region), None) = (param("Region").and_then(Value::as_text), param("Endpoint")) else {
        return Ok(false);
    };
    let is_set = |name| param(name) == Some(&Value::Bool(true));
    let found = endpoints::url(&contract.endpoints, region, is_set("UseFIPS"), is_set("UseDualStack"));
    let expected = case.at("expect.endpoint.url").and_then(Value::as_text);
    match found.as_deref() == expected {
        true => Ok(true),
        false => Err(format!(
            "in {region} the URL is {found:?} where the vector has {expected:?}"
        )),
    }
}
