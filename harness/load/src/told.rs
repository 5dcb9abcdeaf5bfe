//! What was kept, as the data of the results.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::serialization::{Serializer as _, V2DeflateSerializer};
use parallax_outcome::bench::{
    BenchTarget, Client, Connections, ErrorKind, Errors, Latency, OperationLoad, Pace, Rounds, Schedule,
};

use crate::bench::Plan;
use crate::record::{Tally, Times, Totals, millis};
use crate::search::Goal;
use crate::verify::Verify;

/// The client's threads are the limit where they ran for more than this share of the time.
const CLIENT_FULL: f64 = 0.95;
/// All cores were busy.
const MACHINE_FULL: f64 = 0.97;
/// A rate is kept where at most this share of what was due was not sent in time, or one request: the last may be due at the
/// very end.
const MISSED: f64 = 0.005;

/// Adds a round to those before.
pub(crate) fn round(rounds: &mut Rounds, totals: &Totals, duration: Duration) {
    let whole = totals.whole();
    rounds.throughput.push(rate(whole.answers, duration));
    rounds.goodput.push(rate(whole.verified, duration));
    rounds.p50.push(whole.corrected.at(0.5));
    rounds.p99.push(whole.corrected.at(0.99));
}

/// Fills in what came of a target.
pub(crate) fn target(told: &mut BenchTarget, plan: &Plan, pace: &Pace, totals: &Totals, measured: Duration) {
    let whole = totals.whole();
    told.throughput = rate(whole.answers, measured);
    told.goodput = rate(whole.verified, measured);
    told.seconds = measured.as_secs_f64();
    told.answers = whole.answers;
    told.verified = whole.verified;
    told.inconclusive = whole.inconclusive;
    told.errors = errors(totals, &whole);
    told.latency = latency(&whole.corrected);
    told.uncorrected = latency(&whole.uncorrected);
    let operations = plan.mix.operations().into_iter().zip(&totals.operations);
    told.operations = operations
        .map(|(name, tally)| operation(name, tally, measured))
        .collect();
    told.connections = Connections {
        opened: totals.connects.0.len(),
        p50: totals.connects.at(0.5),
        p99: totals.connects.at(0.99),
        max: totals.connects.max(),
    };
    told.schedule = pace.rate().map(|_| schedule(totals, measured));
    told.client = Client {
        cpu: share(totals.busy.as_secs_f64(), totals.elapsed.as_secs_f64()),
        machine: None,
    };
}

fn errors(totals: &Totals, whole: &Tally) -> Errors {
    let mut kinds: Vec<_> = totals
        .mishaps
        .iter()
        .map(|(kind, mishap)| ErrorKind {
            kind: (*kind).to_owned(),
            count: mishap.count,
            example: mishap.example.clone(),
            p50: mishap.times.at(0.5),
            max: mishap.times.max(),
        })
        .collect();
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.count));
    let requests = whole.corrected.0.len() + whole.errors;
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more than 53 bits")]
    let share = share(whole.errors as f64, requests as f64);
    Errors {
        total: whole.errors,
        share,
        kinds,
    }
}

fn operation(name: &str, tally: &Tally, measured: Duration) -> OperationLoad {
    OperationLoad {
        operation: name.to_owned(),
        throughput: rate(tally.answers, measured),
        goodput: rate(tally.verified, measured),
        errors: tally.errors,
        latency: latency(&tally.corrected),
        uncorrected: latency(&tally.uncorrected),
    }
}

fn schedule(totals: &Totals, measured: Duration) -> Schedule {
    Schedule {
        due: rate(totals.due, measured),
        achieved: rate(totals.sent, measured),
        queued: totals.queued,
        p50: totals.lateness.at(0.5),
        p99: totals.lateness.at(0.99),
        max: totals.lateness.max(),
    }
}

/// A histogram in numbers and in its standard encoding.
pub(crate) fn latency(times: &Times) -> Latency {
    Latency {
        count: times.0.len(),
        min: if times.0.is_empty() { 0.0 } else { millis(times.0.min()) },
        mean: times.0.mean() / 1e6,
        p50: times.at(0.5),
        p75: times.at(0.75),
        p90: times.at(0.9),
        p95: times.at(0.95),
        p99: times.at(0.99),
        p99_9: times.at(0.999),
        p99_99: times.at(0.9999),
        max: times.max(),
        histogram: encoded(times),
    }
}

fn encoded(times: &Times) -> String {
    let mut bytes = Vec::new();
    // Writing into memory does not fail.
    match V2DeflateSerializer::new().serialize(&times.0, &mut bytes) {
        Ok(_) => STANDARD.encode(bytes),
        Err(_) => String::new(),
    }
}

/// What makes the numbers less than they seem.
pub(crate) fn warnings(told: &BenchTarget, plan: &Plan, totals: &Totals) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut warn = |when: bool, why: &dyn Fn() -> String| {
        if when {
            warnings.push(why());
        }
    };
    let kind = |name: &str| told.errors.kinds.iter().any(|kind| kind.kind == name);
    warn(kind("no-port"), &|| {
        "the local ports ran out: each closed connection holds one for a minute; give fewer --connections or a lower \
         --rate, or widen net.ipv4.ip_local_port_range"
            .to_owned()
    });
    warn(kind("no-descriptor"), &|| {
        "the file descriptors ran out; raise `ulimit -n` or give fewer --connections".to_owned()
    });
    let cpu = told.client.cpu;
    warn(cpu > CLIENT_FULL, &|| {
        format!(
            "the client's threads ran for {:.0} % of the time: the client is the limit, not the target; give more \
             --threads, or load from several machines and merge",
            100.0 * cpu
        )
    });
    let full = told.client.machine.is_some_and(|share| share > MACHINE_FULL);
    warn(full && cpu <= CLIENT_FULL, &|| {
        "every core was busy: a target on the same machine is measured with what the client leaves it".to_owned()
    });
    if told.schedule.is_some() {
        warn(!is_kept(totals), &|| {
            format!(
                "only {} of {} requests that were due could be sent in time: the target is slower than the rate, or more \
                 --connections are wanted",
                totals.sent, totals.due
            )
        });
    }
    let whole = totals.whole();
    let quantile = |goal: &Goal| whole.corrected.at(goal.quantile);
    let missed = plan
        .goal
        .as_ref()
        .filter(|goal| told.found_rate.is_some() && quantile(goal) >= goal.below);
    if let Some(goal) = missed {
        warn(true, &|| {
            format!(
                "the rate that held {goal} in a step of the search did not hold it over the whole {:.0} s: {:.3} ms; take a \
                 lower rate, or search with a longer --duration",
                told.seconds,
                quantile(goal)
            )
        });
    }
    warn(told.stopped, &|| stopped(told));
    warn(plan.verify == Verify::Off, &|| {
        "answers were not checked: --verify off".to_owned()
    });
    warnings.extend(left_behind(told));
    warnings
}

/// When a target was last there.
fn stopped(told: &BenchTarget) -> String {
    let last = told.timeline.iter().rev().find(|second| second.answers > 0);
    format!(
        "it stopped answering after {:.0} of {:.0} s, and nobody answered there afterwards; the rates count the time after \
         that, too",
        last.map_or(0.0, |last| last.at + last.length),
        told.seconds
    )
}

/// Whether the schedule was kept. How much was due is counted: a rate is the mean of what chance draws, and no time has half
/// a request.
fn is_kept(totals: &Totals) -> bool {
    let missed = totals.due.saturating_sub(totals.sent);
    missed <= 1 || share(counted(missed), counted(totals.due)) <= MISSED
}

/// A word on what could not be deleted.
pub(crate) fn left_behind(told: &BenchTarget) -> Option<String> {
    let what = match told.left_behind {
        0 => return None,
        1 => "one resource could not be deleted and is".to_owned(),
        many => format!("{many} resources could not be deleted and are"),
    };
    Some(format!(
        "{what} left behind at the target; delete what is named `px...` there"
    ))
}

fn rate(count: u64, duration: Duration) -> f64 {
    share(counted(count), duration.as_secs_f64())
}

#[expect(clippy::cast_precision_loss, reason = "counts of requests fit 53 bits")]
fn counted(count: u64) -> f64 {
    count as f64
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(sent: u64, due: u64) -> bool {
        is_kept(&Totals {
            sent,
            due,
            ..Totals::new(1)
        })
    }

    #[test]
    fn a_schedule_is_kept_where_what_was_due_was_sent_whatever_the_rate_says() {
        assert!(kept(7, 7), "a rate of 1.5 has 7 requests in 5 s, or 8");
        assert!(kept(14, 15), "the last was due at the end");
        assert!(kept(1990, 2000));
        assert!(!kept(1980, 2000));
        assert!(!kept(13, 15));
        assert!(kept(0, 0));
    }
}
