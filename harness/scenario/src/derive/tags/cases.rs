//! Lists of tags that are in order, on a bound, or beyond it.

use parallax_contract::{Contract, ListForm, Rule, ShapeKind, Tagging, Tweak, Value};

use super::super::base::long;
use super::super::plausible;
use super::tag;
use crate::names::escape;

/// A list of tags to give, and how it is written.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) tags: Vec<Value>,
    pub(super) tweak: Option<Tweak>,
}

/// Bounds asked where no source states them: of a key, of a value, and of their number.
const USUAL: (u64, u64, u64) = (128, 256, 50);

/// Keys and values that a careless implementation changes or lets through.
const PAIRS: [(&str, &[(&str, &str)]); 36] = [
    ("one", &[("color", "red")]),
    ("two", &[("color", "red"), ("size", "7")]),
    ("order", &[("z", "1"), ("a", "2"), ("m", "3")]),
    ("empty-value", &[("color", "")]),
    ("empty-key", &[("", "red")]),
    ("duplicate-key", &[("color", "red"), ("color", "blue")]),
    ("duplicate-tag", &[("color", "red"), ("color", "red")]),
    (
        "keys-differing-by-case",
        &[("color", "red"), ("Color", "blue"), ("COLOR", "green")],
    ),
    ("case-kept", &[("MiXeD", "VaLuE")]),
    ("prefix-lower", &[("aws:color", "red")]),
    ("prefix-upper", &[("AWS:color", "red")]),
    ("prefix-mixed", &[("Aws:color", "red")]),
    ("prefix-only", &[("aws:", "red")]),
    ("prefix-without-colon", &[("awscolor", "red")]),
    ("prefix-inside", &[("my-aws:color", "red")]),
    ("prefix-of-value", &[("color", "aws:red")]),
    ("prefix-of-value-upper", &[("color", "AWS:red")]),
    ("non-ascii", &[("größe", "日本語")]),
    ("non-ascii-value", &[("color", "rötlich")]),
    ("emoji", &[("crab", "🦀")]),
    ("combining", &[("cafe\u{301}", "caf\u{e9}")]),
    ("inner-space", &[("two  words", "two  values")]),
    ("leading-space", &[(" color", " red")]),
    ("trailing-space", &[("color ", "red ")]),
    ("blank-key", &[("  ", "red")]),
    ("blank-value", &[("color", "  ")]),
    ("permitted-punctuation", &[("a_b.c:d=e+f-g@h", "a_b.c:d=e+f-g@h")]),
    ("slash", &[("a/b", "c/d")]),
    ("backslash", &[("a\\b", "c\\d")]),
    ("markup", &[("color", "<b>&amp; \"it's\"</b>")]),
    ("markup-key", &[("<&>", "red")]),
    ("percent", &[("color", "100% %41")]),
    ("separators", &[("color", "a&b;c,d")]),
    ("braces", &[("color", "{a}")]),
    ("line-break", &[("color", "one\ntwo")]),
    ("control", &[("color", "a\u{1}b")]),
];

/// Every case, in a fixed order.
pub(super) fn all(contract: &Contract, tagging: &Tagging) -> Vec<Case> {
    let mut cases: Vec<_> = PAIRS
        .iter()
        .map(|(name, pairs)| {
            let tags = pairs
                .iter()
                .map(|(key, value)| tag(tagging, &escape(key), &escape(value)));
            plain(*name, tags.collect())
        })
        .collect();
    cases.push(plain("empty-list", Vec::new()));
    cases.extend(without(tagging));
    cases.extend(bounds(contract, tagging));
    cases.extend(encoded(tagging));
    cases
}

/// The ways in which a list may be numbered and named.
pub(super) fn list_forms() -> [(&'static str, ListForm); 4] {
    [
        ("member-encoding", ListForm::Member),
        ("location-name-encoding", ListForm::LocationName),
        ("gaps", ListForm::Gaps),
        ("from-zero", ListForm::FromZero),
    ]
}

/// So many tags with keys in order.
pub(super) fn numbered(tagging: &Tagging, count: u64) -> Vec<Value> {
    (1..=count)
        .map(|number| tag(tagging, &format!("key-{number:03}"), &format!("value {number}")))
        .collect()
}

/// The most tags that a resource may have.
pub(super) fn limit(tagging: &Tagging) -> u64 {
    tagging.limit.as_ref().map_or(USUAL.2, |quota| quota.limit.min(1000))
}

fn plain(name: impl Into<String>, tags: Vec<Value>) -> Case {
    Case {
        name: name.into(),
        tags,
        tweak: None,
    }
}

/// Tags that lack their key or value, or have nothing in it.
fn without(tagging: &Tagging) -> [Case; 5] {
    let (key, value) = (tagging.key.as_str(), tagging.value.as_str());
    let one = |fields: [(&str, Value); 2]| {
        let fields = fields.into_iter().filter(|(name, _)| !name.is_empty());
        vec![Value::map(fields)]
    };
    let (color, red) = (Value::text("color"), Value::text("red"));
    let nothing = ("", Value::Null);
    [
        plain("null-value", one([(key, color.clone()), (value, Value::Null)])),
        plain("missing-value", one([(key, color), nothing.clone()])),
        plain("null-key", one([(key, Value::Null), (value, red.clone())])),
        plain("missing-key", one([nothing.clone(), (value, red)])),
        plain("missing-both", one([nothing.clone(), nothing])),
    ]
}

/// Keys, values and numbers of tags at their bounds and one beyond.
fn bounds(contract: &Contract, tagging: &Tagging) -> Vec<Case> {
    let longest = |member: &str, usual: u64| longest(contract, tagging, member).unwrap_or(usual);
    let mut cases = Vec::new();
    let key = longest(&tagging.key, USUAL.0);
    for length in [key, key.saturating_add(1)] {
        let text = long('k', usize::try_from(length).unwrap_or(usize::MAX));
        cases.push(plain(format!("key-{length}"), vec![tag(tagging, &text, "value")]));
    }
    let value = longest(&tagging.value, USUAL.1);
    for length in [value, value.saturating_add(1)] {
        let text = long('v', usize::try_from(length).unwrap_or(usize::MAX));
        cases.push(plain(format!("value-{length}"), vec![tag(tagging, "key", &text)]));
    }
    let limit = limit(tagging);
    for count in [limit, limit + 1] {
        cases.push(plain(format!("count-{count}"), numbered(tagging, count)));
    }
    cases
}

/// The longest text that is asked for.
const LONGEST: u64 = 1 << 20;

/// The greatest length that a rule states for a member of a tag.
fn longest(contract: &Contract, tagging: &Tagging, name: &str) -> Option<u64> {
    let list = contract.input_members(&tagging.add).iter();
    let shape = list
        .filter(|member| member.name == tagging.tags_member)
        .find_map(|member| contract.shape(&member.shape))?;
    let ShapeKind::List { member: element, .. } = &shape.kind else {
        return None;
    };
    let members = contract.shape(element)?.members().iter();
    let bounds = members
        .filter(|member| member.name == name)
        .flat_map(|member| plausible::rules(contract, member))
        .filter_map(|rule| match rule {
            // A bound beyond what a request can carry is none to try.
            Rule::MaxLength { max } if *max <= LONGEST => Some(*max),
            _ => None,
        });
    bounds.min()
}

/// Three tags, written in each form that a list may have.
fn encoded(tagging: &Tagging) -> Vec<Case> {
    list_forms()
        .map(|(name, form)| Case {
            name: name.to_owned(),
            tags: numbered(tagging, 3),
            tweak: Some(Tweak::Lists(form)),
        })
        .into()
}
