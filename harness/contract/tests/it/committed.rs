//! The contract that is committed under specs.

use parallax_contract::{Contest, Contract, Fault, Resource, Rule, Value};

const TEXT: &str = include_str!("../../../../specs/contracts/elasticache.json");

fn contract() -> Contract {
    Contract::from_json(TEXT).unwrap()
}

fn resource(name: &str) -> Resource {
    contract().resources.get(name).unwrap().clone()
}

fn rules(operation: &str, member: &str) -> Vec<Rule> {
    let contract = contract();
    let members = contract.input_members(operation);
    let found = members.iter().find(|other| other.name == member).unwrap();
    found
        .constraints
        .iter()
        .map(|constraint| constraint.rule.clone())
        .collect()
}

#[test]
fn it_is_read_and_written_without_a_change() {
    assert_eq!(contract().to_json(), TEXT);
}

#[test]
fn it_has_every_operation_and_what_they_declare() {
    let contract = contract();
    assert_eq!(contract.operations.len(), 77);
    assert_eq!(contract.errors.len(), 79);
    let quota = contract.error_by_code("QuotaExceeded.CacheSecurityGroup").unwrap();
    assert_eq!((quota.status, quota.fault), (400, Fault::Sender));
    let create = contract.operations.get("CreateCacheSecurityGroup").unwrap();
    assert_eq!(create.result_wrapper.as_deref(), Some("CreateCacheSecurityGroupResult"));
}

#[test]
fn every_life_cycle_is_whole() {
    let contract = contract();
    let names: Vec<&str> = contract.resources.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "CacheCluster",
            "CacheParameterGroup",
            "CacheSecurityGroup",
            "CacheSubnetGroup",
            "GlobalReplicationGroup",
            "ReplicationGroup",
            "ServerlessCache",
            "ServerlessCacheSnapshot",
            "Snapshot",
            "User",
            "UserGroup"
        ]
    );
    for (name, resource) in &contract.resources {
        let lifecycle = &resource.lifecycle;
        let operations = [
            Some(&lifecycle.create),
            lifecycle.describe.as_ref(),
            lifecycle.delete.as_ref(),
        ];
        assert!(
            operations
                .iter()
                .all(|operation| operation.is_some_and(|name| contract.operations.contains_key(name))),
            "{name}"
        );
        assert!(
            lifecycle.already_exists.is_some() && lifecycle.not_found.is_some(),
            "{name}"
        );
        assert!(
            lifecycle.describe_list.is_some() && lifecycle.describe_filter.is_some(),
            "{name}"
        );
        assert!(
            resource.arn.is_some() && resource.tags_member.is_some() && resource.sample.is_some(),
            "{name}"
        );
    }
}

#[test]
fn a_security_group_is_known_in_all_its_parts() {
    let group = resource("CacheSecurityGroup");
    assert!(group.identifier.lowercase && !group.identifier.assigned);
    assert_eq!(group.lifecycle.create_path, "CacheSecurityGroup");
    assert_eq!(
        group.lifecycle.quota_exceeded.as_deref(),
        Some("CacheSecurityGroupQuotaExceededFault")
    );
    assert_eq!(group.owner_member.as_deref(), Some("OwnerId"));
    assert_eq!(group.status_member, None);
    let grants = group.grants.unwrap();
    assert_eq!(grants.authorize, "AuthorizeCacheSecurityGroupIngress");
    assert_eq!(grants.keys, ["EC2SecurityGroupName", "EC2SecurityGroupOwnerId"]);
    assert_eq!(grants.list, "EC2SecurityGroups");
    assert_eq!(grants.not_found.as_deref(), Some("AuthorizationNotFoundFault"));
}

#[test]
fn its_name_has_the_documented_rules_and_the_contested_points() {
    let rules = rules("CreateCacheSecurityGroup", "CacheSecurityGroupName");
    let contested: Vec<_> = rules
        .iter()
        .filter_map(|rule| match rule {
            Rule::Contested { point, .. } => Some(point.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(contested, [Contest::Chars("-".into()), Contest::Chars("_".into())]);
    assert!(rules.contains(&Rule::MaxLength { max: 255 }));
    assert!(rules.contains(&Rule::StoredLowercase));
    assert!(rules.contains(&Rule::Reserved {
        words: vec!["Default".into()]
    }));
}

#[test]
fn a_quota_may_name_the_end_of_a_resource_only() {
    let quota = resource("CacheCluster").lifecycle.quota_exceeded;
    assert_eq!(quota.as_deref(), Some("ClusterQuotaForCustomerExceededFault"));
    assert_eq!(resource("GlobalReplicationGroup").lifecycle.quota_exceeded, None);
}

#[test]
fn an_example_holds_points_in_time() {
    let contract = contract();
    let mut inputs = contract.examples.iter().map(|example| &example.input);
    let start = inputs.find_map(|input| input.get("StartTime")).unwrap();
    assert_eq!(*start, Value::Timestamp(1_482_418_800.0));
}

#[test]
fn an_identifier_that_the_service_makes_up_is_marked() {
    let group = resource("GlobalReplicationGroup");
    assert!(group.identifier.assigned);
    assert_eq!(group.identifier.input, "GlobalReplicationGroupId");
}

#[test]
fn a_resource_may_be_the_answer_itself() {
    assert_eq!(resource("User").lifecycle.create_path, "");
}

#[test]
fn the_example_that_breaks_a_rule_says_so() {
    let contract = contract();
    let example = contract
        .examples
        .iter()
        .find(|example| example.operation == "CreateCacheSecurityGroup")
        .unwrap();
    assert_eq!(example.contradicts.len(), 1);
    assert_eq!(
        example.input.get("CacheSecurityGroupName"),
        Some(&Value::text("my-cache-sec-grp"))
    );
}

#[test]
fn a_condition_in_the_documentation_made_no_rule() {
    assert_eq!(rules("CreateCacheCluster", "NumCacheNodes"), []);
}

#[test]
fn tagging_is_told_by_its_shapes() {
    let tagging = contract().tagging.unwrap();
    assert_eq!(
        [tagging.add, tagging.list, tagging.remove],
        ["AddTagsToResource", "ListTagsForResource", "RemoveTagsFromResource"]
    );
    assert_eq!(
        [tagging.resource_member, tagging.keys_member],
        ["ResourceName", "TagKeys"]
    );
    assert_eq!(tagging.limit.unwrap().limit, 50);
}

/// Descriptions in the examples' inputs are the only text of more than a few words.
#[test]
fn no_sentence_of_the_documentation_is_kept() {
    for word in [
        "is stored as a lowercase",
        "Must contain no more",
        "Represents the output",
        "<p>",
    ] {
        assert!(!TEXT.contains(word), "{word}");
    }
}
