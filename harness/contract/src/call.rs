//! What is asked: an operation, its input, and deliberate departures from the usual encoding.

use serde::{Deserialize, Serialize};

use crate::Value;

/// One request in the words of the contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The operation's name, such as `CreateUser`.
    pub operation: String,
    /// The input structure, a [`Value::Map`].
    pub input: Value,
    /// Departures from the usual encoding; none for an ordinary call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tweaks: Vec<Tweak>,
}

impl Call {
    /// An ordinary call.
    pub fn new(operation: impl Into<String>, input: Value) -> Self {
        Self {
            operation: operation.into(),
            input,
            tweaks: Vec::new(),
        }
    }

    /// The same call with one more departure.
    #[must_use]
    pub fn tweak(mut self, tweak: Tweak) -> Self {
        self.tweaks.push(tweak);
        self
    }
}

/// Whether an operation changes nothing; by its verb, the same in all services.
pub fn only_reads(operation: &str) -> bool {
    ["Describe", "List", "Get"]
        .iter()
        .any(|verb| operation.starts_with(verb))
}

/// A deliberate departure from how an SDK would write the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tweak {
    /// Sends GET with the parameters in the query string.
    Get,
    /// Replaces the `Action` parameter; `None` leaves it out.
    Action(Option<String>),
    /// Replaces the `Version` parameter; `None` leaves it out.
    Version(Option<String>),
    /// Adds one parameter at the end, encoded as usual; a name that is there already is thereby repeated.
    Param(String, String),
    /// Adds these characters at the end, as they are: broken percent-encoding, a lone `=`.
    Raw(String),
    /// Writes list members in this form.
    Lists(ListForm),
    /// Writes a space as `%20` where the usual form is `+`, or, in the query string of a GET, the other way round.
    OtherSpace,
    /// Sends no body at all.
    EmptyBody,
}

/// How the members of a list are named in a query string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListForm {
    /// `Tags.member.1`, whatever the model says.
    Member,
    /// `Tags.Tag.1`, the model's location name where it has one.
    LocationName,
    /// The usual form, with a gap in the numbering: 1, 3, 4.
    Gaps,
    /// The usual form, numbered from 0.
    FromZero,
}
