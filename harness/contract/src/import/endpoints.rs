//! `endpoint-rule-set-1.json` and `partitions.json`: the rules are followed once, with a placeholder for the region, and
//! what comes out is kept.

use std::collections::BTreeMap;

use crate::Value;
use crate::endpoints::{Partition, REGION, Urls};

/// How deep rules may be nested; those known have less than ten levels.
const DEPTH: usize = 64;

/// What names stand for while rules are followed.
type Names = BTreeMap<String, Value>;

/// Where rules lead.
enum End {
    Url(String),
    Refused,
    /// They ask for something that is not known here.
    Unknown,
}

/// The partitions with the URLs that the rules give; none where the rules ask for something that is not known here.
pub(super) fn partitions(rules: &Value, partitions: &Value) -> Vec<Partition> {
    let all = partitions
        .get("partitions")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let found: Option<Vec<_>> = all.iter().map(|raw| partition(rules, raw)).collect();
    found.unwrap_or_default()
}

fn partition(rules: &Value, raw: &Value) -> Option<Partition> {
    let text = |name: &str| raw.get(name).and_then(Value::as_text).map(str::to_owned);
    let outputs = raw.get("outputs")?;
    let regions = raw.get("regions").map_or(&[][..], Value::fields);
    let urls = urls(rules, REGION, outputs)?;
    let mut exceptions = BTreeMap::new();
    for (region, _) in regions {
        let own = self::urls(rules, region, outputs)?;
        if own != named(&urls, region) {
            exceptions.insert(region.clone(), own);
        }
    }
    Some(Partition {
        name: text("id")?,
        pattern: text("regionRegex")?,
        regions: regions.iter().map(|(region, _)| region.clone()).collect(),
        urls,
        exceptions,
    })
}

/// The URLs with the region's name in its place.
fn named(urls: &Urls, region: &str) -> Urls {
    let named = |url: &Option<String>| url.as_ref().map(|url| url.replace(REGION, region));
    Urls {
        plain: named(&urls.plain),
        fips: named(&urls.fips),
        dual_stack: named(&urls.dual_stack),
        fips_dual_stack: named(&urls.fips_dual_stack),
    }
}

fn urls(rules: &Value, region: &str, partition: &Value) -> Option<Urls> {
    let url = |fips, dual_stack| {
        let mut names: Names = [
            ("Region".to_owned(), Value::text(region)),
            ("UseFIPS".to_owned(), Value::Bool(fips)),
            ("UseDualStack".to_owned(), Value::Bool(dual_stack)),
            // What `aws.partition` gives is known beforehand.
            (String::new(), partition.clone()),
        ]
        .into();
        match follow(rules, &mut names, 0)? {
            End::Url(url) => Some(Some(url)),
            End::Refused => Some(None),
            End::Unknown => None,
        }
    };
    Some(Urls {
        plain: url(false, false)?,
        fips: url(true, false)?,
        dual_stack: url(false, true)?,
        fips_dual_stack: url(true, true)?,
    })
}

/// Where the first of the rules leads whose conditions hold; `None` where none does.
fn follow(tree: &Value, names: &mut Names, depth: usize) -> Option<End> {
    if depth > DEPTH {
        return Some(End::Unknown);
    }
    for rule in tree.get("rules").and_then(Value::as_list).unwrap_or_default() {
        match hold(rule, names) {
            None => return Some(End::Unknown),
            Some(false) => continue,
            Some(true) => {}
        }
        let end = match rule.get("type").and_then(Value::as_text) {
            Some("tree") => follow(rule, names, depth + 1),
            Some("endpoint") => {
                let url = rule.at("endpoint.url").and_then(|url| term(url, names));
                Some(url.and_then(text).map_or(End::Unknown, End::Url))
            }
            Some("error") => Some(End::Refused),
            _ => Some(End::Unknown),
        };
        if end.is_some() {
            return end;
        }
    }
    None
}

/// Whether all conditions of a rule hold; `None` where one asks for something unknown.
fn hold(rule: &Value, names: &mut Names) -> Option<bool> {
    for condition in rule.get("conditions").and_then(Value::as_list).unwrap_or_default() {
        let value = term(condition, names)?;
        if matches!(value, Value::Null | Value::Bool(false)) {
            return Some(false);
        }
        if let Some(name) = condition.get("assign").and_then(Value::as_text) {
            names.insert(name.to_owned(), value);
        }
    }
    Some(true)
}

/// The value of a reference, a call, a template or a literal.
fn term(term: &Value, names: &Names) -> Option<Value> {
    if let Some(name) = term.get("ref").and_then(Value::as_text) {
        return Some(names.get(name).cloned().unwrap_or(Value::Null));
    }
    if let Some(function) = term.get("fn").and_then(Value::as_text) {
        let given = term.get("argv").and_then(Value::as_list).unwrap_or_default().iter();
        let given: Option<Vec<Value>> = given.map(|given| self::term(given, names)).collect();
        return call(function, &given?, names);
    }
    match term {
        Value::Text(text) => template(text, names).map(Value::Text),
        other => Some(other.clone()),
    }
}

fn call(function: &str, given: &[Value], names: &Names) -> Option<Value> {
    match (function, given) {
        ("isSet", [value]) => Some(Value::Bool(*value != Value::Null)),
        ("not", [value]) => Some(Value::Bool(matches!(value, Value::Null | Value::Bool(false)))),
        ("booleanEquals" | "stringEquals", [one, other]) => Some(Value::Bool(one == other)),
        ("getAttr", [value, Value::Text(name)]) => Some(value.get(name).cloned().unwrap_or(Value::Null)),
        ("aws.partition", [_]) => names.get("").cloned(),
        _ => None,
    }
}

/// A text with its `{name}` and `{name#attribute}` filled in.
fn template(text: &str, names: &Names) -> Option<String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        let (name, attribute) = name
            .split_once('#')
            .map_or((name, None), |(name, part)| (name, Some(part)));
        let value = names.get(name)?;
        let value = attribute.map_or(Some(value), |attribute| value.get(attribute))?;
        filled.push_str(before);
        filled.push_str(value.as_text()?);
        rest = after;
    }
    filled.push_str(rest);
    Some(filled)
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}
