//! What a service promises, as data, and the values that travel between the other crates.
//!
//! A [`Contract`] holds operations, shapes, errors, constraints and resources. It is imported from a botocore model and
//! its neighbours ([`mod@import`]), completed by a hand-written [`overlay`], and stored as JSON ([`load`]). Beside it
//! stand the three things that every other crate passes around: a [`Call`] (what is asked), an [`Observation`] (what
//! was answered) and an [`Expectation`] (what had to be answered).
//!
//! This crate never does I/O, reads no clock and no environment, and knows no service by name.

pub mod answer;
pub mod call;
pub mod casing;
pub mod constraint;
pub mod endpoints;
pub mod evidence;
pub mod expect;
pub mod import;
pub mod load;
pub mod model;
pub mod overlay;
pub mod resource;
pub mod text;
pub mod value;

pub use answer::{
    Answer, ApiError, Fault, Forgiven, Forgiveness, Malformed, Observation, Outcome, Refused, TransportFault,
};
pub use call::{Call, ListForm, Tweak, only_reads};
pub use constraint::{CharClass, Constraint, Contest, Origin, Rule};
pub use evidence::{Basis, Confidence, Evidence, Reason};
pub use expect::{Expectation, Expected, Listing, ListingItem, Pattern, Piece, Presence, Refusal, RefusalCode};
pub use import::{ImportError, Sources, import};
pub use load::LoadError;
pub use model::{CommonError, Contract, Cost, ErrorShape, Member, Message, Operation, Shape, ShapeKind};
pub use overlay::OverlayError;
pub use resource::{Grants, Identifier, Lifecycle, Resource, Tagging};
pub use value::Value;
