//! `parallax record`.

use camino::Utf8PathBuf;
use clap::Args;

use super::{Asking, LiveArgs, More, Selection};
use crate::value::named;

/// `parallax record`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax record --reference docs --out documented.cassette
  parallax record --reference http://127.0.0.1:4566 --resource User --out users.cassette
  parallax record --reference http://127.0.0.1:4566 --redact 'vpc-[0-9a-f]+' --out vpcs.cassette
  parallax record --reference docs --generate 500 --seed 7 --out generated.cassette
  parallax record --reference aws --resource User --plan
  parallax record --reference aws --resource User --print-policy
  parallax record --reference aws --allow-aws --region eu-west-1 --resource User --out users.cassette
  parallax record --reference aws --allow-aws --region eu-west-1 --resource User --update users.cassette
")]
pub(crate) struct RecordArgs {
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) more: More,
    /// Whom to record: `docs`, `aws`, a URL, or a target of parallax.toml
    #[arg(long, value_name = "REFERENCE")]
    pub(crate) reference: String,
    /// The cassette to write
    #[arg(long, value_name = "FILE", value_parser = named, required_unless_present_any = ["plan", "print_policy", "update"])]
    pub(crate) out: Option<Utf8PathBuf>,
    /// Record only what this cassette lacks, has no answer to, or holds of scenarios as they were once; say what the
    /// reference answers otherwise since. The rest stays as it is
    #[arg(long, value_name = "FILE", conflicts_with = "out")]
    pub(crate) update: Option<Utf8PathBuf>,
    /// With --update, record again what is there, too, to see all that has changed at the reference
    #[arg(long, requires = "update")]
    pub(crate) again: bool,
    /// Replace the file that is there, and what a recording that was broken off left beside it
    #[arg(long)]
    pub(crate) force: bool,
    /// The kind of account that is recorded, such as vpc-only; goes into the cassette. Seen from the answers if absent
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Hide what this regular expression matches, too; may be given more than once
    #[arg(long, value_name = "REGEX")]
    pub(crate) redact: Vec<String>,
    #[command(flatten)]
    pub(crate) asking: Asking,
    /// Print what would be asked, how often, what it makes and what it may cost, and ask nothing
    #[arg(long, conflicts_with = "print_policy")]
    pub(crate) plan: bool,
    /// Print the least IAM policy that recording needs, and ask nothing
    #[arg(long)]
    pub(crate) print_policy: bool,
    #[command(flatten)]
    pub(crate) live: LiveArgs,
}
