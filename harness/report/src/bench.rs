//! A bench in every format. The data is [`parallax_outcome::bench::Bench`]; nothing here measures or decides.

pub mod compare;
pub mod csv;
pub mod html;
pub mod json;
pub mod terminal;
mod words;

pub use words::{duration, number, pace, statement};
