//! bench.html: one file that needs no network and no script, for a person with a browser.
//!
//! Whatever a target, a mix or a file is called is text of the template, which escapes it.

mod chart;
mod curve;
mod scale;
mod timeline;

use askama::Template;
use parallax_outcome::bench::{Bench, BenchTarget, Contest, ErrorKind, Latency, OperationLoad};

use self::chart::{Chart, WIDTH, look};
use self::timeline::Row;
use super::{duration, number, pace, statement};
use crate::html::{STYLE, moment, name, policy};
use crate::text::{count, shown};

/// A percentile: its name, how many requests it takes for one to be beyond, and where it stands.
type Percentile = (&'static str, u64, fn(&Latency) -> f64);

/// The percentiles of the tables.
const PERCENTILES: [Percentile; 6] = [
    ("p50", 2, |latency| latency.p50),
    ("p90", 10, |latency| latency.p90),
    ("p99", 100, |latency| latency.p99),
    ("p99.9", 1_000, |latency| latency.p99_9),
    ("p99.99", 10_000, |latency| latency.p99_99),
    ("max", 1, |latency| latency.max),
];

/// The bench as an HTML page.
///
/// # Errors
/// Never in practice; the signature keeps the template's word.
pub fn render(bench: &Bench) -> Result<String, askama::Error> {
    let is_open = bench.targets.iter().any(|target| target.schedule.is_some());
    let checked = bench.load.verify != "off";
    let page = Page {
        service: name(&bench.service),
        mix: name(&bench.mix.name),
        resource: name(&bench.mix.resource),
        started: moment(&name(&bench.started)),
        tool: name(&bench.tool),
        machine: machine(bench),
        asked: asked(bench),
        interrupted: bench.interrupted,
        is_open,
        checked,
        heads: PERCENTILES.map(|(name, ..)| name),
        targets: (bench.targets.iter().enumerate())
            .map(|(at, target)| Shown::of(at, target, checked))
            .collect(),
        statements: bench.comparisons.iter().flat_map(statements).collect(),
        curves: curve::chart(bench),
        charts: timeline::charts(bench).into_iter().flatten().collect(),
        width: WIDTH,
        policy: policy(""),
        style: STYLE,
    };
    page.render()
}

#[derive(Template)]
#[template(path = "bench.html")]
struct Page {
    service: String,
    mix: String,
    resource: String,
    started: String,
    tool: String,
    machine: String,
    asked: String,
    interrupted: bool,
    /// Whether requests were started by a schedule.
    is_open: bool,
    /// Whether answers were checked at all.
    checked: bool,
    heads: [&'static str; 6],
    targets: Vec<Shown>,
    statements: Vec<String>,
    curves: Option<Chart>,
    charts: Vec<Chart>,
    width: f64,
    policy: String,
    style: &'static str,
}

/// A target in words.
struct Shown {
    name: String,
    look: String,
    throughput: String,
    goodput: String,
    errors: String,
    has_errors: bool,
    inconclusive: u64,
    latency: Times,
    uncorrected: Times,
    kinds: Vec<Kind>,
    operations: Vec<Operation>,
    asides: Vec<(&'static str, String)>,
    search: Vec<[String; 5]>,
    warnings: Vec<String>,
    seconds: Vec<Row>,
}

/// A row of latencies; `None` where too few requests were made to tell.
type Times = [Option<String>; 6];

struct Kind {
    name: String,
    count: u64,
    median: String,
    longest: String,
    example: String,
}

struct Operation {
    name: String,
    throughput: String,
    goodput: String,
    errors: u64,
    latency: Times,
}

impl Shown {
    fn of(at: usize, target: &BenchTarget, checked: bool) -> Self {
        let errors = &target.errors;
        Self {
            name: name(&target.name),
            look: look(at),
            throughput: number(target.throughput),
            goodput: good(target.goodput, checked),
            errors: format!("{:.2} %", 100.0 * errors.share),
            has_errors: errors.total > 0,
            inconclusive: target.inconclusive,
            latency: times(&target.latency),
            uncorrected: times(&target.uncorrected),
            kinds: errors.kinds.iter().map(kind).collect(),
            operations: target.operations.iter().map(|row| operation(row, checked)).collect(),
            asides: asides(target),
            search: search(target),
            warnings: target.warnings.iter().map(|warning| shown(warning)).collect(),
            seconds: timeline::rows(target),
        }
    }
}

fn times(latency: &Latency) -> Times {
    PERCENTILES.map(|(_, least, of)| (latency.count >= least).then(|| duration(of(latency))))
}

fn good(goodput: f64, checked: bool) -> String {
    if checked {
        number(goodput)
    } else {
        "not checked".to_owned()
    }
}

fn kind(kind: &ErrorKind) -> Kind {
    Kind {
        name: name(&kind.kind),
        count: kind.count,
        median: duration(kind.p50),
        longest: duration(kind.max),
        example: shown(&kind.example),
    }
}

fn operation(row: &OperationLoad, checked: bool) -> Operation {
    Operation {
        name: name(&row.operation),
        throughput: number(row.throughput),
        goodput: good(row.goodput, checked),
        errors: row.errors,
        latency: times(&row.latency),
    }
}

/// What is known besides: the schedule, the connections, the asking side.
fn asides(target: &BenchTarget) -> Vec<(&'static str, String)> {
    let mut asides = Vec::new();
    if let Some(rate) = target.found_rate {
        asides.push((
            "highest rate that held the goal in the search",
            format!("{} a second", number(rate)),
        ));
    }
    if let Some(schedule) = &target.schedule {
        let kept = format!(
            "{} of {} a second sent, 99 % at most {} late; {} waited for a connection",
            number(schedule.achieved),
            number(schedule.due),
            duration(schedule.p99),
            schedule.queued
        );
        asides.push(("schedule", kept));
    }
    let connections = &target.connections;
    let opened = count(connections.opened, "connection", "connections");
    asides.push((
        "opened",
        format!(
            "{opened}, median {}, apart from all latencies",
            duration(connections.p50)
        ),
    ));
    let machine = target
        .client
        .machine
        .map(|share| format!(", all cores {:.0} %", 100.0 * share));
    asides.push((
        "asking side",
        format!(
            "its threads {:.0} % busy{}",
            100.0 * target.client.cpu,
            machine.unwrap_or_default()
        ),
    ));
    if target.left_behind > 0 {
        asides.push(("left behind", count(target.left_behind, "resource", "resources")));
    }
    asides
}

fn search(target: &BenchTarget) -> Vec<[String; 5]> {
    let steps = target.search.iter();
    let row = |step: &parallax_outcome::bench::SearchStep| {
        [
            number(step.rate),
            number(step.achieved),
            duration(step.latency),
            step.errors.to_string(),
            if step.held { "held" } else { "broken" }.to_owned(),
        ]
    };
    steps.map(row).collect()
}

fn statements(contest: &Contest) -> Vec<String> {
    let (one, other) = (name(&contest.one), name(&contest.other));
    let ratios = [
        ("throughput", &contest.throughput),
        ("goodput", &contest.goodput),
        ("p50", &contest.p50),
        ("p99", &contest.p99),
    ];
    let told = ratios.into_iter().filter(|(_, ratio)| ratio.rounds > 0);
    told.map(|(what, ratio)| format!("{what}: {}", statement(&one, &other, ratio)))
        .collect()
}

fn asked(bench: &Bench) -> String {
    let load = &bench.load;
    format!(
        "{}, {} s each in {}, answers checked: {}",
        pace(load),
        number(load.duration),
        count(load.rounds, "round", "rounds"),
        name(&load.verify)
    )
}

fn machine(bench: &Bench) -> String {
    let machine = &bench.machine;
    let asking = match machine.count {
        0 | 1 => String::new(),
        many => format!("{many} machines, "),
    };
    format!(
        "{asking}{} {}, {}",
        name(&machine.system),
        name(&machine.architecture),
        count(machine.cores, "core", "cores")
    )
}
