//! What a run must reach, and the lists of what is accepted for now.

use camino::Utf8PathBuf;
use clap::{Args, Subcommand};

use super::FailOn;
use crate::value::{Day, Percent, named};

/// What a report must reach.
#[derive(Args, Clone, Debug)]
pub(crate) struct GateArgs {
    /// The least severity that fails the run
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
    /// Fail if the target implements fewer of the operations that were asked, in percent
    #[arg(long, value_name = "PERCENT")]
    pub(crate) min_coverage: Option<Percent>,
    /// Fail if more of the steps are inconclusive, in percent
    #[arg(long, value_name = "PERCENT")]
    pub(crate) max_inconclusive: Option<Percent>,
    /// Accept the divergences that this file lists, and fail where it lists what no longer happens
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<Utf8PathBuf>,
}

/// `parallax baseline`.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  parallax baseline create report/report.json --out baseline.toml --reason inherited
  parallax baseline update report/report.json --baseline baseline.toml --reason accepted-for-5.3
  parallax baseline check report/report.json --baseline baseline.toml
")]
pub(crate) enum BaselineCommand {
    /// List what a report holds in a new file
    Create(CreateArgs),
    /// Take out what no longer happens and add what is new; comments and order are kept
    Update(UpdateArgs),
    /// Judge a report by a baseline, as `run --baseline` does
    Check(CheckArgs),
}

/// What new entries say.
#[derive(Args, Clone, Debug)]
pub(crate) struct Entries {
    /// Why the divergences are accepted
    #[arg(long, value_name = "TEXT", value_parser = reason)]
    pub(crate) reason: String,
    /// Where they are being dealt with
    #[arg(long, value_name = "URL")]
    pub(crate) link: Option<String>,
    /// The last day on which they are accepted, such as 2027-03-01
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<Day>,
    /// Accept them for these versions of the target only
    #[arg(long, value_name = "GLOB")]
    pub(crate) version: Option<String>,
    /// The least severity that gets an entry
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
}

fn reason(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("a reason is due: why is this accepted for now?".to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// `parallax baseline create`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax baseline create report --out baseline.toml --reason inherited
  parallax baseline create report/report.json --out baseline.toml --reason inherited --until 2027-03-01
")]
pub(crate) struct CreateArgs {
    /// A report.json, or its folder
    #[arg(value_name = "REPORT")]
    pub(crate) report: Utf8PathBuf,
    /// The file to make
    #[arg(long, value_name = "FILE", value_parser = named)]
    pub(crate) out: Utf8PathBuf,
    #[command(flatten)]
    pub(crate) entries: Entries,
    /// Also of a run that was broken off or could not ask everything, and may lack divergences that a whole one has
    #[arg(long)]
    pub(crate) allow_incomplete: bool,
}

/// `parallax baseline update`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax baseline update report --baseline baseline.toml --reason accepted-for-5.3
")]
pub(crate) struct UpdateArgs {
    /// A report.json, or its folder
    #[arg(value_name = "REPORT")]
    pub(crate) report: Utf8PathBuf,
    /// The file to bring up to date
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Utf8PathBuf,
    #[command(flatten)]
    pub(crate) entries: Entries,
}

/// `parallax baseline check`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax baseline check report --baseline baseline.toml
  parallax baseline check report/report.json --baseline baseline.toml --fail-on warning
")]
pub(crate) struct CheckArgs {
    /// A report.json, or its folder
    #[arg(value_name = "REPORT")]
    pub(crate) report: Utf8PathBuf,
    #[command(flatten)]
    pub(crate) gate: GateArgs,
}
