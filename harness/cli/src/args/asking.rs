//! What commands that ask somebody have in common: which scenarios, and how to ask.

use camino::Utf8PathBuf;
use clap::Args;

use crate::value::{AnswerLimit, Timeout};

/// Which scenarios of which service.
#[derive(Args, Clone, Debug)]
pub(crate) struct Selection {
    /// The service; unneeded while only one is built in
    #[arg(long, value_name = "NAME")]
    pub(crate) service: Option<String>,
    /// Only scenarios of operations that match
    #[arg(long, value_name = "GLOB")]
    pub(crate) operation: Option<String>,
    /// Only the scenarios of this resource, such as UserGroup
    #[arg(long, value_name = "NAME")]
    pub(crate) resource: Option<String>,
    /// Only scenarios whose path matches; `*` also stands for slashes
    #[arg(long, value_name = "GLOB")]
    pub(crate) scenario: Option<String>,
}

/// Scenarios besides the derived ones.
#[derive(Args, Clone, Debug)]
pub(crate) struct More {
    /// Also this many generated scenarios
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=1_000_000))]
    pub(crate) generate: u64,
    /// Where the generated scenarios come from: the same seed gives the same ones everywhere
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub(crate) seed: u64,
    /// The folder of kept scenarios; corpus/regressions beside parallax.toml if absent
    #[arg(long, value_name = "DIR")]
    pub(crate) regressions: Option<Utf8PathBuf>,
}

/// How to ask.
#[derive(Args, Clone, Debug)]
pub(crate) struct Asking {
    /// How long a request may take
    #[arg(long, value_name = "TIME", default_value = "10s")]
    pub(crate) timeout: Timeout,
    /// How large an answer may be
    #[arg(long, value_name = "SIZE", default_value = "8MiB")]
    pub(crate) max_answer: AnswerLimit,
}
