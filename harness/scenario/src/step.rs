//! Scenarios and their steps.

use parallax_contract::Call;
use serde::{Deserialize, Serialize};

/// An ordered list of steps, played on one endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// Its path, unique, such as `CreateUser/name/length-256`.
    pub path: String,
    /// The resource it is about, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// Whether it must run while nothing else does (it fills a quota).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exclusive: bool,
}

/// One call of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its name, unique within the scenario.
    pub name: String,
    /// What is asked, with placeholders.
    pub call: Call,
    /// What to keep from a successful answer for later steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captures: Vec<Capture>,
    /// Whether the marker is followed: the same call again with the answer's marker, until there is none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_pages: bool,
    /// Whether the scenario's remaining steps are left out once this call is refused (filling a quota).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub until_refused: bool,
}

impl Step {
    /// A step without captures.
    pub fn new(name: impl Into<String>, call: Call) -> Self {
        Self {
            name: name.into(),
            call,
            captures: Vec::new(),
            all_pages: false,
            until_refused: false,
        }
    }

    /// The same step, keeping the value at `path` of the output under `name`.
    #[must_use]
    pub fn capture(mut self, name: impl Into<String>, path: impl Into<String>) -> Self {
        self.captures.push(Capture {
            name: name.into(),
            path: path.into(),
        });
        self
    }
}

/// What to keep from an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// The placeholder's name in later steps.
    pub name: String,
    /// The dotted path into the output.
    pub path: String,
}
