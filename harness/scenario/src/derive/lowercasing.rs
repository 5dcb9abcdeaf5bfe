//! What becomes of upper-case letters in an identifier: in the answers, in the ARN, and as an address.

use parallax_contract::{Call, Value};

use super::base::Subject;
use super::script::Script;
use super::{grants, tags};
use crate::Scenario;

/// One name in four casings. The run token has no upper-case letters, so the letters before it carry the case; among
/// them are K and I, which languages fold differently.
struct Casing {
    case: &'static str,
    given: &'static str,
}

/// The casings that creation is tried with.
const CREATED: [Casing; 4] = [
    Casing {
        case: "mixed",
        given: "PxKiCase{run}",
    },
    Casing {
        case: "upper",
        given: "PXKICASE{run}",
    },
    Casing {
        case: "inner",
        given: "pxKiCase{run}",
    },
    Casing {
        case: "lower",
        given: LOWER,
    },
];

/// The form in which a lowercased name is kept.
const LOWER: &str = "pxkicase{run}";

/// The ways to spell the name afterwards.
const SPELLED: [(&str, &str); 3] = [("lower", LOWER), ("upper", "PXKICASE{run}"), ("other", "pXkIcASE{run}")];

/// The scenarios about the case of the resource's identifier.
pub(super) fn family(subject: &Subject<'_>) -> Vec<Scenario> {
    if subject.identifier_member().is_none() {
        return Vec::new();
    }
    let mut scenarios: Vec<_> = CREATED.iter().map(|casing| whole_life(subject, casing)).collect();
    scenarios.extend(deletions(subject));
    scenarios.push(duplicate_of_lower(subject));
    scenarios
}

/// Everything that one creation allows to be asked, deletion by another casing last.
fn whole_life(subject: &Subject<'_>, casing: &Casing) -> Scenario {
    let given = casing.given;
    let mut script = created(subject, casing.case, given);
    script = spelled(script, subject, "describe", given, &|id| subject.describe(id));
    script = script.maybe("describe-all", subject.describe_all()).all_pages();
    script = modified(script, subject, given);
    script = tagged(script, subject, given);
    script = authorized(script, subject, casing);
    script = duplicated(script, subject, given);
    script = spelled(script, subject, "delete", given, &|id| subject.delete(id));
    script
        .maybe("describe-deleted", subject.describe(&subject.address(LOWER)))
        .done()
}

fn created(subject: &Subject<'_>, case: &str, given: &str) -> Script {
    subject
        .script("lowercase", case)
        .then(subject.creation_with_arn("create", subject.create(given)))
}

/// The call under every other spelling, and under the given one: first for a description, last for a deletion, which
/// only one of them can win.
fn spelled(
    mut script: Script,
    subject: &Subject<'_>,
    what: &str,
    given: &str,
    call: &dyn Fn(&str) -> Option<Call>,
) -> Script {
    let mut spellings: Vec<(&str, String)> = others(subject, given)
        .map(|(form, name)| (form, addressed(subject, form, name)))
        .collect();
    let as_given = ("as-given", subject.address(given));
    match what {
        "delete" => spellings.push(as_given),
        _ => spellings.insert(0, as_given),
    }
    for (form, id) in spellings {
        script = script.maybe(&format!("{what}-{form}"), call(&id));
    }
    script
}

/// The other spellings of the name. What the service made up has a lower and an upper case alone.
fn others(subject: &Subject<'_>, given: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let assigned = subject.resource.identifier.assigned;
    SPELLED
        .into_iter()
        .filter(move |(form, name)| *name != given && !(assigned && *form == "other"))
}

/// The name spelled otherwise; an identifier that the service made up is spelled otherwise after it was captured.
fn addressed(subject: &Subject<'_>, form: &str, name: &str) -> String {
    match (subject.resource.identifier.assigned, form) {
        (false, _) => name.to_owned(),
        (true, "lower") => "{id:lower}".to_owned(),
        (true, _) => "{id:upper}".to_owned(),
    }
}

/// Tags by the ARN as it was answered, and by the same ARN with the name as given and in lower case.
fn tagged(script: Script, subject: &Subject<'_>, given: &str) -> Script {
    let Some(tagging) = subject.tagging() else {
        return script;
    };
    let tag = tags::list([tags::tag(tagging, "px", "PxValue")]);
    let by = |arn: &str| tags::list_by(subject.contract, tagging, arn);
    let script = script
        .step("tag", tags::add(subject.contract, tagging, "{arn}", tag))
        .step("tags", by("{arn}"));
    if subject.resource.identifier.assigned {
        return script.step("tags-by-lower-arn", by("{arn:lower}"));
    }
    let script = script.step("tags-by-lower-arn", by(&format!("{{arn:parent}}{LOWER}")));
    match given {
        LOWER => script,
        _ => script.step("tags-by-arn-as-given", by(&format!("{{arn:parent}}{given}"))),
    }
}

/// The other operations that only read, under the given spelling.
fn modified(mut script: Script, subject: &Subject<'_>, given: &str) -> Script {
    let reads = |name: &&String| ["Describe", "List", "Get"].iter().any(|verb| name.starts_with(verb));
    for operation in subject.resource.lifecycle.modify.iter().filter(reads) {
        let name = format!("{}-as-given", operation.to_lowercase());
        script = script.step(&name, subject.on(operation, &subject.address(given)));
    }
    script
}

/// Permissions under the lower-case and the given spelling; which of them comes first and so adds one, the casing tells.
fn authorized(script: Script, subject: &Subject<'_>, casing: &Casing) -> Script {
    let Some(grants) = &subject.resource.grants else {
        return script;
    };
    let given = casing.given;
    let keys = grants::keys(subject, grants);
    let call = |operation: &str, id: &str| grants::call(subject, operation, &subject.address(id), &keys);
    let lower = ("authorize-lower", call(&grants.authorize, LOWER));
    let as_given = ("authorize-as-given", call(&grants.authorize, given));
    let (first, second) = match casing.case {
        "mixed" => (lower, as_given),
        _ => (as_given, lower),
    };
    script
        .step(first.0, first.1)
        .maybe("describe-authorized", subject.describe(&subject.address(given)))
        .step(second.0, second.1)
        .step("revoke-as-given", call(&grants.revoke, given))
}

/// Creation under every spelling of a name that is taken.
fn duplicated(mut script: Script, subject: &Subject<'_>, given: &str) -> Script {
    script = script.step("create-as-given", subject.create(given));
    for (form, name) in SPELLED.iter().filter(|(_, name)| *name != given) {
        script = script.step(&format!("create-{form}"), subject.create(name));
    }
    script
}

/// Deletion by one spelling alone, so that no other has taken the resource away before.
fn deletions(subject: &Subject<'_>) -> Vec<Scenario> {
    let given = "PxKiCase{run}";
    let spellings = [("as-given", given)].into_iter().chain(SPELLED);
    spellings
        .filter_map(|(form, name)| {
            let id = match form {
                "as-given" => subject.address(given),
                _ => addressed(subject, form, name),
            };
            let script = created(subject, &format!("delete-{form}"), given).step("delete", subject.delete(&id)?);
            let script = script.maybe("describe-as-given", subject.describe(&subject.address(given)));
            let lower = addressed(subject, "lower", LOWER);
            Some(script.maybe("describe-lower", subject.describe(&lower)).done())
        })
        .collect()
}

/// The lower-case form first, then the same name in mixed case with another description.
fn duplicate_of_lower(subject: &Subject<'_>) -> Scenario {
    let second = subject.create_with("PxKiCase{run}", |input| {
        if let Some(description) = &subject.resource.description {
            input.set(&description.input, Value::text("the second"));
        }
    });
    created(subject, "duplicate-of-lower", LOWER)
        .step("create-mixed", second)
        .maybe("describe-lower", subject.describe(&subject.address(LOWER)))
        .maybe(
            "describe-mixed",
            subject.describe(&addressed(subject, "other", "PxKiCase{run}")),
        )
        .done()
}
