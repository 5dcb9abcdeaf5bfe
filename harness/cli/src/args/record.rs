//! `parallax record`.

use camino::Utf8PathBuf;
use clap::Args;

use super::{Asking, More, Selection};

/// `parallax record`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax record --reference docs --out documented.cassette
  parallax record --reference http://127.0.0.1:4566 --resource User --out users.cassette
  parallax record --reference docs --generate 500 --seed 7 --out generated.cassette
")]
pub(crate) struct RecordArgs {
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) more: More,
    /// Whom to record: `docs`, a URL, or a target of parallax.toml
    #[arg(long, value_name = "REFERENCE")]
    pub(crate) reference: String,
    /// The cassette to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Utf8PathBuf,
    /// The kind of account that is recorded, such as vpc-only; goes into the cassette
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    #[command(flatten)]
    pub(crate) asking: Asking,
}
