//! Rates and ratios in words.

use std::fmt::Write as _;

use super::measure::{Sample, Tool};

/// The tools that others are compared with: by the first letters of their names, the faster of several.
const PEERS: [&str; 2] = ["wrk", "oha"];

/// A line for each tool: the median of its rates, and of its ratios to the peers in the same round with their extremes.
pub(super) fn render(tools: &[&Tool], samples: &[Sample<'_>]) -> String {
    let mut out = format!("{:28} {:>9}", "", "median/s");
    for peer in PEERS {
        // Writing to a string cannot fail.
        let _ = write!(out, " {:>22}", format!("of {peer}"));
    }
    out.push('\n');
    for tool in tools {
        let rates: Vec<f64> = of(samples, &tool.name).map(|sample| sample.rate).collect();
        let _ = write!(out, "{:28} {:>9.0}", tool.name, median(rates));
        for peer in PEERS {
            let _ = write!(out, " {:>22}", ratio(samples, &tool.name, peer));
        }
        out.push('\n');
    }
    out
}

fn of<'a>(samples: &'a [Sample<'a>], tool: &'a str) -> impl Iterator<Item = &'a Sample<'a>> {
    samples.iter().filter(move |sample| sample.tool == tool)
}

/// The median of the ratios round by round, and the least and the greatest.
fn ratio(samples: &[Sample<'_>], tool: &str, peer: &str) -> String {
    let best = |round: usize| {
        let rates = samples
            .iter()
            .filter(|sample| sample.round == round && sample.tool.starts_with(peer));
        rates.map(|sample| sample.rate).fold(0.0, f64::max)
    };
    let mut ratios: Vec<f64> = of(samples, tool)
        .map(|sample| 100.0 * sample.rate / best(sample.round))
        .filter(|ratio| ratio.is_finite())
        .collect();
    ratios.sort_by(f64::total_cmp);
    match (ratios.first(), ratios.last()) {
        (Some(least), Some(most)) => format!("{:.0} % ({least:.0} to {most:.0})", median(ratios.clone())),
        _ => String::new(),
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let (one, other) = (numbers.len().saturating_sub(1) / 2, numbers.len() / 2);
    match (numbers.get(one), numbers.get(other)) {
        (Some(one), Some(other)) => f64::midpoint(*one, *other),
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_to_the_faster_peer_of_the_same_round() {
        let sample = |tool, round, rate| Sample { tool, round, rate };
        let samples = [
            sample("wrk -t1", 0, 100.0),
            sample("wrk -t2", 0, 200.0),
            sample("bench", 0, 100.0),
            sample("wrk -t1", 1, 50.0),
            sample("wrk -t2", 1, 40.0),
            sample("bench", 1, 50.0),
        ];
        assert_eq!(ratio(&samples, "bench", "wrk"), "75 % (50 to 100)");
        assert_eq!(ratio(&samples, "bench", "oha"), "");
    }
}
