//! What an account must permit.

use std::collections::BTreeSet;

use parallax_contract::{Contract, endpoints, only_reads};
use serde_json::{Value, json};

/// The permissions that these operations need, by name.
pub(super) fn actions(contract: &Contract, operations: &BTreeSet<String>) -> Vec<String> {
    let known = operations.iter().filter(|name| contract.operations.contains_key(*name));
    known.map(|name| action(contract, name)).collect()
}

fn action(contract: &Contract, operation: &str) -> String {
    format!("{}:{operation}", contract.service.signing_name)
}

/// The least IAM policy under which these operations can be asked: what reads, on everything; what changes, on
/// resources of the kinds that the operations are about alone.
pub(super) fn policy(contract: &Contract, operations: &BTreeSet<String>, region: Option<&str>) -> String {
    let known = operations.iter().filter(|name| contract.operations.contains_key(*name));
    let (reads, changes): (Vec<&String>, Vec<&String>) = known.partition(|name| only_reads(name));
    let named = |names: &[&String]| -> Vec<String> { names.iter().map(|name| action(contract, name)).collect() };
    let mut statements = Vec::new();
    if !reads.is_empty() {
        statements.push(statement("Read", &named(&reads), &json!("*")));
    }
    if !changes.is_empty() {
        let arns = arns(contract, &changes, region.unwrap_or("*"));
        statements.push(statement("ChangeWhatTheRunMakes", &named(&changes), &json!(arns)));
    }
    let policy = json!({"Version": "2012-10-17", "Statement": statements});
    format!("{policy:#}\n")
}

fn statement(id: &str, actions: &[String], resources: &Value) -> Value {
    json!({"Sid": id, "Effect": "Allow", "Action": actions, "Resource": resources})
}

/// The resources that the operations may be about; everything, where a resource has no ARN that is known.
fn arns(contract: &Contract, operations: &[&String], region: &str) -> BTreeSet<String> {
    let touched = contract.resources.values().filter(|resource| {
        let cycle = &resource.lifecycle;
        let grants = resource
            .grants
            .iter()
            .flat_map(|grants| [&grants.authorize, &grants.revoke]);
        let own = [Some(&cycle.create), cycle.delete.as_ref()].into_iter().flatten();
        let mut own = own.chain(&cycle.modify).chain(grants);
        own.any(|name| operations.contains(&name))
    });
    // A region that is not given may be in any partition; the first is the usual one.
    let partition = endpoints::partition(&contract.endpoints, region).map_or("aws", |partition| &partition.name);
    let arn = |resource: &parallax_contract::Resource| {
        let template = resource.arn.as_ref().and_then(|arn| arn.template.as_ref());
        template.map_or("*".to_owned(), |template| {
            template
                .replace("{partition}", partition)
                .replace("{region}", region)
                .replace("{account}", "*")
                .replace("{id}", "*")
        })
    };
    touched.map(arn).collect()
}
