//! What a reference says an answer must be; any part of it may be unspecified.

use serde::{Deserialize, Serialize};

use crate::{Basis, Fault, Reason, Value};

/// What must be answered to one call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expectation {
    /// Whether it succeeds and what it then says.
    pub expected: Expected,
}

/// Accepted, refused, or left open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// The call must be accepted, with this output.
    Success {
        /// The output.
        output: Pattern,
        /// Why it must.
        basis: Basis,
    },
    /// The call must be refused.
    Refusal(Refusal),
    /// The sources do not say which; each branch is still held to what is known of it.
    Open {
        /// Why they do not.
        reason: Reason,
        /// The output, if it is accepted.
        output: Pattern,
        /// The refusal, if it is refused.
        refusal: Refusal,
        /// The branch that an emulator made of this takes.
        prefer_success: bool,
    },
}

/// What a refusal must look like.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// The codes that are right, the likeliest first. Empty: any code that the operation declares or that is common.
    pub codes: Vec<RefusalCode>,
    /// Codes that are surely wrong though others are open, such as "not found" for what is there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wrong: Vec<String>,
    /// A message for an emulator to send, and where it was recorded the text to compare with at `note`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether the message was recorded, and so is compared (at `note`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub message_recorded: bool,
    /// Why it must be refused, or why with these codes. Caps the severity of a violation.
    pub basis: Basis,
}

/// One right code, with the status and blame that go with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalCode {
    /// The code on the wire.
    pub code: String,
    /// The HTTP status, where a source gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Who is to blame, where a source says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
}

/// What one value must be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pattern {
    /// Unspecified: compared with nothing. An emulator sends `sample`, or leaves the member out.
    Any {
        /// Why.
        reason: Reason,
        /// What an emulator sends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sample: Option<Value>,
    },
    /// This value.
    Exactly {
        /// The value.
        value: Value,
        /// Why.
        basis: Basis,
    },
    /// One of these values, [`Value::Null`] standing for an absent one; the first is the usual.
    OneOf {
        /// The values.
        values: Vec<Value>,
        /// Why.
        basis: Basis,
    },
    /// Nothing: absent, null or an empty list.
    Absent {
        /// Why.
        basis: Basis,
    },
    /// Text with parts that are the endpoint's own, such as an ARN.
    Template {
        /// The parts in order.
        pieces: Vec<Piece>,
        /// Why.
        basis: Basis,
    },
    /// A structure. Members not named here are unspecified, but must be of their declared type.
    Fields(Vec<(String, Pattern)>),
    /// A list with these elements in any order and no others but the optional ones. Elements with the same member `key`
    /// are matched to the pattern that fits them best.
    Bag {
        /// The member that tells elements apart.
        key: String,
        /// The elements.
        items: Vec<Pattern>,
        /// Elements that may be there, such as a permission that is being revoked.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        optional: Vec<Pattern>,
        /// Why.
        basis: Basis,
    },
    /// A listing that may hold what others made.
    Listing(Listing),
}

/// A listing of resources. What the scenario made is known, the rest is other people's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// The output member that holds the list.
    pub member: String,
    /// The element's member that identifies it.
    pub key: String,
    /// What is known, each by its identifier.
    pub items: Vec<ListingItem>,
    /// Whether elements that are not known may be there.
    pub others: bool,
    /// The most elements that the page may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u64>,
    /// The output member with the marker of the next page: while it is there, a required item may still come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// Why.
    pub basis: Basis,
}

/// One known element of a listing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListingItem {
    /// Its identifier, every spelling that may stand for it.
    pub ids: Vec<String>,
    /// Whether it must, may or must not be there.
    pub presence: Presence,
    /// What it must be.
    pub pattern: Pattern,
}

/// Whether an element must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// It must, exactly once, on this page or a later one.
    Required,
    /// It may.
    Optional,
    /// It must not: it was deleted, or an earlier page had it.
    Forbidden,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Piece {
    /// These characters.
    Literal(String),
    /// The endpoint's own value of this name, such as `account`: the first seen must come back ever after.
    Bound(String),
}

impl Refusal {
    /// A refusal with any declared or common code.
    pub fn any(basis: Basis) -> Self {
        Self {
            codes: Vec::new(),
            wrong: Vec::new(),
            message: None,
            message_recorded: false,
            basis,
        }
    }
}

impl Expected {
    /// Whether an answer that accepts the call is held against any output.
    pub fn holds_output(&self) -> bool {
        match self {
            Self::Success { output, .. } | Self::Open { output, .. } => output.says_something(),
            Self::Refusal(_) => false,
        }
    }
}

impl Pattern {
    /// Whether any of it is held against what comes: a value that is not told is compared with nothing.
    pub fn says_something(&self) -> bool {
        match self {
            Self::Any { .. } => false,
            Self::Exactly { .. }
            | Self::OneOf { .. }
            | Self::Absent { .. }
            | Self::Template { .. }
            | Self::Bag { .. } => true,
            Self::Fields(fields) => fields.iter().any(|(_, pattern)| pattern.says_something()),
            Self::Listing(listing) => listing
                .items
                .iter()
                .any(|item| item.presence == Presence::Forbidden || item.pattern.says_something()),
        }
    }

    /// An unspecified value without a sample.
    pub fn any(reason: impl Into<Reason>) -> Self {
        Self::Any {
            reason: reason.into(),
            sample: None,
        }
    }

    /// Exactly this value.
    pub fn exactly(value: Value, basis: &Basis) -> Self {
        Self::Exactly {
            value,
            basis: Basis::clone(basis),
        }
    }
}
