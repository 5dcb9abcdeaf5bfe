//! When requests are meant to start.

use std::iter;
use std::time::Duration;

use parallax_outcome::bench::Pace;

use crate::choice::Choice;

/// The intended starts of an open loop, from the beginning on, in order; `None` for a closed loop, in which the target
/// decides. Without end where the pace has none. A rate that changes begins to change after the warm-up.
pub(crate) fn arrivals(
    pace: &Pace,
    (warm_up, over): (Duration, Duration),
    seed: u64,
) -> Option<Box<dyn Iterator<Item = Duration> + Send>> {
    Some(match *pace {
        Pace::Closed => return None,
        Pace::Constant { rate } => Box::new(counted().map(move |count| seconds(count / rate))),
        Pace::Poisson { rate } => Box::new(drawn(Choice::new(seed)).map(move |count| seconds(count / rate))),
        Pace::Ramp { from, to } => Box::new(ramped((counted(), counted()), (from, to), (warm_up, over))),
        Pace::PoissonRamp { from, to } => {
            // What comes in a time does not depend on what came before it.
            let counts = (drawn(Choice::of(seed, 0)), drawn(Choice::of(seed, 1)));
            Box::new(ramped(counts, (from, to), (warm_up, over)))
        }
    })
}

/// Starts at a rate that stays as it is in the warm-up, and goes evenly to another one afterwards. Counts say how many
/// there ought to have been on average at each start.
fn ramped(
    (before, after): (
        impl Iterator<Item = f64> + Send + 'static,
        impl Iterator<Item = f64> + Send + 'static,
    ),
    (from, to): (f64, f64),
    (warm_up, over): (Duration, Duration),
) -> impl Iterator<Item = Duration> + Send {
    let warm = before.map(move |count| seconds(count / from));
    let warm = warm.take_while(move |at| *at < warm_up);
    let measured = after.map_while(move |count| ramp(count, from, to, over));
    warm.chain(measured.map(move |at| at.saturating_add(warm_up)))
}

fn counted() -> impl Iterator<Item = f64> + Send {
    iter::successors(Some(0.0), |count| Some(count + 1.0))
}

/// Counts at random: their distances, of 1 on average, are exponential, as those of independent events are.
fn drawn(mut choice: Choice) -> impl Iterator<Item = f64> + Send {
    let mut count = 0.0;
    iter::repeat_with(move || {
        count += -(1.0 - choice.unit()).ln();
        count
    })
}

/// When the `count`th request starts of a rate that goes evenly from one to the other: where the area under the rate is
/// `count`. None where the rate has fallen to nothing before.
fn ramp(count: f64, from: f64, to: f64, over: Duration) -> Option<Duration> {
    let slope = (to - from) / over.as_secs_f64();
    let under = from.mul_add(from, 2.0 * slope * count);
    if under < 0.0 {
        return None;
    }
    // This form of the solution holds for a slope of nothing too.
    let at = 2.0 * count / (from + under.sqrt());
    at.is_finite().then(|| seconds(at)).or(Some(Duration::ZERO))
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many start in each of ten parts of the time.
    fn tenths(pace: &Pace) -> Vec<usize> {
        let over = Duration::from_secs(10);
        let all = arrivals(pace, (Duration::ZERO, over), 7)
            .unwrap()
            .take_while(|at| *at < over);
        let mut tenths = vec![0; 10];
        for at in all {
            tenths[usize::try_from(at.as_secs()).unwrap()] += 1;
        }
        tenths
    }

    #[test]
    fn a_constant_pace_starts_as_many_in_each_second() {
        assert_eq!(tenths(&Pace::Constant { rate: 50.0 }), [50; 10]);
    }

    #[test]
    fn a_ramp_starts_more_from_second_to_second() {
        let rising = tenths(&Pace::Ramp { from: 0.0, to: 100.0 });
        assert_eq!(rising.iter().sum::<usize>(), 500);
        let expected = [5, 15, 25, 35, 45, 55, 65, 75, 85, 95];
        for (one, other) in rising.into_iter().zip(expected) {
            assert!(one.abs_diff(other) <= 1, "{one} for {other}");
        }
        let falling = tenths(&Pace::Ramp { from: 100.0, to: 0.0 });
        assert_eq!(falling.first(), Some(&95));
    }

    #[test]
    fn a_ramp_begins_after_the_warm_up_at_the_rate_of_its_beginning() {
        let (warm_up, over) = (Duration::from_secs(5), Duration::from_secs(10));
        for (from, warm, measured) in [(0.0, 0, 500), (20.0, 100, 600), (100.0, 500, 1000)] {
            let ramp = Pace::Ramp { from, to: 100.0 };
            let all = arrivals(&ramp, (warm_up, over), 7).unwrap();
            let all: Vec<_> = all.take_while(|at| *at < warm_up + over).collect();
            assert!(all.is_sorted());
            let early = all.iter().filter(|at| **at < warm_up).count();
            assert_eq!((early, all.len() - early), (warm, measured), "from {from}");
        }
    }

    #[test]
    fn a_poisson_pace_has_the_rate_on_average_and_the_spread_of_chance() {
        let over = Duration::from_secs(1000);
        let pace = Pace::Poisson { rate: 100.0 };
        let mut seconds = vec![0.0_f64; 1000];
        for at in arrivals(&pace, (Duration::ZERO, over), 3)
            .unwrap()
            .take_while(|at| *at < over)
        {
            seconds[usize::try_from(at.as_secs()).unwrap()] += 1.0;
        }
        let mean = seconds.iter().sum::<f64>() / 1000.0;
        let variance = seconds.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / 1000.0;
        // Both are 100; of a thousand draws the mean strays by 0.3, the variance by 4.5.
        assert!((mean - 100.0).abs() < 1.5, "{mean}");
        assert!((variance - 100.0).abs() < 25.0, "{variance}");
    }

    #[test]
    fn a_poisson_ramp_has_the_momentary_rate_on_average_and_the_spread_of_chance() {
        let (warm_up, over) = (Duration::from_secs(2), Duration::from_secs(10));
        let pace = Pace::PoissonRamp { from: 100.0, to: 20.0 };
        let (mut sums, mut squares) = (vec![0.0_f64; 12], vec![0.0_f64; 12]);
        let seeds = 0..1000;
        for seed in seeds.clone() {
            let mut counts = vec![0.0_f64; 12];
            let all = arrivals(&pace, (warm_up, over), seed).unwrap();
            let all: Vec<_> = all.take_while(|at| *at < warm_up + over).collect();
            assert!(all.is_sorted());
            for at in all {
                counts[usize::try_from(at.as_secs()).unwrap()] += 1.0;
            }
            for (second, count) in counts.into_iter().enumerate() {
                sums[second] += count;
                squares[second] += count * count;
            }
        }
        let draws = f64::from(u32::try_from(seeds.count()).unwrap());
        let rates = [100.0, 100.0, 96.0, 88.0, 80.0, 72.0, 64.0, 56.0, 48.0, 40.0, 32.0, 24.0];
        for (second, rate) in rates.into_iter().enumerate() {
            let mean = sums[second] / draws;
            let variance = squares[second] / draws - mean * mean;
            // Of a thousand draws the mean strays by a hundredth part of a rate of 10 or more, the variance by a twentieth.
            assert!((mean / rate - 1.0).abs() < 0.05, "second {second}: {mean} for {rate}");
            assert!(
                (variance / rate - 1.0).abs() < 0.25,
                "second {second}: {variance} for {rate}"
            );
        }
    }

    #[test]
    fn a_poisson_ramp_from_nothing_begins_after_the_warm_up() {
        let (warm_up, over) = (Duration::from_secs(5), Duration::from_secs(10));
        let pace = Pace::PoissonRamp { from: 0.0, to: 100.0 };
        let first = arrivals(&pace, (warm_up, over), 7).unwrap().next().unwrap();
        assert!(first > warm_up && first < warm_up + over, "{first:?}");
    }

    #[test]
    fn the_same_seed_starts_at_the_same_moments() {
        let first = |seed| {
            let all = arrivals(
                &Pace::Poisson { rate: 9.0 },
                (Duration::ZERO, Duration::from_secs(1)),
                seed,
            )
            .unwrap();
            all.take(50).collect::<Vec<_>>()
        };
        assert_eq!(first(1), first(1));
        assert_ne!(first(1), first(2));
    }
}
