//! Reads a botocore model, with the files beside it, into a [`Contract`].
//!
//! Names, types, limits, codes and statuses are kept. Sentences are not: the rules in them are mined and the text is
//! dropped.

mod contest;
mod endpoints;
mod examples;
mod infer;
mod model;
mod neighbours;
mod prose;
mod raw;
mod source;

use thiserror::Error;

use crate::{Contract, OverlayError, overlay};

/// What is imported. Each part may be JSON or gzipped JSON.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sources<'a> {
    /// What the parts are of, such as `botocore 1.44.5`; goes into the contract as it is.
    pub name: &'a str,
    /// `service-2.json`.
    pub model: &'a [u8],
    /// `paginators-1.json`.
    pub paginators: Option<&'a [u8]>,
    /// `waiters-2.json`.
    pub waiters: Option<&'a [u8]>,
    /// `examples-1.json`.
    pub examples: Option<&'a [u8]>,
    /// `endpoint-rule-set-1.json`, of use only with the partitions.
    pub endpoints: Option<&'a [u8]>,
    /// `partitions.json`, the same for all services.
    pub partitions: Option<&'a [u8]>,
    /// The text of the hand-written overlay, in TOML.
    pub overlay: Option<&'a str>,
}

/// Why something cannot be imported. `part` is the part of [`Sources`] by name.
#[derive(Debug, Error)]
pub enum ImportError {
    /// A gzipped part is broken.
    #[error("the {part} is gzipped but broken ({source}); fetch it again")]
    Gzip {
        /// The part.
        part: &'static str,
        /// What went wrong.
        source: std::io::Error,
    },
    /// A part unpacks to more than any model has.
    #[error(
        "the {part} is gzipped and unpacks to more than {limit} bytes, which no model does; check that it is the right file"
    )]
    TooLarge {
        /// The part.
        part: &'static str,
        /// The limit in bytes.
        limit: u64,
    },
    /// A part is no JSON, is cut short, or is not of a model's structure.
    #[error("the {part} cannot be read as botocore's JSON: {source}; check that it is whole and the right file")]
    Json {
        /// The part.
        part: &'static str,
        /// What is wrong and where, with line and column.
        source: serde_json::Error,
    },
    /// The model names a shape that it does not have.
    #[error("the model is not whole: {at} names the shape `{shape}`, which is not there; fetch the model again")]
    Dangling {
        /// Where the name stands.
        at: String,
        /// The name.
        shape: String,
    },
    /// The model has a shape of a type that this version does not know.
    #[error("the shape `{shape}` is of the type `{kind}`, which is not known here; use a newer parallax")]
    UnknownType {
        /// The shape.
        shape: String,
        /// Its type.
        kind: String,
    },
    /// The overlay is broken or names what the model lacks.
    #[error(transparent)]
    Overlay(#[from] OverlayError),
}

/// Imports a model and its neighbours.
///
/// # Errors
/// Fails if a part is broken or contradicts itself, naming the part.
pub fn import(sources: &Sources<'_>) -> Result<Contract, ImportError> {
    let text = source::unpack("model", sources.model)?;
    let raw: raw::Model = source::parse("model", &text)?;
    let mut contract = model::contract(&raw, sources.name, source::sha256(&text))?;
    if let Some(bytes) = sources.paginators {
        neighbours::paginators(&mut contract, source::read("paginators", bytes)?);
    }
    infer::paginators(&mut contract);
    prose(&raw, &mut contract);
    contract.resources = infer::resources(&contract).collect();
    contract.tagging = infer::tagging(&contract);
    if let Some(bytes) = sources.waiters {
        contract.waiters = neighbours::waiters(source::read("waiters", bytes)?);
    }
    if let Some(bytes) = sources.examples {
        contract.examples = examples::examples(&contract, source::read("examples", bytes)?);
    }
    if let Some((rules, partitions)) = sources.endpoints.zip(sources.partitions) {
        let (rules, partitions) = (
            source::read("endpoint rules", rules)?,
            source::read("partitions", partitions)?,
        );
        contract.endpoints = endpoints::partitions(&rules, &partitions);
    }
    contest::contest(&mut contract);
    if let Some(text) = sources.overlay {
        overlay::apply(&mut contract, text)?;
    }
    Ok(contract)
}

/// Hangs the rules in the documentation of each member on that member.
fn prose(raw: &raw::Model, contract: &mut Contract) {
    let mut found = Vec::new();
    for (name, shape) in &contract.shapes {
        let documented = raw
            .shapes
            .0
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, shape)| &shape.members.0);
        for (member, used) in shape.members().iter().zip(documented.into_iter().flatten()) {
            let html = used.1.documentation.as_deref().unwrap_or_default();
            found.push((
                name.clone(),
                member.name.clone(),
                prose::constraints(contract, name, member, html),
            ));
        }
    }
    for (shape, member, constraints) in found {
        if let Some(member) = contract.member_mut(&shape, &member) {
            member.constraints = constraints;
        }
    }
}
