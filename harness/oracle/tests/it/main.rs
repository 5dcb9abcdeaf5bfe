//! The oracle on the committed contract: what it makes of whole scenarios.

mod meets_itself;
