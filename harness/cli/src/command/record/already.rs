//! What is there already where a recording goes.

use std::fs::File;

use camino::{Utf8Path, Utf8PathBuf};
use parallax_endpoint::cassette::{Care, Cassette, CassetteError};

use crate::args::RecordArgs;
use crate::failure::Failure;
use crate::files::Place;
use crate::party::Party;

/// Where a recording that goes into this file is until it is whole.
pub(super) fn part_of(place: &Utf8Path) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("{place}.part"))
}

/// Fails where a recording would write over a file, or over what one that was broken off had so far, and nobody said that
/// it may. It cost requests, time and perhaps money.
pub(super) fn check(args: &RecordArgs, party: &Party) -> Result<(), Failure> {
    let Some(out) = args.update.as_deref().or(args.out.as_deref()) else {
        return Ok(());
    };
    let Place::File(place) = Place::of(out)? else {
        return Ok(());
    };
    if args.force {
        return Ok(());
    }
    // An empty one holds nothing that could be lost.
    if args.update.is_none() && place.metadata().is_ok_and(|there| there.len() > 0) {
        return Err(Failure::usage(format!("{out} is there already")).mend(
            "`--update` records what a cassette lacks, and `--force` replaces the file; or give another with --out",
        ));
    }
    let part = part_of(&place);
    // The documentation is recorded at once, and leaves no part.
    if *party == Party::Docs || !part.exists() || is_in(&part, &place).unwrap_or(false) {
        return Ok(());
    }
    let to = match args.update {
        Some(_) => "OTHER",
        None => out.as_str(),
    };
    Err(
        Failure::usage(format!("{part} is what a recording that was broken off had so far")).mend(format!(
            "`parallax cassette trim {part} --salvage --out {to}` makes a cassette of it, to which `--update` adds what it \
             lacks; or delete it, or give --force, to do without it"
        )),
    )
}

/// Whether a cassette holds all that a part of one does, so that nothing is lost with the part.
fn is_in(part: &Utf8Path, whole: &Utf8Path) -> Result<bool, CassetteError> {
    let whole = Cassette::check(File::open(whole)?, Care::Whole)?;
    let part = Cassette::check(File::open(part)?, Care::Salvage)?;
    for found in part.entries() {
        let (position, entry) = found?;
        let kept = whole.get(&position)?;
        if !kept.is_some_and(|kept| kept.says_the_same(&entry) && kept.is_asked_the_same(&entry)) {
            return Ok(false);
        }
    }
    Ok(true)
}
