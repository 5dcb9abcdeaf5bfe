//! Values of the command line that are more than text: times, sizes, shares.

use std::str::FromStr;
use std::time::Duration;

use camino::Utf8PathBuf;
use jiff::civil::Date;

/// A time that is not zero, such as `10s` or `500ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timeout(pub(crate) Duration);

/// A size in bytes that is not zero, such as `8MiB` or `65536`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AnswerLimit(pub(crate) u64);

/// How often in a second, such as `2` or `0.5`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rate(pub(crate) f64);

/// A day, such as `2027-03-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day(pub(crate) Date);

/// A share from 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Percent(pub(crate) f64);

/// The path of something to write, which must have a name.
pub(crate) fn named(text: &str) -> Result<Utf8PathBuf, String> {
    match text.is_empty() {
        true => Err("it has no name".to_owned()),
        false => Ok(text.into()),
    }
}

impl FromStr for Timeout {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is no time; write it like `10s`, `500ms`, `2m` or `1h`");
        let (number, unit) = number_and_unit(text).ok_or_else(wrong)?;
        let millis = match unit {
            "" => {
                return Err(format!(
                    "`{text}` has no unit; write `{number}s` for seconds, or `{number}ms`"
                ));
            }
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => return Err(wrong()),
        };
        let millis = number.checked_mul(millis).filter(|&n| n > 0).ok_or_else(wrong)?;
        Ok(Self(Duration::from_millis(millis)))
    }
}

impl FromStr for AnswerLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is no size; write it like `8MiB`, `512KiB` or `65536`");
        let (number, unit) = number_and_unit(text).ok_or_else(wrong)?;
        let bytes: u64 = match unit {
            "" | "B" => 1,
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            _ => return Err(wrong()),
        };
        number.checked_mul(bytes).filter(|&n| n > 0).map(Self).ok_or_else(wrong)
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number: Option<f64> = text.parse().ok();
        let rate = number.filter(|rate| (0.01..=10_000.0).contains(rate));
        rate.map(Self)
            .ok_or_else(|| format!("`{text}` is no rate; write a number of requests a second from 0.01 to 10000"))
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let day = text.parse().map(Self);
        day.map_err(|_| format!("`{text}` is no day; write it like 2027-03-01"))
    }
}

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.trim_end_matches('%').parse().ok();
        let share = number.filter(|share| (0.0..=100.0).contains(share));
        share
            .map(Self)
            .ok_or_else(|| format!("`{text}` is no share; write a number from 0 to 100"))
    }
}

fn number_and_unit(text: &str) -> Option<(u64, &str)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    Some((number.parse().ok()?, unit.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: FromStr<Err = String>, U: PartialEq + std::fmt::Debug>(
        text: &str,
        get: fn(T) -> U,
        expected: &Option<U>,
    ) {
        assert_eq!(text.parse().ok().map(get), *expected, "{text}");
    }

    #[test]
    fn a_time_has_a_unit_and_is_not_zero() {
        let millis = |time: Timeout| time.0.as_millis();
        check("10s", millis, &Some(10_000));
        check("500ms", millis, &Some(500));
        check("2m", millis, &Some(120_000));
        check("1h", millis, &Some(3_600_000));
        for wrong in [
            "10",
            "0s",
            "s",
            "-1s",
            "",
            "99999999999999999999s",
            "18446744073709551615m",
        ] {
            check(wrong, millis, &None);
        }
    }

    #[test]
    fn a_size_is_in_bytes_or_has_a_binary_unit() {
        let bytes = |size: AnswerLimit| size.0;
        check("8MiB", bytes, &Some(8 << 20));
        check("65536", bytes, &Some(65_536));
        check("1 KiB", bytes, &Some(1024));
        for wrong in ["0", "8MB", "MiB", "99999999999999GiB"] {
            check(wrong, bytes, &None);
        }
    }

    #[test]
    fn a_rate_is_a_number_above_nothing() {
        let rate = |rate: Rate| rate.0;
        check("2", rate, &Some(2.0));
        check("0.5", rate, &Some(0.5));
        for wrong in ["0", "-1", "fast", "inf", "NaN", ""] {
            check(wrong, rate, &None);
        }
    }

    #[test]
    fn a_day_is_written_from_the_year_on() {
        let day = |day: Day| day.0.to_string();
        check("2027-03-01", day, &Some("2027-03-01".to_owned()));
        for wrong in ["01.03.2027", "2027-02-30", "tomorrow", ""] {
            check(wrong, day, &None);
        }
    }

    #[test]
    fn a_share_lies_between_0_and_100() {
        let share = |share: Percent| share.0;
        check("25", share, &Some(25.0));
        check("12.5%", share, &Some(12.5));
        for wrong in ["-1", "100.1", "NaN", "many"] {
            check(wrong, share, &None);
        }
    }
}
