//! Whether one target is faster than another, and how sure that is.

use parallax_outcome::bench::{BenchTarget, Contest, Ratio};

/// How sure the interval is meant to be.
const SURE: f64 = 0.95;

/// The first target against each other one.
pub(crate) fn contests(targets: &[BenchTarget]) -> Vec<Contest> {
    let Some((one, others)) = targets.split_first() else {
        return Vec::new();
    };
    others.iter().map(|other| contest(one, other)).collect()
}

fn contest(one: &BenchTarget, other: &BenchTarget) -> Contest {
    let (ours, theirs) = (&one.by_round, &other.by_round);
    Contest {
        one: one.name.clone(),
        other: other.name.clone(),
        throughput: ratio(&ours.throughput, &theirs.throughput),
        goodput: ratio(&ours.goodput, &theirs.goodput),
        p50: ratio(&ours.p50, &theirs.p50),
        p99: ratio(&ours.p99, &theirs.p99),
    }
}

/// The ratio of paired rounds. Its interval goes from the k-th smallest to the k-th largest, which holds the median with
/// a likelihood that depends on nothing but their number: each round is above the median or below it like a coin.
fn ratio(ours: &[f64], theirs: &[f64]) -> Ratio {
    let pairs = ours
        .iter()
        .zip(theirs)
        .filter(|(ours, theirs)| **ours > 0.0 && **theirs > 0.0);
    let mut ratios: Vec<f64> = pairs.map(|(ours, theirs)| ours / theirs).collect();
    ratios.sort_by(f64::total_cmp);
    let count = ratios.len();
    let (trim, confidence) = interval(count);
    let at = |index: usize| ratios.get(index).copied().unwrap_or_default();
    let middle = match count % 2 {
        0 => f64::midpoint(at(count.saturating_sub(1) / 2), at(count / 2)),
        _ => at(count / 2),
    };
    Ratio {
        rounds: count as u64,
        median: middle,
        low: at(trim),
        high: at(count.saturating_sub(trim + 1)),
        confidence,
    }
}

/// How many rounds are left out on each side, and how likely what remains holds the median.
fn interval(count: usize) -> (usize, f64) {
    let mut tail = 0.5_f64.powi(i32::try_from(count).unwrap_or(i32::MAX));
    let (mut term, mut best) = (tail, (0, 1.0 - 2.0 * tail));
    for trim in 1..count / 2 {
        #[expect(clippy::cast_precision_loss, reason = "rounds are few")]
        let factor = (count - trim + 1) as f64 / trim as f64;
        term *= factor;
        tail += term;
        if 1.0 - 2.0 * tail < SURE {
            break;
        }
        best = (trim, 1.0 - 2.0 * tail);
    }
    (best.0, best.1.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_order_statistics() {
        // From the binomial distribution of one half.
        for (rounds, trim, confidence) in [
            (1, 0, 0.0),
            (5, 0, 0.9375),
            (6, 0, 0.96875),
            (9, 1, 0.9609375),
            (15, 3, 0.96484375),
        ] {
            assert_eq!(interval(rounds), (trim, confidence), "{rounds}");
        }
    }

    #[test]
    fn rounds_are_compared_in_pairs() {
        let ratio = ratio(&[2.0, 4.0, 9.0, 0.0], &[1.0, 2.0, 3.0, 1.0]);
        assert_eq!((ratio.rounds, ratio.median, ratio.low, ratio.high), (3, 2.0, 2.0, 3.0));
        assert_eq!(super::ratio(&[], &[]).median, 0.0);
    }
}
