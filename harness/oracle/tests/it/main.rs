//! The oracle on the committed contract: what it makes of whole scenarios.

mod behaviour;
mod meets_itself;
mod shelf;
