//! What a bench promises of itself, measured: that it tells a stall, keeps a rate, holds a thousand connections, and needs
//! no more memory the longer it takes.

use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use camino::Utf8Path;
use parallax_endpoint::fault::Stall;
use parallax_outcome::bench::{Bench, BenchTarget};

use crate::failure::{At as _, Failure};
use crate::peers::Server;
use crate::scale::held;
use crate::shell::{output, program};

/// The pauses of `serve --variant stall`.
const STALL: Stall = Stall {
    every: Duration::from_secs(10),
    length: Duration::from_secs(1),
};
/// How far the corrected 99th percentile may be from what the pauses imply.
const NEAR: f64 = 0.05;
/// How far the achieved rate may be from the one that was asked.
const KEPT: f64 = 0.005;
/// The most that 99 % of the requests may be later than intended, in milliseconds.
const LATE: f64 = 2.0;
/// The most memory, in MiB.
const MOST: u64 = 100;

/// Measures all four, prints each figure, and fails where one is not what is promised. On a machine that is busy otherwise
/// the second may fail for that reason alone.
pub(crate) fn measure(words: &[&str]) -> Result<(), Failure> {
    let (binary, minutes) = match words {
        [binary] => (*binary, 10),
        [binary, "--minutes", minutes] => (*binary, minutes.parse().at("--minutes")?),
        _ => {
            return Err(Failure::new(
                "give the binary to measure, such as target/release/parallax",
            ));
        }
    };
    let binary = Utf8Path::new(binary).canonicalize_utf8().at(binary)?;
    let mut broken = Vec::new();
    let mut told = |what: &str, figures: &str, holds: bool| {
        println!("{what}: {figures}{}", if holds { "" } else { " (BROKEN)" });
        if !holds {
            broken.push(what.to_owned());
        }
    };
    stall(&binary, &mut told)?;
    let server = Server::embedded(&binary)?;
    half(&binary, &server.url, &mut told)?;
    thousand(&binary, &server.url, &mut told)?;
    if minutes > 0 {
        memory(&binary, &server.url, minutes, &mut told)?;
    }
    match broken.as_slice() {
        [] => Ok(()),
        some => Err(Failure::new(format!("not as promised: {}", some.join(", ")))),
    }
}

type Tell<'a> = &'a mut dyn FnMut(&str, &str, bool);

/// Four whole periods, so that it does not matter when the first pause is.
fn stall(binary: &Utf8Path, tell: Tell<'_>) -> Result<(), Failure> {
    let server = Server::serving(binary, "stalling", &["--variant", "stall"])?;
    let target = bench(
        binary,
        &server.url,
        &["--rate", "500", "--duration", "40s", "--warm-up", "0"],
    )?;
    let implied = STALL.quantile(0.99).as_secs_f64() * 1e3;
    let (corrected, sent) = (target.latency.p99, target.uncorrected.p99);
    let figures =
        format!("p99 {corrected:.0} ms, implied {implied:.0} ms; from the sending {sent:.2} ms, which hides it");
    tell(
        "a stall of 1 s every 10 s",
        &figures,
        (corrected / implied - 1.0).abs() <= NEAR && sent < corrected / 10.0,
    );
    Ok(())
}

fn half(binary: &Utf8Path, url: &str, tell: Tell<'_>) -> Result<(), Failure> {
    let most = bench(binary, url, &["--duration", "3s"])?.throughput;
    let rate = format!("{:.0}", most / 2.0);
    let target = bench(binary, url, &["--rate", &rate, "--duration", "10s"])?;
    let schedule = target
        .schedule
        .ok_or_else(|| Failure::new("an open loop has a schedule"))?;
    let share = schedule.achieved / schedule.due;
    let figures = format!(
        "{:.1} of {:.1} a second ({:.2} %), 99 % at most {:.3} ms late; capacity {most:.0}",
        schedule.achieved,
        schedule.due,
        100.0 * share,
        schedule.p99
    );
    tell(
        "open loop at half of capacity",
        &figures,
        (share - 1.0).abs() <= KEPT && schedule.p99 < LATE,
    );
    Ok(())
}

fn thousand(binary: &Utf8Path, url: &str, tell: Tell<'_>) -> Result<(), Failure> {
    let target = bench(binary, url, &["--connections", "1000", "--duration", "5s"])?;
    let (opened, errors) = (target.connections.opened, target.errors.total);
    let figures = format!(
        "{opened} opened, {:.0} answers a second, {errors} errors",
        target.throughput
    );
    tell("1,000 connections", &figures, opened >= 1000 && errors == 0);
    Ok(())
}

fn memory(binary: &Utf8Path, url: &str, minutes: u64, tell: Tell<'_>) -> Result<(), Failure> {
    let mut child = Command::new(binary)
        .args([
            "bench",
            "--quiet",
            "--target",
            url,
            "--verify",
            "full",
            "--duration",
            &format!("{minutes}m"),
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .at(binary)?;
    let mut most = 0;
    let status = loop {
        most = most.max(held(&child));
        match child.try_wait().at(binary)? {
            Some(status) => break status,
            None => thread::sleep(Duration::from_millis(100)),
        }
    };
    tell(
        &format!("{minutes} minutes at full speed"),
        &format!("{most} MiB at most"),
        status.success() && most < MOST,
    );
    Ok(())
}

/// What came of the only target.
fn bench(binary: &Utf8Path, url: &str, words: &[&str]) -> Result<BenchTarget, Failure> {
    let told = output(
        program(binary)
            .args(["bench", "--quiet", "--format", "json", "--target", url])
            .args(words),
    )?;
    let bench: Bench = serde_json::from_str(&told).at("bench.json")?;
    bench
        .targets
        .into_iter()
        .next()
        .ok_or_else(|| Failure::new("the bench has no target"))
}
