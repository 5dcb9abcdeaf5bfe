//! The results of several load machines as one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;
use parallax_outcome::bench::{
    Bench, BenchTarget, Connections, ErrorKind, Errors, Latency, OperationLoad, Pace, Rounds, Schedule, Second,
};

use crate::contest::contests;
use crate::record::Times;
use crate::told;

/// Why results cannot be put together. Places are those of the list, from 1.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MergeError {
    /// There is none.
    #[error("there is no bench to merge; give the bench.json of each load machine")]
    None,
    /// Another thing was measured.
    #[error("bench 1 and bench {place} differ in their {what}; merge only what was asked alike at the same time")]
    Unlike {
        /// Which one.
        place: usize,
        /// In what.
        what: &'static str,
    },
    /// One measurement stands in the list twice, under whatever names.
    #[error(
        "bench {place} is the same measurement as bench {first}: it began at the same time with the same seed, and has the \
         same counts and latencies; give each load machine's results once"
    )]
    Twice {
        /// Which one.
        place: usize,
        /// Which one it is again.
        first: usize,
    },
    /// A histogram is not readable.
    #[error("the histogram of {whose} in bench {place} is damaged; measure anew, or leave this bench out")]
    Histogram {
        /// Which one.
        place: usize,
        /// The target or the operation.
        whose: String,
    },
}

/// The result that one machine would have told that did the work of all: rates and counts add up, and percentiles are
/// those of all requests. What cannot be known of the whole is left out: latencies by round.
///
/// # Errors
/// [`MergeError`] where they are not parts of one measurement.
pub fn merge(benches: &[Bench]) -> Result<Bench, MergeError> {
    let (first, others) = benches.split_first().ok_or(MergeError::None)?;
    each_once(benches)?;
    let mut whole = first.clone();
    for (at, other) in others.iter().enumerate() {
        let place = at + 2;
        alike(first, other).map_err(|what| MergeError::Unlike { place, what })?;
        whole.machine.count += other.machine.count;
        whole.load.connections += other.load.connections;
        whole.load.threads += other.load.threads;
        whole.load.pace = faster(&whole.load.pace, &other.load.pace);
        whole.interrupted |= other.interrupted;
        if other.started < whole.started {
            whole.started.clone_from(&other.started);
        }
        for (target, part) in whole.targets.iter_mut().zip(&other.targets) {
            add(target, part, place)?;
        }
    }
    if !others.is_empty() {
        whole.comparisons = contests(&whole.targets);
    }
    Ok(whole)
}

/// The same measurement twice would count every request of its twice.
fn each_once(benches: &[Bench]) -> Result<(), MergeError> {
    for (at, bench) in benches.iter().enumerate() {
        if let Some(first) = benches.iter().take(at).position(|other| is_again(other, bench)) {
            return Err(MergeError::Twice {
                place: at + 1,
                first: first + 1,
            });
        }
    }
    Ok(())
}

/// Whether two are one measurement. Two machines may begin in the same second with the same seed, but they never count the
/// same in all seconds and see the same latencies; unless both counted nothing, which tells nothing.
fn is_again(one: &Bench, other: &Bench) -> bool {
    let counted = |target: &BenchTarget| target.answers > 0 || target.errors.total > 0;
    let again = |(one, other): (&BenchTarget, &BenchTarget)| {
        one.name == other.name
            && (one.answers, one.verified, &one.errors) == (other.answers, other.verified, &other.errors)
            && (&one.latency.histogram, &one.timeline) == (&other.latency.histogram, &other.timeline)
    };
    (&one.started, &one.mix) == (&other.started, &other.mix)
        && one.load == other.load
        && one.targets.len() == other.targets.len()
        && one.targets.iter().any(counted)
        && one.targets.iter().zip(&other.targets).all(again)
}

fn alike(one: &Bench, other: &Bench) -> Result<(), &'static str> {
    let names = |bench: &Bench| {
        bench
            .targets
            .iter()
            .map(|target| target.name.clone())
            .collect::<Vec<_>>()
    };
    let kind = |bench: &Bench| std::mem::discriminant(&bench.load.pace);
    let rules = [
        (one.service == other.service, "service"),
        (one.mix == other.mix, "mix"),
        (names(one) == names(other), "targets"),
        (kind(one) == kind(other), "pace"),
        (one.load.verify == other.load.verify, "way of checking"),
        (
            (one.load.duration, one.load.rounds) == (other.load.duration, other.load.rounds),
            "duration",
        ),
    ];
    rules
        .iter()
        .find(|(same, _)| !same)
        .map_or(Ok(()), |(_, what)| Err(what))
}

fn faster(one: &Pace, other: &Pace) -> Pace {
    match (one, other) {
        (Pace::Constant { rate: one }, Pace::Constant { rate: other }) => Pace::Constant { rate: one + other },
        (Pace::Poisson { rate: one }, Pace::Poisson { rate: other }) => Pace::Poisson { rate: one + other },
        (Pace::Ramp { from, to }, Pace::Ramp { from: less, to: more }) => Pace::Ramp {
            from: from + less,
            to: to + more,
        },
        (Pace::PoissonRamp { from, to }, Pace::PoissonRamp { from: less, to: more }) => Pace::PoissonRamp {
            from: from + less,
            to: to + more,
        },
        (other, _) => other.clone(),
    }
}

fn add(whole: &mut BenchTarget, part: &BenchTarget, place: usize) -> Result<(), MergeError> {
    whole.throughput += part.throughput;
    whole.goodput += part.goodput;
    whole.answers += part.answers;
    whole.verified += part.verified;
    whole.inconclusive += part.inconclusive;
    whole.left_behind += part.left_behind;
    whole.stopped |= part.stopped;
    whole.seconds = whole.seconds.max(part.seconds);
    whole.latency = both(&whole.latency, &part.latency, (place, &whole.name))?;
    whole.uncorrected = both(&whole.uncorrected, &part.uncorrected, (place, &whole.name))?;
    for (row, other) in whole.operations.iter_mut().zip(&part.operations) {
        add_operation(row, other, place)?;
    }
    let requests = whole.latency.count;
    add_errors(&mut whole.errors, &part.errors, requests);
    add_seconds(&mut whole.timeline, &part.timeline);
    add_rounds(&mut whole.by_round, &part.by_round);
    add_connections(&mut whole.connections, &part.connections);
    whole.schedule = whole
        .schedule
        .as_ref()
        .zip(part.schedule.as_ref())
        .map(|(one, other)| together(one, other));
    whole.client.cpu = whole.client.cpu.max(part.client.cpu);
    whole.client.machine = whole
        .client
        .machine
        .zip(part.client.machine)
        .map(|(one, other)| one.max(other));
    // Each machine searched for itself: what all of them reach together, nobody tried.
    whole.search.clear();
    whole.found_rate = None;
    for warning in &part.warnings {
        if !whole.warnings.contains(warning) {
            whole.warnings.push(warning.clone());
        }
    }
    Ok(())
}

fn add_operation(row: &mut OperationLoad, other: &OperationLoad, place: usize) -> Result<(), MergeError> {
    row.throughput += other.throughput;
    row.goodput += other.goodput;
    row.errors += other.errors;
    row.latency = both(&row.latency, &other.latency, (place, &row.operation))?;
    row.uncorrected = both(&row.uncorrected, &other.uncorrected, (place, &row.operation))?;
    Ok(())
}

fn both(one: &Latency, other: &Latency, (place, whose): (usize, &str)) -> Result<Latency, MergeError> {
    let damaged = |place| MergeError::Histogram {
        place,
        whose: whose.to_owned(),
    };
    let mut times = times(&one.histogram).ok_or_else(|| damaged(1))?;
    let others = self::times(&other.histogram).ok_or_else(|| damaged(place))?;
    times.0.add(&others.0).map_err(|_| damaged(place))?;
    Ok(told::latency(&times))
}

fn times(encoded: &str) -> Option<Times> {
    let bytes = STANDARD.decode(encoded).ok()?;
    let histogram: Histogram<u64> = Deserializer::new().deserialize(&mut bytes.as_slice()).ok()?;
    Some(Times(histogram))
}

fn add_errors(whole: &mut Errors, part: &Errors, answered: u64) {
    whole.total += part.total;
    let requests = answered + whole.total;
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more than 53 bits")]
    let share = whole.total as f64 / requests.max(1) as f64;
    whole.share = share;
    for kind in &part.kinds {
        match whole.kinds.iter_mut().find(|known| known.kind == kind.kind) {
            Some(known) => add_kind(known, kind),
            None => whole.kinds.push(kind.clone()),
        }
    }
    whole.kinds.sort_by_key(|kind| std::cmp::Reverse(kind.count));
}

/// Of the median time of errors only the parts' are known; the larger one is told.
fn add_kind(known: &mut ErrorKind, kind: &ErrorKind) {
    known.count += kind.count;
    known.p50 = known.p50.max(kind.p50);
    known.max = known.max.max(kind.max);
}

fn add_seconds(whole: &mut Vec<Second>, part: &[Second]) {
    for (second, other) in whole.iter_mut().zip(part) {
        second.answers += other.answers;
        second.verified += other.verified;
        second.errors += other.errors;
        second.never_sent += other.never_sent;
        second.p50 = second.p50.max(other.p50);
        second.p99 = second.p99.max(other.p99);
        second.max = second.max.max(other.max);
    }
    whole.extend(part.iter().skip(whole.len()).cloned());
}

fn add_rounds(whole: &mut Rounds, part: &Rounds) {
    let sums = |one: &mut Vec<f64>, other: &[f64]| one.iter_mut().zip(other).for_each(|(one, other)| *one += other);
    sums(&mut whole.throughput, &part.throughput);
    sums(&mut whole.goodput, &part.goodput);
    whole.p50.clear();
    whole.p99.clear();
}

fn add_connections(whole: &mut Connections, part: &Connections) {
    whole.opened += part.opened;
    whole.p50 = whole.p50.max(part.p50);
    whole.p99 = whole.p99.max(part.p99);
    whole.max = whole.max.max(part.max);
}

fn together(one: &Schedule, other: &Schedule) -> Schedule {
    Schedule {
        due: one.due + other.due,
        achieved: one.achieved + other.achieved,
        queued: one.queued + other.queued,
        p50: one.p50.max(other.p50),
        p99: one.p99.max(other.p99),
        max: one.max.max(other.max),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_same_measurement_twice_is_refused_whatever_else_was_changed_of_it() {
        let mut copy = part(&[1, 2, 3]);
        copy.tool = "another".into();
        copy.targets[0].warnings.push("copied".into());
        let again = merge(&[part(&[9]), part(&[1, 2, 3]), copy]);
        assert_eq!(again, Err(MergeError::Twice { place: 3, first: 2 }));
    }

    #[test]
    fn two_machines_that_began_in_the_same_second_with_the_same_seed_are_two() {
        assert!(merge(&[part(&[1, 2, 3]), part(&[1, 2, 4])]).is_ok());
        let mut later = part(&[1, 2, 3]);
        later.started = "later".into();
        assert!(merge(&[part(&[1, 2, 3]), later]).is_ok());
    }

    fn part(millis: &[u64]) -> Bench {
        let mut times = Times::new(3);
        millis.iter().for_each(|time| times.add(Duration::from_millis(*time)));
        let target = BenchTarget {
            name: "one".into(),
            throughput: 10.0,
            answers: millis.len() as u64,
            latency: told::latency(&times),
            uncorrected: told::latency(&times),
            ..BenchTarget::default()
        };
        let mut bench = Bench {
            targets: vec![target],
            ..Bench::default()
        };
        bench.machine.count = 1;
        bench
    }

    #[test]
    fn percentiles_of_the_whole_are_those_of_all_requests() {
        let whole = merge(&[part(&[1; 90]), part(&[100; 10])]).unwrap();
        let told = &whole.targets[0];
        assert_eq!((told.answers, told.latency.count, whole.machine.count), (100, 100, 2));
        assert!((told.throughput - 20.0).abs() < f64::EPSILON);
        assert!(told.latency.p90 < 1.01, "{}", told.latency.p90);
        assert!(told.latency.p95 > 99.0, "{}", told.latency.p95);
    }

    #[test]
    fn one_bench_alone_stays_as_it_is() {
        let alone = part(&[3, 4, 5]);
        assert_eq!(merge(std::slice::from_ref(&alone)).unwrap(), alone);
    }

    #[test]
    fn what_was_asked_otherwise_and_what_is_damaged_is_refused_with_its_place() {
        let mut other = part(&[1]);
        other.mix.name = "other".into();
        let unlike = MergeError::Unlike { place: 2, what: "mix" };
        assert_eq!(merge(&[part(&[1]), other]), Err(unlike));
        let mut damaged = part(&[3]);
        damaged.targets[0].latency.histogram = "AAAA".into();
        let whose = "one".to_owned();
        let expected = MergeError::Histogram { place: 3, whose };
        assert_eq!(merge(&[part(&[1]), part(&[2]), damaged]), Err(expected));
        assert_eq!(merge(&[]), Err(MergeError::None));
    }
}
