//! In what way two texts differ.

use parallax_contract::casing::same_but_case;
use parallax_outcome::Kind;

/// How often a text may have been escaped over and over.
const ESCAPES: usize = 3;

/// The kind of difference between two texts that are not the same.
pub(crate) fn difference(expected: &str, observed: &str) -> Kind {
    if observed.is_empty() || expected.is_empty() {
        Kind::Value
    } else if same_but_case(expected, observed) {
        Kind::Case
    } else if dense(expected).eq(dense(observed)) {
        Kind::Whitespace
    } else if escaped(expected, observed) || escaped(observed, expected) {
        Kind::Escaped
    } else if expected.starts_with(observed) {
        Kind::Truncated
    } else {
        Kind::Value
    }
}

fn dense(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| !c.is_whitespace())
}

/// Whether `escaped` is `plain` with its XML specials written as references, once or more often.
fn escaped(plain: &str, escaped: &str) -> bool {
    let mut text = escaped.to_owned();
    for _ in 0..ESCAPES {
        let next = unescape(&text);
        if next == plain {
            return true;
        }
        if next == text {
            return false;
        }
        text = next;
    }
    false
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        match after
            .split_once(';')
            .and_then(|(name, after)| Some((referred(name)?, after)))
        {
            Some((c, after)) => {
                out.push(c);
                rest = after;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn referred(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: &str, observed: &str, kind: Kind) {
        assert_eq!(difference(expected, observed), kind, "{expected:?} {observed:?}");
    }

    #[test]
    fn each_way_of_differing_has_its_kind() {
        check("Name", "name", Kind::Case);
        check("ÉTÉ", "été", Kind::Case);
        check(" a  b\r\n", "a b", Kind::Whitespace);
        check("a\r\nb", "a\nb", Kind::Whitespace);
        check("abc", "ab", Kind::Truncated);
        check("a & b", "a &amp; b", Kind::Escaped);
        check("a & b", "a &amp;amp; b", Kind::Escaped);
        check("&amp;", "&", Kind::Escaped);
        check("<\">'", "&lt;&#34;&gt;&#x27;", Kind::Escaped);
        check("abc", "abd", Kind::Value);
        check("ab", "abc", Kind::Value);
        check("abc", "", Kind::Value);
    }
}
