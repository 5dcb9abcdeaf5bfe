//! A resource's life: made, seen, changed, ended, and made again; what was there before, and how many there may be.

use parallax_contract::Value;
use parallax_contract::resource::Builtin;

use super::base::{PLAIN, Subject};
use super::grants;
use super::plausible::ABSENT;
use super::script::Script;
use crate::names::escape;
use crate::{Scenario, Step};

/// Creation stops at this number, whether it was refused or not.
const ENOUGH: u64 = 101;

/// The scenarios about the resource's life.
pub(super) fn family(subject: &Subject<'_>) -> Vec<Scenario> {
    let mut scenarios = vec![
        whole(subject),
        two(subject),
        duplicate(subject),
        described_absent(subject),
    ];
    scenarios.extend(deletions(subject));
    scenarios.extend(modifications(subject));
    scenarios.extend(subject.resource.builtin.iter().map(|builtin| found(subject, builtin)));
    scenarios.extend(quota(subject));
    scenarios
}

/// Begins with a fresh resource.
fn begin(subject: &Subject<'_>, case: &str) -> Script {
    subject
        .story("lifecycle", case)
        .then(subject.creation("create", subject.create(PLAIN)))
}

fn whole(subject: &Subject<'_>) -> Scenario {
    let id = subject.address(PLAIN);
    begin(subject, "create-describe-delete")
        .maybe("describe", subject.describe(&id))
        .maybe("describe-all", subject.describe_all())
        .maybe("delete", subject.delete(&id))
        .maybe("describe-deleted", subject.describe(&id))
        .maybe("describe-all-after", subject.describe_all())
        .done()
}

/// Two side by side; what is done to the one is not done to the other.
fn two(subject: &Subject<'_>) -> Scenario {
    const SECOND: &str = "pxsecond{run}";
    let second = |input: &mut Value| describe_as(subject, input, "the second");
    if subject.identifier_member().is_none() || subject.resource.identifier.assigned {
        return begin(subject, "two").done();
    }
    begin(subject, "two")
        .step("create-second", subject.create_with(SECOND, second))
        .maybe("describe", subject.describe(PLAIN))
        .maybe("describe-second", subject.describe(SECOND))
        .maybe("delete", subject.delete(PLAIN))
        .maybe("describe-deleted", subject.describe(PLAIN))
        .maybe("describe-left", subject.describe(SECOND))
        .done()
}

/// Gives the resource this description, where it has one.
fn describe_as(subject: &Subject<'_>, input: &mut Value, text: &str) {
    if let Some(description) = &subject.resource.description {
        input.set(&description.input, Value::text(text));
    }
}

/// The same creation twice, then with another description; the first one stays as it was.
fn duplicate(subject: &Subject<'_>) -> Scenario {
    let script = begin(subject, "duplicate").step("create-again", subject.create(PLAIN));
    let script = match &subject.resource.description {
        Some(description) => {
            let other = |input: &mut Value| input.set(&description.input, Value::text("another"));
            script.step("create-otherwise", subject.create_with(PLAIN, other))
        }
        None => script,
    };
    script
        .maybe("describe", subject.describe(&subject.address(PLAIN)))
        .done()
}

fn described_absent(subject: &Subject<'_>) -> Scenario {
    subject
        .story("lifecycle", "describe-absent")
        .maybe("describe", subject.describe(ABSENT))
        .done()
}

fn deletions(subject: &Subject<'_>) -> Vec<Scenario> {
    let id = subject.address(PLAIN);
    let otherwise = |input: &mut Value| describe_as(subject, input, "another");
    let (Some(delete), Some(absent)) = (subject.delete(&id), subject.delete(ABSENT)) else {
        return Vec::new();
    };
    vec![
        begin(subject, "delete-twice")
            .step("delete", delete.clone())
            .step("delete-again", delete.clone())
            .done(),
        subject
            .story("lifecycle", "delete-absent")
            .step("delete", absent)
            .done(),
        begin(subject, "recreate")
            .step("delete", delete.clone())
            .then(subject.creation("create-again", subject.create_with(PLAIN, otherwise)))
            .maybe("describe", subject.describe(&id))
            .step("delete-again", delete)
            .maybe("describe-deleted", subject.describe(&id))
            .done(),
    ]
}

/// Each operation that changes an existing one: on one that is there and on one that is not.
fn modifications(subject: &Subject<'_>) -> Vec<Scenario> {
    let id = subject.address(PLAIN);
    let path = |operation: &str, case: &str| Script::new(&format!("{operation}/modify/{case}"), Some(subject.name));
    let both = |operation: &String| {
        let creation = subject.creation("create", subject.create(PLAIN));
        let existing = path(operation, "existing")
            .then(creation)
            .step("modify", subject.on(operation, &id))
            .maybe("describe", subject.describe(&id));
        let absent = path(operation, "absent").step("modify", subject.on(operation, ABSENT));
        [existing.done(), absent.done()]
    };
    subject.resource.lifecycle.modify.iter().flat_map(both).collect()
}

/// One that may be there from the beginning: it is described, authorized and, where it must stay, not deleted. It is
/// everybody's, so nothing else runs meanwhile.
fn found(subject: &Subject<'_>, builtin: &Builtin) -> Scenario {
    let id = escape(&builtin.id);
    let path = format!("builtin-{}", builtin.id);
    let mut script = subject.story("lifecycle", &path).alone();
    script = script.maybe("describe", subject.describe(&id));
    if let Some(grants) = &subject.resource.grants {
        let keys = grants::keys(subject, grants);
        script = script
            .step("authorize", grants::call(subject, &grants.authorize, &id, &keys))
            .maybe("describe-authorized", subject.describe(&id))
            .step("revoke", grants::call(subject, &grants.revoke, &id, &keys));
    }
    if !builtin.deletable {
        script = script
            .maybe("delete", subject.delete(&id))
            .maybe("describe-after", subject.describe(&id));
    }
    script.done()
}

/// Creation until it is refused, or twice what the account may have.
fn quota(subject: &Subject<'_>) -> Option<Scenario> {
    let quota = subject.resource.quota.as_ref();
    if subject.resource.lifecycle.quota_exceeded.is_none() && quota.is_none() || subject.identifier_member().is_none() {
        return None;
    }
    let limit = quota.map_or(ENOUGH, |quota| quota.limit.saturating_mul(2).saturating_add(1));
    let script = subject.story("lifecycle", "quota").alone();
    let filled = (1..=limit.min(ENOUGH)).fold(script, |script, number| {
        let call = subject.create(&format!("pxq{number:03}{{run}}"));
        script.then(Step {
            until_refused: true,
            ..Step::new(format!("create-{number:03}"), call)
        })
    });
    Some(filled.done())
}
