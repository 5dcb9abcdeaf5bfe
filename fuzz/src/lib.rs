//! What the fuzz targets share: contracts to fuzz with, properties, and independent definitions to hold the crates
//! against.
//!
//! A target is glue; what it checks stands here. This crate never defines how Parallax behaves, and nothing uses it but
//! the targets.

pub mod answers;
pub mod cassettes;
pub mod contracts;
pub mod counters;
pub mod differential;
pub mod laws;
pub mod names;
pub mod requests;
pub mod rules;
pub mod sequences;
pub mod specs;
pub mod strict;
