//! How the service itself is asked.

use camino::Utf8PathBuf;
use clap::Args;

use crate::value::Rate;

/// What holds where the reference is `aws`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "With --reference aws")]
pub(crate) struct LiveArgs {
    /// Allow the reference `aws`, which asks the service itself with your credentials; or `[aws] allow = true` in
    /// parallax.toml
    #[arg(long)]
    pub(crate) allow_aws: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// Also play scenarios with this operation, which may cost money; may be given more than once
    #[arg(long, value_name = "OPERATION")]
    pub(crate) allow_cost: Vec<String>,
    /// Put no tag of the run on what is created; it then takes no permission to add tags
    #[arg(long)]
    pub(crate) untagged: bool,
    /// The most requests that are sent; half as much again as the plan has at most, if absent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max_requests: Option<u64>,
    /// The longest time that requests are sent; twice as long as the plan takes at most, if absent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub(crate) max_minutes: Option<u64>,
    /// Where to write down what is made before it is made, for `parallax clean`; beside --out if absent
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<Utf8PathBuf>,
}

/// Where the service is.
#[derive(Args, Clone, Debug)]
pub(crate) struct PlaceArgs {
    /// The region; that of the environment or the profile if absent
    #[arg(long, value_name = "NAME")]
    pub(crate) region: Option<String>,
    /// Ask this URL in place of the service's own
    #[arg(long, value_name = "URL", conflicts_with_all = ["fips", "dual_stack"])]
    pub(crate) endpoint_url: Option<String>,
    /// Ask the endpoint whose cryptography is validated under FIPS 140
    #[arg(long)]
    pub(crate) fips: bool,
    /// Ask the endpoint that is reachable over IPv6, too
    #[arg(long)]
    pub(crate) dual_stack: bool,
    /// How many requests to send in a second
    #[arg(long, value_name = "N", default_value = "2")]
    pub(crate) rate: Rate,
}
