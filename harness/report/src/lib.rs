//! A report in every format: JSON, JUnit, Markdown, SARIF, HTML, annotations, a badge, and text for a terminal.
//!
//! Every format is a function of [`parallax_outcome::Report`] alone. What a target answered is shown, never trusted: no
//! control character, markup or escape sequence of it reaches the output as such. This crate never does I/O, reads no
//! clock, and judges no answer: verdicts, severities and causes come from `parallax_outcome`. Beside the formats there is
//! what is said over reports: what a [`baseline`] accepts, what the parts of a run make together ([`merge`]), and
//! what shows when reports stand side by side ([`compare`], [`matrix`]).

pub mod annotations;
pub mod badge;
pub mod baseline;
pub mod bench;
pub mod compare;
mod failing;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod matrix;
pub mod merge;
pub mod sarif;
pub mod shard;
mod side;
mod sources;
pub mod terminal;
mod text;

pub use failing::GATE;
pub use side::Side;
pub use sources::{Place, Sources};
