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
pub enum Held {
    /// It does not hold.
    No,
    /// It holds, so that the gate fails.
    Yes {
        /// The figure before, in its own unit.
        old: f64,
        /// The figure now.
        new: f64,
    },
    /// There is no figure to look at, which is no pass.
    Unknown(Gap),
}

/// Why a condition cannot be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Gap {
    /// It was broken off before anything was measured.
    #[error("{0} was not measured at all")]
    Unmeasured(Side),
    /// Nothing was answered.
    #[error("{0} has no answers")]
    NoAnswers(Side),
    /// All answers were wrong, and those have no latency.
    #[error("{0} has none but wrong answers, which have no latency")]
    OnlyWrong(Side),
    /// No answer is known to be right.
    #[error("{0} has no answers that were found right")]
    NoneRight(Side),
}

/// One of two results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The older one.
    Old,
    /// The newer one.
    New,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Old => "OLD",
            Self::New => "NEW",
        })
    }
}

impl Condition {
    /// Whether it holds of a target that was measured before and now. Of a share of errors that was nothing before, any
    /// multiple is nothing.
    pub fn judge(&self, old: &BenchTarget, new: &BenchTarget) -> Held {
        if let Some(gap) = self.gap(old, new) {
            return Held::Unknown(gap);
        }
        let (old, new) = (self.figure.of(old), self.figure.of(new));
        let limit = match self.bound {
            Bound::Times(times) => old * times,
            Bound::Value(value) => value,
        };
        match if self.above { new > limit } else { new < limit } {
            true => Held::Yes { old, new },
            false => Held::No,
        }
    }

    /// What is missing of the figures. The newer one is told of first: it is the one that is judged.
    fn gap(&self, old: &BenchTarget, new: &BenchTarget) -> Option<Gap> {
        let before = || match self.bound {
            Bound::Times(_) => self
                .figure
                .missing(old, Side::Old)
                .or_else(|| self.figure.no_measure(old)),
            Bound::Value(_) => None,
        };
        self.figure.missing(new, Side::New).or_else(before)
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
    /// Why a target has no such figure.
    fn missing(self, target: &BenchTarget, side: Side) -> Option<Gap> {
        let timed = target.latency.count > 0;
        let answered = timed || target.answers > 0;
        match self {
            // That nothing came in a time is a rate, too, but not without a time.
            Self::Throughput | Self::Goodput => (target.seconds <= 0.0).then_some(Gap::Unmeasured(side)),
            Self::Errors => (!answered && target.errors.total == 0).then_some(Gap::Unmeasured(side)),
            _ if timed => None,
            _ if answered => Some(Gap::OnlyWrong(side)),
            _ => Some(Gap::NoAnswers(side)),
        }
    }

    /// Why the older target's figure can be no measure for the newer one's: all would be better than no answers.
    fn no_measure(self, old: &BenchTarget) -> Option<Gap> {
        match self {
            Self::Throughput => (old.throughput <= 0.0).then_some(Gap::NoAnswers(Side::Old)),
            Self::Goodput if old.goodput > 0.0 => None,
            Self::Goodput if old.answers > 0 => Some(Gap::NoneRight(Side::Old)),
            Self::Goodput => Some(Gap::NoAnswers(Side::Old)),
            _ => None,
        }
    }

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
            goodput: throughput,
            seconds: 1.0,
            answers: 1000,
            ..BenchTarget::default()
        };
        (target.latency.p99, target.latency.count) = (p99, 1000);
        target
    }

    /// Measured for a second in which every request went wrong.
    fn silent() -> BenchTarget {
        let mut target = BenchTarget {
            seconds: 1.0,
            ..BenchTarget::default()
        };
        (target.errors.total, target.errors.share) = (50, 1.0);
        target
    }

    fn judged(text: &str, old: &BenchTarget, new: &BenchTarget) -> Held {
        text.parse::<Condition>().unwrap().judge(old, new)
    }

    #[test]
    fn a_condition_holds_where_the_figure_is_beyond_its_bound() {
        let (old, new) = (target(1000.0, 10.0), target(850.0, 13.0));
        let check = |text: &str, expected: bool| {
            let held = judged(text, &old, &new);
            assert_eq!(matches!(held, Held::Yes { .. }), expected, "{text}: {held:?}");
            assert_eq!(held == Held::No, !expected, "{text}: {held:?}");
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
    fn a_latency_without_answers_cannot_be_judged() {
        let (good, silent) = (target(1000.0, 10.0), silent());
        let none = |side| Held::Unknown(Gap::NoAnswers(side));
        for text in ["p99 > 1.2x", "p50 > 20ms", "max < 1s", "mean > 2x"] {
            assert_eq!(judged(text, &good, &silent), none(Side::New), "{text}");
        }
        assert_eq!(judged("p99 > 1.2x", &silent, &good), none(Side::Old));
        assert_eq!(
            judged("p99 > 20ms", &silent, &good),
            Held::No,
            "a value needs no older one"
        );
        let mut wrong = silent;
        wrong.answers = 50;
        let expected = Held::Unknown(Gap::OnlyWrong(Side::New));
        assert_eq!(judged("p99 > 1.2x", &good, &wrong), expected);
        assert_eq!(Gap::NoAnswers(Side::New).to_string(), "NEW has no answers");
    }

    #[test]
    fn no_rate_is_a_rate_but_no_measure_for_another() {
        let (good, silent) = (target(1000.0, 10.0), silent());
        for text in ["throughput < 0.9x", "goodput < 0.9x", "goodput < 1"] {
            assert!(matches!(judged(text, &good, &silent), Held::Yes { .. }), "{text}");
        }
        let none = Held::Unknown(Gap::NoAnswers(Side::Old));
        for text in ["throughput < 0.9x", "goodput < 0.9x"] {
            assert_eq!(judged(text, &silent, &good), none, "{text}");
            assert_eq!(judged(text, &silent, &silent), none, "{text}");
        }
        let mut unchecked = target(1000.0, 10.0);
        unchecked.goodput = 0.0;
        let expected = Held::Unknown(Gap::NoneRight(Side::Old));
        assert_eq!(judged("goodput < 0.9x", &unchecked, &good), expected);
        let never = BenchTarget::default();
        for text in ["throughput < 0.9x", "goodput < 5", "errors > 1%"] {
            let expected = Held::Unknown(Gap::Unmeasured(Side::New));
            assert_eq!(judged(text, &good, &never), expected, "{text}");
        }
    }

    #[test]
    fn errors_where_there_were_none_are_more_by_any_multiple() {
        let (good, silent) = (target(1000.0, 10.0), silent());
        assert_eq!(judged("errors > 1.5x", &good, &good), Held::No);
        assert!(matches!(judged("errors > 1.5x", &good, &silent), Held::Yes { .. }));
        assert_eq!(judged("errors > 1.5x", &silent, &good), Held::No);
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
