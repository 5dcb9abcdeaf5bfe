//! `parallax serve`.

use std::sync::Arc;

use camino::Utf8Path;
use parallax_contract::Contract;
use parallax_endpoint::cassette::Replay;
use parallax_endpoint::fault::{Alteration, Altered, faults, variants};
use parallax_endpoint::{Emulator, RealEnv, Service};
use parallax_oracle::Oracle;
use parallax_outcome::ExitCode;

use crate::args::ServeArgs;
use crate::failure::Failure;
use crate::nearest::nearest;
use crate::screen::{Screen, print};
use crate::{cassettes, party, runtime, services};

/// Serves the embedded emulator, or a cassette, until Ctrl-C. The address is the only line on standard output.
pub(crate) fn until_interrupted(args: &ServeArgs, screen: Screen) -> Result<ExitCode, Failure> {
    if args.list_faults || args.list_variants {
        print(&listed(args))?;
        return Ok(ExitCode::Ok);
    }
    let contract = services::contract(args.service.as_deref())?;
    let (service, what) = match &args.cassette {
        Some(path) => recorded(path, contract, screen)?,
        None => altered(contract, &alterations(args)?),
    };
    runtime::start()?.block_on(async {
        let server = party::served(args.listen, service)?;
        print(&format!("{}\n", server.url()))?;
        screen.say(&format!("serving {what}; end it with Ctrl-C"));
        runtime::interrupted().await;
        server.stop().await;
        Ok(ExitCode::Ok)
    })
}

/// What a cassette holds, as a service.
fn recorded(path: &Utf8Path, contract: Arc<Contract>, screen: Screen) -> Result<(Arc<dyn Service>, String), Failure> {
    let cassette = cassettes::of_service(path, false, (&contract, screen))?;
    let unspoken = |error| Failure::usage(format!("{path} cannot be served")).because(error);
    let replay = Replay::new(contract, cassette, Arc::new(RealEnv::new())).map_err(unspoken)?;
    let what = format!("{} recorded answers of {path}", replay.answers());
    Ok((Arc::new(replay), what))
}

/// The embedded emulator, altered.
fn altered(contract: Arc<Contract>, alterations: &[Alteration]) -> (Arc<dyn Service>, String) {
    let name = contract.service.full_name.clone();
    let how: Vec<_> = alterations.iter().map(|alteration| alteration.name).collect();
    let with = if how.is_empty() { "" } else { " with " };
    let service: Arc<dyn Service> = match alterations {
        [] => Arc::new(Emulator::new(Arc::new(Oracle::new(contract)))),
        some => Arc::new(Altered::new(&contract, some.to_vec())),
    };
    (service, format!("{name}{with}{}", how.join(", ")))
}

fn listed(args: &ServeArgs) -> String {
    let line = |alteration: &Alteration| {
        let generated = if alteration.generated {
            " (only by generated input)"
        } else {
            ""
        };
        let (name, class) = (alteration.name, alteration.class.as_str());
        format!("{name:45} {class:12} {}{generated}\n", alteration.summary)
    };
    let all = if args.list_faults { faults() } else { variants() };
    all.iter().map(line).collect()
}

/// The variants first, so that a fault is not hidden by one of them.
fn alterations(args: &ServeArgs) -> Result<Vec<Alteration>, Failure> {
    let variants = args.variant.iter().map(|name| named("variant", name, &variants()));
    let faults = args.fault.iter().map(|name| named("fault", name, &faults()));
    variants.chain(faults).collect()
}

fn named(what: &str, name: &str, among: &[Alteration]) -> Result<Alteration, Failure> {
    let found = among.iter().find(|alteration| alteration.name == name).copied();
    found.ok_or_else(|| {
        let names = among.iter().map(|alteration| alteration.name);
        Failure::usage(format!("no {what} is named `{name}`")).mend(format!(
            "{}; `parallax serve --list-{what}s` shows all",
            nearest(name, names)
        ))
    })
}
