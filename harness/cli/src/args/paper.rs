//! What goes with an installed binary.

use camino::Utf8PathBuf;
use clap::Args;
use clap_complete::Shell;

use crate::value::named;

/// `parallax completions`.
#[derive(Args, Debug)]
#[command(after_help = "\
Keep it where the shell looks for completions: bash in ~/.local/share/bash-completion/completions/parallax, fish in \
~/.config/fish/completions/parallax.fish, zsh as _parallax in a folder of $fpath.

Examples:
  parallax completions bash
  parallax completions zsh
")]
pub(crate) struct CompletionsArgs {
    /// Whose script
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// `parallax man`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax man --out ~/.local/share/man/man1
")]
pub(crate) struct ManArgs {
    /// The folder to write into, one page a command
    #[arg(long, value_name = "DIR", value_parser = named)]
    pub(crate) out: Utf8PathBuf,
}
