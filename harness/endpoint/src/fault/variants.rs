//! Benign variants: what differs between emulators, and no source forbids.

use super::{Alteration, Change, Class};

/// Every variant.
pub(super) fn all() -> Vec<Alteration> {
    VARIANTS.to_vec()
}

const VARIANTS: &[Alteration] = &[Alteration {
    name: "grants-at-once",
    class: Class::Benign,
    summary: "a permission is in force at once",
    grounds: "live-run tests saw the state that follows the usual one",
    generated: false,
    change: Change::Promise(|contract| {
        for grants in contract
            .resources
            .values_mut()
            .filter_map(|resource| resource.grants.as_mut())
        {
            grants.granted.reverse();
        }
    }),
}];
