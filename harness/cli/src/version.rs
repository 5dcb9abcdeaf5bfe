//! What `parallax --version` prints.

use std::fmt::Write as _;

use parallax_endpoint::cassette::contract_hash;

use crate::services;

/// How many digits of a contract's hash tell it from others.
const DIGITS: usize = 12;

/// The version of the tool, and of each contract that is built in: its service, the version of the service's API, and
/// the beginning of the hash that reports and cassettes bear.
pub(crate) fn text() -> String {
    let mut text = format!("parallax {}\n", env!("CARGO_PKG_VERSION"));
    for contract in services::names().filter_map(|name| services::contract(Some(name)).ok()) {
        let hash: String = contract_hash(&contract).chars().take(DIGITS).collect();
        let service = &contract.service;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} {}, contract {hash}", service.name, service.api_version);
    }
    text
}
