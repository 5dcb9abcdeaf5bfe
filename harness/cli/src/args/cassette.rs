//! `parallax cassette`.

use camino::Utf8PathBuf;
use clap::{Args, Subcommand};

use crate::value::named;

/// `parallax cassette`.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  parallax cassette verify users.cassette
  parallax cassette show users.cassette --scenario 'CreateUser/name/*'
")]
pub(crate) enum CassetteCommand {
    /// Print the exchanges of a cassette for people
    Show(CassetteShowArgs),
    /// Check every line of a cassette
    Verify(CassetteVerifyArgs),
    /// Say what a cassette is, what it holds and how large that is
    Stats(CassetteStatsArgs),
    /// Say which answers changed from one cassette to another
    Diff(CassetteDiffArgs),
    /// Make a cassette of a part of another
    Trim(CassetteTrimArgs),
    /// Make a cassette of what another recorder recorded
    #[command(subcommand)]
    Import(CassetteImportCommand),
}

/// `parallax cassette import`.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  parallax cassette import vcr spec/cassettes/users.yml --out users.cassette
")]
pub(crate) enum CassetteImportCommand {
    /// Of Ruby's VCR or Python's vcrpy, in YAML or JSON
    Vcr(CassetteVcrArgs),
}

/// `parallax cassette import vcr`.
#[derive(Args, Debug)]
#[command(after_help = "\
The service's calls become steps of scenarios imported/NAME, named after the files; other calls are left out and counted. \
Signatures are dropped, and account numbers, request ids, passwords and tokens hidden; names are not. `parallax serve \
--cassette` answers from the result. As a reference, `parallax run` finds nothing of its own scenarios in it.

Each answer is held against the form that the contract gives it. The exit code is 1 where one departs so that an SDK would \
raise; the cassette is written all the same.

Examples:
  parallax cassette import vcr spec/cassettes/users.yml --out users.cassette
  parallax cassette import vcr tests/cassettes/create.yaml tests/cassettes/delete.json --out all.cassette
")]
pub(crate) struct CassetteVcrArgs {
    /// The files
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<Utf8PathBuf>,
    /// The cassette to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Utf8PathBuf,
    /// The service; unneeded while only one is built in
    #[arg(long, value_name = "NAME")]
    pub(crate) service: Option<String>,
}

/// A cassette that is read.
#[derive(Args, Clone, Debug)]
pub(crate) struct CassetteFile {
    /// The cassette
    #[arg(value_name = "FILE")]
    pub(crate) file: Utf8PathBuf,
    /// Use the lines that can be read, and say what is left out
    #[arg(long)]
    pub(crate) salvage: bool,
}

/// `parallax cassette show`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax cassette show users.cassette
  parallax cassette show users.cassette --scenario 'CreateUser/name/*'
  parallax cassette show users.cassette --json
")]
pub(crate) struct CassetteShowArgs {
    #[command(flatten)]
    pub(crate) cassette: CassetteFile,
    /// Only exchanges of scenarios whose path matches; `*` also stands for slashes
    #[arg(long, value_name = "GLOB")]
    pub(crate) scenario: Option<String>,
    /// Print an object a line instead
    #[arg(long)]
    pub(crate) json: bool,
}

/// `parallax cassette verify`.
#[derive(Args, Debug)]
#[command(after_help = "\
Every line, the footer and the counts are checked, whatever the index beside the file says. The exit code is 2 where \
something is wrong.

Examples:
  parallax cassette verify users.cassette
  parallax cassette verify users.cassette --json
")]
pub(crate) struct CassetteVerifyArgs {
    /// The cassette
    #[arg(value_name = "FILE")]
    pub(crate) file: Utf8PathBuf,
    /// Print an object instead
    #[arg(long)]
    pub(crate) json: bool,
}

/// `parallax cassette stats`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax cassette stats users.cassette
  parallax cassette stats users.cassette --json
")]
pub(crate) struct CassetteStatsArgs {
    #[command(flatten)]
    pub(crate) cassette: CassetteFile,
    /// Print an object instead
    #[arg(long)]
    pub(crate) json: bool,
}

/// `parallax cassette diff`.
#[derive(Args, Debug)]
#[command(after_help = "\
The exit code is 1 where they differ.

Examples:
  parallax cassette diff before.cassette after.cassette
  parallax cassette diff before.cassette after.cassette --scenario 'CreateUser/*' --json
")]
pub(crate) struct CassetteDiffArgs {
    /// The older one
    #[arg(value_name = "BEFORE")]
    pub(crate) before: Utf8PathBuf,
    /// The newer one
    #[arg(value_name = "AFTER")]
    pub(crate) after: Utf8PathBuf,
    /// Only exchanges of scenarios whose path matches; `*` also stands for slashes
    #[arg(long, value_name = "GLOB")]
    pub(crate) scenario: Option<String>,
    /// Use the lines that can be read, and say what is left out
    #[arg(long)]
    pub(crate) salvage: bool,
    /// Print an object a line instead
    #[arg(long)]
    pub(crate) json: bool,
}

/// `parallax cassette trim`.
#[derive(Args, Debug)]
#[command(after_help = "\
Scenarios are kept whole: one that asks an operation is kept with all its steps.

Examples:
  parallax cassette trim all.cassette --resource 'User*' --out users.cassette
  parallax cassette trim all.cassette --operation 'Describe*' --out describes.cassette
  parallax cassette trim cut.cassette --salvage --out readable.cassette
")]
pub(crate) struct CassetteTrimArgs {
    #[command(flatten)]
    pub(crate) cassette: CassetteFile,
    /// The cassette to write
    #[arg(long, value_name = "FILE", value_parser = named)]
    pub(crate) out: Utf8PathBuf,
    /// Keep scenarios whose path matches; `*` also stands for slashes
    #[arg(long, value_name = "GLOB")]
    pub(crate) scenario: Option<String>,
    /// Keep scenarios that ask an operation that matches
    #[arg(long, value_name = "GLOB")]
    pub(crate) operation: Option<String>,
    /// Keep scenarios that ask an operation of a resource that matches
    #[arg(long, value_name = "GLOB")]
    pub(crate) resource: Option<String>,
}
