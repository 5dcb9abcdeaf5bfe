//! How a request is written: its action, version and method, its parameters, and the characters in them.

use parallax_contract::{Call, Contract, Member, Tweak, Value};

use super::base::{PLAIN, Subject, long};
use super::plausible;
use super::script::Script;
use super::tags;
use crate::Scenario;

/// A parameter that no operation has.
const UNKNOWN: &str = "PxNoSuchParameter";

/// One mebibyte.
const HUGE: usize = 1 << 20;

/// The scenarios about how requests are written. Every oddity is tried on the create and the describe operation of each
/// resource, the commonest on every other operation.
pub(super) fn family(contract: &Contract) -> Vec<Scenario> {
    let mut scenarios = Vec::new();
    for operation in contract.operations.keys() {
        let subject = Subject::of_operation(contract, operation);
        scenarios.extend(match subject {
            Some(subject) if subject.create_operation() == operation => creation(&subject),
            Some(subject) if subject.resource.lifecycle.describe.as_ref() == Some(operation) => listing(&subject),
            _ => few(contract, operation, subject.as_ref()),
        });
    }
    scenarios
}

/// An oddity by its name in a path.
type Oddity = (&'static str, Tweak);

/// Oddities of the two parameters that every request has.
fn envelope(operation: &str) -> Vec<Oddity> {
    let action = |text: String| Tweak::Action(Some(text));
    let version = |text: &str| Tweak::Version(Some(text.to_owned()));
    vec![
        ("unknown-action", action("PxNoSuchAction".to_owned())),
        ("missing-action", Tweak::Action(None)),
        ("empty-action", action(String::new())),
        ("action-in-lower-case", action(operation.to_lowercase())),
        ("action-in-upper-case", action(operation.to_uppercase())),
        ("action-with-space", action(format!("{operation} "))),
        ("wrong-version", version("1999-12-31")),
        ("malformed-version", version("latest")),
        ("empty-version", version("")),
        ("missing-version", Tweak::Version(None)),
    ]
}

/// Oddities of the rest of a request.
fn form() -> Vec<Oddity> {
    let raw = |text: &str| Tweak::Raw(text.to_owned());
    vec![
        ("get", Tweak::Get),
        ("empty-body", Tweak::EmptyBody),
        ("unknown-parameter", Tweak::Param(UNKNOWN.to_owned(), "px".to_owned())),
        (
            "unknown-parameter-huge",
            Tweak::Param(UNKNOWN.to_owned(), long('x', HUGE)),
        ),
        ("nameless-parameter", raw("&=px")),
        ("valueless-parameter", raw("&PxNoSuchParameter")),
        ("trailing-separator", raw("&")),
        ("bad-percent-encoding", raw("&PxNoSuchParameter=%zz")),
        ("cut-percent-encoding", raw("&PxNoSuchParameter=%4")),
        ("percent-encoded-no-utf8", raw("&PxNoSuchParameter=%ff%fe")),
    ]
}

/// Every oddity on the create operation; then it is seen what came of it.
fn creation(subject: &Subject<'_>) -> Vec<Scenario> {
    let create = subject.create(PLAIN);
    let oddities = envelope(subject.create_operation()).into_iter().chain(form());
    let mut scenarios: Vec<_> = oddities
        .map(|(case, tweak)| seen(subject, case, create.clone().tweak(tweak)))
        .collect();
    if let Some(member) = subject.identifier_member() {
        scenarios.extend(repeated(subject, member));
    }
    match &subject.resource.description {
        Some(description) => scenarios.extend(texts(subject, &description.input)),
        None => scenarios.extend(tag_texts(subject)),
    }
    scenarios
}

/// The odd creation, and whether there is anything afterwards.
fn seen(subject: &Subject<'_>, case: &str, call: Call) -> Scenario {
    subject
        .script("protocol", case)
        .then(subject.creation("create", call))
        .maybe("describe", subject.describe(&subject.address(PLAIN)))
        .done()
}

/// The identifier twice: with the same value, with another, and under another casing of the parameter's name.
fn repeated(subject: &Subject<'_>, member: &Member) -> Vec<Scenario> {
    let name = member.location_name.as_ref().unwrap_or(&member.name);
    let second = "pxsecond{run}";
    let create = subject.create(PLAIN);
    let again = |name: &str, value: &str| Tweak::Param(name.to_owned(), value.to_owned());
    let both = subject
        .script("protocol", "repeated-parameter")
        .then(subject.creation("create", create.clone().tweak(again(name, second))))
        .maybe("describe-first", subject.describe(&subject.address(PLAIN)))
        .maybe("describe-second", subject.describe(&subject.address(second)));
    let mut only_lower = subject.create(PLAIN);
    only_lower.input.remove(&member.name);
    let lower = name.to_lowercase();
    vec![
        both.done(),
        seen(
            subject,
            "repeated-parameter-same-value",
            create.tweak(again(name, PLAIN)),
        ),
        seen(
            subject,
            "parameter-in-lower-case",
            only_lower.tweak(again(&lower, PLAIN)),
        ),
    ]
}

/// Oddities that show in a free text: how a space is written, broken escapes, a very long value.
fn texts(subject: &Subject<'_>, member: &str) -> Vec<Scenario> {
    let with = |text: Option<String>| {
        subject.create_with(PLAIN, |input| match text {
            Some(text) => input.set(member, Value::Text(text)),
            None => input.remove(member),
        })
    };
    let spaced = || with(Some("two words + one %20".to_owned()));
    let name = wire_name(subject, member);
    vec![
        seen(subject, "space-as-plus", spaced()),
        seen(subject, "space-as-percent-20", spaced().tweak(Tweak::OtherSpace)),
        seen(subject, "huge-parameter", with(Some(long('d', HUGE)))),
        seen(
            subject,
            "bad-percent-encoding-in-text",
            with(None).tweak(Tweak::Raw(format!("&{name}=100%zz"))),
        ),
        seen(
            subject,
            "cut-percent-encoding-in-text",
            with(None).tweak(Tweak::Raw(format!("&{name}=100%"))),
        ),
    ]
}

/// How a space is written, shown by a tag where there is no description.
fn tag_texts(subject: &Subject<'_>) -> Vec<Scenario> {
    let (Some(tagging), Some(member)) = (subject.tagging(), subject.tags_member()) else {
        return Vec::new();
    };
    let spaced = subject.create_with(PLAIN, |input| {
        let tag = tags::tag(tagging, "two words", "one + two %20");
        input.set(member, tags::list([tag]));
    });
    let listed = |case: &str, call: Call| {
        subject
            .script("protocol", case)
            .then(subject.creation_with_arn("create", call))
            .step("list", tags::list_by(subject.contract, tagging, "{arn}"))
            .done()
    };
    vec![
        listed("space-as-plus", spaced.clone()),
        listed("space-as-percent-20", spaced.tweak(Tweak::OtherSpace)),
    ]
}

/// The parameter's name of a member of the create input.
fn wire_name<'a>(subject: &Subject<'a>, member: &'a str) -> &'a str {
    let members = subject.contract.input_members(subject.create_operation());
    let found = members.iter().find(|other| other.name == member);
    found
        .and_then(|member| member.location_name.as_deref())
        .unwrap_or(member)
}

/// Every oddity on the describe operation.
fn listing(subject: &Subject<'_>) -> Vec<Scenario> {
    let Some(all) = subject.describe_all() else {
        return Vec::new();
    };
    let oddities = envelope(&all.operation).into_iter().chain(form());
    let script = |case: &str| Script::new(&format!("{}/protocol/{case}", all.operation), Some(subject.name));
    let mut scenarios: Vec<_> = oddities
        .map(|(case, tweak)| script(case).step("ask", all.clone().tweak(tweak)).done())
        .collect();
    if let Some(filter) = &subject.resource.lifecycle.describe_filter {
        let again = Tweak::Param(filter.clone(), "pxsecond{run}".to_owned());
        let twice = subject.describe(PLAIN).map(|call| call.tweak(again));
        let creation = subject.creation("create", subject.create(PLAIN));
        scenarios.push(script("repeated-parameter").then(creation).maybe("ask", twice).done());
    }
    scenarios
}

/// The commonest oddities on any operation.
fn few(contract: &Contract, operation: &str, subject: Option<&Subject<'_>>) -> Vec<Scenario> {
    const FEW: [&str; 6] = [
        "action-in-lower-case",
        "missing-version",
        "wrong-version",
        "get",
        "unknown-parameter",
        "bad-percent-encoding",
    ];
    let call = Call::new(operation, plausible::input(contract, operation));
    let resource = subject.map(|subject| subject.name);
    let oddities = envelope(operation).into_iter().chain(form());
    oddities
        .filter(|(case, _)| FEW.contains(case))
        .map(|(case, tweak)| {
            Script::new(&format!("{operation}/protocol/{case}"), resource)
                .step("ask", call.clone().tweak(tweak))
                .done()
        })
        .collect()
}
