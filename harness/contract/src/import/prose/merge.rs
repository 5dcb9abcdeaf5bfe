//! Makes one set of rules of what several sentences said.

use std::mem::discriminant;

use crate::constraint::Rule;

/// Drops repetitions, joins the two halves of a range, and drops every kind of rule that was stated twice in
/// different words: of two lengths, each was probably meant for a case of its own.
pub(super) fn merge(rules: Vec<Rule>) -> Vec<Rule> {
    let mut merged: Vec<Rule> = Vec::new();
    for rule in join_ranges(rules) {
        if !merged.contains(&rule) {
            merged.push(rule);
        }
    }
    let all = merged.clone();
    merged.retain(|rule| {
        may_repeat(rule)
            || all
                .iter()
                .filter(|other| discriminant(*other) == discriminant(rule))
                .count()
                == 1
    });
    merged.retain(|rule| in_order(rule, &all));
    merged
}

/// Rules of these kinds add up.
fn may_repeat(rule: &Rule) -> bool {
    matches!(rule, Rule::Without { .. } | Rule::Reserved { .. })
}

fn join_ranges(rules: Vec<Rule>) -> Vec<Rule> {
    let min = rules.iter().find_map(only_min);
    let max = rules.iter().find_map(only_max);
    let (Some(min), Some(max)) = (min, max) else {
        return rules;
    };
    let whole = Rule::Range {
        min: Some(min),
        max: Some(max),
    };
    let is_half = |rule: &Rule| only_min(rule) == Some(min) || only_max(rule) == Some(max);
    rules
        .into_iter()
        .map(|rule| if is_half(&rule) { whole.clone() } else { rule })
        .collect()
}

fn only_min(rule: &Rule) -> Option<i64> {
    match rule {
        Rule::Range { min, max: None } => *min,
        _ => None,
    }
}

fn only_max(rule: &Rule) -> Option<i64> {
    match rule {
        Rule::Range { min: None, max } => *max,
        _ => None,
    }
}

/// Whether a bound does not contradict its other half.
fn in_order(rule: &Rule, all: &[Rule]) -> bool {
    match rule {
        Rule::Range {
            min: Some(min),
            max: Some(max),
        } => min <= max,
        Rule::MinLength { min } => !all
            .iter()
            .any(|other| matches!(other, Rule::MaxLength { max } if max < min)),
        Rule::MaxLength { max } => !all
            .iter()
            .any(|other| matches!(other, Rule::MinLength { min } if max < min)),
        _ => true,
    }
}
