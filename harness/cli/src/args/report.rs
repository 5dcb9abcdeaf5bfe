//! `parallax report`, and what every command that writes reports takes.

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

use crate::value::named;

/// In which forms a report is written, and where.
#[derive(Args, Clone, Debug)]
pub(crate) struct Rendering {
    /// Write report.json, junit.xml, summary.md and report.html into this folder
    #[arg(long, value_name = "DIR", value_parser = named)]
    pub(crate) out: Option<Utf8PathBuf>,
    /// Only these formats; a single one without --out goes to standard output
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',')]
    pub(crate) format: Vec<Format>,
    /// Where the code of each operation stands, for sarif and annotations: lines `OPERATION = "FILE:LINE"`, in which
    /// globs may stand for operations; besides, `[sources]` in parallax.toml
    #[arg(long, value_name = "FILE")]
    pub(crate) sources: Option<Utf8PathBuf>,
}

/// `parallax report`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax report report/report.json
  parallax report report/report.json --format badge
  parallax report report/report.json --format sarif,annotations,badge --out report --sources sources.toml
")]
pub(crate) struct ReportArgs {
    /// A report.json, or its folder
    #[arg(value_name = "REPORT")]
    pub(crate) report: Utf8PathBuf,
    #[command(flatten)]
    pub(crate) rendering: Rendering,
    /// The least severity that makes a test case of junit fail; rendering itself does not
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
}

/// A form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Format {
    /// report.json, which every other form is made of.
    Json,
    /// junit.xml, one test case a scenario.
    Junit,
    /// summary.md, fit for the summary of a CI step.
    Markdown,
    /// report.html, one page for a browser that needs no network.
    Html,
    /// report.sarif, SARIF 2.1.0 for code scanning.
    Sarif,
    /// annotations.txt, workflow commands that GitHub shows beside the code.
    Annotations,
    /// badge.json, an endpoint badge of shields.io.
    Badge,
}

/// The least severity that fails a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// An SDK would raise, or lose or corrupt data.
    Error,
    /// Visible, harmless to an SDK.
    Warning,
    /// Wording, or what could be disputed.
    Note,
    /// Report only.
    Never,
}

impl From<FailOn> for parallax_outcome::FailOn {
    fn from(given: FailOn) -> Self {
        match given {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Note => Self::Note,
            FailOn::Never => Self::Never,
        }
    }
}
