//! Cassettes as the arguments name them.

use camino::Utf8Path;
use parallax_contract::Contract;
use parallax_endpoint::cassette::{Care, Cassette, CassetteError};

use crate::failure::Failure;
use crate::screen::Screen;

/// Opens a cassette. Where only a part of it can be read, that is used if `salvage` has it so, and the rest is told.
pub(crate) fn open(path: &Utf8Path, salvage: bool, screen: Screen) -> Result<Cassette, Failure> {
    let care = if salvage { Care::Salvage } else { Care::Whole };
    let cassette = Cassette::open(path.as_std_path(), care).map_err(|error| unusable(path, error))?;
    tell(path, &cassette, screen);
    Ok(cassette)
}

/// Opens a cassette of a service.
pub(crate) fn of_service(
    path: &Utf8Path,
    salvage: bool,
    (contract, screen): (&Contract, Screen),
) -> Result<Cassette, Failure> {
    let cassette = open(path, salvage, screen)?;
    let (recorded, asked) = (&cassette.header().service, &contract.service.name);
    match recorded == asked || !cassette.header().is_known() {
        true => Ok(cassette),
        false => Err(
            Failure::usage(format!("{path} was recorded of {recorded}, not of {asked}"))
                .mend(format!("give a cassette of {asked}, or --service {recorded}")),
        ),
    }
}

/// Why a cassette cannot be used, and how to use what can be read.
pub(crate) fn unusable(path: &Utf8Path, error: CassetteError) -> Failure {
    let mend = match error {
        CassetteError::Read(_) => "check the path and the rights to it",
        CassetteError::Index { .. } | CassetteError::Nothing => "the message says how",
        _ => "`--salvage` uses the lines that can be read; what stood on the others is then inconclusive",
    };
    Failure::usage(format!("{path} cannot be used"))
        .mend(mend)
        .because(error)
}

fn tell(path: &Utf8Path, cassette: &Cassette, screen: Screen) {
    let damage = cassette.damage();
    if damage.is_none() {
        return;
    }
    for error in damage.told() {
        screen.say(&format!("{path}: {error}"));
    }
    let untold = damage.count() - damage.told().len() as u64;
    if untold > 0 {
        screen.say(&format!("{path}: {untold} more lines cannot be used"));
    }
    screen.say(&format!("{path}: {} exchanges can be read", cassette.len()));
}
