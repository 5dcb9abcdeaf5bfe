//! `parallax cassette import`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use camino::Utf8Path;
use parallax_contract::Contract;
use parallax_endpoint::cassette::import::{Import, ImportError, Imported, vcr as read_vcr};
use parallax_endpoint::cassette::{Care, Cassette, Header, Provenance, Writer, contract_hash};
use parallax_outcome::{ExitCode, Severity};
use parallax_runner::departures;

use crate::args::CassetteVcrArgs;
use crate::cassettes::unusable;
use crate::failure::Failure;
use crate::screen::{Screen, print};
use crate::{files, services};

/// Makes a cassette of files of VCR and vcrpy, and holds each answer against the contract.
pub(super) fn vcr(args: &CassetteVcrArgs, screen: Screen) -> Result<ExitCode, Failure> {
    files::check_writable(&args.out)?;
    let contract = services::contract(args.service.as_deref())?;
    let mut imports = Vec::new();
    for (path, name) in args.files.iter().zip(names(&args.files)) {
        let import = read_vcr(&contract, &files::read(path)?).map_err(|error| unread(path, error))?;
        imports.push((name, import));
    }
    let count: usize = imports.iter().map(|(_, import)| import.exchanges.len()).sum();
    tell(&imports, &contract, screen);
    if count == 0 {
        return Err(
            Failure::usage(format!("there is no call of {} to import", contract.service.full_name))
                .mend("check the files, or name another service with --service"),
        );
    }
    write(&args.out, &contract, &imports)?;
    screen.say(&format!("{count} exchanges are in {}", args.out));
    let mut found = Departures::default();
    for (name, import) in &imports {
        import.exchanges.iter().for_each(|one| found.see(&contract, name, one));
    }
    print(&found.text)?;
    Ok(if found.grave { ExitCode::Diverged } else { ExitCode::Ok })
}

/// The files by their stems; a number tells those apart that share one.
fn names(paths: &[camino::Utf8PathBuf]) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let name = |path: &camino::Utf8PathBuf| {
        let stem = path.file_stem().unwrap_or("cassette").to_owned();
        let times = seen.entry(stem.clone()).or_default();
        *times += 1;
        match *times {
            1 => stem,
            times => format!("{stem}-{times}"),
        }
    };
    paths.iter().map(name).collect()
}

fn unread(path: &Utf8Path, error: ImportError) -> Failure {
    Failure::usage(format!("{path} cannot be imported")).because(error)
}

/// Says what is left out, and of whom the rest is.
fn tell(imports: &[(String, Import)], contract: &Contract, screen: Screen) {
    for (name, import) in imports {
        let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
        for (_, why) in &import.left_out {
            *reasons.entry(why.to_string()).or_default() += 1;
        }
        for (why, times) in reasons {
            screen.say(&format!("{name}: {times} exchanges are left out: {why}"));
        }
        if !import.hosts.is_empty() {
            let hosts: Vec<&str> = import.hosts.iter().map(String::as_str).collect();
            let (hosts, whose) = (hosts.join(", "), &contract.service.full_name);
            screen.say(&format!(
                "{name}: what {hosts} answered is no evidence of what {whose} does"
            ));
        }
    }
}

fn write(out: &Utf8Path, contract: &Arc<Contract>, imports: &[(String, Import)]) -> Result<(), Failure> {
    let unwritten = |error| files::unwritable(out, error);
    let mut writer = Writer::create(Vec::new(), header(contract, imports)).map_err(unwritten)?;
    for (name, import) in imports {
        for (position, exchange) in import.redacted(name) {
            writer.write(position, exchange, None).map_err(unwritten)?;
        }
    }
    files::write(out, writer.finish().map_err(unwritten)?)?;
    // Made now, the index spares the first reader a look at every line.
    Cassette::open(out.as_std_path(), Care::Whole).map_err(|error| unusable(out, error))?;
    Ok(())
}

fn header(contract: &Contract, imports: &[(String, Import)]) -> Header {
    let all = || imports.iter().map(|(_, import)| import);
    let exchanges = || all().flat_map(|import| &import.exchanges);
    let profiles: BTreeSet<&str> = exchanges()
        .filter_map(|one| contract.profile(&one.operation, &one.exchange.observation))
        .collect();
    let date = all().filter_map(|import| import.date.clone()).max();
    Header {
        service: contract.service.name.clone(),
        contract: contract_hash(contract),
        provenance: Provenance::Recorded {
            date: date.unwrap_or_else(|| "an unknown day".to_owned()),
        },
        updated: None,
        profile: profiles
            .first()
            .filter(|_| profiles.len() == 1)
            .map(|&sole| sole.to_owned()),
        tool: concat!("parallax ", env!("CARGO_PKG_VERSION")).to_owned(),
        seed: None,
        settings: [("imported".to_owned(), "vcr".to_owned())].into(),
    }
}

/// What answers do not have in the form that the contract gives them.
#[derive(Default)]
struct Departures {
    text: String,
    /// Whether any is such that an SDK would raise.
    grave: bool,
}

impl Departures {
    fn see(&mut self, contract: &Contract, file: &str, one: &Imported) {
        let (number, operation) = (one.number, &one.operation);
        for found in departures(contract, operation, &one.exchange.observation) {
            self.grave |= found.severity == Severity::Error;
            let at = if found.path.is_empty() {
                "the answer"
            } else {
                &found.path
            };
            let (severity, kind) = (found.severity, found.kind);
            // Writing to a string cannot fail.
            let _ = writeln!(
                self.text,
                "{file}, exchange {number}, {operation}: {severity}: {kind} at {at}"
            );
            let _ = writeln!(self.text, "    due   {}\n    found {}", found.expected, found.observed);
        }
    }
}
