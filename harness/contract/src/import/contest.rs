//! Examples against rules: where a model's own example breaks one of its rules, the point is contested.

use std::collections::BTreeMap;

use regex::Regex;

use crate::constraint::{CharClass, Constraint, Contest, Origin, Rule};
use crate::model::{Member, ShapeKind};
use crate::{Confidence, Contract, Value};

/// A member of a structure.
type Place = (String, String);

/// Marks every rule that an example or a list of valid values breaks, on the member and on the example.
pub(super) fn contest(contract: &mut Contract) {
    let mut found: BTreeMap<Place, Vec<Constraint>> = BTreeMap::new();
    let mut contradictions = Vec::new();
    for example in &contract.examples {
        let mut breaches = Vec::new();
        if let Some(input) = contract
            .operations
            .get(&example.operation)
            .and_then(|op| op.input.as_deref())
        {
            walk(contract, input, &example.input, &mut breaches);
        }
        contradictions.push(breaches.iter().map(Breach::words).collect());
        for breach in breaches {
            let constraint = breach.constraint(Origin::Example, &format!("the example {}", example.id));
            add(found.entry(breach.place).or_default(), constraint);
        }
    }
    for (example, contradicts) in contract.examples.iter_mut().zip(contradictions) {
        example.contradicts = contradicts;
    }
    for breach in listed(contract) {
        let constraint = breach.constraint(Origin::Prose, "the valid value listed beside it");
        add(found.entry(breach.place).or_default(), constraint);
    }
    for ((shape, member), constraints) in found {
        if let Some(member) = contract.member_mut(&shape, &member) {
            member.constraints.extend(constraints);
        }
    }
}

/// A rule and a text that breaks it.
struct Breach {
    place: Place,
    text: String,
    rule: Rule,
    at: String,
    point: Contest,
}

impl Breach {
    /// Says what the example breaks.
    fn words(&self) -> String {
        let (shape, member) = &self.place;
        format!(
            "{shape}.{member} has {:?}, and the rule of {} is: {}",
            self.text, self.at, self.rule
        )
    }

    fn constraint(&self, origin: Origin, source: &str) -> Constraint {
        let why = format!(
            "{source} has {:?}, which the rule of {} does not permit",
            self.text, self.at
        );
        Constraint {
            rule: Rule::Contested {
                point: self.point.clone(),
                why,
            },
            origin,
            confidence: Confidence::Documented,
            at: self.at.clone(),
        }
    }
}

/// Adds a constraint unless its point is contested already.
fn add(constraints: &mut Vec<Constraint>, constraint: Constraint) {
    let point = |constraint: &Constraint| match &constraint.rule {
        Rule::Contested { point, .. } => Some(point.clone()),
        _ => None,
    };
    if constraints.iter().all(|other| point(other) != point(&constraint)) {
        constraints.push(constraint);
    }
}

/// Looks at every text in a value of this shape.
fn walk(contract: &Contract, shape: &str, value: &Value, breaches: &mut Vec<Breach>) {
    match (contract.shape(shape).map(|shape| &shape.kind), value) {
        (Some(ShapeKind::Structure { members }), Value::Map(_)) => {
            for member in members {
                let Some(value) = value.get(&member.name) else { continue };
                if let Value::Text(text) = value {
                    breaches.extend(broken(contract, shape, member, text));
                }
                walk(contract, &member.shape, value, breaches);
            }
        }
        (Some(ShapeKind::List { member, .. }), Value::List(items)) => {
            items.iter().for_each(|item| walk(contract, member, item, breaches));
        }
        _ => {}
    }
}

/// The rules on a member, its own and its shape's, that a text breaks.
fn broken(contract: &Contract, shape: &str, member: &Member, text: &str) -> Vec<Breach> {
    let of_shape = contract
        .shape(&member.shape)
        .map_or(&[][..], |shape| &shape.constraints);
    let rules = member.constraints.iter().chain(of_shape);
    let breaches = rules.filter_map(|constraint| {
        breach(&constraint.rule, text).map(|point| Breach {
            place: (shape.to_owned(), member.name.clone()),
            text: text.to_owned(),
            rule: constraint.rule.clone(),
            at: constraint.at.clone(),
            point,
        })
    });
    breaches.collect()
}

/// The valid values that break another rule on the same member.
fn listed(contract: &Contract) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (name, shape) in &contract.shapes {
        for member in shape.members() {
            let lists = member
                .constraints
                .iter()
                .filter_map(|constraint| match &constraint.rule {
                    Rule::ValidValues { values } => Some(values),
                    _ => None,
                });
            breaches.extend(lists.flatten().flat_map(|value| broken(contract, name, member, value)));
        }
    }
    breaches
}

/// The point that a text contests if it breaks the rule.
fn breach(rule: &Rule, text: &str) -> Option<Contest> {
    let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    let word = || Contest::Word(text.to_owned());
    let outside = |permitted: &dyn Fn(char) -> bool| {
        let mut chars: Vec<char> = text.chars().filter(|c| !permitted(*c)).collect();
        chars.sort_unstable();
        chars.dedup();
        (!chars.is_empty()).then(|| Contest::Chars(chars.into_iter().collect()))
    };
    match rule {
        _ if text.is_empty() => matches!(
            rule,
            Rule::MinLength { min: 1.. } | Rule::NotBlank | Rule::ValidValues { .. }
        )
        .then_some(Contest::Empty),
        Rule::MinLength { min } => (length < *min).then_some(Contest::Lengths(length, min.saturating_sub(1))),
        Rule::MaxLength { max } => (length > *max).then_some(Contest::Lengths(max.saturating_add(1), length)),
        Rule::Charset { classes } => outside(&|c| classes.iter().any(|class| permits(*class, c))),
        Rule::Without { chars } => outside(&|c| !chars.contains(c)),
        Rule::FirstLetter => (!text.starts_with(char::is_alphabetic)).then(word),
        Rule::NoTrailingHyphen => text.ends_with('-').then(word),
        Rule::NoDoubleHyphen => text.contains("--").then(word),
        Rule::Reserved { words } => words.iter().any(|reserved| reserved == text).then(word),
        Rule::ValidValues { values } => (!values.iter().any(|value| value == text)).then(word),
        Rule::Pattern { regex } => Regex::new(&format!("^(?:{regex})$"))
            .is_ok_and(|regex| !regex.is_match(text))
            .then(word),
        _ => None,
    }
}

/// Whether a character is of a class; any letter is one where the class does not say ASCII.
fn permits(class: CharClass, c: char) -> bool {
    class.contains(c) || (class == CharClass::Letters && c.is_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: &Rule, text: &str, expected: Option<&Contest>) {
        assert_eq!(breach(rule, text).as_ref(), expected, "{rule:?} {text:?}");
    }

    #[test]
    fn a_broken_rule_is_contested_at_the_very_point() {
        let letters = Rule::Charset {
            classes: vec![CharClass::Letters, CharClass::Digits],
        };
        check(&letters, "my-own-grp", Some(&Contest::Chars("-".into())));
        check(&letters, "grp1", None);
        check(&Rule::MaxLength { max: 3 }, "abcde", Some(&Contest::Lengths(4, 5)));
        check(&Rule::MinLength { min: 3 }, "a", Some(&Contest::Lengths(1, 2)));
        check(&Rule::MinLength { min: 1 }, "", Some(&Contest::Empty));
        check(&Rule::FirstLetter, "1a", Some(&Contest::Word("1a".into())));
        check(&Rule::NoDoubleHyphen, "a-b", None);
        let pattern = Rule::Pattern { regex: "[a-z]*".into() };
        check(&pattern, "ab", None);
        check(&pattern, "aB", Some(&Contest::Word("aB".into())));
    }
}
