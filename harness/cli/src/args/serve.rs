//! `parallax serve`.

use camino::Utf8PathBuf;
use clap::Args;

/// `parallax serve`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  parallax serve
  parallax serve --listen 127.0.0.1:5005
  parallax serve --list-faults
  parallax serve --fault created-not-kept
  parallax serve --variant compact --variant other-account
  parallax serve --cassette users.cassette --listen 127.0.0.1:5005
")]
pub(crate) struct ServeArgs {
    /// The service; unneeded while only one is built in
    #[arg(long, value_name = "NAME")]
    pub(crate) service: Option<String>,
    /// Where to listen; port 0 takes a free one, and the address is printed
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) listen: std::net::SocketAddr,
    /// Answer from this cassette instead; what was not recorded is answered with status 501. A question that was recorded
    /// more than once is answered in the order of the recording, so ask one thing after the other: `run --jobs 1`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fault", "variant", "list_faults", "list_variants"])]
    pub(crate) cassette: Option<Utf8PathBuf>,
    /// Serve with this deliberate defect; may be given more than once, the first innermost
    #[arg(long, value_name = "NAME")]
    pub(crate) fault: Vec<String>,
    /// Serve with this benign variation; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub(crate) variant: Vec<String>,
    /// List the deliberate defects: name, class, what it does
    #[arg(long, conflicts_with_all = ["fault", "variant"])]
    pub(crate) list_faults: bool,
    /// List the benign variations: name, what it does
    #[arg(long, conflicts_with_all = ["fault", "variant", "list_faults"])]
    pub(crate) list_variants: bool,
}
