//! Where a statement about a service comes from, and how far it may be trusted.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// How well a statement is supported; the order is the order of trust, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Somebody says so, or it is inferred; a violation is a `note` at most.
    Claimed,
    /// The service's own model or documentation says so; a violation may be an `error`.
    Documented,
    /// It was seen on the real service; a violation may be an `error`.
    Recorded,
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Claimed => "claimed",
            Self::Documented => "documented",
            Self::Recorded => "recorded",
        })
    }
}

/// One supported statement about a service.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Evidence {
    /// The statement in our own words, such as `at most 255 characters`.
    pub fact: String,
    /// Where it stands, such as `model: CreateUserMessage.UserId` or a page's address.
    pub source: String,
    /// How far it may be trusted.
    pub confidence: Confidence,
}

/// Shared evidence: expectations are made for each step, the evidence behind them once.
pub type Basis = Arc<Evidence>;

impl Evidence {
    /// Makes shared evidence.
    pub fn basis(fact: impl Into<String>, source: impl Into<String>, confidence: Confidence) -> Basis {
        Arc::new(Self {
            fact: fact.into(),
            source: source.into(),
            confidence,
        })
    }
}

/// Why a point is left unspecified, in words for a person.
pub type Reason = Arc<str>;
