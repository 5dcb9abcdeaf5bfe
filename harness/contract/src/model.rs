//! Operations, shapes and errors.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

use crate::endpoints::Partition;
use crate::resource::{Gate, Resource, Tagging};
use crate::{ApiError, Call, Constraint, Evidence, Fault, Observation, Outcome, Value};

/// The format of the contract file that this version reads and writes.
pub const FORMAT: u32 = 1;

/// Shapes in the order of their names, found by hash: every member of every message is looked up here.
pub type Shapes = IndexMap<String, Shape, FxBuildHasher>;

/// Everything that a service promises.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contract {
    /// The file's format, [`FORMAT`].
    pub format: u32,
    /// Who the service is.
    pub service: Service,
    /// Which model this was imported from.
    pub source: Source,
    /// Where the service is; empty where no source says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endpoints: Vec<Partition>,
    /// Operations by name.
    pub operations: BTreeMap<String, Operation>,
    /// Shapes by name, without the error shapes.
    pub shapes: Shapes,
    /// Errors by shape name.
    pub errors: BTreeMap<String, ErrorShape>,
    /// Errors that any operation may answer with though none declares them, by their code on the wire; from the overlay.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub common_errors: BTreeMap<String, CommonError>,
    /// Texts of refusals that were seen, by a short name such as `blank`; from the overlay.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub messages: BTreeMap<String, Message>,
    /// Resources by name, inferred and completed by the overlay.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub resources: BTreeMap<String, Resource>,
    /// How resources are tagged, where the service has a tagging interface of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tagging: Option<Tagging>,
    /// Examples that came with the model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
    /// Waiters by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub waiters: BTreeMap<String, Waiter>,
}

impl Contract {
    /// The structure, list, ... of this name.
    pub fn shape(&self, name: &str) -> Option<&Shape> {
        self.shapes.get(name)
    }

    /// The input structure's members of an operation; none for an unknown or inputless one.
    pub fn input_members(&self, operation: &str) -> &[Member] {
        self.members_of(self.operations.get(operation).and_then(|op| op.input.as_deref()))
    }

    /// The output structure's members of an operation; none for an unknown or outputless one.
    pub fn output_members(&self, operation: &str) -> &[Member] {
        self.members_of(self.operations.get(operation).and_then(|op| op.output.as_deref()))
    }

    /// The member of a structure.
    pub(crate) fn member_mut(&mut self, shape: &str, member: &str) -> Option<&mut Member> {
        match &mut self.shapes.get_mut(shape)?.kind {
            ShapeKind::Structure { members } => members.iter_mut().find(|other| other.name == member),
            _ => None,
        }
    }

    /// The input member of an operation that names an instance of a resource: under the name that it has where it is
    /// made, that in answers, or that of the filter.
    pub fn identifier_member<'r>(&self, operation: &str, resource: &'r Resource) -> &'r str {
        let output = &resource.identifier.output;
        let members = self.input_members(operation);
        let has = |name: &str| members.iter().any(|member| member.name == name);
        match &resource.lifecycle.describe_filter {
            _ if has(&resource.identifier.input) => &resource.identifier.input,
            _ if has(output) => output,
            Some(filter) if has(filter) => filter,
            _ => &resource.identifier.input,
        }
    }

    /// The member of the create input that names what is made. Where the service completes the name itself, it is the
    /// required member that takes a part of it; there may be none.
    pub fn naming_member(&self, resource: &Resource) -> Option<&Member> {
        let members = self.input_members(&resource.lifecycle.create);
        let input = resource.identifier.input.as_str();
        let exact = members.iter().find(|member| member.name == input);
        exact.or_else(|| {
            members
                .iter()
                .find(|member| member.required && member.name.starts_with(input))
        })
    }

    /// The call that deletes the instance of a resource with this identifier, and nothing besides: where the operation
    /// demands a yes or no, such as whether to retain or to skip something, the answer is yes.
    pub fn deletion(&self, resource: &Resource, id: &str) -> Option<Call> {
        let delete = resource.lifecycle.delete.as_ref()?;
        let named = self.identifier_member(delete, resource);
        let is_asked = |member: &&Member| {
            let kind = self.shape(&member.shape).map(|shape| &shape.kind);
            member.required && member.name != named && kind == Some(&ShapeKind::Boolean)
        };
        let asked = self.input_members(delete).iter().filter(is_asked);
        let yes = asked.map(|member| (member.name.as_str(), Value::Bool(true)));
        Some(Call::new(
            delete,
            Value::map([(named, Value::text(id))].into_iter().chain(yes)),
        ))
    }

    /// The refusal of a whole family of operations to some accounts that this error is, with the resource's name.
    pub fn gate(&self, error: &ApiError) -> Option<(&str, &Gate)> {
        let message = error.message.as_deref()?;
        self.resources.iter().find_map(|(name, resource)| {
            let is_it = |gate: &&Gate| error.code == gate.code && message.contains(&gate.message);
            Some((name.as_str(), resource.gates.iter().find(is_it)?))
        })
    }

    /// The kind of account that this answer is given to, where it tells: the refusal of a whole family of operations, or
    /// a resource made that others are refused.
    pub fn profile(&self, operation: &str, observation: &Observation) -> Option<&str> {
        match &observation.outcome {
            Outcome::Error(error) => self.gate(error).map(|(_, gate)| gate.profile.as_str()),
            Outcome::Success(_) => {
                let mut made = self.resources.values();
                let resource = made.find(|resource| resource.lifecycle.create == operation)?;
                resource.gates.iter().find_map(|gate| gate.otherwise.as_deref())
            }
            Outcome::Malformed(_) | Outcome::Lost(_) => None,
        }
    }

    fn members_of(&self, shape: Option<&str>) -> &[Member] {
        shape.and_then(|name| self.shapes.get(name)).map_or(&[], Shape::members)
    }

    /// The error with this code on the wire. Codes are unique within a service.
    pub fn error_by_code(&self, code: &str) -> Option<&ErrorShape> {
        self.errors.values().find(|error| error.code == code)
    }
}

/// Who a service is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// The name on the command line; also the first part of the endpoint's host name.
    pub name: String,
    /// The id by which the SDKs' settings name it, where that is not the same but for casing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name for people, as the model writes it.
    pub full_name: String,
    /// The API version, such as `2015-02-02`.
    pub api_version: String,
    /// The protocol's name in the model, such as `query`.
    pub protocol: String,
    /// The name in a credential scope.
    pub signing_name: String,
    /// The XML namespace of answers.
    pub xml_namespace: String,
}

impl Service {
    /// The id by which the SDKs' settings name it; in any casing.
    pub fn id(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.name)
    }
}

/// Where a contract was imported from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// What was read, such as `botocore 1.44.5`.
    pub model: String,
    /// SHA-256 of the model's JSON text, in hexadecimal.
    pub sha256: String,
}

/// One operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// The input shape's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// The output shape's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The element around the output, such as `CreateUserResult`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_wrapper: Option<String>,
    /// The errors it declares, by shape name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
    /// How its answer is paged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paginator: Option<Paginator>,
    /// Whether the model marks it as deprecated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deprecated: bool,
    /// Whether calling it may cost money, as far as a source says; from the overlay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
}

/// Whether calling an operation may cost money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Whether it is free.
    pub free: bool,
    /// What supports it; the fact says what is charged.
    pub evidence: Evidence,
}

/// How an operation's answer is paged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paginator {
    /// The input member that takes the marker.
    pub input_token: String,
    /// The output member that gives the next marker.
    pub output_token: String,
    /// The input member that limits a page, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_key: Option<String>,
    /// The output member that holds the list.
    pub result_key: String,
}

/// One shape: its kind and the rules of the model that hold for it wherever it is used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// What it is.
    #[serde(flatten)]
    pub kind: ShapeKind,
    /// Its own constraints: length, range, pattern, enumeration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
}

impl Shape {
    /// The members, if this is a structure.
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            ShapeKind::Structure { members } => members,
            _ => &[],
        }
    }
}

/// What a shape is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ShapeKind {
    /// Named members, in the model's order.
    Structure {
        /// The members.
        members: Vec<Member>,
    },
    /// A list of one shape.
    List {
        /// The element's shape.
        member: String,
        /// The element's name on the wire; `member` where the model names none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        location_name: Option<String>,
        /// Whether elements stand without a list element around them.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        flattened: bool,
    },
    /// A map of one shape to another.
    Map {
        /// The key's shape.
        key: String,
        /// The value's shape.
        value: String,
        /// The key's name on the wire; `key` where the model names none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key_name: Option<String>,
        /// The value's name on the wire; `value` where the model names none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value_name: Option<String>,
        /// Whether entries stand without a map element around them.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        flattened: bool,
    },
    /// Text.
    String,
    /// A whole number of 32 bits.
    Integer,
    /// A whole number of 64 bits.
    Long,
    /// A floating point number of 32 bits.
    Float,
    /// A floating point number of 64 bits.
    Double,
    /// `true` or `false`.
    Boolean,
    /// A point in time; `format` is `iso8601`, `rfc822` or `unixTimestamp` where the model names one.
    Timestamp {
        /// The form on the wire.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        format: Option<String>,
    },
    /// Bytes, base64 on the wire.
    Blob,
}

/// One member of a structure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its shape's name.
    pub shape: String,
    /// Whether the model demands it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Its name on the wire, where that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_name: Option<String>,
    /// Whether a list or map here stands without its own element (a trait of the member).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flattened: bool,
    /// Whether it is an XML attribute.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub xml_attribute: bool,
    /// The form of a timestamp here, where the member names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp_format: Option<String>,
    /// Whether an SDK fills it with a fresh token when it is absent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub idempotency_token: bool,
    /// Rules on it, mined from prose and completed by the overlay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
}

/// One error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorShape {
    /// The code on the wire.
    pub code: String,
    /// The HTTP status.
    pub status: u16,
    /// Who is to blame.
    pub fault: Fault,
}

/// An error that every operation of a service may answer with, such as `Throttling`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommonError {
    /// The code on the wire.
    pub code: String,
    /// The HTTP status.
    pub status: u16,
    /// Who is to blame.
    pub fault: Fault,
    /// What supports it.
    pub evidence: Evidence,
}

/// The text of a refusal, as it was seen on the real service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The text; `{member}` stands for the input member, `{id}` for an identifier, `{resource}` for a resource's name,
    /// `{action}` for the action.
    pub text: String,
    /// The code that came with it, where the source quotes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What supports it.
    pub evidence: Evidence,
}

/// An example that came with the model, without its prose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// Its id in the model.
    pub id: String,
    /// The operation.
    pub operation: String,
    /// The input.
    pub input: Value,
    /// The output, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    /// Rules of the same model that it breaks, in words; the points are contested then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contradicts: Vec<String>,
}

/// A waiter: an operation asked again until a state is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiter {
    /// The operation asked.
    pub operation: String,
    /// What ends the wait, in the model's order.
    pub acceptors: Vec<Acceptor>,
}

/// One way in which a wait ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptor {
    /// The state it leads to: `success`, `failure` or `retry`.
    pub state: String,
    /// How it matches: `path`, `pathAll`, `pathAny`, `status` or `error`.
    pub matcher: String,
    /// The path matched, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub argument: Option<String>,
    /// What is expected there, as text.
    pub expected: String,
}
