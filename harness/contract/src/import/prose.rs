//! Mines the rules that a model states in sentences, and keeps the rules without the sentences.
//!
//! A sentence counts only if it is understood as a whole and holds without a condition: what says "if", "when" or "for
//! clusters of this kind" is passed over, since a rule that is too strict raises false alarms.

mod chars;
mod classes;
mod condition;
mod html;
mod length;
mod merge;
mod numbers;
mod spelling;
mod words;

use crate::constraint::{Constraint, Origin, Rule};
use crate::model::{Member, ShapeKind};
use crate::{Confidence, Contract};

/// Mines one member's documentation, in HTML, for the rules that can hold for a value of its kind.
pub(super) fn constraints(contract: &Contract, structure: &str, member: &Member, html: &str) -> Vec<Constraint> {
    let Some(kind) = contract.shape(&member.shape).map(|shape| &shape.kind) else {
        return Vec::new();
    };
    let fitting = mine(html, &member.name).into_iter().filter(|rule| fits(rule, kind));
    fitting
        .map(|rule| constraint(rule, format!("{structure}.{}", member.name)))
        .collect()
}

/// The rules that a documentation string states without a condition; where it states two that cannot both hold,
/// neither.
fn mine(html: &str, member: &str) -> Vec<Rule> {
    let mut rules = Vec::new();
    for block in condition::unconditional(html::blocks(html)) {
        for sentence in html::sentences(&block.text) {
            rules.extend(of_sentence(sentence, member));
        }
    }
    merge::merge(rules)
}

/// The rules of one sentence.
fn of_sentence(sentence: &str, member: &str) -> Vec<Rule> {
    let named = [format!(" for `{member}`"), format!(" for {member}")];
    let own = named
        .iter()
        .fold(sentence.to_owned(), |text, name| text.replace(name, ""));
    let clause = condition::without_label(&own);
    of_clause(clause).unwrap_or_else(|| {
        clause
            .split("; ")
            .flat_map(|part| of_clause(part).unwrap_or_default())
            .collect()
    })
}

fn of_clause(clause: &str) -> Option<Vec<Rule>> {
    // "If not specified, defaults to x" is a condition by its form, yet says what holds whenever the member is absent.
    if let Some(rules) = numbers::default(clause) {
        return Some(rules);
    }
    let clause = condition::without_courtesy(clause);
    if condition::is_conditional(clause) {
        return None;
    }
    let families = [
        spelling::lowercase,
        spelling::edges,
        length::length,
        classes::charset,
        chars::without,
        words::blank,
        words::reserved,
        words::values,
        numbers::range,
    ];
    families.iter().find_map(|family| family(clause))
}

/// Whether a rule can hold for a value of this kind. Rules on text beside a list are on its elements, which the list's
/// member cannot say; they are left out.
fn fits(rule: &Rule, kind: &ShapeKind) -> bool {
    match rule {
        Rule::Default { value } => default_fits(value, kind),
        Rule::Range { .. } => matches!(kind, ShapeKind::Integer | ShapeKind::Long),
        _ => matches!(kind, ShapeKind::String),
    }
}

fn default_fits(value: &str, kind: &ShapeKind) -> bool {
    match kind {
        ShapeKind::Boolean => matches!(value, "true" | "false"),
        ShapeKind::Integer | ShapeKind::Long => value.parse::<i64>().is_ok(),
        ShapeKind::String => true,
        _ => false,
    }
}

/// Lists of valid values in prose grow old (an engine is added, the sentence is not), so they are only claimed.
fn constraint(rule: Rule, at: String) -> Constraint {
    let confidence = match rule {
        Rule::ValidValues { .. } => Confidence::Claimed,
        _ => Confidence::Documented,
    };
    Constraint {
        rule,
        origin: Origin::Prose,
        confidence,
        at,
    }
}

/// A pattern in the source of this crate.
#[expect(
    clippy::expect_used,
    reason = "every pattern is a constant, and the tests compile each"
)]
fn regex(pattern: &str) -> regex::Regex {
    regex::Regex::new(&format!("(?i){pattern}")).expect("a valid pattern")
}

#[cfg(test)]
mod tests;
