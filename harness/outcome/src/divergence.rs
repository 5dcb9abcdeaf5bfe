//! Differences between what was expected and what was observed.

use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Sight;

/// How bad a divergence is; the order is the order of weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Wording, or what a careful reader could dispute.
    Note,
    /// Visible, but harmless to an SDK.
    Warning,
    /// An SDK would raise another error, or lose or corrupt data.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// What kind of difference it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// No whole answer arrived.
    Transport,
    /// The answer is not of the protocol's form.
    Envelope,
    /// The HTTP status differs.
    Status,
    /// Accepted where refusal was due, or the other way round.
    Outcome,
    /// Refused with another code.
    ErrorCode,
    /// Blames the other side.
    ErrorType,
    /// Another message.
    ErrorMessage,
    /// A member or element is not there.
    Missing,
    /// A member or element should not be there.
    Unexpected,
    /// A value of another type or form.
    Type,
    /// Another value.
    Value,
    /// The same text in another case.
    Case,
    /// The same text with other white space.
    Whitespace,
    /// The beginning of the text only.
    Truncated,
    /// The text escaped once too often, or not at all.
    Escaped,
    /// Empty where nothing was due, or the other way round.
    NullEmpty,
    /// The same elements in another order.
    Order,
    /// The state that earlier steps made is not what the answer shows.
    State,
    /// The operation is not implemented, and says so in a form no SDK can read.
    Unimplemented,
}

impl Kind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 19] = [
        Self::Transport,
        Self::Envelope,
        Self::Status,
        Self::Outcome,
        Self::ErrorCode,
        Self::ErrorType,
        Self::ErrorMessage,
        Self::Missing,
        Self::Unexpected,
        Self::Type,
        Self::Value,
        Self::Case,
        Self::Whitespace,
        Self::Truncated,
        Self::Escaped,
        Self::NullEmpty,
        Self::Order,
        Self::State,
        Self::Unimplemented,
    ];

    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::Envelope => "envelope",
            Self::Status => "status",
            Self::Outcome => "outcome",
            Self::ErrorCode => "error-code",
            Self::ErrorType => "error-type",
            Self::ErrorMessage => "error-message",
            Self::Missing => "missing",
            Self::Unexpected => "unexpected",
            Self::Type => "type",
            Self::Value => "value",
            Self::Case => "case",
            Self::Whitespace => "whitespace",
            Self::Truncated => "truncated",
            Self::Escaped => "escaped",
            Self::NullEmpty => "null-empty",
            Self::Order => "order",
            Self::State => "state",
            Self::Unimplemented => "unimplemented",
        }
    }

    /// What it means, in half a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Transport => "no whole answer arrived",
            Self::Envelope => "the answer is not of the protocol's form",
            Self::Status => "the HTTP status differs",
            Self::Outcome => "accepted where refusal was due, or the other way round",
            Self::ErrorCode => "refused with another code",
            Self::ErrorType => "the error blames the other side",
            Self::ErrorMessage => "another error message",
            Self::Missing => "a member or element is not there",
            Self::Unexpected => "a member or element should not be there",
            Self::Type => "a value of another type or form",
            Self::Value => "another value",
            Self::Case => "the same text in another case",
            Self::Whitespace => "the same text with other white space",
            Self::Truncated => "the beginning of the text only",
            Self::Escaped => "the text escaped once too often, or not at all",
            Self::NullEmpty => "empty where nothing was due, or the other way round",
            Self::Order => "the same elements in another order",
            Self::State => "the answer does not show the state that earlier steps made",
            Self::Unimplemented => "the operation is not implemented, and says so in a form no SDK can read",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What supports an expectation, for people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceLine {
    /// The statement.
    pub fact: String,
    /// Where it stands.
    pub source: String,
    /// `recorded`, `documented` or `claimed`.
    pub confidence: String,
}

/// One difference in one answer, before it is placed in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What kind.
    pub kind: Kind,
    /// How bad.
    pub severity: Severity,
    /// Where in the answer: a dotted path with list keys in brackets, such as `Users[abc].UserId`; empty for the whole.
    pub path: String,
    /// What was due, in one line.
    pub expected: String,
    /// What was there, in one line.
    pub observed: String,
    /// Why it was due.
    pub evidence: Vec<EvidenceLine>,
    /// Whether it is a way of the endpoint that shows in every answer to the operation, not what came of this call: a
    /// report tells it once for each operation, and the step may agree for all that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub habit: bool,
}

/// One difference, placed: in which scenario and step, and how to see it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Divergence {
    /// Stable across runs, machines and ports; begins with the [`scenario_id`].
    pub id: String,
    /// What kind.
    pub kind: Kind,
    /// How bad.
    pub severity: Severity,
    /// The operation that was called.
    pub operation: String,
    /// The scenario's path.
    pub scenario: String,
    /// The step's name.
    pub step: String,
    /// Where in the answer.
    pub path: String,
    /// What was due.
    pub expected: String,
    /// What was there.
    pub observed: String,
    /// Why it was due.
    pub evidence: Vec<EvidenceLine>,
    /// The command that repeats only this scenario.
    pub repeat: String,
    /// A `curl` line that repeats the request.
    pub curl: String,
    /// Whether it is a way of the endpoint, told at the first step of each operation that shows it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub habit: bool,
    /// Why a baseline accepts it, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Arc<Known>>,
}

/// The word of a baseline on a divergence that is accepted for now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Known {
    /// Why it is accepted.
    pub reason: String,
    /// Where it is being dealt with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The last day on which it is accepted, such as `2027-03-01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

impl Divergence {
    /// Places a difference.
    pub fn place(difference: Difference, operation: &str, scenario: &str, step: &str, curl: String) -> Self {
        let Difference {
            kind,
            severity,
            path,
            expected,
            observed,
            evidence,
            habit,
        } = difference;
        Self {
            id: Self::id_of(scenario, step, kind, &path),
            kind,
            severity,
            operation: operation.to_owned(),
            scenario: scenario.to_owned(),
            step: step.to_owned(),
            path,
            expected,
            observed,
            evidence,
            repeat: String::new(),
            curl,
            habit,
            known: None,
        }
    }

    /// The id of a divergence.
    pub fn id_of(scenario: &str, step: &str, kind: Kind, path: &str) -> String {
        scenario_id(scenario) + &format!("{:08x}", tail(step, kind, path))
    }

    /// The divergence as far as every report tells it.
    pub fn sight(&self) -> Sight<'_> {
        Sight {
            kind: self.kind,
            severity: self.severity,
            operation: &self.operation,
            scenario: &self.scenario,
            step: &self.step,
            path: &self.path,
            evidence: self.evidence.first(),
            habit: self.habit,
        }
    }

    /// Whether nothing is told but what every report tells.
    pub fn is_brief(&self) -> bool {
        self.expected.is_empty() && self.observed.is_empty() && self.curl.is_empty()
    }

    /// What tells one cause from another; see [`Sight::cause_key`].
    pub fn cause_key(&self) -> String {
        self.sight().cause_key()
    }
}

/// A path with the keys of list elements left out. A bracket that belongs to a key has a backslash before it.
pub fn without_keys(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let (mut in_key, mut escaped) = (false, false);
    for c in path.chars() {
        let ends = c == ']' && !escaped;
        if !in_key || ends {
            out.push(c);
        }
        in_key = (in_key || c == '[') && !ends;
        escaped = in_key && c == '\\' && !escaped;
    }
    out
}

/// Sixteen hexadecimal digits from the parts (64-bit FNV-1a), the same on every machine.
pub fn stable_id(parts: &[&str]) -> String {
    format!("{:016x}", hash(parts))
}

/// What the ids of all divergences of a scenario begin with, so that an id alone tells whether its scenario was played:
/// eight hexadecimal digits.
pub fn scenario_id(path: &str) -> String {
    format!("{:08x}", folded(hash(&[path])))
}

/// A number from the parts (64-bit FNV-1a), the same on every machine.
pub fn hash(parts: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for (at, part) in parts.iter().enumerate() {
        let between = if at == 0 { "" } else { "\0" };
        for byte in between.bytes().chain(part.bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}

/// What tells divergences of one scenario apart: the last eight digits of their ids, as a number.
pub(crate) fn tail(step: &str, kind: Kind, path: &str) -> u32 {
    folded(hash(&[step, kind.as_str(), path]))
}

/// Both halves of a number folded into one.
fn folded(number: u64) -> u32 {
    ((number >> 32) ^ (number & 0xffff_ffff)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_without_keys_is_the_same_whatever_stands_in_them() {
        for path in ["Users[a].Id", r"Users[].Id", r"Users[\]\]>a\[].Id", r"Users[\\].Id"] {
            assert_eq!(without_keys(path), "Users[].Id", "{path}");
        }
        assert_eq!(without_keys("Tags[a].More[b]"), "Tags[].More[]");
    }

    fn divergence(scenario: &str, kind: Kind, severity: Severity, fact: &str) -> Divergence {
        let evidence = vec![EvidenceLine {
            fact: fact.into(),
            source: "s".into(),
            confidence: "documented".into(),
        }];
        let difference = Difference {
            kind,
            severity,
            path: "Users[a].UserId".into(),
            expected: "a".into(),
            observed: "A".into(),
            evidence,
            habit: false,
        };
        Divergence::place(difference, "DescribeUsers", scenario, "describe", String::new())
    }

    #[test]
    fn an_id_depends_on_scenario_step_kind_and_path_alone() {
        let one = divergence("a", Kind::Case, Severity::Error, "x");
        let other = Divergence {
            observed: "else".into(),
            severity: Severity::Note,
            ..one.clone()
        };
        assert_eq!(one.id, "296230c0e45873ce");
        assert_eq!(one.id, other.id);
        assert_ne!(one.id, divergence("b", Kind::Case, Severity::Error, "x").id);
    }

    #[test]
    fn an_id_tells_its_scenario() {
        let (one, other) = (
            divergence("a", Kind::Case, Severity::Error, "x"),
            divergence("a", Kind::Value, Severity::Error, "x"),
        );
        assert_ne!(one.id, other.id);
        assert_eq!(one.id.len(), 16);
        assert!([one, other].iter().all(|one| one.id.starts_with(&scenario_id("a"))));
    }
}
