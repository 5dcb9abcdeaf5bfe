//! `parallax serve`.

use parallax_contract::Contract;
use parallax_endpoint::Server;
use parallax_endpoint::fault::{Alteration, faults, variants};
use parallax_outcome::ExitCode;
use std::sync::Arc;

use crate::args::ServeArgs;
use crate::failure::Failure;
use crate::nearest::nearest;
use crate::party::{serve, serve_altered};
use crate::screen::{Screen, print};
use crate::{runtime, services};

/// Serves the embedded emulator until Ctrl-C. The address is the only line on standard output.
pub(crate) fn until_interrupted(args: &ServeArgs, screen: Screen) -> Result<ExitCode, Failure> {
    if args.list_faults || args.list_variants {
        print(&listed(args))?;
        return Ok(ExitCode::Ok);
    }
    let contract = services::contract(args.service.as_deref())?;
    let name = contract.service.full_name.clone();
    let alterations = alterations(args)?;
    runtime::start()?.block_on(async {
        let server = start(contract, args, &alterations)?;
        print(&format!("{}\n", server.url()))?;
        let how: Vec<_> = alterations.iter().map(|alteration| alteration.name).collect();
        let with = if how.is_empty() { "" } else { " with " };
        screen.say(&format!("serving {name}{with}{}; end it with Ctrl-C", how.join(", ")));
        runtime::interrupted().await;
        server.stop().await;
        Ok(ExitCode::Ok)
    })
}

fn start(contract: Arc<Contract>, args: &ServeArgs, alterations: &[Alteration]) -> Result<Server, Failure> {
    match alterations {
        [] => serve(contract, args.listen),
        some => serve_altered(&contract, args.listen, some.to_vec()),
    }
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
