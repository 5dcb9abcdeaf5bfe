//! Ranges of numbers, and defaults.

use std::sync::LazyLock;

use regex::Regex;

use super::length::{NUMBER, SUBJECT};
use super::regex;
use crate::constraint::Rule;

/// Which bounds a form's first and second number are, and what is added to the first.
#[derive(Clone, Copy)]
enum Bounds {
    Both,
    Least(i64),
    Most(i64),
}

static FORMS: LazyLock<Vec<(Regex, Bounds)>> = LazyLock::new(|| {
    let must = format!("{SUBJECT}(?:must|can|should) be (?:set to )?");
    let number = "(?:an? (?:value|number|integer)(?: value)? )?";
    let unit = "(?: days?| hours?| minutes?| seconds?)?";
    let form = |text: String, bounds| (regex(&format!("^{text}{unit}$")), bounds);
    vec![
        form(
            format!("minimum:? (?:of )?{NUMBER}[,;] ?(?:and )?maximum:? (?:of )?{NUMBER}"),
            Bounds::Both,
        ),
        form(
            format!("{must}{number}(?:from |between )?{NUMBER}(?: to | and |-| - ){NUMBER}"),
            Bounds::Both,
        ),
        form(
            format!("an? (?:value|number|integer) (?:from |between )?{NUMBER}(?: to | and |-| - ){NUMBER}"),
            Bounds::Both,
        ),
        form(
            format!(
                "valid (?:values?|range)(?: are| is)?:? ?(?:integers? )?(?:from |between )?{NUMBER}(?: to | and |-| - ){NUMBER}"
            ),
            Bounds::Both,
        ),
        form(format!("{must}{number}greater than {NUMBER}"), Bounds::Least(1)),
        form(format!("{must}{number}less than {NUMBER}"), Bounds::Most(-1)),
        form(format!("{must}(?:at least|a minimum of) {NUMBER}"), Bounds::Least(0)),
        form(
            format!("{must}(?:no more than|at most|a maximum of) {NUMBER}"),
            Bounds::Most(0),
        ),
        form(
            format!("{SUBJECT}(?:can't|cannot|must not) exceed {NUMBER}"),
            Bounds::Most(0),
        ),
        form(
            format!("(?:the )?minimum(?: permitted| allowed)?(?: value)?(?: allowed)?(?: is| of|:)? {NUMBER}"),
            Bounds::Least(0),
        ),
        form(
            format!("(?:the )?maximum(?: permitted| allowed)?(?: value)?(?: allowed)?(?: is| of|:)? {NUMBER}"),
            Bounds::Most(0),
        ),
        form(
            format!("the validation constraints are a maximum of {NUMBER}"),
            Bounds::Most(0),
        ),
    ]
});

static PARENTHESES: LazyLock<Regex> = LazyLock::new(|| regex(r" ?\([^)]*\)"));

/// The rule of a clause that bounds a number.
pub(super) fn range(clause: &str) -> Option<Vec<Rule>> {
    let clause = PARENTHESES.replace_all(clause, "").replace('`', "");
    let (captures, bounds) = FORMS
        .iter()
        .find_map(|(form, bounds)| Some((form.captures(&clause)?, *bounds)))?;
    let number = |group| captures.get(group)?.as_str().replace(',', "").parse::<i64>().ok();
    let first = number(1)?;
    let (min, max) = match bounds {
        Bounds::Both => (Some(first), Some(number(2)?)),
        Bounds::Least(more) => (Some(first.checked_add(more)?), None),
        Bounds::Most(more) => (None, Some(first.checked_add(more)?)),
    };
    let in_order = min.zip(max).is_none_or(|(min, max)| min <= max);
    in_order.then(|| vec![Rule::Range { min, max }])
}

static DEFAULT: LazyLock<Regex> = LazyLock::new(|| {
    let absent = "if (?:it is |this (?:parameter|value) is )?not (?:specified|provided|supplied|set), (?:it |the value )?defaults to";
    regex(&format!(
        r"^(?:(?:the )?default(?: value)?(?: ?:| is| =)|{absent}) ?`?(?P<value>[\w.:/-]*[\w])`?$"
    ))
});
static BARE: LazyLock<Regex> = LazyLock::new(|| regex("^default (?P<value>true|false)$"));

/// The rule of a clause that says what is taken when the member is absent. Nothing is no default.
pub(super) fn default(clause: &str) -> Option<Vec<Rule>> {
    let clause = PARENTHESES.replace_all(clause, "");
    let clause = clause.trim();
    let captures = DEFAULT.captures(clause).or_else(|| BARE.captures(clause))?;
    let value = captures.name("value")?.as_str();
    let nothing = ["null", "none", "no", "empty"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word));
    (!nothing).then(|| {
        vec![Rule::Default {
            value: value.to_owned(),
        }]
    })
}
