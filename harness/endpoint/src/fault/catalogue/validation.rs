//! Which inputs are taken, and as what.

mod requests;
mod texts;

use parallax_contract::{Answer, Call, CharClass, Contract, Rule, Tweak, Value};

use super::text;
use crate::fault::answers::{invalid, taken_as};
use crate::fault::deeds::{Deed, described, doing, id_text, renamed};
use crate::fault::rules;
use crate::fault::{Alteration, Change, Class, Inner};

const RULE: &str = "the rules that the model and its documentation state for this member";
const NAME: &str = "documentation: the characters that an identifier may hold";
const REQUIRED: &str = "model: the member is required";

const fn fault(name: &'static str, summary: &'static str, grounds: &'static str, change: Change) -> Alteration {
    Alteration::new(Class::Validation, name, summary, grounds, change)
}

/// Everything of this kind: what is here, then descriptions, how requests are read.
pub(super) fn all() -> Vec<Alteration> {
    [HERE, texts::FAULTS, requests::FAULTS].concat()
}

const HERE: &[Alteration] = &[
    // Off by one.
    fault(
        "longest-text-one-less",
        "every text may be one character shorter than documented",
        RULE,
        Change::Promise(|contract| longest(contract, -1)),
    ),
    fault(
        "longest-text-one-more",
        "every text may be one character longer than documented",
        RULE,
        Change::Promise(|contract| longest(contract, 1)),
    ),
    fault(
        "least-number-one-less",
        "every number may be one less than documented",
        RULE,
        Change::Promise(|contract| bounds(contract, -1, 0)),
    ),
    fault(
        "least-number-one-more",
        "the least number that is documented is refused",
        RULE,
        Change::Promise(|contract| bounds(contract, 1, 0)),
    ),
    fault(
        "greatest-number-one-less",
        "the greatest number that is documented is refused",
        RULE,
        Change::Promise(|contract| bounds(contract, 0, -1)),
    ),
    fault(
        "greatest-number-one-more",
        "every number may be one more than documented",
        RULE,
        Change::Promise(|contract| bounds(contract, 0, 1)),
    ),
    // Rules that are not there.
    fault(
        "lengths-not-checked",
        "texts of any length are taken",
        RULE,
        Change::Promise(|contract| without(contract, &|rule| matches!(rule, Rule::MaxLength { .. }))),
    ),
    fault(
        "numbers-not-checked",
        "numbers of any size are taken",
        RULE,
        Change::Promise(|contract| without(contract, &|rule| matches!(rule, Rule::Range { .. }))),
    ),
    fault(
        "characters-not-checked",
        "identifiers of any characters are taken",
        NAME,
        Change::Promise(|contract| without(contract, &|rule| matches!(rule, Rule::Charset { .. }))),
    ),
    fault(
        "first-letter-not-checked",
        "identifiers may begin with anything",
        RULE,
        Change::Promise(|contract| without(contract, &|rule| matches!(rule, Rule::FirstLetter))),
    ),
    fault(
        "trailing-hyphen-taken",
        "identifiers may end with a hyphen",
        RULE,
        Change::Promise(|contract| without(contract, &|rule| matches!(rule, Rule::NoTrailingHyphen))),
    ),
    fault(
        "double-hyphen-taken",
        "identifiers may have two hyphens in a row",
        RULE,
        Change::Promise(|contract| without(contract, &|rule| matches!(rule, Rule::NoDoubleHyphen))),
    ),
    fault(
        "valid-values-not-checked",
        "values that are none of the documented ones are taken",
        RULE,
        Change::Promise(|contract| without(contract, &|rule| matches!(rule, Rule::ValidValues { .. }))),
    ),
    fault(
        "pattern-not-checked",
        "texts that do not match the model's expression are taken",
        RULE,
        Change::Promise(|contract| without(contract, &|rule| matches!(rule, Rule::Pattern { .. }))),
    ),
    // Reserved words.
    fault(
        "reserved-word-taken",
        "a reserved word is taken as an identifier",
        "documentation: the word is reserved",
        Change::Serve(|inner, call| match doing(inner.contract(), call, &[Deed::Create]) {
            Some(resource)
                if reserved(inner.contract(), &resource.identifier.input, call, &|id, word| {
                    id == word
                }) =>
            {
                taken_as(inner, call, &|id| format!("{id}x"))
            }
            _ => inner.answer(call),
        }),
    ),
    fault(
        "reserved-word-as-beginning-refused",
        "identifiers that begin with a reserved word are refused",
        "documentation: the word is reserved, not what begins with it",
        Change::Serve(|inner, call| match doing(inner.contract(), call, &[Deed::Create]) {
            Some(resource)
                if reserved(inner.contract(), &resource.identifier.input, call, &|id, word| {
                    id.starts_with(word)
                }) =>
            {
                invalid()
            }
            _ => inner.answer(call),
        }),
    ),
    // Characters let in.
    fault(
        "space-let-in",
        "identifiers may hold spaces",
        NAME,
        Change::Serve(|inner, call| let_in(inner, call, &|c| c == ' ')),
    ),
    fault(
        "dot-let-in",
        "identifiers may hold dots",
        NAME,
        Change::Serve(|inner, call| let_in(inner, call, &|c| c == '.')),
    ),
    fault(
        "slash-let-in",
        "identifiers may hold slashes",
        NAME,
        Change::Serve(|inner, call| let_in(inner, call, &|c| c == '/')),
    ),
    fault(
        "colon-let-in",
        "identifiers may hold colons, which end a part of an ARN",
        NAME,
        Change::Serve(|inner, call| let_in(inner, call, &|c| c == ':')),
    ),
    fault(
        "at-sign-let-in",
        "identifiers may hold at signs",
        NAME,
        Change::Serve(|inner, call| let_in(inner, call, &|c| c == '@')),
    ),
    fault(
        "plus-let-in",
        "identifiers may hold plus signs",
        NAME,
        Change::Serve(|inner, call| let_in(inner, call, &|c| c == '+')),
    ),
    fault(
        "percent-let-in",
        "identifiers may hold percent signs",
        NAME,
        Change::Serve(|inner, call| let_in(inner, call, &|c| c == '%')),
    ),
    fault(
        "markup-let-in",
        "identifiers may hold characters that XML escapes",
        NAME,
        Change::Serve(|inner, call| let_in(inner, call, &|c| "<>&\"';".contains(c))),
    ),
    fault(
        "control-characters-let-in",
        "identifiers may hold control characters",
        NAME,
        Change::Serve(|inner, call| let_in(inner, call, &char::is_control)),
    ),
    fault(
        "emoji-let-in",
        "identifiers may hold pictures",
        NAME,
        Change::Serve(|inner, call| let_in(inner, call, &|c| u32::from(c) >= 0x1_f000)),
    ),
    fault(
        "invisible-let-in",
        "identifiers may hold invisible characters",
        NAME,
        Change::Serve(|inner, call| let_in(inner, call, &|c| c == '\u{200b}')),
    ),
    fault(
        "digits-refused",
        "identifiers with digits are refused",
        NAME,
        Change::Promise(|contract| narrowed(contract, &|class| *class != CharClass::Digits)),
    ),
    // Identifiers made to fit.
    fault(
        "identifier-trimmed",
        "white space around an identifier is removed before it is judged",
        NAME,
        Change::Serve(|inner, call| fitted(inner, call, &text::trimmed)),
    ),
    fault(
        "identifier-truncated",
        "identifiers that are too long are cut at 40 characters",
        RULE,
        Change::Serve(|inner, call| taken_as(inner, call, &text::first(40))),
    ),
    fault(
        "identifier-normalised",
        "forbidden characters in an identifier are left out",
        NAME,
        Change::Serve(|inner, call| {
            fitted(inner, call, &|id| {
                id.chars()
                    .filter(|c| c.is_alphanumeric() || "-_".contains(*c))
                    .collect()
            })
        }),
    ),
    fault(
        "identifier-of-one-letter-refused",
        "identifiers of one letter are refused",
        RULE,
        Change::Serve(|inner, call| match doing(inner.contract(), call, &[Deed::Create]) {
            Some(resource) if id_text(resource, call).chars().count() == 1 => invalid(),
            _ => inner.answer(call),
        }),
    ),
    // What must be there.
    fault(
        "missing-members-taken",
        "no member is required",
        REQUIRED,
        Change::Promise(required_nowhere),
    ),
    fault(
        "missing-description-taken",
        "the description may be left out",
        REQUIRED,
        Change::Promise(|contract| rules::descriptions(contract, &|member| member.required = false)),
    ),
    fault(
        "missing-identifier-taken",
        "an identifier is made up where there is none",
        REQUIRED,
        Change::Serve(|inner, call| made_up(inner, call, &|id| id.is_none())),
    ),
    fault(
        "empty-identifier-taken",
        "an identifier is made up where it is empty",
        "recorded: an identifier must be provided and must not be blank",
        Change::Serve(|inner, call| made_up(inner, call, &|id| id == Some(""))),
    ),
    fault(
        "blank-identifier-taken",
        "an identifier is made up where it is blank",
        "recorded: an identifier must be provided and must not be blank",
        Change::Serve(|inner, call| {
            made_up(inner, call, &|id| {
                id.is_some_and(|id| !id.is_empty() && id.trim().is_empty())
            })
        }),
    ),
    fault(
        "text-for-number-overlooked",
        "a text where a number is due counts as absent",
        "model: the member is a number",
        Change::Serve(numbers_only),
    ),
];

fn longest(contract: &mut Contract, by: i64) {
    rules::each(contract, &|rule| {
        if let Rule::MaxLength { max } = rule {
            *max = max.saturating_add_signed(by);
        }
        true
    });
}

fn bounds(contract: &mut Contract, least: i64, most: i64) {
    rules::each(contract, &|rule| {
        if let Rule::Range { min, max } = rule {
            *min = min.map(|bound| bound + least);
            *max = max.map(|bound| bound + most);
        }
        true
    });
}

fn without(contract: &mut Contract, what: &dyn Fn(&Rule) -> bool) {
    rules::each(contract, &|rule| !what(rule));
}

fn narrowed(contract: &mut Contract, stays: &dyn Fn(&CharClass) -> bool) {
    rules::each(contract, &|rule| {
        if let Rule::Charset { classes } = rule {
            classes.retain(stays);
        }
        true
    });
}

fn required_nowhere(contract: &mut Contract) {
    use parallax_contract::ShapeKind;
    for shape in contract.shapes.values_mut() {
        if let ShapeKind::Structure { members } = &mut shape.kind {
            members.iter_mut().for_each(|member| member.required = false);
        }
    }
}

/// Whether the identifier is like a reserved word in this way.
fn reserved(contract: &Contract, member: &str, call: &Call, like: &dyn Fn(&str, &str) -> bool) -> bool {
    let id = call.input.get(member).and_then(Value::as_text).unwrap_or_default();
    let members = contract.input_members(&call.operation).iter();
    members
        .filter(|known| known.name == member)
        .flat_map(|known| &known.constraints)
        .any(|constraint| match &constraint.rule {
            Rule::Reserved { words } => words.iter().any(|word| like(id, word)),
            _ => false,
        })
}

/// Takes identifiers with these characters after all.
fn let_in(inner: &Inner<'_>, call: &Call, is: &dyn Fn(char) -> bool) -> Answer {
    let touched =
        doing(inner.contract(), call, &[Deed::Create]).is_some_and(|resource| id_text(resource, call).contains(is));
    match touched {
        true => taken_as(inner, call, &|id| id.replace(is, "x")),
        false => inner.answer(call),
    }
}

/// Makes identifiers fit wherever one is given.
fn fitted(inner: &Inner<'_>, call: &Call, fit: &dyn Fn(&str) -> String) -> Answer {
    match doing(inner.contract(), call, crate::fault::deeds::ANY) {
        Some(resource) => inner.answer(&renamed(resource, call, fit)),
        None => inner.answer(call),
    }
}

/// Creates under a made-up identifier where `is` holds of the one given.
fn made_up(inner: &Inner<'_>, call: &Call, is: &dyn Fn(Option<&str>) -> bool) -> Answer {
    let mut call = call.clone();
    if let Some(resource) = doing(inner.contract(), &call, &[Deed::Create])
        && !resource.identifier.assigned
        && is(call.input.get(&resource.identifier.input).and_then(Value::as_text))
    {
        let member = resource.identifier.input.clone();
        call.input
            .set(&member, Value::Text(format!("made{}", inner.count("made up"))));
    }
    inner.answer(&call)
}

fn numbers_only(inner: &Inner<'_>, call: &Call) -> Answer {
    let contract = inner.contract();
    let mut call = call.clone();
    for member in contract.input_members(&call.operation) {
        let number = contract
            .shape(&member.shape)
            .is_some_and(|shape| matches!(shape.kind, parallax_contract::ShapeKind::Integer));
        if number && matches!(call.input.get(&member.name), Some(Value::Text(_))) {
            call.input.remove(&member.name);
        }
    }
    inner.answer(&call)
}

/// Keeps descriptions as `with` makes them.
fn kept_as(inner: &Inner<'_>, call: &Call, with: &dyn Fn(&str) -> String) -> Answer {
    inner.answer(&described(inner.contract(), call, with))
}

fn spaces(inner: &Inner<'_>, call: &Call, percent: bool) -> Answer {
    match call.tweaks.contains(&Tweak::OtherSpace) == percent {
        true => kept_as(inner, call, &|text| {
            text.replace(' ', if percent { "%20" } else { "+" })
        }),
        false => inner.answer(call),
    }
}
