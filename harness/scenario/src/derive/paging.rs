//! Listings in pages: many resources on few to a page, the bounds of a page, and markers.

use parallax_contract::model::Paginator;
use parallax_contract::{Call, Contract, Rule, Value};

use super::base::Subject;
use super::plausible;
use super::script::Script;
use crate::{Scenario, Step};

/// How many are listed.
const MANY: u32 = 25;

/// The bounds of a page where no source states them.
const USUAL_BOUNDS: (i64, i64) = (20, 100);

/// The scenarios about listing many of the resource.
pub(super) fn family(subject: &Subject<'_>) -> Vec<Scenario> {
    let paged = subject.describe_all().and_then(|all| {
        let operation = subject.contract.operations.get(&all.operation)?;
        Some((all, operation.paginator.as_ref()?))
    });
    match paged {
        Some((all, paginator)) if subject.identifier_member().is_some() => vec![many(subject, &all, paginator)],
        _ => Vec::new(),
    }
}

/// The scenarios about the bounds and markers of every operation that answers in pages.
pub(super) fn limits(contract: &Contract) -> Vec<Scenario> {
    let paged = contract
        .operations
        .iter()
        .filter_map(|(name, operation)| Some((name, operation.paginator.as_ref()?)));
    paged
        .flat_map(|(name, paginator)| {
            let mut scenarios = bounds(contract, name, paginator);
            scenarios.extend(markers(contract, name, paginator));
            scenarios
        })
        .collect()
}

/// Lists before, with many made, in the smallest pages and in usual ones, and after one of them is gone.
fn many(subject: &Subject<'_>, all: &Call, paginator: &Paginator) -> Scenario {
    let mut pages = all.clone();
    if let Some(key) = &paginator.limit_key {
        let (least, _) = bounds_of(subject.contract, &all.operation, key);
        pages.input.set(key, Value::Int(least));
    }
    let name = |number: u32| format!("pxp{number:02}{{run}}");
    let mut script = Script::new(&format!("{}/paging/many", all.operation), Some(subject.name))
        .step("before", all.clone())
        .all_pages();
    for number in 1..=MANY {
        let step = format!("create-{number:02}");
        let creation = match number {
            1 => subject.creation(&step, subject.create(&name(number))),
            _ => Step::new(step, subject.create(&name(number))),
        };
        script = script.then(creation);
    }
    script
        .step("pages", pages.clone())
        .all_pages()
        .step("first-page", pages)
        .step("all", all.clone())
        .all_pages()
        .maybe("delete", subject.delete(&subject.address(&name(1))))
        .step("after", all.clone())
        .all_pages()
        .done()
}

/// The limit at its bounds, beyond them, and no number at all.
fn bounds(contract: &Contract, operation: &str, paginator: &Paginator) -> Vec<Scenario> {
    let Some(key) = &paginator.limit_key else {
        return Vec::new();
    };
    let (least, most) = bounds_of(contract, operation, key);
    let mut numbers = vec![-1, 0, least.saturating_sub(1), least, most, most.saturating_add(1)];
    numbers.sort_unstable();
    numbers.dedup();
    let numbers = numbers.into_iter().map(|number| (spelled(number), Value::Int(number)));
    let texts = [
        ("text", "ten"),
        ("empty", ""),
        ("fraction", "20.5"),
        ("huge", "99999999999"),
    ];
    let texts = texts.map(|(case, text)| (case.to_owned(), Value::text(text)));
    numbers
        .chain(texts)
        .map(|(case, value)| asked(contract, operation, &format!("limit-{case}"), key, value))
        .collect()
}

/// The number for a path.
fn spelled(number: i64) -> String {
    match number {
        0.. => number.to_string(),
        _ => format!("minus-{}", number.unsigned_abs()),
    }
}

/// Markers that no answer gave.
fn markers(contract: &Contract, operation: &str, paginator: &Paginator) -> Vec<Scenario> {
    let markers = [
        ("unknown", "px-no-such-marker"),
        ("empty", ""),
        ("blank", " "),
        ("number", "0"),
    ];
    markers
        .map(|(case, text)| {
            let case = format!("marker-{case}");
            asked(contract, operation, &case, &paginator.input_token, Value::text(text))
        })
        .into()
}

fn asked(contract: &Contract, operation: &str, case: &str, member: &str, value: Value) -> Scenario {
    let mut input = plausible::input(contract, operation);
    input.set(member, value);
    let resource = Subject::of_operation(contract, operation).map(|subject| subject.name);
    Script::new(&format!("{operation}/paging/{case}"), resource)
        .step("ask", Call::new(operation, input))
        .done()
}

/// The least and the most that a page may be asked to hold.
pub(crate) fn bounds_of(contract: &Contract, operation: &str, key: &str) -> (i64, i64) {
    let members = contract.input_members(operation).iter();
    let (mut least, mut most) = (None, None);
    for rule in members
        .filter(|member| member.name == key)
        .flat_map(|member| plausible::rules(contract, member))
    {
        if let Rule::Range { min, max } = rule {
            (least, most) = (least.or(*min), most.or(*max));
        }
    }
    (least.unwrap_or(USUAL_BOUNDS.0), most.unwrap_or(USUAL_BOUNDS.1))
}
