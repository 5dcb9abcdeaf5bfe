//! What the runner says while it runs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Difference, Transcript};

/// One thing that happened. Everything but the runner reads these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The run begins.
    Started(RunInfo),
    /// What the target implements, by operation, as far as it was asked.
    Coverage(BTreeMap<String, bool>),
    /// A scenario ended. Scenarios arrive in any order; `index` is their place in the selection.
    Scenario(ScenarioRecord),
    /// The run was broken off; what was created has been deleted as far as the target let it.
    Interrupted {
        /// How many resources could not be deleted.
        left_behind: u64,
        /// Whether nobody wished it, but the target stopped answering.
        #[serde(default)]
        target_gone: bool,
        /// Whether nobody wished it, but the reference stopped giving answers that say anything.
        #[serde(default)]
        reference_gone: bool,
    },
}

/// What is known before the first request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunInfo {
    /// The service's name.
    pub service: String,
    /// Every operation of the contract.
    pub operations: Vec<String>,
    /// How many scenarios were selected.
    pub scenarios: usize,
    /// How the target was named on the command line.
    pub target: String,
    /// How the reference was named on the command line.
    pub reference: String,
}

/// A scenario that ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScenarioRecord {
    /// Its place in the selection.
    pub index: usize,
    /// Its path, such as `CreateUser/name/length-256`.
    pub path: String,
    /// The resource it is about, if any.
    pub resource: Option<String>,
    /// Its steps in order.
    pub steps: Vec<StepRecord>,
    /// How long it took, in microseconds.
    pub micros: u64,
    /// How many requests the target was sent: one for each step and page, and those that cleaned up.
    #[serde(default)]
    pub requests: u64,
}

/// The operation of a step that is about all of them.
pub const ANY_OPERATION: &str = "*";

/// A step that ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepRecord {
    /// Its name within the scenario.
    pub step: String,
    /// The operation called.
    pub operation: String,
    /// What came of it.
    pub verdict: Verdict,
    /// Whether the answer was held against what it had to show, though the verdict may be open: whether the call had to be
    /// accepted is one thing, and what an answer that accepts it shows another.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
    /// The differences found, in the order of the answer.
    pub differences: Vec<Difference>,
    /// A `curl` line for the request, where there is a difference to show.
    pub curl: String,
    /// What was said, where there is a difference to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript: Option<Box<Transcript>>,
}

/// What came of one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The answer is what it had to be.
    Agree,
    /// It is not.
    Diverge,
    /// It cannot be told.
    Inconclusive(String),
    /// Not asked: the target does not implement the operation, or an earlier step left nothing to ask with.
    Skipped(String),
}
