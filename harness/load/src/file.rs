//! Mixes as a person writes them, in TOML.
//!
//! ```toml
//! resource = "User"        # optional; the one that suits best if absent
//! prepare = 20             # how many of it are made before
//!
//! [[turn]]
//! weight = 8
//! operations = ["DescribeUsers"]
//!
//! [[turn]]
//! weight = 1
//! operations = ["CreateUser", "DescribeUsers", "DeleteUser"]
//! input = { UserName = "px{run}" }
//! ```

use parallax_contract::{Contract, Value};
use parallax_scenario::mix::{Mix, MixError, Wanted, mix};
use serde::Deserialize;

/// How many resources are prepared where the file does not say.
const PREPARED: u32 = 10;
/// The most resources that are prepared.
const MOST: u32 = 10_000;

/// Why a text is no mix.
#[derive(Debug, thiserror::Error)]
pub enum MixFileError {
    /// It is not TOML, or holds what no mix has.
    #[error("line {line}: {why}")]
    Toml {
        /// Where, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
    /// More is to be prepared than makes sense.
    #[error("`prepare` is {0}; at most {MOST} are prepared")]
    TooMany(u32),
    /// The contract does not know what it names.
    #[error(transparent)]
    Mix(#[from] MixError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    resource: Option<String>,
    #[serde(default = "prepared")]
    prepare: u32,
    #[serde(default)]
    turn: Vec<RawTurn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTurn {
    #[serde(default = "once")]
    weight: u32,
    operations: Vec<String>,
    #[serde(default = "nothing")]
    input: Value,
    #[serde(default)]
    refused: bool,
}

fn prepared() -> u32 {
    PREPARED
}

fn once() -> u32 {
    1
}

fn nothing() -> Value {
    Value::Map(Vec::new())
}

/// The mix that a text describes, under this name; `resource` wins over the text's.
///
/// # Errors
/// [`MixFileError`] says where the text is wrong, or which name the contract does not know.
pub fn mix_of(contract: &Contract, name: &str, text: &str, resource: Option<&str>) -> Result<Mix, MixFileError> {
    let raw: Raw = toml::from_str(text).map_err(|error| MixFileError::Toml {
        line: error.span().map_or(1, |span| line_of(text, span.start)),
        why: error.message().to_owned(),
    })?;
    if raw.prepare > MOST {
        return Err(MixFileError::TooMany(raw.prepare));
    }
    let wanted: Vec<_> = raw
        .turn
        .into_iter()
        .map(|turn| Wanted {
            weight: turn.weight,
            operations: turn.operations,
            input: turn.input,
            refused: turn.refused,
        })
        .collect();
    let resource = resource.or(raw.resource.as_deref());
    Ok(mix(contract, name, resource, raw.prepare, &wanted)?)
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}
