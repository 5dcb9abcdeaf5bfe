//! Lengths, with the characters that are often named in the same breath.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{classes, regex};
use crate::constraint::Rule;

/// Who must: `the name`, `it`, `A description`.
pub(super) const SUBJECT: &str = r"(?:(?:it|this|the|a|an|your|each) (?:[a-z]+ ){0,3}?)?";
pub(super) const NUMBER: &str = r"(\d[\d,]*)";

/// How a form's numbers bound the length.
type Bounds = fn(&Captures<'_>) -> Option<(Option<u64>, Option<u64>)>;

/// Each form with its bounds; the group `what` holds what is counted.
static FORMS: LazyLock<Vec<(Regex, Bounds)>> = LazyLock::new(|| {
    let verb = r"(?:(?:must|can|should|may) )?(?:contain|be|have|include|consist of)?(?: only)? ?";
    let never = r"(?:cannot|can't|can not|must not|may not)";
    let form = |text: String, bounds: Bounds| (regex(&format!("^{SUBJECT}{text}$")), bounds);
    let what = "(?P<what>.+)";
    vec![
        form(
            format!(
                "{verb}at least {NUMBER} characters(?: long)?,? and (?:no|not) (?:more|longer) than {NUMBER} {what}"
            ),
            both,
        ),
        form(
            format!("{verb}(?:from |between )?{NUMBER} ?(?:to|and|-|–|through) ?{NUMBER} {what}"),
            both,
        ),
        form(
            format!("{verb}(?:(?:no|not) (?:more|longer|greater) than|up to|at most|a maximum of) {NUMBER} {what}"),
            most,
        ),
        form(
            format!("{never} (?:contain|be|have|exceed)(?: more than| longer than)? {NUMBER} {what}"),
            most,
        ),
        form(format!("{verb}(?:less|fewer|shorter) than {NUMBER} {what}"), below),
        form(
            format!("(?:[a-z]+ )?(?:has an? |have a )?maximum length(?: of| is|:)? {NUMBER}(?P<what>(?: [a-z ]+)?)"),
            most,
        ),
        form(
            format!("(?:[a-z]+ )?(?:has an? |have a )?minimum length(?: of| is|:)? {NUMBER}(?P<what>(?: [a-z ]+)?)"),
            least,
        ),
        form(format!("{verb}at least {NUMBER} {what}"), least),
    ]
});

/// The rules of a clause that bounds a length.
pub(super) fn length(clause: &str) -> Option<Vec<Rule>> {
    FORMS.iter().find_map(|(form, bounds)| {
        let captures = form.captures(clause)?;
        let mut rules = charset(captures.name("what")?.as_str())?;
        let (min, max) = bounds(&captures)?;
        rules.splice(0..0, max.map(|max| Rule::MaxLength { max }));
        rules.splice(0..0, min.map(|min| Rule::MinLength { min }));
        Some(rules)
    })
}

/// The charset in what is counted; none for bare `characters`, and no rule at all for anything but characters.
fn charset(what: &str) -> Option<Vec<Rule>> {
    let what = what.trim().trim_end_matches(" in length").trim_end_matches(" long");
    if matches!(
        what,
        "" | "characters" | "character" | "Unicode characters" | "UTF-8 characters"
    ) {
        return Some(Vec::new());
    }
    classes::classes(what).map(|classes| vec![Rule::Charset { classes }])
}

fn both(captures: &Captures<'_>) -> Option<(Option<u64>, Option<u64>)> {
    let (min, max) = (number(captures, 1)?, number(captures, 2)?);
    (min <= max).then_some((Some(min), Some(max)))
}

fn most(captures: &Captures<'_>) -> Option<(Option<u64>, Option<u64>)> {
    Some((None, Some(number(captures, 1)?)))
}

fn below(captures: &Captures<'_>) -> Option<(Option<u64>, Option<u64>)> {
    Some((None, Some(number(captures, 1)?.checked_sub(1)?)))
}

fn least(captures: &Captures<'_>) -> Option<(Option<u64>, Option<u64>)> {
    Some((Some(number(captures, 1)?), None))
}

fn number(captures: &Captures<'_>, group: usize) -> Option<u64> {
    captures.get(group)?.as_str().replace(',', "").parse().ok()
}
