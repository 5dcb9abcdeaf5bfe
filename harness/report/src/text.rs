//! Text from a target, made harmless, and small words of counting.

use std::fmt::Write;

use parallax_outcome::report::SeverityCounts;

/// The most characters of a value that a person is shown.
pub(crate) const SHOWN: usize = 300;

/// The text in one line: whatever could move a cursor, end a line or hide text is written as an escape.
pub(crate) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// The text in one line, and no longer than a person reads.
pub(crate) fn shown(text: &str) -> String {
    clip(one_line(text), SHOWN)
}

/// The first `most` characters of the text, with a word on how many there were.
pub(crate) fn clip(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text,
        Some((at, _)) => {
            let (head, _) = text.split_at(at);
            format!("{head}… ({} characters in all)", text.chars().count())
        }
    }
}

/// Control characters, invisible ones, and those that turn the direction of writing.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// `CreateUser`, `CreateUser and 2 more operations`.
pub(crate) fn operations((first, others): (&str, usize)) -> String {
    let first = one_line(first);
    match others {
        0 => first,
        _ => format!(
            "{first} and {}",
            count(others as u64, "more operation", "more operations")
        ),
    }
}

/// `1 step`, `2 steps`.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `1 error, 2 warnings, 0 notes`.
pub(crate) fn counts(of: &SeverityCounts) -> String {
    let errors = count(of.error, "error", "errors");
    let warnings = count(of.warning, "warning", "warnings");
    format!("{errors}, {warnings}, {}", count(of.note, "note", "notes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(one_line(text), expected);
    }

    #[test]
    fn nothing_that_moves_a_cursor_or_hides_text_is_left() {
        check("plain é 漢 🙂", "plain é 漢 🙂");
        check("\u{1b}[31mred", "\\u{1b}[31mred");
        check("a\r\nb\tc\0", "a\\r\\nb\\tc\\u{0}");
        check("\u{9b}2J", "\\u{9b}2J");
        check("a\u{202e}b\u{200b}\u{2028}", "a\\u{202e}b\\u{200b}\\u{2028}");
        check("\u{ffff}\u{feff}", "\\u{ffff}\\u{feff}");
    }

    #[test]
    fn a_long_text_says_how_long_it_was() {
        assert_eq!(clip("éééé".into(), 4), "éééé");
        assert_eq!(clip("ééééé".into(), 4), "éééé… (5 characters in all)");
    }
}
