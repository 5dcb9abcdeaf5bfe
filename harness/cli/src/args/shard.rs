//! A run in parts, and what makes them whole again.

use camino::Utf8PathBuf;
use clap::Args;
use parallax_runner::Shard;

use super::{GateArgs, Rendering};

/// Which part of a run.
#[derive(Args, Clone, Debug)]
pub(crate) struct ShardArgs {
    /// Play only this part of the selection, such as 2/8, and leave in --out what `parallax merge` needs; the whole is
    /// judged by merge. Shards that are played at the same time need a target each
    #[arg(long, value_name = "I/N", requires = "out")]
    pub(crate) shard: Option<Shard>,
    /// Balance the shards by the durations in this report.json of an earlier run; the same file for all shards
    #[arg(long, value_name = "FILE", requires = "shard")]
    pub(crate) durations: Option<Utf8PathBuf>,
}

/// `parallax merge`.
#[derive(Args, Debug)]
#[command(after_help = "\
The report is the one that the whole run would have written, and merge exits as it would have.

Examples:
  parallax merge shard-1 shard-2 shard-3 --out report
  parallax merge shard-1 shard-2 --out report --fail-on warning --min-coverage 80
")]
pub(crate) struct MergeArgs {
    /// The folder that each shard wrote
    #[arg(value_name = "DIR", required = true)]
    pub(crate) shards: Vec<Utf8PathBuf>,
    #[command(flatten)]
    pub(crate) rendering: Rendering,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
}
