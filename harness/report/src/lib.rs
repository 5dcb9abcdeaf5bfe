//! A report in every format: JSON, JUnit, Markdown, SARIF, HTML, annotations, a badge, and text for a terminal.
//!
//! Every format is a function of [`parallax_outcome::Report`] alone. What a target answered is shown, never trusted: no
//! control character, markup or escape sequence of it reaches the output as such. This crate never does I/O, reads no
//! clock, and judges no answer: verdicts, severities and causes come from `parallax_outcome`. Beside the formats there are
//! what is said over reports: what a [`baseline`] accepts, and what the parts of a run make together ([`merge`]).

pub mod annotations;
pub mod badge;
pub mod baseline;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod merge;
pub mod sarif;
pub mod shard;
mod sources;
pub mod terminal;
mod text;

pub use sources::{Place, Sources};
