//! The service itself as the reference: what is planned, what it needs, and the conversation.

mod account;
mod plan;
mod policy;
mod prepare;
mod session;
mod spot;

pub(crate) use plan::{Estimate, Terms};
pub(crate) use prepare::{allow, order, prepare, terms, unplanned};
pub(crate) use session::{Order, Session, clean, unusable};
pub(crate) use spot::Spot;
