//! `parallax cassette trim`.

use std::collections::BTreeSet;
use std::fs;

use parallax_contract::Resource;
use parallax_endpoint::cassette::{Care, Cassette, Writer};
use parallax_outcome::ExitCode;

use super::{Wanted, nothing_fits, open};
use crate::args::CassetteTrimArgs;
use crate::cassettes::unusable;
use crate::failure::Failure;
use crate::files::{NewFile, Place};
use crate::screen::Screen;
use crate::{files, services};

/// Writes a cassette of the scenarios that are wanted.
pub(super) fn trim(args: &CassetteTrimArgs, screen: Screen) -> Result<ExitCode, Failure> {
    let same =
        |a: &camino::Utf8Path, b: &camino::Utf8Path| a.canonicalize().is_ok_and(|a| b.canonicalize().ok() == Some(a));
    if same(&args.cassette.file, &args.out) {
        return Err(Failure::usage("--out names the cassette that is read").mend("name another file"));
    }
    files::check_writable(&args.out)?;
    let cassette = open(&args.cassette, screen)?;
    let kept = kept(args, &cassette)?;
    let (file, out) = (&args.cassette.file, &args.out);
    let mut trouble = None;
    let unwritten = |error| files::unwritable(out, error);
    let to = NewFile::begin(out)?;
    let mut writer = Writer::create(to, cassette.header().clone()).map_err(unwritten)?;
    for found in cassette.entries() {
        match found {
            Ok((at, entry)) if kept.contains(&at.scenario) => {
                let (exchange, expectation) = entry.kept();
                writer.write(at, exchange, expectation).map_err(unwritten)?;
            }
            Ok(_) => {}
            Err(error) => trouble = Some(error),
        }
    }
    if let Some(error) = trouble {
        return Err(unusable(file, error));
    }
    writer.finish().map_err(unwritten)?.end()?;
    let mut size = String::new();
    if let Place::File(place) = Place::of(out)? {
        // Made now, the index spares the first reader a look at every line.
        Cassette::open(place.as_std_path(), Care::Whole).map_err(|error| unusable(out, error))?;
        size = fs::metadata(&place).map_or(size, |metadata| format!(", {} bytes", metadata.len()));
    }
    screen.say(&format!("{} scenarios are in {out}{size}", kept.len()));
    Ok(ExitCode::Ok)
}

/// The scenarios to keep.
fn kept(args: &CassetteTrimArgs, cassette: &Cassette) -> Result<BTreeSet<String>, Failure> {
    let scenario = Wanted::of("--scenario", args.scenario.as_deref())?;
    let operation = Wanted::of("--operation", args.operation.as_deref())?;
    let of_resource = match &args.resource {
        Some(glob) => Some(operations_of(glob, &cassette.header().service)?),
        None => None,
    };
    let mut kept = BTreeSet::new();
    for found in cassette.entries() {
        let (at, entry) = found.map_err(|error| unusable(&args.cassette.file, error))?;
        let named = entry.operation();
        let asks = |fits: &dyn Fn(&str) -> bool| named.as_deref().is_some_and(fits);
        let by_operation = operation.is_any() || asks(&|name| operation.fits(name));
        let by_resource = of_resource
            .as_ref()
            .is_none_or(|names| asks(&|name| names.contains(name)));
        if scenario.fits(&at.scenario) && by_operation && by_resource {
            kept.insert(at.scenario);
        }
    }
    match kept.is_empty() {
        false => Ok(kept),
        true => Err([
            ("--scenario", &args.scenario),
            ("--operation", &args.operation),
            ("--resource", &args.resource),
        ]
        .into_iter()
        .find(|(_, given)| given.is_some())
        .map_or_else(
            || Failure::usage("the cassette holds no exchange"),
            |(option, given)| nothing_fits(option, given.as_deref()),
        )),
    }
}

/// The operations of the resources whose names match.
fn operations_of(glob: &str, service: &str) -> Result<BTreeSet<String>, Failure> {
    let contract = services::contract(Some(service))?;
    let wanted = Wanted::of("--resource", Some(glob))?;
    let fitting = contract.resources.iter().filter(|(name, _)| wanted.fits(name));
    let names: BTreeSet<String> = fitting.flat_map(|(_, resource)| operations(resource)).collect();
    match names.is_empty() {
        false => Ok(names),
        true => {
            let all: Vec<&str> = contract.resources.keys().map(String::as_str).collect();
            Err(
                Failure::usage(format!("--resource {glob} fits no resource of {service}"))
                    .mend(format!("there are {}", all.join(", "))),
            )
        }
    }
}

/// The operations of a resource's life.
fn operations(resource: &Resource) -> Vec<String> {
    let cycle = &resource.lifecycle;
    let grants = resource.grants.iter();
    let grants = grants.flat_map(|grants| [&grants.authorize, &grants.revoke]);
    let single = [Some(&cycle.create), cycle.describe.as_ref(), cycle.delete.as_ref()];
    let single = single.into_iter().flatten();
    single.chain(&cycle.modify).chain(grants).cloned().collect()
}
