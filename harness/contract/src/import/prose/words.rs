//! Words: reserved ones, blank, lists of valid values.

use std::sync::LazyLock;

use regex::Regex;

use super::length::SUBJECT;
use super::regex;
use crate::constraint::Rule;

const NEVER: &str = "(?:cannot|can't|can not|must not|may not)";

static BLANK: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        "^{SUBJECT}{NEVER} be (?:null,? )?(?:or )?(?:empty,? )?(?:or )?(?:be )?blank$"
    ))
});

/// The rule of a clause that forbids a blank value.
pub(super) fn blank(clause: &str) -> Option<Vec<Rule>> {
    BLANK.is_match(clause).then(|| vec![Rule::NotBlank])
}

static RESERVED: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        "^{SUBJECT}{NEVER} be (?:(?:the )?(?:reserved )?(?:word|string|name|value) )?(?P<words>.+)$"
    ))
});
static WORD: LazyLock<Regex> = LazyLock::new(|| regex(r#"^["'`]([\w.-]+)["'`]$|^((?-i:[Dd]efault|[A-Z]{3,}))$"#));
static OR: LazyLock<Regex> = LazyLock::new(|| regex(",? or |, "));

/// The rule of a clause that reserves words. A word must be quoted or stand out by itself, else `must not be used`
/// would reserve a word.
pub(super) fn reserved(clause: &str) -> Option<Vec<Rule>> {
    let list = RESERVED.captures(clause)?.name("words")?.as_str();
    let words: Option<Vec<String>> = OR.split(list).map(|word| first_group(&WORD, word.trim())).collect();
    let words = words.filter(|words| words.iter().all(|word| !word.eq_ignore_ascii_case("null")))?;
    Some(vec![Rule::Reserved { words }])
}

static VALUES: LazyLock<Regex> = LazyLock::new(|| {
    let label = "(?:valid|allowed|possible|permitted|supported) values?(?: for (?:this|the) (?:parameter|value))?(?: are| is| include)?(?: one of(?: the following)?)?";
    regex(&format!(
        "^(?:{label}:? ?|{SUBJECT}(?:must|can) be (?:set to )?(?:one of(?: the following)?:? |either ))(?P<values>.+)$"
    ))
});
static SET_TO: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        "^{SUBJECT}must be (?:set to )?(?P<values>`[^`]+`(?:,? or `[^`]+`|, `[^`]+`)+)$"
    ))
});
static BAR: LazyLock<Regex> = LazyLock::new(|| regex(r" ?\| ?"));
static COMMA: LazyLock<Regex> = LazyLock::new(|| regex(",? (?:or|and) |, "));
static VALUE: LazyLock<Regex> = LazyLock::new(|| regex(r#"^`?"([\w .-]+)"`?$|^`?([\w.:/-]+)`?$"#));

/// The rule of a clause that lists the valid values, if the list is clean: `a | b | c`, or words in code type.
pub(super) fn values(clause: &str) -> Option<Vec<Rule>> {
    let found = SET_TO.captures(clause).or_else(|| VALUES.captures(clause))?;
    let list = found.name("values")?.as_str();
    let values = if list.contains('|') { bars(list) } else { commas(list) }?;
    (values.len() > 1).then(|| vec![Rule::ValidValues { values }])
}

/// Between bars the whole list may stand in one pair of backticks.
fn bars(list: &str) -> Option<Vec<String>> {
    let plain = list.replace('`', "");
    BAR.split(plain.trim())
        .map(|value| first_group(&VALUE, value))
        .collect()
}

/// Between commas every value must be in code type; bare words could be any prose.
fn commas(list: &str) -> Option<Vec<String>> {
    let coded = |part: &str| part.starts_with('`').then(|| first_group(&VALUE, part)).flatten();
    COMMA.split(list).map(|part| coded(part.trim())).collect()
}

fn first_group(pattern: &Regex, text: &str) -> Option<String> {
    let captures = pattern.captures(text)?;
    captures
        .iter()
        .skip(1)
        .flatten()
        .next()
        .map(|group| group.as_str().to_owned())
}
