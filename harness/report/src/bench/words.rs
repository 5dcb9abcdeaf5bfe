//! Numbers as people read them.

use parallax_outcome::bench::{LoadInfo, Pace, Ratio};

use crate::text::one_line;

/// A number with as many digits as matter, thousands parted: `51,234`, `12.3`, `0.042`.
pub fn number(number: f64) -> String {
    match number.abs() {
        0.0 => "0".to_owned(),
        size if size >= 100.0 => parted(&format!("{number:.0}")),
        size if size >= 10.0 => format!("{number:.1}"),
        size if size >= 1.0 => format!("{number:.2}"),
        size if size >= 0.01 => format!("{number:.3}"),
        size if size >= 0.001 => format!("{number:.4}"),
        _ => format!("{number:.5}"),
    }
}

/// A round number, thousands parted, with no more digits than it has: `2,000`, `0.5`.
pub(crate) fn plain(number: f64) -> String {
    let digits = format!("{number:.9}");
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    match part.trim_end_matches('0') {
        "" => parted(whole),
        part => format!("{}.{part}", parted(whole)),
    }
}

/// A time in milliseconds, in the unit that suits it: `340 µs`, `1.25 ms`, `2.0 s`.
pub fn duration(millis: f64) -> String {
    let three = |number: f64, unit: &str| match number {
        number if number >= 100.0 => format!("{number:.0} {unit}"),
        number if number >= 10.0 => format!("{number:.1} {unit}"),
        number => format!("{number:.2} {unit}"),
    };
    match millis {
        0.0 => "-".to_owned(),
        millis if millis < 1.0 => three(millis * 1e3, "µs"),
        millis if millis < 1e3 => three(millis, "ms"),
        millis => three(millis / 1e3, "s"),
    }
}

/// How requests were started.
pub fn pace(load: &LoadInfo) -> String {
    let held = match load.connections {
        1 => "1 connection".to_owned(),
        many => format!("{many} connections"),
    };
    if let Some(goal) = &load.goal {
        return format!("the highest rate within {}, over {held}", one_line(goal));
    }
    match &load.pace {
        Pace::Closed => format!("closed loop over {held}"),
        Pace::Constant { rate } => format!("{} a second, evenly, over {held}", number(*rate)),
        Pace::Poisson { rate } => format!("{} a second, at random (Poisson), over {held}", number(*rate)),
        Pace::Ramp { from, to } => format!("{} to {} a second over {held}", number(*from), number(*to)),
        Pace::PoissonRamp { from, to } => {
            let (from, to) = (number(*from), number(*to));
            format!("{from} to {to} a second, at random (Poisson), over {held}")
        }
    }
}

/// What may be said of a ratio of rates or of times: `A is 1.80 to 2.10 times B (9 rounds, 96 % sure)`.
pub fn statement(one: &str, other: &str, ratio: &Ratio) -> String {
    let Ratio {
        rounds,
        median,
        low,
        high,
        confidence,
    } = ratio;
    let (low_told, high_told) = (number(*low), number(*high));
    match rounds {
        0 => format!("no round tells {one} from {other}"),
        1..=4 => format!(
            "{one} is {} times {other} in {rounds} rounds; five or more would tell how surely",
            number(*median)
        ),
        _ if *low <= 1.0 && *high >= 1.0 => format!(
            "no difference between {one} and {other} can be told: {low_told} to {high_told} times ({rounds} rounds, {:.0} % sure)",
            100.0 * confidence
        ),
        _ => format!(
            "{one} is {low_told} to {high_told} times {other} ({rounds} rounds, {:.0} % sure)",
            100.0 * confidence
        ),
    }
}

fn parted(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let mut parted = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            parted.push(',');
        }
        parted.push(digit);
    }
    format!("{sign}{parted}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_digits_that_matter() {
        let all = [0.0, 0.004_21, 0.0421, 1.0, 12.34, 999.6, 51_234.4, 1_234_567.0].map(number);
        assert_eq!(
            all,
            ["0", "0.0042", "0.042", "1.00", "12.3", "1,000", "51,234", "1,234,567"]
        );
    }

    #[test]
    fn times_have_the_unit_that_suits_them() {
        let all = [0.0, 0.0345, 0.34, 1.25, 12.5, 340.0, 2000.0].map(duration);
        assert_eq!(
            all,
            ["-", "34.5 µs", "340 µs", "1.25 ms", "12.5 ms", "340 ms", "2.00 s"]
        );
    }

    #[test]
    fn a_difference_is_claimed_only_where_the_interval_leaves_one_out() {
        let ratio = |rounds, low, high| Ratio {
            rounds,
            median: f64::midpoint(low, high),
            low,
            high,
            confidence: 0.96,
        };
        assert_eq!(
            statement("A", "B", &ratio(9, 1.8, 2.1)),
            "A is 1.80 to 2.10 times B (9 rounds, 96 % sure)"
        );
        assert_eq!(
            statement("A", "B", &ratio(9, 0.004_85, 0.006_11)),
            "A is 0.0049 to 0.0061 times B (9 rounds, 96 % sure)"
        );
        assert!(statement("A", "B", &ratio(9, 0.97, 1.02)).starts_with("no difference"));
        assert!(statement("A", "B", &ratio(3, 1.8, 2.1)).ends_with("would tell how surely"));
        assert!(statement("A", "B", &Ratio::default()).starts_with("no round"));
    }
}
