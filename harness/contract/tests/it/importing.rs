//! From the bytes of a model to a contract.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use parallax_contract::{Contract, Fault, Rule, ShapeKind, Sources, import};

const MODEL: &str = r#"{
  "metadata": {"apiVersion": "2020-01-01", "endpointPrefix": "shelves", "signingName": "shelf", "protocol": "query", "serviceFullName": "Shelves", "xmlNamespace": "urn:shelves"},
  "operations": {
    "CreateShelf": {
      "input": {"shape": "CreateShelfMessage"},
      "output": {"shape": "CreateShelfResult", "resultWrapper": "CreateShelfResult"},
      "errors": [{"shape": "ShelfAlreadyExistsFault"}, {"shape": "ShelfQuotaExceededFault"}]
    },
    "DeleteShelf": {"input": {"shape": "ShelfNameMessage"}, "errors": [{"shape": "ShelfNotFoundFault"}]},
    "DescribeShelves": {"input": {"shape": "DescribeShelvesMessage"}, "output": {"shape": "ShelvesMessage", "resultWrapper": "DescribeShelvesResult"}},
    "EmptyShelf": {"input": {"shape": "ShelfNameMessage"}, "errors": [{"shape": "ShelfNotFoundFault"}]},
    "Ping": {}
  },
  "shapes": {
    "String": {"type": "string"},
    "Wood": {"type": "string", "enum": ["oak", "ash"]},
    "Short": {"type": "string", "min": 1, "max": 4.0},
    "Count": {"type": "integer", "box": true},
    "When": {"type": "timestamp", "timestampFormat": "unixTimestamp"},
    "Lookup": {"type": "map", "key": {"shape": "String", "locationName": "name"}, "value": {"shape": "Count"}, "flattened": true},
    "Books": {"type": "list", "member": {"shape": "String", "locationName": "Book"}, "locationName": "BookList"},
    "Shelf": {"type": "structure", "members": {
      "ShelfName": {"shape": "String"}, "Description": {"shape": "String"}, "Status": {"shape": "String"},
      "Made": {"shape": "When"}, "ShelfArn": {"shape": "String"}, "Books": {"shape": "Books"}, "Lookup": {"shape": "Lookup"}}},
    "ShelfList": {"type": "list", "member": {"shape": "Shelf"}},
    "CreateShelfMessage": {"type": "structure", "required": ["ShelfName"], "members": {
      "ShelfName": {"shape": "String", "documentation": "<p>The name. This value is stored as a lowercase string.</p> <p>Constraints: Must contain no more than 9 alphanumeric characters.</p>"},
      "ShelfDescription": {"shape": "String"}, "Wood": {"shape": "Wood"}, "Code": {"shape": "Short"}}},
    "ShelfNameMessage": {"type": "structure", "required": ["ShelfName"], "members": {"ShelfName": {"shape": "String"}}},
    "DescribeShelvesMessage": {"type": "structure", "members": {"ShelfName": {"shape": "String"}, "MaxRecords": {"shape": "Count"}, "Marker": {"shape": "String"}}},
    "CreateShelfResult": {"type": "structure", "members": {"Shelf": {"shape": "Shelf"}}},
    "ShelvesMessage": {"type": "structure", "members": {"Marker": {"shape": "String"}, "Shelves": {"shape": "ShelfList"}}},
    "ShelfAlreadyExistsFault": {"type": "structure", "members": {}, "exception": true, "error": {"code": "ShelfAlreadyExists", "httpStatusCode": 409, "senderFault": true}},
    "ShelfNotFoundFault": {"type": "structure", "members": {}, "exception": true, "error": {"httpStatusCode": 404, "senderFault": true}},
    "ShelfQuotaExceededFault": {"type": "structure", "members": {}, "exception": true, "fault": true}
  }
}"#;

const EXAMPLES: &str = r#"{"examples": {"CreateShelf": [
  {"id": "one", "title": "no prose please", "input": {"ShelfName": "my-shelf"}, "output": {"Shelf": {"ShelfName": "my-shelf", "Description": "a sentence that somebody wrote"}}}
]}}"#;

fn imported(model: &[u8]) -> Contract {
    let sources = Sources {
        name: "a model",
        model,
        examples: Some(EXAMPLES.as_bytes()),
        ..Sources::default()
    };
    import(&sources).unwrap()
}

fn refused(model: &[u8], expected: &str) {
    let sources = Sources {
        model,
        ..Sources::default()
    };
    let error = import(&sources).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_gzipped_model_gives_the_same_contract() {
    assert_eq!(imported(&gzipped(MODEL.as_bytes())), imported(MODEL.as_bytes()));
}

#[test]
fn the_id_of_a_service_is_kept_where_its_name_does_not_tell_it() {
    let check = |id: &str, kept: Option<&str>, told: &str| {
        let model = MODEL.replacen(r#""protocol""#, &format!(r#""serviceId": "{id}", "protocol""#), 1);
        let service = imported(model.as_bytes()).service;
        assert_eq!((service.id.as_deref(), service.id()), (kept, told));
    };
    check("Shelves", None, "shelves");
    check("Book Shelves", Some("Book Shelves"), "Book Shelves");
}

#[test]
fn an_error_without_code_and_status_gets_the_defaults() {
    let contract = imported(MODEL.as_bytes());
    let fault = |name: &str| {
        let error = contract.errors.get(name).unwrap();
        (error.code.as_str(), error.status, error.fault)
    };
    assert_eq!(
        fault("ShelfAlreadyExistsFault"),
        ("ShelfAlreadyExists", 409, Fault::Sender)
    );
    assert_eq!(fault("ShelfNotFoundFault"), ("ShelfNotFoundFault", 404, Fault::Sender));
    assert_eq!(
        fault("ShelfQuotaExceededFault"),
        ("ShelfQuotaExceededFault", 500, Fault::Receiver)
    );
}

#[test]
fn encodings_of_lists_and_maps_are_kept() {
    let contract = imported(MODEL.as_bytes());
    let ShapeKind::List { location_name, .. } = &contract.shape("Books").unwrap().kind else {
        panic!("a list");
    };
    assert_eq!(location_name.as_deref(), Some("Book"));
    let ShapeKind::Map {
        key_name, flattened, ..
    } = &contract.shape("Lookup").unwrap().kind
    else {
        panic!("a map");
    };
    assert_eq!((key_name.as_deref(), *flattened), (Some("name"), true));
    let shelf = contract.shape("Shelf").unwrap().members();
    let books = shelf.iter().find(|member| member.name == "Books").unwrap();
    assert_eq!(
        books.location_name.as_deref(),
        Some("BookList"),
        "the shape's own name holds for its uses"
    );
}

#[test]
fn a_life_cycle_is_told_by_names_and_shapes() {
    let contract = imported(MODEL.as_bytes());
    let shelf = contract.resources.get("Shelf").unwrap();
    assert_eq!(shelf.lifecycle.describe.as_deref(), Some("DescribeShelves"));
    assert_eq!(shelf.lifecycle.describe_list.as_deref(), Some("Shelves"));
    assert_eq!(shelf.lifecycle.modify, ["EmptyShelf"]);
    assert_eq!(
        shelf.lifecycle.quota_exceeded.as_deref(),
        Some("ShelfQuotaExceededFault")
    );
    assert_eq!(shelf.description.as_ref().unwrap().output, "Description");
    assert_eq!(shelf.status_member.as_deref(), Some("Status"));
    assert_eq!(shelf.arn.as_ref().unwrap().member, "ShelfArn");
    assert!(shelf.identifier.lowercase);
}

#[test]
fn paging_is_told_where_no_paginator_says_it() {
    let contract = imported(MODEL.as_bytes());
    let paginator = contract
        .operations
        .get("DescribeShelves")
        .unwrap()
        .paginator
        .as_ref()
        .unwrap();
    assert_eq!(paginator.limit_key.as_deref(), Some("MaxRecords"));
    assert_eq!(paginator.result_key, "Shelves");
}

#[test]
fn an_example_keeps_its_values_and_loses_its_prose() {
    let contract = imported(MODEL.as_bytes());
    let example = contract.examples.first().unwrap();
    assert_eq!(example.output.as_ref().unwrap().at("Shelf.Description"), None);
    assert_eq!(example.contradicts.len(), 1);
    let name = contract.input_members("CreateShelf").first().unwrap();
    assert!(
        name.constraints
            .iter()
            .any(|constraint| matches!(constraint.rule, Rule::Contested { .. }))
    );
}

#[test]
fn a_broken_model_is_refused_with_part_place_and_mend() {
    refused(b"", "the model cannot be read as botocore's JSON: EOF");
    refused(MODEL.get(..500).unwrap().as_bytes(), "at line");
    refused(b"[]", "check that it is whole and the right file");
    let whole = gzipped(MODEL.as_bytes());
    refused(whole.get(..whole.len() / 2).unwrap(), "the model is gzipped but broken");
    refused(
        MODEL.replace("\"ShelfList\": {", "\"Elsewhere\": {").as_bytes(),
        "names the shape `ShelfList`",
    );
    refused(
        MODEL
            .replace("\"boolean\"", "")
            .replace("\"timestamp\",", "\"moment\",")
            .as_bytes(),
        "the type `moment`",
    );
}
