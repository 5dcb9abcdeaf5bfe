//! Benign variants: what differs between emulators, and no source forbids.

mod forms;
mod identities;
mod listings;
mod open;
mod states;
mod timing;

use super::{Alteration, Change, Class};

/// Every variant: of bytes, of identities, of listings, of states, of points that the sources leave open, and of
/// times.
pub(super) fn all() -> Vec<Alteration> {
    [
        forms::VARIANTS,
        identities::VARIANTS,
        listings::VARIANTS,
        states::VARIANTS,
        &open::all(),
        timing::VARIANTS,
    ]
    .concat()
}

const fn variant(name: &'static str, summary: &'static str, grounds: &'static str, change: Change) -> Alteration {
    Alteration::new(Class::Benign, name, summary, grounds, change)
}
