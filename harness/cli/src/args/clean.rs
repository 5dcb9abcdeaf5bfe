//! `parallax clean`.

use camino::Utf8PathBuf;
use clap::Args;

use super::Asking;
use super::live::PlaceArgs;

/// `parallax clean`.
#[derive(Args, Debug)]
#[command(after_help = "\
Everything that the journal lists and that may still be there is deleted, the newest first, at the URL and in the region \
that the journal names. Ends with 0 where nothing is left, else with 1 and a list.

Examples:
  parallax clean --journal users.cassette.journal --allow-aws
  parallax clean --journal users.cassette.journal --list
")]
pub(crate) struct CleanArgs {
    /// The journal of a recording or a run that did not come to its end
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Utf8PathBuf,
    /// Print what may still be there, and delete nothing
    #[arg(long)]
    pub(crate) list: bool,
    /// Allow the service itself to be asked, with your credentials; or `[aws] allow = true` in parallax.toml
    #[arg(long)]
    pub(crate) allow_aws: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) asking: Asking,
}
