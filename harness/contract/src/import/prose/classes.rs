//! Classes of characters: `letters, numbers, or hyphens`.

use std::sync::LazyLock;

use regex::Regex;

use super::length::SUBJECT;
use super::{chars, regex};
use crate::constraint::{CharClass, Rule};

static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let verbs = "(?:contain|be|include|have|use|consist of)";
    vec![
        regex(&format!(
            "^{SUBJECT}(?:must|can|may|should)? ?(?:only {verbs}|{verbs} only) (?:the following characters: )?(?P<what>.+)$"
        )),
        regex(&format!(
            "^{SUBJECT}must (?:contain|consist of) (?P<what>[^,]+(?:,| or | and ).+)$"
        )),
        regex("^(?:valid|allowed|permitted) characters(?: are|:)? (?P<what>.+)$"),
    ]
});

static PRINTABLE: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        "^{SUBJECT}(?:can|may|must) (?:contain|include|be) any printable ascii characters?(?: \\(ascii codes? [\\d ,-to]+\\))?(?: except (?P<except>.+))?$"
    ))
});

/// Symbols that are permitted where letters and digits are anyway.
static SPECIALS: LazyLock<Regex> =
    LazyLock::new(|| regex("^the only permitted printable special characters are (?P<chars>.+)$"));

/// The rules of a clause that names the permitted characters.
pub(super) fn charset(clause: &str) -> Option<Vec<Rule>> {
    printable(clause).or_else(|| specials(clause)).or_else(|| {
        let what = FORMS.iter().find_map(|form| form.captures(clause)?.name("what"))?;
        classes(what.as_str()).map(|classes| vec![Rule::Charset { classes }])
    })
}

fn printable(clause: &str) -> Option<Vec<Rule>> {
    let captures = PRINTABLE.captures(clause)?;
    let mut rules = vec![Rule::Charset {
        classes: vec![CharClass::PrintableAscii],
    }];
    if let Some(except) = captures.name("except") {
        let chars = chars::list(except.as_str())?;
        rules.push(Rule::Without { chars });
    }
    Some(rules)
}

fn specials(clause: &str) -> Option<Vec<Rule>> {
    let permitted = chars::list(SPECIALS.captures(clause)?.name("chars")?.as_str())?;
    let symbols = ('!'..='~').filter(char::is_ascii_punctuation);
    let chars = symbols.filter(|symbol| !permitted.contains(*symbol)).collect();
    Some(vec![Rule::Without { chars }])
}

static SEPARATOR: LazyLock<Regex> = LazyLock::new(|| regex(r",? (?:and/or|or|and) |, ?"));

/// What stands in parentheses explains a word that is known without it: `hyphens (-)`.
static PARENTHESES: LazyLock<Regex> = LazyLock::new(|| regex(r" ?\([^)]*\)"));

/// The classes in a list of words, if every word of it is understood.
pub(super) fn classes(list: &str) -> Option<Vec<CharClass>> {
    let list = PARENTHESES.replace_all(list, "");
    let list = list.trim().trim_end_matches(" in length").trim_end_matches(" long");
    let mut found = Found::default();
    for word in SEPARATOR.split(list) {
        found.add(word.trim())?;
    }
    found.finish()
}

#[derive(Default)]
struct Found {
    upper: bool,
    lower: bool,
    classes: Vec<CharClass>,
}

impl Found {
    fn add(&mut self, word: &str) -> Option<()> {
        match word.to_ascii_lowercase().trim_start_matches("only ") {
            "uppercase" | "uppercase letters" | "uppercase characters" | "a-z" if word.starts_with(['u', 'U', 'A']) => {
                self.upper = true;
            }
            "lowercase" | "lowercase letters" | "lowercase characters" | "lowercase alphabetic characters" | "a-z" => {
                self.lower = true;
            }
            "lowercase alphanumeric characters" => {
                self.lower = true;
                self.push(CharClass::Digits);
            }
            "alphanumeric" | "alphanumeric characters" => {
                self.push(CharClass::Letters);
                self.push(CharClass::Digits);
            }
            other => self.push(class(other)?),
        }
        Some(())
    }

    fn push(&mut self, class: CharClass) {
        if !self.classes.contains(&class) {
            self.classes.push(class);
        }
    }

    /// Upper case alone is a rule that no class expresses.
    fn finish(mut self) -> Option<Vec<CharClass>> {
        match (self.upper, self.lower) {
            (true, true) => self.classes.insert(0, CharClass::AsciiLetters),
            (false, true) => self.classes.insert(0, CharClass::LowercaseLetters),
            (true, false) => return None,
            (false, false) => {}
        }
        (!self.classes.is_empty()).then_some(self.classes)
    }
}

fn class(word: &str) -> Option<CharClass> {
    Some(match word {
        "letters" | "alphabetic characters" => CharClass::Letters,
        "ascii letters" => CharClass::AsciiLetters,
        "numbers" | "digits" | "numeric characters" | "numerals" | "0-9" => CharClass::Digits,
        "hyphen" | "hyphens" | "dashes" => CharClass::Hyphen,
        "underscore" | "underscores" => CharClass::Underscore,
        "period" | "periods" | "dots" => CharClass::Period,
        "slashes" | "forward slashes" => CharClass::Slash,
        "space" | "spaces" => CharClass::Space,
        "plus sign" | "plus signs" => CharClass::Plus,
        "at symbol" | "at sign" | "at signs" => CharClass::At,
        "equal sign" | "equals signs" => CharClass::Equals,
        "colon" | "colons" => CharClass::Colon,
        "printable ascii characters" => CharClass::PrintableAscii,
        _ => return None,
    })
}
