//! The command line: what may be asked, in which words. Each command's arguments stand in a file of its own.

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};

mod asking;
mod baseline;
mod bench;
mod cassette;
mod clean;
mod hunt;
mod list;
mod live;
mod paper;
mod record;
mod report;
mod run;
mod selftest;
mod serve;
mod shard;
mod spec;
#[cfg(test)]
mod tests;
mod views;

pub(crate) use asking::{Asking, More, Selection};
pub(crate) use baseline::{BaselineCommand, CheckArgs, CreateArgs, Entries, GateArgs, UpdateArgs};
pub(crate) use bench::{
    BenchArgs, BenchCommand, BenchCompareArgs, BenchFormat, BenchMergeArgs, BenchRendering, LoadArgs, Rate, Spread,
};
pub(crate) use cassette::{
    CassetteCommand, CassetteDiffArgs, CassetteFile, CassetteImportCommand, CassetteShowArgs, CassetteStatsArgs,
    CassetteTrimArgs, CassetteVcrArgs, CassetteVerifyArgs,
};
pub(crate) use clean::CleanArgs;
pub(crate) use hunt::HuntArgs;
pub(crate) use list::ListArgs;
pub(crate) use live::{LiveArgs, PlaceArgs};
pub(crate) use paper::{CompletionsArgs, ManArgs};
pub(crate) use record::RecordArgs;
pub(crate) use report::{FailOn, Format, Rendering, ReportArgs};
pub(crate) use run::RunArgs;
pub(crate) use selftest::SelftestArgs;
pub(crate) use serve::ServeArgs;
pub(crate) use shard::{MergeArgs, ShardArgs};
pub(crate) use spec::{ImportArgs, ShowArgs, SpecCommand};
pub(crate) use views::{CompareArgs, MatrixArgs, View};

/// Shows where an implementation of an AWS-style API parts from what the service promises.
#[derive(Debug, Parser)]
#[command(
    name = "parallax",
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  parallax run
  parallax run --target http://127.0.0.1:5000 --out report
  parallax list --resource User
"
)]
pub(crate) struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub(crate) global: Global,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What holds for every command.
#[derive(Args, Debug)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// Read targets from this file instead of the nearest parallax.toml upwards of the current folder
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<Utf8PathBuf>,
    /// Say less: no progress, no hints
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more: once for what happens, twice for each request
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// When to colour what people read
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Ask a target and a reference the same things, and report where they part
    Run(RunArgs),
    /// Render a report.json in other formats, without asking anybody
    Report(ReportArgs),
    /// List the scenarios that a run would play
    List(ListArgs),
    /// Serve the embedded emulator until Ctrl-C
    Serve(ServeArgs),
    /// Record what a reference answers in a cassette
    Record(RecordArgs),
    /// Look at a cassette, or make another of it
    #[command(subcommand)]
    Cassette(CassetteCommand),
    /// Delete what a recording of the service itself left behind
    Clean(CleanArgs),
    /// Look for divergences that nobody thought of, and keep each as a short scenario
    Hunt(HuntArgs),
    /// Put the harness itself to the test: it must find every fault of the embedded emulator and stay silent otherwise
    Selftest(SelftestArgs),
    /// Measure throughput and latency, with answers checked
    Bench(Box<BenchArgs>),
    /// Make one report of the shards of a run
    Merge(MergeArgs),
    /// Say what is fixed, new, changed or moved between two reports
    Compare(CompareArgs),
    /// Set the reports of many targets side by side
    Matrix(MatrixArgs),
    /// Keep the list of divergences that are accepted for now
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// Import or show what a service promises
    #[command(subcommand)]
    Spec(SpecCommand),
    /// Print a script that lets a shell complete commands and options
    Completions(CompletionsArgs),
    /// Write the manual pages
    Man(ManArgs),
    /// Print every command with its options, in Markdown
    #[command(hide = true, after_help = "Examples:\n  parallax reference\n")]
    Reference,
}
