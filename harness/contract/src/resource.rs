//! Resources: things with a life cycle and an identifier, as data.
//!
//! Everything here is inferred from the operations' and errors' names and shapes; what cannot be, the overlay adds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Evidence, Value};

/// A thing that can be created, described and deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// The name of its shape in answers, such as `UserGroup`; also the resource's name.
    pub shape: String,
    /// What identifies it.
    pub identifier: Identifier,
    /// The operations of its life cycle.
    pub lifecycle: Lifecycle,
    /// The member of the create input and the member of the shape that hold a free description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Echo>,
    /// Further members that must come back as they were given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub echoes: Vec<Echo>,
    /// The member of the create input that takes tags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags_member: Option<String>,
    /// The list of permissions inside the resource, with the operations that change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grants: Option<Grants>,
    /// The member that tells its state; a resource that has one changes in its own time, not at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_member: Option<String>,
    /// The ARN and the member that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<ArnRule>,
    /// The member that holds the account's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_member: Option<String>,
    /// A valid create input without the identifier, from the overlay; the derivations start from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
    /// Instances that may exist without having been created.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub builtin: Vec<Builtin>,
    /// Why an account may be refused the whole family, with the refusal to recognise it by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<Gate>,
    /// How many of it an account may have unless told otherwise, where somebody says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<Quota>,
    /// What contradicts that one is found by its identifier in the casing given when it was made, where identifiers are
    /// stored in lower case; then it is known to be found by the stored form alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored_form: Option<Evidence>,
}

/// What identifies a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    /// The member of inputs that holds it.
    pub input: String,
    /// The member of the resource's shape that holds it.
    pub output: String,
    /// Whether the sources say that it is stored in lower case.
    pub lowercase: bool,
    /// Whether the service makes it up, wholly or in part; then it must be captured from the create answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assigned: bool,
}

/// The operations of a life cycle. Codes are looked up in the contract's errors by shape name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifecycle {
    /// Makes one.
    pub create: String,
    /// The path of the resource in the create answer; empty where the answer is the resource.
    pub create_path: String,
    /// Lists them, or shows one by its identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub describe: Option<String>,
    /// The list member of the describe answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub describe_list: Option<String>,
    /// The input member of the describe operation that picks one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub describe_filter: Option<String>,
    /// Ends one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete: Option<String>,
    /// Other operations that take the identifier of an existing one as a required member.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modify: Vec<String>,
    /// The error of a duplicate, by shape name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub already_exists: Option<String>,
    /// The error of an absent one, by shape name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_found: Option<String>,
    /// The error of one too many, by shape name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota_exceeded: Option<String>,
    /// The error of one in the wrong state, by shape name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid_state: Option<String>,
}

/// A member that comes back as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Echo {
    /// The member of the create input.
    pub input: String,
    /// The member of the shape.
    pub output: String,
    /// What supports it beyond the law that what was accepted comes back; from the overlay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// A list of permissions inside a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grants {
    /// The operation that adds one.
    pub authorize: String,
    /// The operation that removes one.
    pub revoke: String,
    /// The list member of the resource's shape.
    pub list: String,
    /// The input members that identify a permission, the same names in the list's elements.
    pub keys: Vec<String>,
    /// The member of an element that tells its state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_member: Option<String>,
    /// The states seen after adding, the usual first; from the overlay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub granted: Vec<String>,
    /// The states seen after removing, before it is gone; from the overlay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revoking: Vec<String>,
    /// What supports the states and the sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// A valid input for the keys; from the overlay.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sample: BTreeMap<String, String>,
    /// The error of a duplicate, by shape name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub already_exists: Option<String>,
    /// The error of an absent one, by shape name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_found: Option<String>,
}

/// The ARN of a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArnRule {
    /// The member of the shape that holds it.
    pub member: String,
    /// Its form, with `{partition}`, `{region}`, `{account}` and `{id}`; absent where no source gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// What supports the form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// A create input that the sources call valid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The input without the identifier.
    pub input: Value,
    /// Whether creation must succeed with it on any account; else it may depend on what the account has.
    pub sure: bool,
    /// What supports it.
    pub evidence: Evidence,
}

/// An instance that may exist without having been created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Builtin {
    /// Its identifier.
    pub id: String,
    /// Whether it can be deleted.
    pub deletable: bool,
    /// What supports it.
    pub evidence: Evidence,
}

/// A refusal of a whole family of operations to some accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// The profile that is refused, such as `vpc-only`.
    pub profile: String,
    /// The profile of accounts that may make the resource, such as `ec2-classic`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
    /// The code of the refusal.
    pub code: String,
    /// A part of its message that no other refusal has.
    pub message: String,
    /// What supports it.
    pub evidence: Evidence,
}

/// How many an account may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// The number.
    pub limit: u64,
    /// What supports it.
    pub evidence: Evidence,
}

/// How resources are tagged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tagging {
    /// The operation that adds tags to a resource.
    pub add: String,
    /// The operation that lists them.
    pub list: String,
    /// The operation that removes them.
    pub remove: String,
    /// The input member that names the resource by its ARN.
    pub resource_member: String,
    /// The input member that takes tags to add.
    pub tags_member: String,
    /// The input member that takes keys to remove.
    pub keys_member: String,
    /// The output member that holds the tags after the call.
    pub output_member: String,
    /// The member of a tag that holds its key.
    pub key: String,
    /// The member of a tag that holds its value.
    pub value: String,
    /// The error of one tag too many, by shape name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota_exceeded: Option<String>,
    /// The error of an absent tag, by shape name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_found: Option<String>,
    /// The error of an ARN that is none, by shape name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid_arn: Option<String>,
    /// The most tags a resource may have; from the overlay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Quota>,
    /// Further facts, each with its source: what the overlay says of semantics, by a short name such as
    /// `case-sensitive`, `overwrite`, `after-call`, `deleted-with-resource`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Evidence>,
}
