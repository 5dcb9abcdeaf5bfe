//! `parallax cassette`.

use camino::Utf8PathBuf;
use clap::{Args, Subcommand};

/// `parallax cassette`.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  parallax cassette verify users.cassette
  parallax cassette stats users.cassette
")]
pub(crate) enum CassetteCommand {
    /// Check every line of a cassette
    Verify(CassetteVerifyArgs),
    /// Say what a cassette is, what it holds and how large that is
    Stats(CassetteStatsArgs),
}

/// `parallax cassette verify`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax cassette verify users.cassette
")]
pub(crate) struct CassetteVerifyArgs {
    /// The cassette
    #[arg(value_name = "FILE")]
    pub(crate) file: Utf8PathBuf,
}

/// `parallax cassette stats`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax cassette stats users.cassette
")]
pub(crate) struct CassetteStatsArgs {
    /// The cassette
    #[arg(value_name = "FILE")]
    pub(crate) file: Utf8PathBuf,
}
