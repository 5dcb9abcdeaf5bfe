//! Exchanges in a file.
//!
//! A cassette is JSON Lines: a header, one line for each exchange, a footer. Every line begins with the digest of what
//! follows on it, and the footer holds the number of exchanges and a digest of their digests, so that an edited line is
//! named and a missing one is noticed. Texts are kept as [`Redactor`] leaves them: what belongs to one account or one
//! run is a placeholder, and a literal brace stands twice. Equal runs give equal bytes; only a recorded cassette holds
//! a date.
//!
//! Beside the file lies an index, so that an exchange is read when it is asked for and nothing else is held. It is made of
//! the cassette by whoever finds none that fits, and may be deleted at any time.

mod entry;
mod error;
pub mod import;
mod index;
mod line;
mod placeholder;
mod read;
mod redact;
mod replay;
mod scan;
mod secrets;
mod source;
mod text;
mod view;
mod write;

use std::collections::BTreeMap;

use parallax_contract::Contract;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use entry::Entry;
pub use error::{CassetteError, Damage};
pub use read::{Cassette, Entries};
pub use redact::{CleanExchange, CleanExpectation, Redactable, Redacted, Redactor, RuleError, Rules};
pub use replay::{Replay, ReplayError};
pub use scan::Care;
pub use write::Writer;

/// The format that this version reads and writes.
pub const FORMAT: u32 = 1;

/// What a cassette says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The service's name, such as `elasticache`.
    pub service: String,
    /// The contract it was made with, as [`contract_hash`] has it.
    pub contract: String,
    /// Where the answers come from.
    #[serde(flatten)]
    pub provenance: Provenance,
    /// The day on which a part of it was last recorded anew, where that was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<String>,
    /// The kind of account, such as `ec2-classic`, where it matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Which program wrote it, with its version.
    pub tool: String,
    /// The seed of generated scenarios, where there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// What else must be the same to repeat it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, String>,
}

impl Header {
    /// Of a cassette whose first line cannot be read.
    fn unknown() -> Self {
        Self {
            service: String::new(),
            contract: String::new(),
            provenance: Provenance::Recorded {
                date: "an unknown day".to_owned(),
            },
            updated: None,
            profile: None,
            tool: String::new(),
            seed: None,
            settings: BTreeMap::new(),
        }
    }

    /// Whether it could be read at all.
    pub fn is_known(&self) -> bool {
        !self.service.is_empty()
    }
}

/// Where the answers of a cassette come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "provenance", rename_all = "kebab-case")]
pub enum Provenance {
    /// An endpoint gave them.
    Recorded {
        /// The day, such as `2026-11-22`.
        date: String,
    },
    /// The documentation oracle made them. Without a date, so that making it again changes nothing.
    Documented,
}

/// Which exchange of a run a line holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// The scenario's path.
    pub scenario: String,
    /// The step's name.
    pub step: String,
    /// The page, from 0, where a step follows a marker.
    #[serde(default, skip_serializing_if = "is_first")]
    pub page: u32,
}

impl Position {
    /// A step's only or first page.
    pub fn new(scenario: impl Into<String>, step: impl Into<String>) -> Self {
        Self {
            scenario: scenario.into(),
            step: step.into(),
            page: 0,
        }
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} / {}", self.scenario, self.step)?;
        if self.page > 0 {
            write!(f, " / page {}", self.page)
        } else {
            Ok(())
        }
    }
}

/// SHA-256 of the contract, in hexadecimal: equal exactly where the contracts are.
pub fn contract_hash(contract: &Contract) -> String {
    // A contract is made of text, numbers, lists and maps with text for keys: nothing that JSON lacks.
    hex(&serde_json::to_vec(contract).unwrap_or_default())
}

/// SHA-256 in hexadecimal.
fn hex(bytes: &[u8]) -> String {
    hex_text(&Sha256::digest(bytes))
}

fn hex_text(bytes: &[u8]) -> String {
    ::hex::encode(bytes)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn is_first(page: &u32) -> bool {
    *page == 0
}
