//! What a bench measured, as data: the form of `bench.json`.
//!
//! Rates are in requests a second, latencies in milliseconds, shares from 0 to 1, unless a name says otherwise.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version of the form that this version reads and writes.
pub const BENCH_SCHEMA: u32 = 1;

/// One bench of one or several targets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bench {
    /// The version of the form.
    pub schema: u32,
    /// The program that measured, with its version.
    pub tool: String,
    /// When it began, in UTC; of merged ones the first.
    pub started: String,
    /// The service, by its full name.
    pub service: String,
    /// Which machine measured it, as far as its numbers go.
    pub machine: Machine,
    /// What was asked.
    pub mix: MixInfo,
    /// How it was asked.
    pub load: LoadInfo,
    /// What came of each target, in the order given.
    pub targets: Vec<BenchTarget>,
    /// The first target against each other one.
    pub comparisons: Vec<Contest>,
    /// Whether somebody broke it off; what was measured until then is here.
    pub interrupted: bool,
}

/// The machine that asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Machine {
    /// Its operating system.
    pub system: String,
    /// Its architecture.
    pub architecture: String,
    /// How many threads it runs at a time.
    pub cores: u64,
    /// How many machines asked at a time; more than 1 where benches were merged.
    pub count: u64,
}

/// What was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MixInfo {
    /// The mix's name.
    pub name: String,
    /// The resource that it is about.
    pub resource: String,
    /// The operations in it.
    pub operations: Vec<String>,
}

/// How it was asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LoadInfo {
    /// What decides when a request starts.
    pub pace: Pace,
    /// The goal, such as `p99<20ms`, where the highest rate that holds it was searched; each target was then measured at
    /// the rate that was found of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
    /// How many connections were held.
    pub connections: u64,
    /// How many threads drove them.
    pub threads: u64,
    /// For how long each target was measured, in seconds.
    pub duration: f64,
    /// For how long each target was asked before its first round, in seconds.
    pub warm_up: f64,
    /// In how many rounds.
    pub rounds: u64,
    /// How answers were checked: `off`, `shape` or `full`.
    pub verify: String,
    /// The time limit of a request, in seconds.
    pub time_limit: f64,
    /// Where the choices came from.
    pub seed: u64,
}

/// What decides when a request starts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Pace {
    /// Each connection asks again once it is answered: closed loop.
    #[default]
    Closed,
    /// At even distances: open loop.
    Constant {
        /// Requests a second.
        rate: f64,
    },
    /// At random, independent moments: open loop.
    Poisson {
        /// Requests a second, on average.
        rate: f64,
    },
    /// At a rate that changes evenly: open loop.
    Ramp {
        /// Requests a second at the beginning.
        from: f64,
        /// Requests a second at the end.
        to: f64,
    },
    /// At random, independent moments, at a rate that changes evenly: open loop.
    PoissonRamp {
        /// Requests a second at the beginning, on average.
        from: f64,
        /// Requests a second at the end, on average.
        to: f64,
    },
}

impl Pace {
    /// Requests a second on average; none where the target decides.
    pub fn rate(&self) -> Option<f64> {
        match self {
            Self::Closed => None,
            Self::Constant { rate } | Self::Poisson { rate } => Some(*rate),
            Self::Ramp { from, to } | Self::PoissonRamp { from, to } => Some(f64::midpoint(*from, *to)),
        }
    }
}

/// What came of one target.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BenchTarget {
    /// Its name, as it was given.
    pub name: String,
    /// Answers a second, whatever they said.
    pub throughput: f64,
    /// Verified answers a second: those that were checked and found right. 0 where nothing was checked.
    pub goodput: f64,
    /// The median of the rounds, with the bounds of its confidence interval.
    pub by_round: Rounds,
    /// For how long it was measured, in seconds.
    pub seconds: f64,
    /// How many answers came within that time.
    pub answers: u64,
    /// How many of them were checked and found right.
    pub verified: u64,
    /// How many answers the sources leave open; never counted as verified.
    pub inconclusive: u64,
    /// What went wrong, by kind.
    pub errors: Errors,
    /// From the intended start of a request to the last byte of its answer, over all answers that were not wrong.
    pub latency: Latency,
    /// The same from the moment when the request was sent, which hides how long it had to wait for the target.
    pub uncorrected: Latency,
    /// The same by operation.
    pub operations: Vec<OperationLoad>,
    /// What happened in each second of measured time.
    pub timeline: Vec<Second>,
    /// Connections that were opened, which no latency counts.
    pub connections: Connections,
    /// How well the intended starts were kept; none in a closed loop.
    pub schedule: Option<Schedule>,
    /// What the asking side needed.
    pub client: Client,
    /// The steps of a search for the highest rate; empty where none was searched.
    pub search: Vec<SearchStep>,
    /// The highest rate that held the goal, where one was searched and found.
    pub found_rate: Option<f64>,
    /// Whether it stopped answering before the end: nothing of what was asked last was answered, and nobody listened there
    /// afterwards, or answered within the time limit. A target that is slow under load, or answers wrongly, has not.
    #[serde(default)]
    pub stopped: bool,
    /// How many resources could not be deleted afterwards.
    pub left_behind: u64,
    /// What makes the numbers less than they seem.
    pub warnings: Vec<String>,
}

/// What each round came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rounds {
    /// Answers a second.
    pub throughput: Vec<f64>,
    /// Verified answers a second.
    pub goodput: Vec<f64>,
    /// Median latency.
    pub p50: Vec<f64>,
    /// 99th percentile of latency.
    pub p99: Vec<f64>,
}

/// What went wrong.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Errors {
    /// How many requests.
    pub total: u64,
    /// Their share of all requests.
    pub share: f64,
    /// By kind, the most frequent first.
    pub kinds: Vec<ErrorKind>,
}

/// What went wrong in one way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorKind {
    /// `unreachable`, `no-port`, `no-descriptor`, `timed-out`, `closed`, `too-large`, `not-http`, `never-sent` for what was
    /// not answered; `malformed`, `status`, or a kind of divergence for what was answered wrongly.
    pub kind: String,
    /// How many requests.
    pub count: u64,
    /// The first of them, in words.
    pub example: String,
    /// The median time that such a request took, in milliseconds.
    pub p50: f64,
    /// The longest time.
    pub max: f64,
}

/// Latencies, in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Latency {
    /// How many requests.
    pub count: u64,
    /// The shortest.
    pub min: f64,
    /// The mean.
    pub mean: f64,
    /// The median.
    pub p50: f64,
    /// The 75th percentile.
    pub p75: f64,
    /// The 90th percentile.
    pub p90: f64,
    /// The 95th percentile.
    pub p95: f64,
    /// The 99th percentile.
    pub p99: f64,
    /// The 99.9th percentile.
    pub p99_9: f64,
    /// The 99.99th percentile.
    pub p99_99: f64,
    /// The longest.
    pub max: f64,
    /// The whole distribution in nanoseconds: an HDR histogram, V2 with DEFLATE, in base64.
    pub histogram: String,
}

/// What came of one operation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OperationLoad {
    /// Its name.
    pub operation: String,
    /// Answers a second.
    pub throughput: f64,
    /// Verified answers a second.
    pub goodput: f64,
    /// How many requests went wrong.
    pub errors: u64,
    /// As for the whole target.
    pub latency: Latency,
    /// As for the whole target.
    pub uncorrected: Latency,
}

/// What happened in one second, or the part of one at the end of a round.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Second {
    /// When it began, in seconds of measured time: rounds follow one another without a gap.
    pub at: f64,
    /// How long it was, in seconds: less than one at the end of a round.
    pub length: f64,
    /// Answers.
    pub answers: u64,
    /// Verified answers.
    pub verified: u64,
    /// Requests that went wrong, in the second in which they did; those that were never sent, in the one in which they were
    /// due.
    pub errors: u64,
    /// How many of these were due and never sent, since no connection was free.
    #[serde(default)]
    pub never_sent: u64,
    /// The median latency, in milliseconds.
    pub p50: f64,
    /// The 99th percentile.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

/// Connections that were opened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Connections {
    /// How many, from the beginning of the warm-up.
    pub opened: u64,
    /// The median time that it took, in milliseconds.
    pub p50: f64,
    /// The 99th percentile.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

/// How well the intended starts were kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Schedule {
    /// Requests a second that were due, by the schedule as it was drawn.
    pub due: f64,
    /// Requests a second that were sent within the time.
    pub achieved: f64,
    /// How many requests had to wait for a free connection.
    pub queued: u64,
    /// For those that had not: how much later than intended they were sent, in milliseconds. The median.
    pub p50: f64,
    /// The 99th percentile.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

/// What the asking side needed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Client {
    /// The share of its threads' time that they ran.
    pub cpu: f64,
    /// The share of the machine's cores that was busy, whoever kept them so; none where the system does not tell.
    pub machine: Option<f64>,
}

/// One step of a search for the highest rate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SearchStep {
    /// The rate that was asked.
    pub rate: f64,
    /// The rate that was answered.
    pub achieved: f64,
    /// The latency at the goal's percentile, in milliseconds.
    pub latency: f64,
    /// How many requests went wrong.
    pub errors: u64,
    /// Whether the goal was held.
    pub held: bool,
}

/// One target against another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Contest {
    /// The one.
    pub one: String,
    /// The other.
    pub other: String,
    /// Answers a second of the one, in those of the other.
    pub throughput: Ratio,
    /// Verified answers a second.
    pub goodput: Ratio,
    /// Median latency.
    pub p50: Ratio,
    /// 99th percentile of latency.
    pub p99: Ratio,
}

/// A ratio over paired rounds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ratio {
    /// How many rounds had it.
    pub rounds: u64,
    /// The median; 0 without rounds.
    pub median: f64,
    /// The lower bound of the confidence interval of the median.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
    /// How likely such an interval holds the true median, from 0 to 1: by order statistics, whatever the distribution.
    pub confidence: f64,
}
