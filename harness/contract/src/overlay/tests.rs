//! Overlays on a small service of shelves.

use super::*;
use crate::constraint::{Contest, Rule};
use crate::{Sources, import};

const MODEL: &str = r#"{
  "metadata": {"apiVersion": "1", "endpointPrefix": "shelves", "protocol": "query", "serviceFullName": "Shelves"},
  "operations": {
    "CreateShelf": {"input": {"shape": "CreateShelfMessage"}, "output": {"shape": "CreateShelfResult"}, "errors": [{"shape": "ShelfAlreadyExistsFault"}]},
    "DeleteShelf": {"input": {"shape": "DeleteShelfMessage"}}
  },
  "shapes": {
    "String": {"type": "string"},
    "Shelf": {"type": "structure", "members": {"ShelfName": {"shape": "String"}, "Arn": {"shape": "String"}}},
    "CreateShelfMessage": {"type": "structure", "required": ["ShelfName"], "members": {"ShelfName": {"shape": "String"}, "Wood": {"shape": "String"}}},
    "DeleteShelfMessage": {"type": "structure", "required": ["ShelfName"], "members": {"ShelfName": {"shape": "String"}}},
    "CreateShelfResult": {"type": "structure", "members": {"Shelf": {"shape": "Shelf"}}},
    "ShelfAlreadyExistsFault": {"type": "structure", "members": {}, "exception": true, "error": {"code": "ShelfAlreadyExists", "httpStatusCode": 400, "senderFault": true}}
  }
}"#;

fn completed(overlay: &str) -> Result<Contract, OverlayError> {
    let sources = Sources {
        name: "test",
        model: MODEL.as_bytes(),
        ..Sources::default()
    };
    let mut contract = import(&sources).unwrap();
    apply(&mut contract, &format!("service = \"shelves\"\n{overlay}")).map(|()| contract)
}

fn refused(overlay: &str, expected: &str) {
    let error = completed(overlay).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

const SUPPORT: &str = "source = \"a page\"\nconfidence = \"documented\"\n";

#[test]
fn an_entry_lands_on_its_resource_with_its_evidence() {
    let overlay = format!("[resources.Shelf.arn]\ntemplate = \"arn:{{id}}\"\n{SUPPORT}");
    let contract = completed(&overlay).unwrap();
    let arn = contract.resources.get("Shelf").unwrap().arn.clone().unwrap();
    assert_eq!(arn.template.as_deref(), Some("arn:{id}"));
    assert_eq!(arn.evidence.unwrap().source, "a page");
}

#[test]
fn a_rule_lands_on_its_member() {
    let overlay = format!(
        "[[constraints]]\nat = [\"CreateShelfMessage.Wood\"]\nrule = {{ rule = \"contested\", point = {{ chars = \"_\" }}, why = \"two sources\" }}\n{SUPPORT}"
    );
    let contract = completed(&overlay).unwrap();
    let wood = contract.input_members("CreateShelf").get(1).unwrap();
    let expected = Rule::Contested {
        point: Contest::Chars("_".into()),
        why: "two sources".into(),
    };
    assert_eq!(wood.constraints.first().unwrap().rule, expected);
}

#[test]
fn what_the_contract_lacks_is_refused_with_its_line() {
    refused(
        "[resources.Rack.quota]\nlimit = 1\nsource = \"a\"\nconfidence = \"claimed\"",
        "line 2 of the overlay: the contract has no resource `Rack`",
    );
    refused(
        &format!(
            "[[constraints]]\nat = [\"CreateShelfMessage.Stone\"]\nrule = {{ rule = \"first-letter\" }}\n{SUPPORT}"
        ),
        "line 3 of the overlay: the contract has no member `CreateShelfMessage.Stone`",
    );
    refused(
        &format!("[resources.Shelf.sample]\nsure = true\ninput = {{ Stone = \"granite\" }}\n{SUPPORT}"),
        "no input member `CreateShelf.Stone`",
    );
    refused(
        &format!("[messages.blank]\ntext = \"x\"\ncode = \"Nope\"\n{SUPPORT}"),
        "no error code `Nope`",
    );
    refused(
        &format!("[tagging.limit]\nlimit = 1\n{SUPPORT}"),
        "no tagging interface",
    );
}

#[test]
fn an_unknown_key_is_refused_with_its_line() {
    refused(
        &format!("[resources.Shelf.quota]\nlimit = 1\nsise = 3\n{SUPPORT}"),
        "line 4, column 1 of the overlay: unknown field `sise`",
    );
    refused(
        &format!("[[constraints]]\nat = []\nrule = {{ rule = \"max-length\", max = 3, min = 1 }}\n{SUPPORT}"),
        "line 4, column 1 of the overlay: unknown key `min` in a rule",
    );
}

#[test]
fn an_entry_without_a_source_is_refused() {
    refused(
        "[resources.Shelf.quota]\nlimit = 1\nconfidence = \"claimed\"",
        "missing field `source`",
    );
    refused(
        "[resources.Shelf.quota]\nlimit = 1\nsource = \"a page\"",
        "missing field `confidence`",
    );
}

#[test]
fn an_overlay_of_another_service_is_refused() {
    let sources = Sources {
        name: "test",
        model: MODEL.as_bytes(),
        overlay: Some("service = \"racks\""),
        ..Sources::default()
    };
    let error = import(&sources).unwrap_err().to_string();
    assert!(
        error.contains("line 1 of the overlay: it is for the service `racks`"),
        "{error}"
    );
}
