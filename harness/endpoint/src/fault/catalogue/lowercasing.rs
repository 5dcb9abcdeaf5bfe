//! Identifiers and their case.

use parallax_contract::{Answer, Call, Expected, Resource, Value};

use super::text::{capitalised, first_lower, tail_lower, turkish};
use crate::fault::answers::{accepted, altered, declared, invalid, not_found, replace, shown};
use crate::fault::deeds::{ANY, Deed, SHOWING, TagDeed, arn, deed, doing, id_text, renamed, tag_deed};
use crate::fault::sites::{Site, rewrite};
use crate::fault::{Alteration, Change, Class, Inner};

const LAW: &str = "documentation: the identifier is stored as a lower-case string";
const ADDRESS: &str = "the law of address: the casing given and the stored form address the resource";
const ARN: &str = "the service authorization reference: the ARN holds the identifier, which is stored in lower case";
const DUPLICATE: &str = "documentation: an identifier that exists, stored in lower case, is refused";
const ECHO: &str = "the law of echo: only identifiers are folded";

const fn fault(name: &'static str, summary: &'static str, grounds: &'static str, change: Change) -> Alteration {
    Alteration::new(Class::Lowercasing, name, summary, grounds, change)
}

pub(super) const FAULTS: &[Alteration] = &[
    // Stored.
    fault(
        "identifier-kept-as-given",
        "identifiers are stored, shown and compared as they were given",
        LAW,
        Change::Promise(|contract| {
            contract
                .resources
                .values_mut()
                .for_each(|resource| resource.identifier.lowercase = false);
        }),
    ),
    fault(
        "identifier-stored-in-upper-case",
        "every answer shows identifiers in upper case",
        LAW,
        Change::Serve(|inner, call| shown(inner, call, ANY, Site::Identifier, &str::to_uppercase)),
    ),
    fault(
        "identifier-capitalised",
        "every answer shows identifiers with a capital first letter",
        LAW,
        Change::Serve(|inner, call| shown(inner, call, ANY, Site::Identifier, &capitalised)),
    ),
    fault(
        "identifier-first-letter-folded-only",
        "only the first letter of an identifier is folded",
        LAW,
        Change::Serve(|inner, call| stored(inner, call, &first_lower)),
    ),
    fault(
        "identifier-first-letter-not-folded",
        "all but the first letter of an identifier is folded",
        LAW,
        Change::Serve(|inner, call| stored(inner, call, &tail_lower)),
    ),
    fault(
        "identifier-folded-by-turkish-rules",
        "the letter I is folded to a dotless i",
        LAW,
        Change::Serve(|inner, call| stored(inner, call, &turkish)),
    ),
    fault(
        "identifier-with-upper-case-refused",
        "identifiers with upper-case letters are refused",
        "documentation: upper-case letters are permitted and folded",
        Change::Serve(|inner, call| match doing(inner.contract(), call, &[Deed::Create]) {
            Some(resource) if id_text(resource, call).contains(|c: char| c.is_ascii_uppercase()) => invalid(),
            _ => inner.answer(call),
        }),
    ),
    // Echoed, one operation only.
    fault(
        "create-echoes-given-case",
        "creation answers with the identifier as it was given",
        LAW,
        Change::Serve(|inner, call| echoed(inner, call, Deed::Create)),
    ),
    fault(
        "describe-echoes-asked-case",
        "describing shows the identifier as it was asked for",
        LAW,
        Change::Serve(|inner, call| echoed(inner, call, Deed::Describe)),
    ),
    fault(
        "authorize-echoes-asked-case",
        "adding a permission answers with the identifier as it was given",
        LAW,
        Change::Serve(|inner, call| echoed(inner, call, Deed::Authorize)),
    ),
    fault(
        "describe-shows-created-case",
        "describing shows the identifier in the casing that created it",
        LAW,
        Change::Serve(|inner, call| stored_on(inner, call, &[Deed::Describe])),
    ),
    fault(
        "listing-shows-created-case",
        "listings show identifiers in the casing that created them",
        LAW,
        Change::Serve(|inner, call| stored_on(inner, call, &[Deed::List])),
    ),
    fault(
        "describe-in-upper-case",
        "only describing shows identifiers in upper case",
        LAW,
        Change::Serve(|inner, call| shown(inner, call, SHOWING, Site::Identifier, &str::to_uppercase)),
    ),
    fault(
        "create-in-upper-case",
        "only creation shows identifiers in upper case",
        LAW,
        Change::Serve(|inner, call| shown(inner, call, &[Deed::Create], Site::Identifier, &str::to_uppercase)),
    ),
    // Looked up.
    fault(
        "describe-finds-created-case-only",
        "describing finds a resource only in the casing that created it",
        ADDRESS,
        Change::Serve(|inner, call| found(inner, call, Deed::Describe, &|asked, given| asked == given)),
    ),
    fault(
        "describe-finds-lower-case-only",
        "describing finds a resource only by its lower-case identifier",
        ADDRESS,
        Change::Serve(|inner, call| found(inner, call, Deed::Describe, &|asked, _| is_lower(asked))),
    ),
    fault(
        "delete-finds-created-case-only",
        "deletion finds a resource only in the casing that created it",
        ADDRESS,
        Change::Serve(|inner, call| found(inner, call, Deed::Delete, &|asked, given| asked == given)),
    ),
    fault(
        "delete-finds-lower-case-only",
        "deletion finds a resource only by its lower-case identifier",
        ADDRESS,
        Change::Serve(|inner, call| found(inner, call, Deed::Delete, &|asked, _| is_lower(asked))),
    ),
    fault(
        "authorize-finds-created-case-only",
        "permissions are added only in the casing that created the resource",
        ADDRESS,
        Change::Serve(|inner, call| found(inner, call, Deed::Authorize, &|asked, given| asked == given)),
    ),
    fault(
        "authorize-finds-lower-case-only",
        "permissions are added only by the lower-case identifier",
        ADDRESS,
        Change::Serve(|inner, call| found(inner, call, Deed::Authorize, &|asked, _| is_lower(asked))),
    ),
    fault(
        "revoke-finds-lower-case-only",
        "permissions are removed only by the lower-case identifier",
        ADDRESS,
        Change::Serve(|inner, call| found(inner, call, Deed::Revoke, &|asked, _| is_lower(asked))),
    ),
    fault(
        "modify-finds-lower-case-only",
        "every other operation finds a resource only by its lower-case identifier",
        ADDRESS,
        Change::Serve(|inner, call| found(inner, call, Deed::Modify, &|asked, _| is_lower(asked))),
    ),
    fault(
        "tags-found-by-created-case-only",
        "tags are found only by an ARN in the casing that created the resource",
        ARN,
        Change::Serve(tags_by_created_case),
    ),
    // Compared.
    fault(
        "duplicate-in-other-case-taken",
        "a second resource whose identifier differs in case only is made",
        DUPLICATE,
        Change::Serve(twice),
    ),
    fault(
        "permissions-kept-by-spelling",
        "a permission is seen only under the spelling that added it",
        ADDRESS,
        Change::Serve(permissions_by_spelling),
    ),
    // In ARNs.
    fault(
        "arn-in-given-case",
        "the ARN holds the identifier as it was given",
        ARN,
        Change::Serve(|inner, call| arn_as(inner, call, ANY, &|_, given| given.to_owned())),
    ),
    fault(
        "arn-in-upper-case",
        "the ARN holds the identifier in upper case",
        ARN,
        Change::Serve(|inner, call| arn_as(inner, call, ANY, &|id, _| id.to_uppercase())),
    ),
    fault(
        "arn-in-given-case-on-create",
        "only the ARN that creation answers holds the identifier as it was given",
        ARN,
        Change::Serve(|inner, call| arn_as(inner, call, &[Deed::Create], &|_, given| given.to_owned())),
    ),
    fault(
        "arn-in-given-case-on-describe",
        "only the ARN that describing shows holds the identifier as it was given",
        ARN,
        Change::Serve(|inner, call| arn_as(inner, call, SHOWING, &|_, given| given.to_owned())),
    ),
    // What is not to be folded.
    fault(
        "description-in-lower-case",
        "descriptions are stored in lower case",
        ECHO,
        Change::Serve(|inner, call| shown(inner, call, ANY, Site::Description, &str::to_lowercase)),
    ),
    fault(
        "description-in-lower-case-on-describe",
        "descriptions are described in lower case",
        ECHO,
        Change::Serve(|inner, call| shown(inner, call, SHOWING, Site::Description, &str::to_lowercase)),
    ),
    fault(
        "description-folded-beyond-ascii",
        "only the letters of a description beyond ASCII are folded: sharp s to ss, final sigma to sigma",
        ECHO,
        Change::Serve(|inner, call| {
            shown(inner, call, ANY, Site::Description, &|text| {
                text.replace('ß', "ss").replace('ς', "σ")
            })
        }),
    ),
    fault(
        "permission-key-in-lower-case",
        "the members that identify a permission are stored in lower case",
        ECHO,
        Change::Serve(|inner, call| shown(inner, call, ANY, Site::GrantKey, &str::to_lowercase)),
    ),
    fault(
        "tag-values-in-lower-case",
        "tag values are stored in lower case",
        "documentation: tag keys and values are case-sensitive",
        Change::Serve(|inner, call| tags_folded(inner, call, Site::TagValue)),
    ),
    fault(
        "tag-keys-in-lower-case",
        "tag keys are shown in lower case",
        "documentation: tag keys and values are case-sensitive",
        Change::Serve(|inner, call| tags_folded(inner, call, Site::TagKey)),
    ),
];

fn is_lower(text: &str) -> bool {
    !text.contains(|c: char| c.is_ascii_uppercase())
}

/// The casing in which a resource was created, as far as its creation was noted.
fn created_case(inner: &Inner<'_>, call: &Call, id: &str) -> Option<String> {
    let (resource, _) = deed(inner.contract(), call)?;
    inner.recall(&case_of(resource, id))?.as_text().map(str::to_owned)
}

fn case_of(resource: &Resource, id: &str) -> String {
    format!("case of {} {}", resource.shape, id.to_ascii_lowercase())
}

/// Answers with identifiers stored as `fold` has them, wherever the casing of creation is known.
fn stored(inner: &Inner<'_>, call: &Call, fold: &dyn Fn(&str) -> String) -> Answer {
    note(inner, call);
    let with = |id: &str| created_case(inner, call, id).map_or_else(|| id.to_owned(), |given| fold(&given));
    shown(
        inner,
        call,
        &[Deed::Describe, Deed::List, Deed::Authorize, Deed::Revoke],
        Site::Identifier,
        &with,
    )
}

fn stored_on(inner: &Inner<'_>, call: &Call, on: &[Deed]) -> Answer {
    note(inner, call);
    let with = |id: &str| created_case(inner, call, id).unwrap_or_else(|| id.to_owned());
    shown(inner, call, on, Site::Identifier, &with)
}

/// Notes the casing of a creation, where there is none of that name yet.
fn note(inner: &Inner<'_>, call: &Call) {
    if let Some(resource) = doing(inner.contract(), call, &[Deed::Create])
        && !matches!(inner.expect(call).expected, Expected::Refusal(_))
    {
        let id = id_text(resource, call);
        inner.remember(case_of(resource, id), Value::text(id));
    }
}

/// The identifier in the answer is that of the call.
fn echoed(inner: &Inner<'_>, call: &Call, on: Deed) -> Answer {
    let asked = doing(inner.contract(), call, &[on]).map(|resource| id_text(resource, call).to_owned());
    shown(inner, call, &[on], Site::Identifier, &|id| match &asked {
        Some(asked) if asked.eq_ignore_ascii_case(id) => asked.clone(),
        _ => id.to_owned(),
    })
}

/// Finds a resource only where `is` holds of the spelling asked for and the one that created it.
fn found(inner: &Inner<'_>, call: &Call, on: Deed, is: &dyn Fn(&str, &str) -> bool) -> Answer {
    note(inner, call);
    if let Some(resource) = doing(inner.contract(), call, &[on])
        && let Some(given) = created_case(inner, call, id_text(resource, call))
        && !is(id_text(resource, call), &given)
        && let Some(refusal) = not_found(inner.contract(), resource)
    {
        return refusal;
    }
    inner.answer(call)
}

fn tags_by_created_case(inner: &Inner<'_>, call: &Call) -> Answer {
    let contract = inner.contract();
    if let Some(resource) = doing(contract, call, &[Deed::Create]) {
        let id = id_text(resource, call).to_owned();
        inner.remember(format!("spelt {}", id.to_ascii_lowercase()), Value::Text(id));
    }
    if let Some((tagging, _)) = tag_deed(contract, call)
        && let Some((_, id)) = arn(tagging, call).and_then(|arn| arn.rsplit_once(':'))
        && let Some(given) = inner.recall(&format!("spelt {}", id.to_ascii_lowercase()))
        && given.as_text() != Some(id)
        && let Some(refusal) = declared(contract, tagging.invalid_arn.as_ref())
    {
        return refusal;
    }
    inner.answer(call)
}

/// A duplicate under another casing becomes a resource of its own, as far as its creation tells.
fn twice(inner: &Inner<'_>, call: &Call) -> Answer {
    let contract = inner.contract();
    let Some(resource) = doing(contract, call, &[Deed::Create]) else {
        return inner.answer(call);
    };
    let id = id_text(resource, call);
    let before = inner.recall(&format!("made {}", id.to_ascii_lowercase()));
    let mut answer = inner.answer(call);
    if before.is_some_and(|before| before.as_text() != Some(id)) && !accepted(&answer) {
        answer = inner.answer(&renamed(resource, call, &|id| format!("{id}x")));
        let given = id.to_ascii_lowercase();
        rewrite(contract, &call.operation, &mut answer, Site::Identifier, &|_| {
            given.clone()
        });
    } else if accepted(&answer) {
        inner.remember(format!("made {}", id.to_ascii_lowercase()), Value::text(id));
    }
    answer
}

fn permissions_by_spelling(inner: &Inner<'_>, call: &Call) -> Answer {
    let Some((resource, deed)) = deed(inner.contract(), call) else {
        return inner.answer(call);
    };
    let name = format!("spelling {}", id_text(resource, call).to_ascii_lowercase());
    if deed == Deed::Authorize {
        inner.remember(name.clone(), Value::text(id_text(resource, call)));
    }
    let other = inner
        .recall(&name)
        .is_some_and(|spelling| spelling.as_text() != Some(id_text(resource, call)));
    altered(inner, call, SHOWING, &mut |resource, fields| {
        if let (true, Some(grants)) = (other, &resource.grants) {
            replace(fields, &grants.list, Value::List(Vec::new()));
        }
    })
}

/// ARNs whose identifier is what `with` makes of the stored and the given spelling; calls by such an ARN still arrive.
fn arn_as(inner: &Inner<'_>, call: &Call, on: &[Deed], with: &dyn Fn(&str, &str) -> String) -> Answer {
    note(inner, call);
    let mut call = call.clone();
    if let Some((tagging, TagDeed::Add | TagDeed::List | TagDeed::Remove)) = tag_deed(inner.contract(), &call) {
        let lower = arn(tagging, &call).map(str::to_ascii_lowercase);
        let member = tagging.resource_member.clone();
        if let Some(lower) = lower {
            call.input.set(&member, Value::Text(lower));
        }
    }
    shown(inner, &call, on, Site::Arn, &|arn| match arn.rsplit_once(':') {
        Some((head, id)) => {
            let given = created_case(inner, &call, id).unwrap_or_else(|| id.to_owned());
            format!("{head}:{}", with(id, &given))
        }
        None => arn.to_owned(),
    })
}

fn tags_folded(inner: &Inner<'_>, call: &Call, site: Site) -> Answer {
    let mut answer = inner.answer(call);
    rewrite(inner.contract(), &call.operation, &mut answer, site, &str::to_lowercase);
    answer
}
