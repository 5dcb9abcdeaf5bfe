//! Points in time as text. The only place that knows the jiff crate.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::{rfc2822, temporal};
use jiff::tz::TimeZone;

/// A form of a point in time on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `2026-01-02T03:04:05Z`, with fractions where needed.
    Iso8601,
    /// `Fri, 02 Jan 2026 03:04:05 GMT`.
    Rfc822,
    /// Seconds since the epoch.
    Epoch,
}

impl Form {
    /// The form that a model's name stands for; ISO 8601 is the query protocol's own.
    pub(crate) fn named(name: Option<&str>) -> Self {
        match name {
            Some("rfc822") => Self::Rfc822,
            Some("unixTimestamp") => Self::Epoch,
            _ => Self::Iso8601,
        }
    }
}

/// Who writes: a client writes no more fractions than needed, a service always milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Client,
    Service,
}

/// `seconds` in this form; what no calendar holds is written as the plain number.
pub(crate) fn write(seconds: f64, form: Form, side: Side) -> String {
    let Some(time) = timestamp(seconds) else {
        return seconds.to_string();
    };
    match form {
        Form::Epoch => seconds.to_string(),
        Form::Iso8601 => iso8601(time, side),
        Form::Rfc822 => rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&time)
            .unwrap_or_else(|_| seconds.to_string()),
    }
}

fn timestamp(seconds: f64) -> Option<Timestamp> {
    let micros = (seconds * 1e6).round();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a number beyond 64 bits is beyond the calendar too"
    )]
    let whole = micros as i64;
    micros
        .is_finite()
        .then(|| Timestamp::from_microsecond(whole).ok())
        .flatten()
}

fn iso8601(time: Timestamp, side: Side) -> String {
    let digits = match side {
        Side::Service => 3,
        Side::Client if time.subsec_nanosecond() == 0 => 0,
        Side::Client => 6,
    };
    temporal::DateTimePrinter::new()
        .precision(Some(digits))
        .timestamp_to_string(&time)
}

/// A point in time that was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Read {
    /// Seconds since the epoch.
    pub(crate) seconds: f64,
    /// Whether the text had the form that was due, and not merely one that lenient parsers accept.
    pub(crate) proper: bool,
}

/// Reads `text` in whichever form it has; no text has two.
pub(crate) fn read(text: &str, due: Form) -> Option<Read> {
    let trimmed = text.trim();
    [Form::Iso8601, Form::Rfc822, Form::Epoch].into_iter().find_map(|form| {
        let seconds = read_as(trimmed, form)?;
        let proper = form == due && trimmed == text && (form != Form::Iso8601 || is_plain_iso8601(text));
        Some(Read { seconds, proper })
    })
}

fn read_as(text: &str, form: Form) -> Option<f64> {
    match form {
        Form::Epoch => text.parse().ok().filter(|seconds: &f64| seconds.is_finite()),
        Form::Rfc822 => rfc2822::DateTimeParser::new()
            .parse_timestamp(text)
            .ok()
            .map(seconds_of),
        // Without its hyphens a date is a number, and a number means seconds.
        Form::Iso8601 if !text.get(4..).is_some_and(|rest| rest.starts_with('-')) => None,
        Form::Iso8601 => text.parse().ok().or_else(|| without_offset(text)).map(seconds_of),
    }
}

/// A time without an offset is taken as UTC, as SDKs do.
fn without_offset(text: &str) -> Option<Timestamp> {
    let time: DateTime = text.parse().ok()?;
    time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "microseconds of a calendar date fit a double exactly"
)]
fn seconds_of(time: Timestamp) -> f64 {
    time.as_microsecond() as f64 / 1e6
}

/// `YYYY-MM-DDTHH:MM:SS[.fff](Z|+HH:MM|-HH:MM)`, what every SDK reads.
fn is_plain_iso8601(text: &str) -> bool {
    let Some((date, rest)) = text.split_at_checked(19) else {
        return false;
    };
    let fraction = rest
        .strip_prefix('.')
        .map(|digits| digits.trim_start_matches(|c: char| c.is_ascii_digit()));
    let offset = fraction.unwrap_or(rest);
    follows(date, "0000-00-00T00:00:00") && (offset == "Z" || follows(offset, "+00:00") || follows(offset, "-00:00"))
}

/// Whether `text` is `pattern` with any digit for each `0`.
fn follows(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, due)| match due {
            b'0' => byte.is_ascii_digit(),
            other => byte == other,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_writes_milliseconds_and_a_client_only_what_is_needed() {
        let check = |seconds, form, side, expected: &str| assert_eq!(write(seconds, form, side), expected);
        check(
            1_767_323_045.678,
            Form::Iso8601,
            Side::Service,
            "2026-01-02T03:04:05.678Z",
        );
        check(
            1_767_323_045.0,
            Form::Iso8601,
            Side::Service,
            "2026-01-02T03:04:05.000Z",
        );
        check(1_767_323_045.0, Form::Iso8601, Side::Client, "2026-01-02T03:04:05Z");
        check(
            1_767_323_045.25,
            Form::Iso8601,
            Side::Client,
            "2026-01-02T03:04:05.250000Z",
        );
        check(
            1_767_323_045.0,
            Form::Rfc822,
            Side::Client,
            "Fri, 02 Jan 2026 03:04:05 GMT",
        );
        check(1_767_323_045.0, Form::Epoch, Side::Client, "1767323045");
        check(1_767_323_045.5, Form::Epoch, Side::Service, "1767323045.5");
        check(f64::NAN, Form::Iso8601, Side::Client, "NaN");
        check(1e300, Form::Rfc822, Side::Client, &1e300.to_string());
    }

    #[test]
    fn every_form_is_read_and_only_the_due_one_is_proper() {
        let check = |text, due, proper| {
            let seconds = 1_767_323_045.0;
            assert_eq!(read(text, due), Some(Read { seconds, proper }), "{text}");
        };
        check("2026-01-02T03:04:05Z", Form::Iso8601, true);
        check("2026-01-02T03:04:05.000Z", Form::Iso8601, true);
        check("2026-01-02T02:04:05-01:00", Form::Iso8601, true);
        check("2026-01-02T04:04:05+01:00", Form::Iso8601, true);
        check("2026-01-02 03:04:05Z", Form::Iso8601, false);
        check("2026-01-02T03:04:05", Form::Iso8601, false);
        check(" 2026-01-02T03:04:05Z", Form::Iso8601, false);
        check("1767323045", Form::Iso8601, false);
        check("1767323045", Form::Epoch, true);
        check("1767323045 ", Form::Epoch, false);
        check("Fri, 02 Jan 2026 03:04:05 GMT", Form::Rfc822, true);
        check("Fri, 02 Jan 2026 03:04:05 GMT", Form::Iso8601, false);
        check("2026-01-02T03:04:05Z", Form::Epoch, false);
    }

    #[test]
    fn a_number_of_eight_digits_is_no_date() {
        let seconds = 66_770_601.0;
        for (due, proper) in [(Form::Epoch, true), (Form::Iso8601, false)] {
            assert_eq!(read("66770601", due), Some(Read { seconds, proper }));
        }
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for text in ["", "yesterday", "2026-13-01T00:00:00Z", "NaN", "inf"] {
            assert_eq!(read(text, Form::Iso8601), None, "{text}");
        }
    }
}
