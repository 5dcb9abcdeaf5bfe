//! The highest rate that a target answers within a goal.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use parallax_outcome::bench::{Pace, SearchStep};

use crate::bench::{Arena, BenchError, Event, Plan};
use crate::cancel::Cancel;

/// The rate to begin with where the plan names none.
const FIRST: f64 = 100.0;
/// Rates beyond it are not tried.
const HIGHEST: f64 = 10_000_000.0;
/// How near the found rate is to one that failed.
const NEAR: f64 = 1.03;
/// A rate is held where at least this share of it was answered.
const ACHIEVED: f64 = 0.99;
/// The share of the plan's time that one step takes, and the least and the most.
const PART: u32 = 5;
const STEP: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(10));

/// What must hold of latencies, such as `p99<20ms`.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// The quantile, from 0 to 1.
    pub quantile: f64,
    /// What it must stay below, in milliseconds.
    pub below: f64,
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Rounded, since the quantile is a percentage that was divided.
        let percentile = (self.quantile * 1e8).round() / 1e6;
        write!(f, "p{percentile}<{}ms", self.below)
    }
}

impl FromStr for Goal {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no goal; write it like `p99<20ms` or `p99.9<1s`");
        let (percentile, limit) = text.split_once('<').ok_or_else(wrong)?;
        let percentile = percentile.trim().strip_prefix('p').ok_or_else(wrong)?;
        let percentile: f64 = percentile.parse().map_err(|_| wrong())?;
        let limit = limit.trim();
        let unit = limit.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let number: f64 = limit.strip_suffix(unit).unwrap_or(limit).parse().map_err(|_| wrong())?;
        let in_millis = match unit {
            "us" | "µs" => 1e-3,
            "ms" => 1.0,
            "s" => 1e3,
            _ => return Err(wrong()),
        };
        let right = percentile > 0.0 && percentile < 100.0 && number > 0.0;
        right
            .then_some(Self {
                quantile: percentile / 100.0,
                below: number * in_millis,
            })
            .ok_or_else(wrong)
    }
}

/// Tries rate after rate: twice as much until one fails, then between. What is found becomes the arena's pace.
pub(crate) async fn search(
    plan: &Plan,
    arena: &mut Arena,
    goal: &Goal,
    cancel: &Cancel,
    tell: &mut (dyn FnMut(Event) + Send),
) -> Result<(), BenchError> {
    let (mut held, mut failed) = (None, None);
    let mut rate = plan.pace.rate().unwrap_or(FIRST);
    let step = (plan.duration / PART).clamp(STEP.0, STEP.1);
    while !cancel.is_cancelled() {
        let target = arena.target.name.clone();
        tell(Event::Trying { target, rate });
        let totals = arena.attempt(plan, rate, step).await?;
        if cancel.is_cancelled() {
            // What was broken off says nothing about the rate.
            break;
        }
        let whole = totals.whole();
        #[expect(clippy::cast_precision_loss, reason = "counts fit 53 bits")]
        let achieved = whole.answers as f64 / step.as_secs_f64();
        let latency = whole.corrected.at(goal.quantile);
        let holds = whole.answers > 0 && whole.errors == 0 && latency < goal.below && achieved >= ACHIEVED * rate;
        arena.told.search.push(SearchStep {
            rate,
            achieved,
            latency,
            errors: whole.errors,
            held: holds,
        });
        match holds {
            true => held = Some(rate),
            false => failed = Some(rate),
        }
        match next(held, failed) {
            Some(other) => rate = other,
            None => break,
        }
    }
    arena.told.found_rate = held;
    // Where nothing held, the least rate that was tried is measured, so that one sees why.
    arena.pace = Pace::Constant {
        rate: held.or(failed).unwrap_or(rate),
    };
    Ok(())
}

/// The rate to try next; none where the answer is near enough.
fn next(held: Option<f64>, failed: Option<f64>) -> Option<f64> {
    match (held, failed) {
        (Some(held), None) => Some(held * 2.0).filter(|rate| *rate <= HIGHEST),
        (None, Some(failed)) => Some(failed / 2.0).filter(|rate| *rate >= 1.0),
        (Some(held), Some(failed)) => (failed / held > NEAR).then(|| (held * failed).sqrt()),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_a_percentile_below_a_time() {
        let goal = |text: &str| text.parse::<Goal>().ok().map(|goal| (goal.quantile, goal.below));
        assert_eq!(goal("p99<20ms"), Some((0.99, 20.0)));
        assert_eq!(goal("p50 < 1.5s"), Some((0.5, 1500.0)));
        for told in ["p99<20ms", "p99.9<1000ms", "p57<0.5ms"] {
            assert_eq!(told.parse::<Goal>().unwrap().to_string(), told);
        }
        for wrong in ["p99", "99<20ms", "p99<20", "p0<1s", "p100<1s", "p99<0ms", "p99<ms"] {
            assert_eq!(goal(wrong), None, "{wrong}");
        }
    }

    /// The rate that is found of a target that holds the goal up to `capacity`, and how many steps it takes.
    fn found(capacity: f64) -> (Option<f64>, usize) {
        let (mut held, mut failed, mut rate, mut steps) = (None, None, FIRST, 0);
        loop {
            steps += 1;
            if rate <= capacity {
                held = Some(rate);
            } else {
                failed = Some(rate);
            }
            match next(held, failed) {
                Some(other) => rate = other,
                None => return (held, steps),
            }
        }
    }

    #[test]
    fn the_highest_rate_is_found_within_three_percent() {
        for capacity in [3.0, 90.0, 100.0, 4_321.0, 51_234.0] {
            let (found, steps) = found(capacity);
            let found = found.unwrap();
            assert!(found <= capacity && found * NEAR >= capacity, "{found} of {capacity}");
            assert!(steps < 20, "{steps}");
        }
        assert_eq!(found(0.5).0, None);
    }
}
