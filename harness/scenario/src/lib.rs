//! What to ask: scenarios derived from a contract, generated ones, and their reduction.
//!
//! A [`Scenario`] is an ordered list of [`Step`]s. Texts in a step's input may hold placeholders (`{run}`, `{arn}`),
//! which [`resolve`] fills in; a literal brace is written twice. A [`Mix`](mix::Mix) is what a load is made of. This crate never does I/O, reads no clock, uses no
//! randomness of its own, and knows no service by name.

pub mod derive;
pub mod file;
pub mod generate;
pub mod mix;
pub mod names;
pub mod reduce;
pub mod select;
pub mod step;

pub use derive::{derive, unreachable};
pub use file::{FileError, from_text, to_text};
pub use generate::{Choose, Generator, Options, generate, generated};
pub use names::{Names, TOKEN_LENGTH, Unresolved, escape, resolve};
pub use reduce::{Reducer, reduce};
pub use select::{SelectError, Selection};
pub use step::{Capture, Scenario, Step};
