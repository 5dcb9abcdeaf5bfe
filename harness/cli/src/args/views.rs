//! Views over several reports.

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

use super::FailOn;

/// A form of a view over several reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum View {
    /// For people at a terminal.
    Text,
    /// For the summary of a CI step, or a comment.
    Markdown,
    /// For a browser: one page that needs no network.
    Html,
    /// For other tools.
    Json,
}

/// `parallax compare`.
#[derive(Args, Debug)]
#[command(after_help = "\
Ends with 1 where the newer report is worse: a new divergence as grave as --fail-on says, one that became so, or an operation \
that is not implemented any more. What was not asked before is not new, and what is no longer asked is not fixed. Ends with 4 \
where it is not worse as far as can be told and one of the runs was broken off or could not ask everything, unless --fail-on \
is never.

Examples:
  parallax compare old/report.json new/report.json
  parallax compare old new --format markdown --fail-on never
")]
pub(crate) struct CompareArgs {
    /// The older report.json, or its folder
    #[arg(value_name = "OLD")]
    pub(crate) old: Utf8PathBuf,
    /// The newer report.json, or its folder
    #[arg(value_name = "NEW")]
    pub(crate) new: Utf8PathBuf,
    /// In which form
    #[arg(long, value_enum, default_value_t = View::Text, value_name = "FORM")]
    pub(crate) format: View,
    /// The least severity of a new divergence that fails
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
}

/// `parallax matrix`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax matrix moto/report.json ministack/report.json
  parallax matrix moto ministack --format markdown
")]
pub(crate) struct MatrixArgs {
    /// A report.json of each target, or its folder
    #[arg(value_name = "REPORT", required = true)]
    pub(crate) reports: Vec<Utf8PathBuf>,
    /// In which form
    #[arg(long, value_enum, default_value_t = View::Text, value_name = "FORM")]
    pub(crate) format: View,
}
