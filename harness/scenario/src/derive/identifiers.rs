//! What an identifier may be: its length, its first and last characters, every class of character in its middle, white
//! space around it, and the words that are taken.

use std::collections::BTreeSet;

use parallax_contract::{Contest, Rule};

use super::base::{PLAIN, Subject, long};
use super::plausible;
use crate::names::escape;
use crate::{Scenario, TOKEN_LENGTH};

/// What stands in the middle of an otherwise ordinary name.
pub(super) const CHARACTERS: [(&str, &str); 39] = [
    ("letter", "q"),
    ("uppercase-letter", "Q"),
    ("digit", "7"),
    ("hyphen", "-"),
    ("double-hyphen", "--"),
    ("underscore", "_"),
    ("dot", "."),
    ("slash", "/"),
    ("backslash", "\\"),
    ("colon", ":"),
    ("at", "@"),
    ("space", " "),
    ("plus", "+"),
    ("percent", "%"),
    ("percent-encoded", "%41"),
    ("hash", "#"),
    ("question-mark", "?"),
    ("equals", "="),
    ("star", "*"),
    ("brace", "{"),
    ("ampersand", "&"),
    ("less-than", "<"),
    ("greater-than", ">"),
    ("quotation-mark", "\""),
    ("apostrophe", "'"),
    ("entity", "&amp;"),
    ("control", "\u{1}"),
    ("tab", "\t"),
    ("newline", "\n"),
    ("non-ascii-letter", "é"),
    ("cyrillic-letter", "а"),
    ("kelvin-sign", "\u{212a}"),
    ("dotless-i", "ı"),
    ("sharp-s", "ß"),
    ("full-width-letter", "ｑ"),
    ("arabic-digit", "٣"),
    ("emoji", "🦀"),
    ("combining", "e\u{301}"),
    ("zero-width-space", "\u{200b}"),
];

/// Whole names with something at an end.
const ENDS: [(&str, &str); 12] = [
    ("leading-digit", "7px{run}"),
    ("leading-hyphen", "-px{run}"),
    ("leading-underscore", "_px{run}"),
    ("leading-dot", ".px{run}"),
    ("leading-non-ascii-letter", "épx{run}"),
    ("leading-uppercase-letter", "Px{run}"),
    ("trailing-hyphen", "px{run}-"),
    ("trailing-dot", "px{run}."),
    ("leading-space", " px{run}"),
    ("trailing-space", "px{run} "),
    ("surrounding-space", " px{run} "),
    ("trailing-newline", "px{run}\n"),
];

/// Lengths asked where no rule bounds them.
const USUAL_LENGTHS: [u64; 3] = [1, 255, 256];

/// Bounds beyond this many characters are not tried; a request line has its limits.
const LONGEST: u64 = 65_536;

/// The scenarios about the resource's identifier.
pub(super) fn family(subject: &Subject<'_>) -> Vec<Scenario> {
    if subject.identifier_member().is_none() {
        return Vec::new();
    }
    let named = lengths(subject)
        .into_iter()
        .map(|length| (format!("length-{length}"), of_length(length)))
        .chain(CHARACTERS.map(|(case, text)| (format!("char-{case}"), format!("px{}x{{run}}", escape(text)))))
        .chain(ENDS.map(|(case, name)| (case.to_owned(), name.to_owned())));
    named
        .map(|(case, name)| played(subject, &case, &name))
        .chain(nothing(subject))
        .chain(reserved(subject))
        .collect()
}

/// Create under the name, describe by it and by its lower-case form, delete, describe.
fn played(subject: &Subject<'_>, case: &str, name: &str) -> Scenario {
    let id = subject.address(name);
    let lower = id.to_lowercase();
    let other = (lower != id).then(|| subject.describe(&lower)).flatten();
    let script = subject
        .script("name", case)
        .then(subject.creation("create", subject.create(name)))
        .maybe("describe", subject.describe(&id))
        .maybe("describe-lower", other);
    match subject.delete(&id) {
        Some(delete) => script
            .step("delete", delete)
            .maybe("describe-deleted", subject.describe(&id))
            .done(),
        None => script.done(),
    }
}

/// No name, an empty one, and one of white space.
fn nothing(subject: &Subject<'_>) -> Vec<Scenario> {
    let member = subject.identifier_member().map_or("", |member| member.name.as_str());
    let missing = subject.create_with(PLAIN, |input| input.remove(member));
    vec![
        subject.script("name", "missing").step("create", missing).done(),
        subject
            .script("name", "empty")
            .step("create", subject.create(""))
            .done(),
        subject
            .script("name", "blank")
            .step("create", subject.create("   "))
            .done(),
    ]
}

/// The lengths at, below and above each bound that a rule states.
fn lengths(subject: &Subject<'_>) -> BTreeSet<u64> {
    let mut bounds = BTreeSet::new();
    if let Some(member) = subject.identifier_member() {
        for rule in plausible::rules(subject.contract, member) {
            match rule {
                Rule::MinLength { min: bound } | Rule::MaxLength { max: bound } => bounds.extend([*bound]),
                Rule::Contested {
                    point: Contest::Lengths(from, to),
                    ..
                } => bounds.extend([*from, *to]),
                _ => {}
            }
        }
    }
    let around = |bound: u64| [bound.saturating_sub(1), bound, bound.saturating_add(1)];
    let mut lengths: BTreeSet<u64> = bounds.iter().copied().flat_map(around).collect();
    if bounds.iter().all(|bound| *bound <= 1) {
        lengths.extend(USUAL_LENGTHS);
    }
    lengths.extend([1]);
    // The empty name has its own scenario.
    lengths.retain(|length| (1..=LONGEST).contains(length));
    lengths
}

/// A name of exactly this many characters. One too short for the token is a fixed name, which no other scenario uses.
fn of_length(length: u64) -> String {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    match length.checked_sub(TOKEN_LENGTH) {
        None | Some(0) => "parallax".chars().take(length).collect(),
        Some(1) => "p{run}".to_owned(),
        Some(rest) => format!("px{{run}}{}", long('a', rest - 2)),
    }
}

/// Each reserved word in several casings, and with something behind it. The casings share a scenario, which runs alone:
/// they carry no token, so whoever takes one of them takes all.
fn reserved(subject: &Subject<'_>) -> Vec<Scenario> {
    words(subject)
        .into_iter()
        .flat_map(|word| {
            let longer = format!("{}x{{run}}", escape(&word));
            [
                casings_of(subject, &word),
                played(subject, &format!("reserved-{word}-with-suffix"), &longer),
            ]
        })
        .collect()
}

fn casings_of(subject: &Subject<'_>, word: &str) -> Scenario {
    let mut script = subject.script("name", &format!("reserved-{word}")).alone();
    for (case, spelled) in casings(word) {
        let spelled = escape(&spelled);
        script = script
            .then(subject.creation(&format!("create-{case}"), subject.create(&spelled)))
            .maybe(
                &format!("describe-{case}"),
                subject.describe(&subject.address(&spelled)),
            );
    }
    script.done()
}

/// The reserved words of every rule on the identifier, each once.
fn words(subject: &Subject<'_>) -> BTreeSet<String> {
    let member = subject.identifier_member().into_iter();
    member
        .flat_map(|member| plausible::rules(subject.contract, member))
        .filter_map(|rule| match rule {
            Rule::Reserved { words } => Some(words),
            _ => None,
        })
        .flatten()
        .filter(|word| !word.is_empty())
        .cloned()
        .collect()
}

/// The word as spelled, in lower, upper and mixed case; each spelling once.
fn casings(word: &str) -> Vec<(&'static str, String)> {
    let mixed = word.chars().enumerate().map(|(at, c)| match at % 2 {
        0 => c.to_ascii_uppercase(),
        _ => c.to_ascii_lowercase(),
    });
    let mut seen = BTreeSet::new();
    let all = [
        ("as-spelled", word.to_owned()),
        ("lower", word.to_lowercase()),
        ("upper", word.to_uppercase()),
        ("mixed", mixed.collect()),
    ];
    all.into_iter().filter(|(_, word)| seen.insert(word.clone())).collect()
}
