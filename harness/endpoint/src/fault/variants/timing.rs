//! When answers come, which no source promises.

use std::time::Duration;

use super::{Alteration, Change, variant};
use crate::fault::Stall;

pub(super) const VARIANTS: &[Alteration] = &[variant(
    "stall",
    "for one second of every ten nobody is answered, from the ninth after the start on",
    "no source says how soon an answer comes",
    Change::Pause(Stall {
        every: Duration::from_secs(10),
        length: Duration::from_secs(1),
    }),
)];
