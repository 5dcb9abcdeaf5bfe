//! The catalogue of faults, a file for each class.

mod errors;
mod generated;
mod lowercasing;
mod paging;
mod shapes;
mod state;
mod tags;
mod text;
mod transport;
mod validation;

use super::Alteration;

/// Every fault.
pub(super) fn all() -> Vec<Alteration> {
    [
        lowercasing::FAULTS,
        &validation::all(),
        &errors::all(),
        &shapes::all(),
        &tags::all(),
        &state::all(),
        paging::FAULTS,
        transport::FAULTS,
        generated::FAULTS,
    ]
    .concat()
}
