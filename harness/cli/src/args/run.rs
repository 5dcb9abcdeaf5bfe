//! `parallax run`.

use clap::Args;

use super::{Asking, GateArgs, LiveArgs, More, Rendering, Selection, ShardArgs};

/// `parallax run`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax run
  parallax run --target moto --out report
  parallax run --target http://127.0.0.1:4566 --resource User --fail-on warning
  parallax run --scenario 'CreateUser/name/*' --reference recorded.cassette
  parallax run --target moto --reference aws --allow-aws --resource User
  parallax run --generate 500 --seed 7 --resource User
  parallax run --target moto --shard 2/8 --out shard-2
  parallax run --target moto --baseline reports/baselines/moto.toml --target-version 5.2.5
")]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) more: More,
    /// Who is under test: `embedded`, a URL, or a target of parallax.toml
    #[arg(long, value_name = "TARGET", default_value = "embedded")]
    pub(crate) target: String,
    /// Who is right: `docs`, a cassette, `aws`, a URL, or a target of parallax.toml
    #[arg(long, value_name = "REFERENCE", default_value = "docs")]
    pub(crate) reference: String,
    /// Use what can be read of a damaged cassette; steps that it does not hold are inconclusive
    #[arg(long)]
    pub(crate) salvage: bool,
    #[command(flatten)]
    pub(crate) asking: Asking,
    /// How many scenarios to play at a time
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: u16,
    /// How often to play each scenario
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) repeat: u32,
    #[command(flatten)]
    pub(crate) shard: ShardArgs,
    #[command(flatten)]
    pub(crate) rendering: Rendering,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
    /// The version of the target, for the report and for the entries of a baseline that are about one
    #[arg(long, value_name = "TEXT")]
    pub(crate) target_version: Option<String>,
    /// Hide what this regular expression matches in the report, too; may be given more than once
    #[arg(long, value_name = "REGEX")]
    pub(crate) redact: Vec<String>,
    // The last, since its heading holds for all that follows.
    #[command(flatten)]
    pub(crate) live: LiveArgs,
}
