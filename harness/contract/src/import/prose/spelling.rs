//! The first and last character, hyphens, lower case.

use std::sync::LazyLock;

use regex::Regex;

use super::length::SUBJECT;
use super::regex;
use crate::constraint::Rule;

static LOWERCASE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:(?:this|the|a|each) )?(?:[a-z]+ ){0,3}is (?:always )?stored (?:as|in) (?:an? )?(?:all )?lower-? ?case(?: string| letters)?$",
    )
});

/// The rule of a clause that says in which case a value is kept.
pub(super) fn lowercase(clause: &str) -> Option<Vec<Rule>> {
    LOWERCASE.is_match(clause).then(|| vec![Rule::StoredLowercase])
}

static EDGES: LazyLock<Vec<(Regex, &[Rule])>> = LazyLock::new(|| {
    let never = "(?:cannot|can't|can not|must not|may not)";
    let letter = "(?:a|an) (?:ascii |lowercase |uppercase )?(?:alphabetic(?:al)? )?(?:letter|character)";
    let only_letter = "(?:a|an) (?:ascii |lowercase |uppercase )?letter";
    let (trailing, double) = ("end with a hyphen", "contain two consecutive hyphens");
    let form = |text: String, rules| (regex(&format!("^{text}$")), rules);
    vec![
        form(
            format!("(?:the |its )?first character must be {only_letter}"),
            &[Rule::FirstLetter][..],
        ),
        form(
            format!("{SUBJECT}must (?:begin|start) with (?:{only_letter}|{letter})"),
            &[Rule::FirstLetter],
        ),
        form(
            format!("{SUBJECT}{never} {trailing},? (?:or|and) {double}"),
            &[Rule::NoTrailingHyphen, Rule::NoDoubleHyphen],
        ),
        form(
            format!("{SUBJECT}{never} {double},? (?:or|and) {trailing}"),
            &[Rule::NoTrailingHyphen, Rule::NoDoubleHyphen],
        ),
        form(format!("{SUBJECT}{never} {trailing}"), &[Rule::NoTrailingHyphen]),
        form(format!("{SUBJECT}{never} {double}"), &[Rule::NoDoubleHyphen]),
    ]
});

/// The rules of a clause about how a value begins and ends.
pub(super) fn edges(clause: &str) -> Option<Vec<Rule>> {
    EDGES
        .iter()
        .find(|(form, _)| form.is_match(clause))
        .map(|(_, rules)| rules.to_vec())
}
