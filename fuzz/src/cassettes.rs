//! What holds for cassettes.

use std::collections::BTreeMap;

use parallax_contract::Contract;
use parallax_endpoint::cassette::{Cassette, CassetteError};
use sha2::{Digest as _, Sha256};

/// How many digits of SHA-256 a line bears.
const DIGITS: usize = 32;

/// Reads a cassette; whatever it holds can be asked for.
pub fn check(contract: &Contract, bytes: &[u8]) {
    let values = BTreeMap::from([("run".to_owned(), "r0a0000".to_owned())]);
    if let Ok(cassette) = Cassette::salvage(bytes) {
        assert_eq!(cassette.entries().count() as u64, cassette.len());
    }
    let Ok(cassette) = Cassette::read(bytes) else {
        return;
    };
    assert_eq!(cassette.entries().count() as u64, cassette.len());
    for found in cassette.entries() {
        assert!(found.is_ok(), "a line that was read once can be read again");
        let Ok((position, entry)) = found else { continue };
        assert!(matches!(cassette.get(&position), Ok(Some(_))), "{position}");
        assert_eq!(
            entry.answer(&values).is_some(),
            entry.observation(contract, "", &values).ok().flatten().is_some()
        );
        if let Err(error) = entry.expectation(&values) {
            let names_its_line = matches!(error, CassetteError::Line { .. } | CassetteError::Hidden { .. });
            assert!(names_its_line, "{error}");
        }
    }
    changed_anywhere_it_is_refused(bytes);
}

/// No byte of a cassette can be changed without being noticed.
fn changed_anywhere_it_is_refused(bytes: &[u8]) {
    for at in [0, bytes.len() / 3, bytes.len() / 2, bytes.len().saturating_sub(2)] {
        let mut changed = bytes.to_vec();
        if let Some(byte) = changed.get_mut(at) {
            *byte ^= 1;
            assert!(Cassette::read(changed).is_err(), "byte {at}");
        }
    }
}

/// The lines with their digests made right, the footer's too, so that the fuzzer gets past them.
pub fn sealed(text: &str) -> Vec<u8> {
    let (mut whole, mut all, mut count) = (String::new(), String::new(), 0);
    for (number, line) in text.lines().enumerate() {
        let seal = digest(&format!("{{{line}"));
        if number > 0 {
            all.push_str(&seal);
            count += 1;
        }
        whole.push_str(&format!("{{\"digest\":\"{seal}\",{line}\n"));
    }
    let footer = format!("\"exchanges\":{count},\"all\":\"{}\"}}", digest(&all));
    let seal = digest(&format!("{{{footer}"));
    whole.push_str(&format!("{{\"digest\":\"{seal}\",{footer}\n"));
    whole.into_bytes()
}

fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.chars().take(DIGITS).collect()
}
