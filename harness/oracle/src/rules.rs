//! Rules against texts and numbers, three-valued.

use parallax_contract::casing::same_but_case;
use parallax_contract::{CharClass, Contest, Rule};
use regex::Regex;

/// What a rule says of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// It keeps the rule.
    Kept,
    /// It breaks it.
    Broken,
    /// It cannot be told, for this reason.
    Open(String),
}

use Judgement::{Broken, Kept, Open};

/// Judges a text against one rule. `regex` is the compiled form of a [`Rule::Pattern`].
pub(crate) fn text(rule: &Rule, regex: Option<&Regex>, text: &str) -> Judgement {
    match rule {
        Rule::MinLength { min } => at_least(text, *min),
        Rule::MaxLength { max } => at_most(text, *max),
        Rule::Charset { classes } => charset(classes, text),
        Rule::Without { chars } => broken_if(text.contains(|c| chars.contains(c))),
        Rule::FirstLetter => first_letter(text),
        Rule::NoTrailingHyphen => broken_if(text.ends_with('-')),
        Rule::NoDoubleHyphen => broken_if(text.contains("--")),
        Rule::Reserved { words } => reserved(words, text),
        Rule::NotBlank => broken_if(text.trim().is_empty()),
        Rule::ValidValues { values } => valid_values(values, text),
        Rule::Pattern { .. } => match regex {
            Some(regex) if !regex.is_match(text) => Broken,
            _ => Kept,
        },
        Rule::ForbiddenPrefix { prefix } => forbidden_prefix(prefix, text),
        Rule::Contested { point, why } => contested(point, why, text),
        Rule::Range { .. } | Rule::StoredLowercase | Rule::Default { .. } => Kept,
    }
}

/// Judges a whole number against one rule.
pub(crate) fn number(rule: &Rule, value: i64) -> Judgement {
    match rule {
        Rule::Range { min, max } => {
            broken_if(min.is_some_and(|least| value < least) || max.is_some_and(|most| value > most))
        }
        Rule::ValidValues { values } => broken_if(!values.iter().any(|valid| *valid == value.to_string())),
        _ => Kept,
    }
}

/// Judges the length of a list against one rule.
pub(crate) fn list(rule: &Rule, length: usize) -> Judgement {
    let length = length as u64;
    match rule {
        Rule::MinLength { min } if length == 0 && *min > 0 => Open("whether an empty list is taken for none".into()),
        Rule::MinLength { min } => broken_if(length < *min),
        Rule::MaxLength { max } => broken_if(length > *max),
        _ => Kept,
    }
}

fn broken_if(broken: bool) -> Judgement {
    if broken { Broken } else { Kept }
}

/// Lengths count characters; a service in Java may count those beyond the basic plane twice, so between the two counts
/// it is open.
fn at_most(text: &str, max: u64) -> Judgement {
    if text.chars().count() as u64 > max {
        Broken
    } else if text.encode_utf16().count() as u64 > max {
        Open("whether a character beyond the basic plane counts once or twice".into())
    } else {
        Kept
    }
}

fn at_least(text: &str, min: u64) -> Judgement {
    if text.chars().count() as u64 >= min {
        Kept
    } else if (text.encode_utf16().count() as u64) < min {
        Broken
    } else {
        Open("whether a character beyond the basic plane counts once or twice".into())
    }
}

fn charset(classes: &[CharClass], text: &str) -> Judgement {
    let mut outside = text
        .chars()
        .filter(|&c| !classes.iter().any(|class| class.contains(c)))
        .peekable();
    let ambiguous = classes.iter().any(|class| matches!(class, CharClass::Letters));
    if outside.peek().is_none() {
        Kept
    } else if ambiguous && outside.all(word_character_elsewhere) {
        Open("whether letters, marks and digits beyond ASCII count as letters and digits".into())
    } else {
        Broken
    }
}

/// Letters and digits of other scripts, and the marks that combine with letters: alphanumeric in somebody's reading.
fn word_character_elsewhere(c: char) -> bool {
    let combining = matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}');
    !c.is_ascii() && (c.is_alphanumeric() || combining)
}

fn first_letter(text: &str) -> Judgement {
    match text.chars().next() {
        Some(c) if c.is_ascii_alphabetic() => Kept,
        Some(c) if c.is_alphabetic() => Open("whether a letter beyond ASCII counts as a letter".into()),
        Some(_) => Broken,
        None => Kept,
    }
}

fn reserved(words: &[String], text: &str) -> Judgement {
    if words.iter().any(|word| word == text) {
        Broken
    } else if words.iter().any(|word| same_but_case(word, text)) {
        Open("whether a reserved word is reserved in another casing".into())
    } else {
        Kept
    }
}

fn valid_values(values: &[String], text: &str) -> Judgement {
    if values.iter().any(|value| value == text) {
        Kept
    } else if values.iter().any(|value| value.eq_ignore_ascii_case(text.trim())) {
        Open("whether a listed value is taken in another spelling".into())
    } else {
        Broken
    }
}

fn forbidden_prefix(prefix: &str, text: &str) -> Judgement {
    if text.starts_with(prefix) {
        return Broken;
    }
    match begins_with(prefix, text) {
        true => Open(format!("whether the prefix {prefix} is forbidden in another casing")),
        false => Kept,
    }
}

/// Whether a text begins so, in any casing.
fn begins_with(prefix: &str, text: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

fn contested(point: &Contest, why: &str, text: &str) -> Judgement {
    let touched = match point {
        Contest::Chars(chars) => text.contains(|c| chars.contains(c)),
        Contest::NonAsciiLetters => text.chars().any(word_character_elsewhere),
        Contest::Outside(classes) => text.contains(|c| !classes.iter().any(|class| class.contains(c))),
        Contest::Prefix(prefix) => begins_with(prefix, text),
        Contest::Lengths(from, to) => (*from..=*to).contains(&(text.chars().count() as u64)),
        Contest::Word(word) => text == word,
        Contest::Empty => text.is_empty(),
    };
    if touched { Open(why.to_owned()) } else { Kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: &Rule, input: &str, expected: &str) {
        let judged = match text(rule, None, input) {
            Kept => "kept",
            Broken => "broken",
            Open(_) => "open",
        };
        assert_eq!(judged, expected, "{rule:?} on {input:?}");
    }

    #[test]
    fn a_length_counts_characters_not_bytes() {
        let rule = Rule::MaxLength { max: 3 };
        for (input, expected) in [("abc", "kept"), ("éàü", "kept"), ("abcd", "broken"), ("a😀b", "open")] {
            check(&rule, input, expected);
        }
        check(&Rule::MinLength { min: 1 }, "", "broken");
    }

    #[test]
    fn alphanumeric_is_open_beyond_ascii_letters_and_broken_by_signs() {
        let rule = Rule::Charset {
            classes: vec![CharClass::Letters, CharClass::Digits],
        };
        for (input, expected) in [
            ("aZ9", "kept"),
            ("é", "open"),
            ("e\u{301}", "open"),
            ("a b", "broken"),
            ("😀", "broken"),
            ("é-", "broken"),
        ] {
            check(&rule, input, expected);
        }
        check(
            &Rule::Charset {
                classes: vec![CharClass::AsciiLetters],
            },
            "é",
            "broken",
        );
    }

    #[test]
    fn a_reserved_word_is_reserved_as_spelled_and_open_in_another_casing() {
        let rule = Rule::Reserved {
            words: vec!["Default".into()],
        };
        let long_s = Rule::Reserved {
            words: vec!["users".into()],
        };
        check(&long_s, "u\u{17f}ers", "open");
        for (input, expected) in [("Default", "broken"), ("default", "open"), ("Defaults", "kept")] {
            check(&rule, input, expected);
        }
    }

    #[test]
    fn a_forbidden_prefix_is_open_in_another_casing() {
        let rule = Rule::ForbiddenPrefix { prefix: "aws:".into() };
        for (input, expected) in [("aws:x", "broken"), ("AWS:x", "open"), ("awsx", "kept"), ("é", "kept")] {
            check(&rule, input, expected);
        }
    }

    #[test]
    fn what_sources_contest_is_open_where_it_is_touched() {
        let rule = Rule::Contested {
            point: Contest::Chars("-_".into()),
            why: "example".into(),
        };
        check(&rule, "a-b", "open");
        check(&rule, "ab", "kept");
        let outside = Rule::Contested {
            point: Contest::Outside(vec![CharClass::Letters, CharClass::Space]),
            why: "example".into(),
        };
        for (input, expected) in [
            ("a b", "kept"),
            ("", "kept"),
            ("a<b", "open"),
            ("é", "open"),
            ("a\u{1}", "open"),
        ] {
            check(&outside, input, expected);
        }
        let prefix = Rule::Contested {
            point: Contest::Prefix("aws:".into()),
            why: "example".into(),
        };
        for (input, expected) in [
            ("aws:a", "open"),
            ("AWS:a", "open"),
            ("aws", "kept"),
            ("a aws:", "kept"),
        ] {
            check(&prefix, input, expected);
        }
        check(
            &Rule::Contested {
                point: Contest::Lengths(17, 40),
                why: "x".into(),
            },
            &"a".repeat(17),
            "open",
        );
    }

    #[test]
    fn a_range_holds_its_bounds() {
        let rule = Rule::Range {
            min: Some(20),
            max: Some(100),
        };
        for (value, kept) in [(19, false), (20, true), (100, true), (101, false), (-1, false)] {
            assert_eq!(number(&rule, value) == Kept, kept, "{value}");
        }
    }
}
