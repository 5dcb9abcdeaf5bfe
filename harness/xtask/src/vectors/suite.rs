//! A file of vectors: suites, each a small model with cases.

use camino::Utf8Path;
use parallax_contract::import::{Sources, import};
use parallax_contract::{Contract, Shape, Value};

use super::case::Case;
use crate::failure::{At as _, Failure};

/// One suite as it stands in the file. [`Value`] keeps the order of members, which is the order on the wire.
pub(super) struct Suite(Value);

pub(super) fn read(file: &Utf8Path) -> Result<Vec<Suite>, Failure> {
    let text = std::fs::read_to_string(file).at(file)?;
    match serde_json::from_str(&text).at(file)? {
        Value::List(suites) => Ok(suites.into_iter().map(Suite).collect()),
        _ => Err(Failure::new(format!("{file}: no list of suites"))),
    }
}

impl Suite {
    /// The cases, each with the contract of its one operation.
    pub(super) fn cases(&self) -> Result<Vec<Case>, Failure> {
        let cases = self.0.get("cases").and_then(Value::as_list).unwrap_or_default();
        cases.iter().map(|case| self.case(case)).collect()
    }

    fn case(&self, case: &Value) -> Result<Case, Failure> {
        let text = |path| case.at(path).and_then(Value::as_text).unwrap_or_default().to_owned();
        let (id, operation) = (text("id"), text("given.name"));
        let given = case.get("given").cloned().unwrap_or(Value::Null);
        let mut contract = self.contract(&operation, given).at(&id)?;
        wrap(&mut contract, &operation);
        Ok(Case {
            id,
            operation,
            contract,
            case: case.clone(),
        })
    }

    fn contract(&self, operation: &str, given: Value) -> Result<Contract, Failure> {
        let metadata = Value::map([
            (
                "apiVersion",
                self.0.at("metadata.apiVersion").cloned().unwrap_or(Value::Null),
            ),
            ("endpointPrefix", Value::text("vectors")),
            ("protocol", Value::text("query")),
            ("serviceFullName", Value::text("Vectors")),
            ("xmlNamespace", Value::text("https://example.com/")),
        ]);
        let model = Value::map([
            ("metadata", metadata),
            ("operations", Value::map([(operation, given)])),
            (
                "shapes",
                self.0.get("shapes").cloned().unwrap_or(Value::Map(Vec::new())),
            ),
        ]);
        let model = serde_json::to_vec(&model).at("the model of the suite")?;
        let sources = Sources {
            name: "vectors",
            model: &model,
            ..Sources::default()
        };
        import(&sources).at("the model of the suite")
    }
}

/// The vectors leave the result wrapper out; botocore's own runner adds it where the output has members.
fn wrap(contract: &mut Contract, operation: &str) {
    let shapes = &contract.shapes;
    if let Some(known) = contract.operations.get_mut(operation) {
        let shape = known.output.as_deref().and_then(|name| shapes.get(name));
        if shape.is_some_and(|shape| !Shape::members(shape).is_empty()) {
            known.result_wrapper = Some(format!("{operation}Result"));
        }
    }
}
