//! `parallax completions`.

use clap::CommandFactory as _;
use parallax_outcome::ExitCode;

use crate::args::{Cli, CompletionsArgs};
use crate::failure::Failure;
use crate::screen::print;

/// Prints the script of a shell.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "parallax", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::Ok)
}
