//! `parallax bench` and what belongs to it.

use camino::Utf8PathBuf;
use clap::{Args, Subcommand, ValueEnum};
use parallax_load::{Condition, Goal};

use super::Asking;
use crate::value::{Timeout, named};

/// `parallax bench`.
#[derive(Args, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
A closed loop (--connections) asks again as soon as it is answered: it finds what a target can do. An open loop (--rate) asks \
when it is time, whatever the target does: it finds what users would see. Answers are checked while they are measured; \
goodput counts the right ones alone.

Examples:
  parallax bench
  parallax bench --target moto --target ministack --resource User --out bench
  parallax bench --target http://127.0.0.1:4566 --rate 500 --duration 30s
  parallax bench --find-rate 'p99<20ms' --mix describe-heavy --verify full
  parallax bench compare before/bench.json after/bench.json --fail-if 'p99 > 1.2x'
"
)]
pub(crate) struct BenchArgs {
    #[command(subcommand)]
    pub(crate) command: Option<BenchCommand>,
    #[command(flatten)]
    pub(crate) load: LoadArgs,
}

/// What belongs to `parallax bench`.
#[derive(Debug, Subcommand)]
pub(crate) enum BenchCommand {
    /// Compare two results, and fail where the newer one is worse than allowed
    Compare(BenchCompareArgs),
    /// Put the results of several load machines together
    Merge(BenchMergeArgs),
}

/// What to measure, and how.
#[derive(Args, Debug)]
pub(crate) struct LoadArgs {
    /// The service; unneeded while only one is built in
    #[arg(long, value_name = "NAME")]
    pub(crate) service: Option<String>,
    /// Who is measured: `embedded`, a URL, or a target of parallax.toml; several are measured in interleaved rounds
    #[arg(long, value_name = "TARGET", default_value = "embedded")]
    pub(crate) target: Vec<String>,
    /// What is asked: a ready mix (describe-all, create-describe-delete, describe-heavy, tags, errors, pagination) or a
    /// TOML file
    #[arg(long, value_name = "FILE|NAME", default_value = "describe-all")]
    pub(crate) mix: String,
    /// The resource that is asked about; the one that suits best if absent
    #[arg(long, value_name = "NAME")]
    pub(crate) resource: Option<String>,
    /// How many connections to hold
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=40_000))]
    pub(crate) connections: u64,
    /// How many threads drive the connections; if absent one for each core, or for each second one where a target shares
    /// the machine
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Start so many requests a second, whatever the target does; or a ramp, such as `100..2000`
    #[arg(long, value_name = "R", conflicts_with = "find_rate")]
    pub(crate) rate: Option<Rate>,
    /// How the starts of an open loop are spread
    #[arg(long, value_enum, value_name = "HOW", default_value_t = Spread::Constant, requires = "rate")]
    pub(crate) arrivals: Spread,
    /// Look for the highest rate within this goal, such as `p99<20ms`, and measure that
    #[arg(long, value_name = "GOAL")]
    pub(crate) find_rate: Option<Goal>,
    /// For how long each target is measured
    #[arg(long, value_name = "TIME", default_value = "10s")]
    pub(crate) duration: Timeout,
    /// For how long each target is asked before, unmeasured
    #[arg(long, value_name = "TIME", default_value = "2s")]
    pub(crate) warm_up: WarmUp,
    /// In how many rounds the time is spent; 1 for one target, 9 for several
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) rounds: Option<u32>,
    /// How answers are checked: by their status alone, against the contract, or against all that the documentation says
    #[arg(long, value_enum, value_name = "HOW", default_value_t = Check::Shape)]
    pub(crate) verify: Check,
    /// Where the choices come from
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub(crate) seed: u64,
    #[command(flatten)]
    pub(crate) rendering: BenchRendering,
    #[command(flatten)]
    pub(crate) asking: Asking,
}

/// In which forms results are written, and where.
#[derive(Args, Clone, Debug)]
pub(crate) struct BenchRendering {
    /// Write bench.json, bench.csv and bench.html into this folder
    #[arg(long, value_name = "DIR", value_parser = named)]
    pub(crate) out: Option<Utf8PathBuf>,
    /// Only these formats; a single one without --out goes to standard output
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',')]
    pub(crate) format: Vec<BenchFormat>,
}

/// A form of the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BenchFormat {
    /// bench.json, which every other form is made of.
    Json,
    /// bench.csv, a line for each target and operation.
    Csv,
    /// bench.html, one page for a browser that needs no network.
    Html,
}

/// How the starts of an open loop are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Spread {
    /// At even distances.
    Constant,
    /// At independent moments, as those of many users are.
    Poisson,
}

/// How answers are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Check {
    /// By the status alone; nothing counts as right.
    Off,
    /// Decoded and checked against the contract.
    Shape,
    /// Against all that the documentation says, after all that was asked before.
    Full,
}

impl From<Check> for parallax_load::Verify {
    fn from(given: Check) -> Self {
        match given {
            Check::Off => Self::Off,
            Check::Shape => Self::Shape,
            Check::Full => Self::Full,
        }
    }
}

/// A rate, or a ramp from one to another, in requests a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rate {
    pub(crate) from: f64,
    pub(crate) to: f64,
}

impl std::str::FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is no rate; write requests a second, `500`, or a ramp, `100..2000`");
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        let number = |text: &str| {
            text.trim()
                .parse::<f64>()
                .ok()
                .filter(|rate| (0.0..=1e7).contains(rate))
        };
        let (from, to) = number(from).zip(number(to)).ok_or_else(wrong)?;
        (from.max(to) > 0.0).then_some(Self { from, to }).ok_or_else(wrong)
    }
}

/// A time that may be zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WarmUp(pub(crate) std::time::Duration);

impl std::str::FromStr for WarmUp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "0" | "0s" | "0ms" => Ok(Self(std::time::Duration::ZERO)),
            text => text.parse().map(|Timeout(time)| Self(time)),
        }
    }
}

/// `parallax bench compare`.
#[derive(Args, Debug)]
#[command(after_help = "\
A condition is a figure, `<` or `>`, and a bound: `1.2x` times what it was before, or a value such as `20ms` or `100`. Figures:
throughput, goodput, errors (the share of requests, in percent), mean, p50, p75, p90, p95, p99, p99.9, p99.99 and max.

Examples:
  parallax bench compare before/bench.json after/bench.json
  parallax bench compare before/bench.json after/bench.json --fail-if 'p99 > 1.2x' --fail-if 'goodput < 0.9x'
")]
pub(crate) struct BenchCompareArgs {
    /// The older bench.json, or its folder
    #[arg(value_name = "OLD")]
    pub(crate) old: Utf8PathBuf,
    /// The newer one
    #[arg(value_name = "NEW")]
    pub(crate) new: Utf8PathBuf,
    /// End with 1 where this holds for a target, and with 4 where it cannot be judged; may be given more than once
    #[arg(long, value_name = "CONDITION")]
    pub(crate) fail_if: Vec<Condition>,
}

/// `parallax bench merge`.
#[derive(Args, Debug)]
#[command(after_help = "\
Rates and counts add up, and so do the histograms: percentiles of the merged result are those of all requests. A \
single result is written as it is, in the formats that are wanted.

Examples:
  parallax bench merge machine-1/bench.json machine-2/bench.json --out bench
  parallax bench merge bench/bench.json --format html > bench.html
")]
pub(crate) struct BenchMergeArgs {
    /// The bench.json of each load machine, or its folder
    #[arg(value_name = "BENCH", required = true)]
    pub(crate) benches: Vec<Utf8PathBuf>,
    #[command(flatten)]
    pub(crate) rendering: BenchRendering,
}
