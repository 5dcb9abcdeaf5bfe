//! What holds for models, overlays and contracts.

use std::sync::{Arc, LazyLock};

use parallax_contract::{Contract, OverlayError, Sources, import, overlay};
use parallax_oracle::Oracle;
use parallax_scenario::{Generator, Options, derive};

/// What separates the parts of an import in one input.
const SEPARATOR: &str = "\n----\n";

/// A model of our own, and what it comes to.
static SHELVES: LazyLock<Option<Contract>> = LazyLock::new(|| {
    let model = include_bytes!("../../corpus/seeds/botocore_import/shelves");
    import(&sources(model)).ok()
});

/// Imports a model, perhaps with its neighbours; what comes of it can be used like any other contract.
pub fn check_import(bytes: &[u8]) {
    if let Ok(contract) = import(&sources(bytes)) {
        check_contract(contract);
    }
}

/// Completes a contract by any text; an error names a line that is there.
pub fn check_overlay(text: &str) {
    let Some(mut contract) = SHELVES.clone() else {
        return;
    };
    match overlay::apply(&mut contract, text) {
        Ok(()) => check_contract(contract),
        Err(
            OverlayError::Toml { line, .. }
            | OverlayError::Unknown { line, .. }
            | OverlayError::OtherService { line, .. },
        ) => assert!((1..=text.matches('\n').count() + 1).contains(&line), "line {line}"),
    }
}

/// A contract survives its file, and everything that interprets contracts takes it.
fn check_contract(contract: Contract) {
    let read = Contract::from_json(&contract.to_json());
    assert_eq!(read.as_ref().ok(), Some(&contract), "{:?}", read.as_ref().err());
    for scenario in derive(&contract) {
        assert!(!scenario.steps.is_empty(), "{}", scenario.path);
    }
    let generator = Generator::new(&contract, &Options::default());
    assert_eq!(generator.nth(7, 0), generator.nth(7, 0));
    Oracle::new(Arc::new(contract));
}

/// The parts of an import, in the order of their declaration: a text with separators, or a model alone.
fn sources(bytes: &[u8]) -> Sources<'_> {
    let mut parts = str::from_utf8(bytes).into_iter().flat_map(|text| text.split(SEPARATOR));
    let model = parts.next().map_or(bytes, str::as_bytes);
    let mut next = || parts.next().map(str::as_bytes);
    Sources {
        name: "fuzzed",
        model,
        paginators: next(),
        waiters: next(),
        examples: next(),
        endpoints: next(),
        partitions: next(),
        overlay: None,
    }
}
