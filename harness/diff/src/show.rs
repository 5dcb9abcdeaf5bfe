//! Values for people: one line, invisible characters made visible, long texts shortened.

use std::fmt::Write as _;

use parallax_contract::Value;

/// Texts up to this many characters are shown whole.
const WHOLE: usize = 120;
/// Of a longer text, this many are shown.
const PART: usize = 100;
/// And of these, at most this many stand before the first difference.
const BEFORE: usize = 20;

/// A text in quotes.
pub(crate) fn text(text: &str) -> String {
    excerpt(text, 0)
}

/// A text without quotes, for a path.
pub(crate) fn bare(text: &str) -> String {
    shortened(text, text.chars().take(PART).flat_map(visible).collect())
}

/// A key for a path, in which brackets end nothing.
pub(crate) fn key(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars().take(PART) {
        if matches!(c, '[' | ']') {
            shown.push('\\');
            shown.push(c);
        } else {
            shown.extend(visible(c));
        }
    }
    shortened(text, shown)
}

fn shortened(text: &str, shown: String) -> String {
    if text.chars().nth(PART).is_some() {
        format!("{shown}…")
    } else {
        shown
    }
}

/// Two texts in quotes, shortened so that the first difference is seen in both.
pub(crate) fn pair(expected: &str, observed: &str) -> (String, String) {
    let common = expected
        .chars()
        .zip(observed.chars())
        .take_while(|(one, other)| one == other)
        .count();
    let from = common.saturating_sub(BEFORE);
    (excerpt(expected, from), excerpt(observed, from))
}

/// A value; `nothing` where there is none.
pub(crate) fn value(value: Option<&Value>) -> String {
    let mut out = String::new();
    match value {
        None => out.push_str("nothing"),
        Some(value) => write_value(&mut out, value),
    }
    out
}

/// Several values, the way one would say them.
pub(crate) fn one_of(values: &[Value]) -> String {
    let shown: Vec<_> = values
        .iter()
        .map(|one| value(Some(one).filter(|one| !one.is_empty())))
        .collect();
    format!("one of {}", shown.join(", "))
}

fn excerpt(text: &str, from: usize) -> String {
    let length = text.chars().count();
    if length <= WHOLE {
        return format!("\"{}\"", text.chars().flat_map(visible).collect::<String>());
    }
    let from = from.min(length.saturating_sub(PART));
    let shown: String = text.chars().skip(from).take(PART).flat_map(visible).collect();
    let before = if from > 0 { "…" } else { "" };
    let after = if from + PART < length { "…" } else { "" };
    format!("{before}\"{shown}\"{after} ({length} characters)")
}

/// A character as itself, or escaped where it would not be seen or would end the quotes.
fn visible(c: char) -> impl Iterator<Item = char> {
    let plain = (c == '\'').then_some(c);
    let escaped = plain.is_none().then(|| c.escape_debug());
    plain.into_iter().chain(escaped.into_iter().flatten())
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Text(given) => out.push_str(&text(given)),
        Value::List(items) if items.is_empty() => out.push_str("an empty list"),
        Value::List(items) => write_parts(out, ('[', ']'), items.iter().map(|item| (None, item))),
        Value::Map(fields) => write_parts(out, ('{', '}'), fields.iter().map(|(name, item)| (Some(&**name), item))),
        Value::Blob(bytes) => write_to(out, format_args!("{} bytes", bytes.len())),
        Value::Bool(given) => write_to(out, format_args!("{given}")),
        Value::Int(given) => write_to(out, format_args!("{given}")),
        Value::Float(given) => write_to(out, format_args!("{given}")),
        Value::Timestamp(seconds) => write_to(out, format_args!("the time {seconds} s after the epoch")),
    }
}

fn write_parts<'v>(
    out: &mut String,
    (open, close): (char, char),
    parts: impl Iterator<Item = (Option<&'v str>, &'v Value)>,
) {
    out.push(open);
    for (at, (name, value)) in parts.enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        if out.len() > WHOLE {
            out.push('…');
            break;
        }
        if let Some(name) = name {
            write_to(out, format_args!("{}: ", bare(name)));
        }
        write_value(out, value);
    }
    out.push(close);
}

fn write_to(out: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(what);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(
            text("it's \"a\"\n\u{7f}\u{200b}é\u{301}"),
            r#""it's \"a\"\n\u{7f}\u{200b}é\u{301}""#
        );
    }

    #[test]
    fn a_long_text_is_shortened_around_the_first_difference() {
        let (expected, observed) = pair(&"x".repeat(300), &format!("{}y", "x".repeat(299)));
        assert!(expected.ends_with("x\" (300 characters)"), "{expected}");
        assert!(
            observed.starts_with("…\"x") && observed.contains("xy\" ("),
            "{observed}"
        );
        assert!(observed.chars().count() < 130);
    }

    #[test]
    fn values_take_one_line() {
        let given = Value::map([
            ("A", Value::List(vec![Value::Int(1), Value::text("b\n")])),
            ("B", Value::Null),
        ]);
        assert_eq!(value(Some(&given)), r#"{A: [1, "b\n"], B: null}"#);
        assert_eq!(value(None), "nothing");
    }
}
