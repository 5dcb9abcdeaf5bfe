//! `parallax serve`.

use parallax_outcome::ExitCode;

use crate::args::ServeArgs;
use crate::failure::Failure;
use crate::party::serve;
use crate::screen::{Screen, print};
use crate::{runtime, services};

/// Serves the embedded emulator until Ctrl-C. The address is the only line on standard output.
pub(crate) fn until_interrupted(args: &ServeArgs, screen: Screen) -> Result<ExitCode, Failure> {
    let contract = services::contract(args.service.as_deref())?;
    let name = contract.service.full_name.clone();
    runtime::start()?.block_on(async {
        let server = serve(contract, args.listen)?;
        print(&format!("{}\n", server.url()))?;
        screen.say(&format!("serving {name}; end it with Ctrl-C"));
        runtime::interrupted().await;
        server.stop().await;
        Ok(ExitCode::Ok)
    })
}
