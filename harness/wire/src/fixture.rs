//! A made-up service for the tests of this crate.

use parallax_contract::Contract;

pub(crate) fn library() -> Contract {
    serde_json::from_str(include_str!("../tests/data/library.json")).unwrap()
}
