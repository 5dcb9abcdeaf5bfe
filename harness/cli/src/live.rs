//! The service itself as the reference: what is planned, what it needs, and the conversation.

mod account;
mod plan;
mod policy;
mod session;

pub(crate) use plan::{Estimate, Terms};
pub(crate) use session::{Order, Session, allow, clean, unusable};
