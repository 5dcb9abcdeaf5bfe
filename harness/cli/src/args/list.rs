//! `parallax list`.

use clap::Args;

use super::{More, Selection};

/// `parallax list`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax list
  parallax list --resource UserGroup
  parallax list --scenario '*/name/*'
")]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) more: More,
    /// List instead the declared errors that no scenario can provoke, each with the reason
    #[arg(long, conflicts_with_all = ["operation", "resource", "scenario", "generate", "regressions"])]
    pub(crate) unreachable: bool,
}
