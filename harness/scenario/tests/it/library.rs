//! A small made-up contract in which a resource has every feature.

use parallax_contract::Contract;
use serde_json::{Value, json};

/// A library: shelves with everything, loans whose identifier the service makes up, and an operation of no resource.
pub(crate) fn contract() -> Contract {
    serde_json::from_value(json!({
        "format": 1,
        "service": {
            "name": "library", "full_name": "A Library", "api_version": "2020-01-02", "protocol": "query",
            "signing_name": "library", "xml_namespace": "http://library.example/doc/"
        },
        "source": { "model": "by hand", "sha256": "" },
        "operations": operations(),
        "shapes": shapes(),
        "errors": errors(),
        "resources": { "Loan": loan(), "Shelf": shelf() },
        "tagging": {
            "add": "AddTags", "list": "ListTags", "remove": "RemoveTags", "resource_member": "Arn",
            "tags_member": "Tags", "keys_member": "Keys", "output_member": "Tags", "key": "Key", "value": "Value",
            "quota_exceeded": "TooManyTags", "not_found": "NoTag", "invalid_arn": "BadArn",
            "limit": { "limit": 5, "evidence": evidence() }
        },
        "examples": [
            { "id": "create", "operation": "CreateShelf", "input": { "ShelfName": "my{shelf}", "Text": "a" } },
            { "id": "create", "operation": "CreateShelf", "input": { "ShelfName": "mine", "Text": "b" } },
            { "id": "revoke", "operation": "CloseShelf",
              "input": { "ShelfName": "mine", "Reader": "ann", "Owner": "1" } },
            { "id": "builtin", "operation": "DescribeShelves", "input": { "ShelfName": "default" } },
            { "id": "reserved", "operation": "DescribeShelves", "input": { "ShelfName": "Taken" } },
            { "id": "weird id?", "operation": "Inventory", "input": { "Depth": 3 } }
        ]
    }))
    .expect("the contract by hand is well-formed")
}

fn evidence() -> Value {
    json!({ "fact": "so it is", "source": "by hand", "confidence": "documented" })
}

fn rule(mut rule: Value) -> Value {
    let more = json!({ "origin": "model", "confidence": "documented", "at": "by hand" });
    let fields = rule.as_object_mut().expect("a rule is an object");
    fields.extend(more.as_object().expect("an object").clone());
    rule
}

fn member(name: &str, shape: &str, required: bool, rules: Vec<Value>) -> Value {
    json!({ "name": name, "shape": shape, "required": required, "constraints": rules })
}

fn structure(members: Vec<Value>) -> Value {
    json!({ "type": "structure", "members": members })
}

fn operations() -> Value {
    let op = |name: &str, errors: Value| json!({ "input": format!("{name}In"), "errors": errors });
    let mut describe = op("DescribeShelves", json!(["NoShelf", "BadValue"]));
    describe["paginator"] = json!({
        "input_token": "Marker", "output_token": "Marker", "limit_key": "Most", "result_key": "Shelves"
    });
    json!({
        "CreateShelf": op("CreateShelf", json!(["ShelfExists", "TooManyShelves", "TooManyTags", "BadMix"])),
        "DescribeShelves": describe,
        "DeleteShelf": op("ShelfName", json!(["NoShelf", "ShelfBusy"])),
        "DustShelf": op("ShelfName", json!(["NoShelf"])),
        "OpenShelf": op("Grant", json!(["NoShelf", "GrantExists"])),
        "CloseShelf": op("Grant", json!(["NoShelf", "NoGrant"])),
        "CreateLoan": op("CreateLoan", json!(["Weird"])),
        "DescribeLoans": op("DescribeLoans", json!([])),
        "DeleteLoan": op("DeleteLoan", json!([])),
        "AddTags": op("AddTags", json!(["NoShelf", "TooManyTags", "BadArn"])),
        "ListTags": op("ListTags", json!(["NoShelf", "BadArn"])),
        "RemoveTags": op("RemoveTags", json!(["NoShelf", "NoTag", "BadArn"])),
        "Inventory": op("Inventory", json!([])),
        "Ping": {}
    })
}

fn shapes() -> Value {
    let name = || {
        let rules = [
            json!({ "rule": "max-length", "max": 40 }),
            json!({ "rule": "reserved", "words": ["Default", "taken"] }),
            json!({ "rule": "stored-lowercase" }),
        ];
        member("ShelfName", "String", true, rules.map(rule).into())
    };
    let text = |name: &str, required: bool| member(name, "String", required, vec![]);
    let most = vec![rule(json!({ "rule": "range", "min": 20, "max": 100 }))];
    let color = rule(json!({ "rule": "valid-values", "values": ["red", "blue"] }));
    let bounded = |name: &str, max: u64| {
        member(
            name,
            "String",
            false,
            vec![rule(json!({ "rule": "max-length", "max": max }))],
        )
    };
    json!({
        "String": { "type": "string" },
        "Integer": { "type": "integer" },
        "Boolean": { "type": "boolean" },
        "Time": { "type": "timestamp" },
        "Color": { "type": "string", "constraints": [color] },
        "Tag": structure(vec![bounded("Key", 10), bounded("Value", 20)]),
        "Tags": { "type": "list", "member": "Tag", "location_name": "Tag" },
        "Keys": { "type": "list", "member": "String" },
        "Colors": { "type": "list", "member": "Color",
                    "constraints": [rule(json!({ "rule": "max-length", "max": 3 }))] },
        "CreateShelfIn": structure(vec![
            name(), text("Text", true), member("Tags", "Tags", false, vec![]),
            member("Color", "Color", false, vec![]), text("LoanId", false),
        ]),
        "DescribeShelvesIn": structure(vec![
            text("ShelfName", false), member("Most", "Integer", false, most), text("Marker", false),
        ]),
        "ShelfNameIn": structure(vec![name(), member("Hard", "Boolean", true, vec![])]),
        "GrantIn": structure(vec![name(), text("Reader", true), text("Owner", true)]),
        "CreateLoanIn": structure(vec![text("LoanIdSuffix", true), text("FirstShelfName", true)]),
        "DescribeLoansIn": structure(vec![text("LoanId", false)]),
        "DeleteLoanIn": structure(vec![text("LoanId", true)]),
        "AddTagsIn": structure(vec![text("Arn", true), member("Tags", "Tags", true, vec![])]),
        "ListTagsIn": structure(vec![text("Arn", true)]),
        "RemoveTagsIn": structure(vec![text("Arn", true), member("Keys", "Keys", true, vec![])]),
        "InventoryIn": structure(vec![
            member("Depth", "Integer", false, vec![]), member("Since", "Time", false, vec![]),
            member("Colors", "Colors", false, vec![]),
        ]),
    })
}

fn errors() -> Value {
    let names = [
        "ShelfExists",
        "NoShelf",
        "TooManyShelves",
        "ShelfBusy",
        "GrantExists",
        "NoGrant",
        "TooManyTags",
        "NoTag",
        "BadArn",
        "Weird",
    ];
    let error = |code: &str| json!({ "code": code, "status": 400, "fault": "Sender" });
    let mut errors: serde_json::Map<_, _> = names.map(|name| (name.to_owned(), error(name))).into_iter().collect();
    errors.insert("BadMix".into(), error("InvalidParameterCombination"));
    errors.insert("BadValue".into(), error("InvalidParameterValue"));
    Value::Object(errors)
}

fn shelf() -> Value {
    json!({
        "shape": "Shelf",
        "identifier": { "input": "ShelfName", "output": "ShelfName", "lowercase": true },
        "lifecycle": {
            "create": "CreateShelf", "create_path": "Shelf", "describe": "DescribeShelves",
            "describe_list": "Shelves", "describe_filter": "ShelfName", "delete": "DeleteShelf",
            "modify": ["DustShelf"], "already_exists": "ShelfExists", "not_found": "NoShelf",
            "quota_exceeded": "TooManyShelves", "invalid_state": "ShelfBusy"
        },
        "description": { "input": "Text", "output": "Text" },
        "tags_member": "Tags",
        "grants": {
            "authorize": "OpenShelf", "revoke": "CloseShelf", "list": "Readers", "keys": ["Reader", "Owner"],
            "sample": { "Reader": "ann", "Owner": "1" }, "already_exists": "GrantExists", "not_found": "NoGrant"
        },
        "arn": { "member": "Arn", "template": "arn:{partition}:library:{region}:{account}:shelf:{id}" },
        "sample": { "input": { "Text": "a {shelf}" }, "sure": true, "evidence": evidence() },
        "builtin": [{ "id": "default", "deletable": false, "evidence": evidence() }],
        "quota": { "limit": 10, "evidence": evidence() }
    })
}

fn loan() -> Value {
    json!({
        "shape": "Loan",
        "identifier": { "input": "LoanId", "output": "LoanId", "lowercase": false, "assigned": true },
        "lifecycle": {
            "create": "CreateLoan", "create_path": "", "describe": "DescribeLoans",
            "describe_filter": "LoanId", "delete": "DeleteLoan"
        }
    })
}
