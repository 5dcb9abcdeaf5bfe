//! `parallax spec`.

use camino::Utf8PathBuf;
use clap::{Args, Subcommand};

use crate::value::named;

/// `parallax spec`.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  parallax spec import service-2.json --out contract.json
  parallax spec show CreateUser
")]
pub(crate) enum SpecCommand {
    /// Turn a botocore model into a contract
    Import(ImportArgs),
    /// Print a contract, or one operation of it, for people
    Show(ShowArgs),
}

/// `parallax spec import`.
#[derive(Args, Debug)]
#[command(after_help = "\
The model's neighbours are read where they lie beside it: paginators-1.json, waiters-2.json and examples-1.json, also \
with .gz; endpoint-rule-set-1.json and, two folders up, partitions.json, too.

Examples:
  parallax spec import service-2.json.gz
  parallax spec import service-2.json --overlay overlay.toml --out contract.json
")]
pub(crate) struct ImportArgs {
    /// The model, service-2.json or service-2.json.gz
    #[arg(value_name = "PATH")]
    pub(crate) path: Utf8PathBuf,
    /// Write the contract here instead of to standard output
    #[arg(long, value_name = "FILE", value_parser = named)]
    pub(crate) out: Option<Utf8PathBuf>,
    /// Complete the contract from this overlay
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Option<Utf8PathBuf>,
    /// What to call the model in the contract, such as `botocore 1.44.5`
    #[arg(long, value_name = "TEXT")]
    pub(crate) source: Option<String>,
}

/// `parallax spec show`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax spec show
  parallax spec show CreateUser
  parallax spec show --contract contract.json
")]
pub(crate) struct ShowArgs {
    /// The operation; all of them in short if absent
    #[arg(value_name = "OPERATION")]
    pub(crate) operation: Option<String>,
    /// The service; unneeded while only one is built in
    #[arg(long, value_name = "NAME", conflicts_with = "contract")]
    pub(crate) service: Option<String>,
    /// Show this contract file instead of a built-in one
    #[arg(long, value_name = "FILE")]
    pub(crate) contract: Option<Utf8PathBuf>,
}
