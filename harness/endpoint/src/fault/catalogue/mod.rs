//! The catalogue of faults, a file for each class.

mod lowercasing;

use super::Alteration;

/// Every fault.
pub(super) fn all() -> Vec<Alteration> {
    [lowercasing::FAULTS].concat()
}
