//! `parallax man`.

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use parallax_outcome::ExitCode;

use crate::args::{Cli, ManArgs};
use crate::failure::Failure;
use crate::files::Folder;
use crate::screen::Screen;

/// Writes the page of every command.
pub(crate) fn man(args: &ManArgs, screen: Screen) -> Result<ExitCode, Failure> {
    let folder = Folder::open(&args.out)?;
    let mut tool = Cli::command().disable_help_subcommand(true);
    // Gives every command below its full name.
    tool.build();
    write(&tool, &folder)?;
    screen.say(&format!("the manual is in {}", folder.path()));
    Ok(ExitCode::Ok)
}

fn write(command: &Command, folder: &Folder) -> Result<(), Failure> {
    let page = Man::new(command.clone())
        .source(concat!("parallax ", env!("CARGO_PKG_VERSION")))
        .manual("Parallax");
    let mut roff = Vec::new();
    page.render(&mut roff)
        .map_err(|error| Failure::new(ExitCode::Bug, "a manual page cannot be rendered").because(error))?;
    folder.write(&page.get_filename(), &String::from_utf8_lossy(&roff))?;
    let mut below = command.get_subcommands().filter(|command| !command.is_hide_set());
    below.try_for_each(|command| write(command, folder))
}
