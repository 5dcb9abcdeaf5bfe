//! Scalars as text, in requests and answers alike.

use std::borrow::Cow;

use parallax_contract::{ShapeKind, Value};

use crate::base64;
use crate::time::{self, Form, Side};

/// The text of a scalar; a list or structure has none. The value decides, not the shape, so that a value of a wrong type
/// is sent as it is.
pub(crate) fn write(value: &Value, form: Form, side: Side) -> Cow<'_, str> {
    match value {
        Value::Text(text) => Cow::Borrowed(text),
        Value::Bool(true) => Cow::Borrowed("true"),
        Value::Bool(false) => Cow::Borrowed("false"),
        Value::Int(number) => Cow::Owned(number.to_string()),
        Value::Float(number) => write_float(*number),
        Value::Blob(bytes) => Cow::Owned(base64::encode(bytes)),
        Value::Timestamp(seconds) => Cow::Owned(time::write(*seconds, form, side)),
        Value::Null | Value::List(_) | Value::Map(_) => Cow::Borrowed(""),
    }
}

fn write_float(number: f64) -> Cow<'static, str> {
    match number {
        f64::INFINITY => Cow::Borrowed("Infinity"),
        f64::NEG_INFINITY => Cow::Borrowed("-Infinity"),
        _ => Cow::Owned(format!("{number:?}")),
    }
}

/// A scalar that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Read {
    /// The value, of the shape's type where the text allows it, else the text itself.
    pub(crate) value: Value,
    /// What is odd about the text.
    pub(crate) odd: Option<&'static str>,
}

impl Read {
    fn proper(value: Value) -> Self {
        Self { value, odd: None }
    }

    fn odd(value: Value, odd: &'static str) -> Self {
        Self { value, odd: Some(odd) }
    }

    fn not(text: &str, what: &'static str) -> Self {
        Self::odd(Value::text(text), what)
    }
}

/// Reads `text` as the scalar `kind`; `form` is that of a timestamp.
pub(crate) fn read(text: &str, kind: &ShapeKind, form: Form) -> Read {
    match kind {
        ShapeKind::Integer | ShapeKind::Long => read_int(text, kind),
        ShapeKind::Float | ShapeKind::Double => read_float(text),
        ShapeKind::Boolean => read_bool(text),
        ShapeKind::Timestamp { .. } => read_time(text, form),
        ShapeKind::Blob => match base64::decode(text) {
            Some(bytes) => Read::proper(Value::Blob(bytes)),
            None => read_loose_blob(text),
        },
        _ => Read::proper(Value::text(text)),
    }
}

fn read_int(text: &str, kind: &ShapeKind) -> Read {
    let digits = text.strip_prefix('-').unwrap_or(text);
    match text.parse() {
        Ok(number) if *kind == ShapeKind::Integer && i32::try_from(number).is_err() => {
            Read::odd(Value::Int(number), "a number beyond 32 bits")
        }
        Ok(number) if digits.starts_with(|c: char| c.is_ascii_digit()) => Read::proper(Value::Int(number)),
        Ok(number) => Read::odd(Value::Int(number), "a number with a plus sign"),
        Err(_) => read_loose_int(text),
    }
}

fn read_loose_int(text: &str) -> Read {
    let whole = text.trim().trim_end_matches('0').trim_end_matches('.');
    match (text.trim().parse(), whole.parse()) {
        (Ok(number), _) => Read::odd(Value::Int(number), "white space around a number"),
        (_, Ok(number)) if text.contains('.') => Read::odd(Value::Int(number), "a whole number written as a fraction"),
        _ => Read::not(text, "no whole number"),
    }
}

fn read_float(text: &str) -> Read {
    let numeric = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.'));
    match text.trim().parse::<f64>() {
        Ok(number) if matches!(text, "NaN" | "Infinity" | "-Infinity") => Read::proper(Value::Float(number)),
        Ok(number) if number.is_finite() && numeric && text.trim() == text => Read::proper(Value::Float(number)),
        Ok(number) => Read::odd(Value::Float(number), "a number in an unusual form"),
        Err(_) => Read::not(text, "no number"),
    }
}

fn read_bool(text: &str) -> Read {
    match text {
        "true" => return Read::proper(Value::Bool(true)),
        "false" => return Read::proper(Value::Bool(false)),
        _ => {}
    }
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" => Read::odd(Value::Bool(true), "a boolean that is not `true` or `false`"),
        "false" | "0" => Read::odd(Value::Bool(false), "a boolean that is not `true` or `false`"),
        _ => Read::not(text, "no boolean"),
    }
}

fn read_time(text: &str, form: Form) -> Read {
    match time::read(text, form) {
        Some(time) if time.proper => Read::proper(Value::Timestamp(time.seconds)),
        Some(time) => Read::odd(Value::Timestamp(time.seconds), "a time in another form than is due"),
        None => Read::not(text, "no time"),
    }
}

/// Line breaks within base64 are common and harmless.
fn read_loose_blob(text: &str) -> Read {
    let packed: String = text.split_ascii_whitespace().collect();
    match base64::decode(&packed) {
        Some(bytes) => Read::odd(Value::Blob(bytes), "white space in base64"),
        None => Read::not(text, "no base64"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_written_as_sdks_write_them() {
        let check = |value: Value, expected: &str| {
            assert_eq!(write(&value, Form::Iso8601, Side::Client), expected);
        };
        check(Value::Bool(true), "true");
        check(Value::Int(i64::MIN), "-9223372036854775808");
        check(Value::Float(10.8), "10.8");
        check(Value::Float(5.0), "5.0");
        check(Value::Float(f64::NAN), "NaN");
        check(Value::Float(f64::NEG_INFINITY), "-Infinity");
        check(Value::Blob(b"value".to_vec()), "dmFsdWU=");
        check(Value::Null, "");
    }

    #[test]
    fn proper_scalars_are_read_in_silence() {
        let check = |text, kind, value| assert_eq!(read(text, &kind, Form::Iso8601), Read::proper(value), "{text}");
        check("-7", ShapeKind::Integer, Value::Int(-7));
        check("9223372036854775807", ShapeKind::Long, Value::Int(i64::MAX));
        check("1e3", ShapeKind::Double, Value::Float(1000.0));
        check("-Infinity", ShapeKind::Float, Value::Float(f64::NEG_INFINITY));
        check("false", ShapeKind::Boolean, Value::Bool(false));
        check("dmFsdWU=", ShapeKind::Blob, Value::Blob(b"value".to_vec()));
        check("", ShapeKind::Blob, Value::Blob(Vec::new()));
        check(" True ", ShapeKind::String, Value::text(" True "));
    }

    #[test]
    fn loose_scalars_keep_their_value_and_are_reported() {
        let check = |text, kind, value| {
            let found = read(text, &kind, Form::Iso8601);
            assert_eq!(found.value, value, "{text}");
            assert!(found.odd.is_some(), "{text}");
        };
        check("True", ShapeKind::Boolean, Value::Bool(true));
        check("0", ShapeKind::Boolean, Value::Bool(false));
        check("+5", ShapeKind::Integer, Value::Int(5));
        check(" 5 ", ShapeKind::Integer, Value::Int(5));
        check("50.0", ShapeKind::Integer, Value::Int(50));
        check("2147483648", ShapeKind::Integer, Value::Int(2_147_483_648));
        check("inf", ShapeKind::Double, Value::Float(f64::INFINITY));
        check("1.5 ", ShapeKind::Double, Value::Float(1.5));
        check("dmFs\ndWU=", ShapeKind::Blob, Value::Blob(b"value".to_vec()));
        check(
            "2026-01-02T03:04:05",
            ShapeKind::Timestamp { format: None },
            Value::Timestamp(1_767_323_045.0),
        );
    }

    #[test]
    fn unreadable_scalars_stay_text_and_are_reported() {
        let kinds = [
            ShapeKind::Integer,
            ShapeKind::Double,
            ShapeKind::Boolean,
            ShapeKind::Timestamp { format: None },
        ];
        for kind in kinds {
            for text in ["", "five", "5,0"] {
                let found = read(text, &kind, Form::Iso8601);
                assert_eq!(found.value, Value::text(text), "{kind:?}");
                assert!(found.odd.is_some(), "{kind:?} {text}");
            }
        }
        assert_eq!(read("***", &ShapeKind::Blob, Form::Iso8601).value, Value::text("***"));
    }
}
