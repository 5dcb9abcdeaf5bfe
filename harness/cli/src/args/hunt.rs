//! `parallax hunt`.

use camino::Utf8PathBuf;
use clap::Args;

use super::{Asking, FailOn, LiveArgs};
use crate::value::{Timeout, named};

/// `parallax hunt`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax hunt --target http://127.0.0.1:4566 --reference docs
  parallax hunt --target moto --resource User --time 5m
  parallax hunt --cases 1000 --seed 7 --jobs 1 --out finds
")]
pub(crate) struct HuntArgs {
    /// The service; unneeded while only one is built in
    #[arg(long, value_name = "NAME")]
    pub(crate) service: Option<String>,
    /// Only resources with an operation that matches, and of operations without a resource only these
    #[arg(long, value_name = "GLOB")]
    pub(crate) operation: Option<String>,
    /// Only this resource, such as UserGroup
    #[arg(long, value_name = "NAME")]
    pub(crate) resource: Option<String>,
    /// Who is under test: `embedded`, a URL, or a target of parallax.toml
    #[arg(long, value_name = "TARGET", default_value = "embedded")]
    pub(crate) target: String,
    /// Who is right: `docs`, `aws`, a URL, or a target of parallax.toml
    #[arg(long, value_name = "REFERENCE", default_value = "docs")]
    pub(crate) reference: String,
    #[command(flatten)]
    pub(crate) asking: Asking,
    /// How long to hunt, the open requests and the deletions at its end aside; 60s unless --cases bounds it
    #[arg(long, value_name = "TIME")]
    pub(crate) time: Option<Timeout>,
    /// How many sequences to play
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) cases: Option<u64>,
    /// Where the choices come from; with --cases and --jobs 1, the same seed makes the same finds
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub(crate) seed: u64,
    /// How many sequences to play at a time
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: u16,
    /// Keep the finds in this folder, and start from what is there; corpus/regressions beside parallax.toml if absent
    #[arg(long, value_name = "DIR", value_parser = named)]
    pub(crate) out: Option<Utf8PathBuf>,
    /// The least severity that fails the hunt
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
    /// Hide what this regular expression matches in what is told of finds, too; may be given more than once
    #[arg(long, value_name = "REGEX")]
    pub(crate) redact: Vec<String>,
    // The last, since its heading holds for all that follows.
    #[command(flatten)]
    pub(crate) live: LiveArgs,
}
