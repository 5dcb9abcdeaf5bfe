//! What must not become of a target, such as `p99 > 1.2x`.

use std::fmt;
use std::str::FromStr;

use parallax_outcome::bench::BenchTarget;

/// A figure, `<` or `>`, and a bound. A gate fails where it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    figure: Figure,
    above: bool,
    bound: Bound,
    text: String,
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figure {
    Throughput,
    Goodput,
    /// In percent of the requests.
    Errors,
    Mean,
    P50,
    P75,
    P90,
    P95,
    P99,
    P99_9,
    P99_99,
    Max,
}

/// What it is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bound {
    /// So many times what it was before.
    Times(f64),
    /// A value, in the figure's own unit.
    Value(f64),
}

/// The names of figures, as they are written in conditions and told in comparisons.
const FIGURES: [(&str, Figure); 12] = [
    ("throughput", Figure::Throughput),
    ("goodput", Figure::Goodput),
    ("errors", Figure::Errors),
    ("mean", Figure::Mean),
    ("p50", Figure::P50),
    ("p75", Figure::P75),
    ("p90", Figure::P90),
    ("p95", Figure::P95),
    ("p99", Figure::P99),
    ("p99.9", Figure::P99_9),
    ("p99.99", Figure::P99_99),
    ("max", Figure::Max),
];

/// What a condition came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// Whether it holds, so that the gate fails.
    pub holds: bool,
    /// The figure before, in its own unit.
    pub old: f64,
    /// The figure now.
    pub new: f64,
}

impl Condition {
    /// Whether it holds of a target that was measured before and now. A ratio to nothing holds only where there is something
    /// now and `>` was asked.
    pub fn judge(&self, old: &BenchTarget, new: &BenchTarget) -> Held {
        let (old, new) = (self.figure.of(old), self.figure.of(new));
        let limit = match self.bound {
            Bound::Times(times) => old * times,
            Bound::Value(value) => value,
        };
        let holds = if self.above { new > limit } else { new < limit };
        Held { holds, old, new }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            let names: Vec<_> = FIGURES.iter().map(|(name, _)| *name).collect();
            format!(
                "`{text}` is no condition; write a figure ({}), `<` or `>`, and a bound, like `p99 > 1.2x` or `p50 > 20ms`",
                names.join(", ")
            )
        };
        let at = text.find(['<', '>']).ok_or_else(wrong)?;
        let (name, rest) = text.split_at(at);
        let above = rest.starts_with('>');
        let figure = FIGURES
            .iter()
            .find(|(known, _)| *known == name.trim())
            .ok_or_else(wrong)?
            .1;
        let bound = rest
            .get(1..)
            .and_then(|bound| figure.bound(bound.trim()))
            .ok_or_else(wrong)?;
        Ok(Self {
            figure,
            above,
            bound,
            text: text.trim().to_owned(),
        })
    }
}

impl Figure {
    fn of(self, target: &BenchTarget) -> f64 {
        let latency = &target.latency;
        match self {
            Self::Throughput => target.throughput,
            Self::Goodput => target.goodput,
            Self::Errors => 100.0 * target.errors.share,
            Self::Mean => latency.mean,
            Self::P50 => latency.p50,
            Self::P75 => latency.p75,
            Self::P90 => latency.p90,
            Self::P95 => latency.p95,
            Self::P99 => latency.p99,
            Self::P99_9 => latency.p99_9,
            Self::P99_99 => latency.p99_99,
            Self::Max => latency.max,
        }
    }

    fn bound(self, text: &str) -> Option<Bound> {
        let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let number: f64 = text.strip_suffix(unit)?.parse().ok()?;
        let is_time = !matches!(self, Self::Throughput | Self::Goodput | Self::Errors);
        match (unit.trim(), is_time) {
            ("x", _) => Some(Bound::Times(number)),
            ("us" | "µs", true) => Some(Bound::Value(number * 1e-3)),
            ("ms", true) => Some(Bound::Value(number)),
            ("s", true) => Some(Bound::Value(number * 1e3)),
            ("", false) => Some(Bound::Value(number)),
            ("%", false) if self == Self::Errors => Some(Bound::Value(number)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(throughput: f64, p99: f64) -> BenchTarget {
        let mut target = BenchTarget {
            throughput,
            ..BenchTarget::default()
        };
        target.latency.p99 = p99;
        target
    }

    #[test]
    fn a_condition_holds_where_the_figure_is_beyond_its_bound() {
        let (old, new) = (target(1000.0, 10.0), target(850.0, 13.0));
        let check = |text: &str, expected: bool| {
            let condition: Condition = text.parse().unwrap();
            assert_eq!(condition.judge(&old, &new).holds, expected, "{text}");
        };
        check("p99 > 1.2x", true);
        check("p99>1.4x", false);
        check("p99 > 12ms", true);
        check("p99 > 0.02s", false);
        check("throughput < 0.9x", true);
        check("throughput < 800", false);
        check("errors > 0.1%", false);
    }

    #[test]
    fn what_is_no_condition_is_refused_in_words() {
        for text in [
            "",
            "p99",
            "p98 > 1x",
            "p99 > fast",
            "p99 > 20",
            "throughput < 5ms",
            "errors >",
            "p99 => 1x",
        ] {
            let error = text.parse::<Condition>().unwrap_err();
            assert!(error.contains("p99 > 1.2x"), "{text}: {error}");
        }
    }
}
