//! Single characters: `'/', '"', or '@'`, `a colon (:) or a slash (/)`.

use std::sync::LazyLock;

use regex::Regex;

use super::length::SUBJECT;
use super::regex;
use crate::constraint::Rule;

static FORM: LazyLock<Regex> = LazyLock::new(|| {
    let never = "(?:cannot|can't|can not|must not|may not)";
    let any = "(?:any of (?:the following characters|these characters|the following):? )?";
    regex(&format!(
        "^{SUBJECT}{never} (?:contain|include) {any}(?P<chars>.+?)(?: characters?)?$"
    ))
});

/// The rule of a clause that names forbidden characters.
pub(super) fn without(clause: &str) -> Option<Vec<Rule>> {
    let chars = list(FORM.captures(clause)?.name("chars")?.as_str())?;
    Some(vec![Rule::Without { chars }])
}

static SEPARATOR: LazyLock<Regex> = LazyLock::new(|| regex(r",? (?:or|and) |, "));

/// The characters in a list, if each of its parts is understood; a part may be a character, quoted or not, or its name.
pub(super) fn list(text: &str) -> Option<String> {
    let mut chars = String::new();
    for part in SEPARATOR.split(text) {
        let character = one(part.trim())?;
        if !chars.contains(character) {
            chars.push(character);
        }
    }
    (!chars.is_empty()).then_some(chars)
}

fn one(part: &str) -> Option<char> {
    let part = ["any ", "a ", "an ", "the "]
        .iter()
        .find_map(|article| part.strip_prefix(article))
        .unwrap_or(part);
    let (before, inside) = match part.split_once('(') {
        Some((before, rest)) => (before.trim(), rest.trim_end_matches(')').trim()),
        None => (part, ""),
    };
    symbol(inside).or_else(|| symbol(before)).or_else(|| named(before))
}

/// A symbol by itself or in quotes of any kind.
fn symbol(text: &str) -> Option<char> {
    let quoted = ['\'', '"', '`']
        .iter()
        .find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    let mut chars = quoted.filter(|inner| !inner.is_empty()).unwrap_or(text).chars();
    let first = chars
        .next()
        .filter(|first| first.is_ascii_punctuation() || *first == ' ');
    if chars.next().is_some() { None } else { first }
}

fn named(name: &str) -> Option<char> {
    Some(match name.to_ascii_lowercase().trim_end_matches('s') {
        "space" | "blank space" => ' ',
        "comma" => ',',
        "colon" => ':',
        "slash" | "forward slash" => '/',
        "backslash" => '\\',
        "period" | "dot" => '.',
        "underscore" => '_',
        "hyphen" => '-',
        "double quote" | "quotation mark" => '"',
        "single quote" | "apostrophe" => '\'',
        "ampersand" => '&',
        "at symbol" | "at sign" => '@',
        _ => return None,
    })
}
