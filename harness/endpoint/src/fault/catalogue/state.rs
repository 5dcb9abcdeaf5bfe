//! What is kept from call to call.

mod deleted;
mod permissions;

use parallax_contract::{Answer, Call, Resource, Value};

use crate::fault::answers::{accepted, altered, first_resource, listed, not_found, nothing, replace, shown};
use crate::fault::deeds::{ANY, Deed, SHOWING, deed, doing, id, id_text, renamed};
use crate::fault::sites::{Fields, Site, field, list, resources};
use crate::fault::{Alteration, Change, Class, Inner};

const ADDRESS: &str = "the law of address: the identifier that created a resource addresses it from then on";
const ECHO: &str = "the law of echo: what was accepted comes back unchanged";
const DUPLICATE: &str = "model: the error of a resource that exists already";

const fn fault(name: &'static str, summary: &'static str, grounds: &'static str, change: Change) -> Alteration {
    Alteration::new(Class::State, name, summary, grounds, change)
}

/// Everything of this kind: what is here, then what was deleted, permissions.
pub(super) fn all() -> Vec<Alteration> {
    [HERE, deleted::FAULTS, permissions::FAULTS].concat()
}

const HERE: &[Alteration] = &[
    // Lost.
    fault(
        "created-not-kept",
        "what was created does not exist",
        ADDRESS,
        Change::Serve(|inner, call| {
            let answer = inner.answer(call);
            undo_creation(inner, call, &answer);
            answer
        }),
    ),
    fault(
        "created-not-described",
        "what was created is listed and not described",
        ADDRESS,
        Change::Serve(|inner, call| refused_as_absent(inner, call, Deed::Describe)),
    ),
    fault(
        "created-not-listed",
        "what was created is described and not listed",
        ADDRESS,
        Change::Serve(|inner, call| listed(inner, call, &[Deed::List], &mut Vec::clear)),
    ),
    fault(
        "created-not-deleted",
        "what was created cannot be deleted",
        ADDRESS,
        Change::Serve(|inner, call| refused_as_absent(inner, call, Deed::Delete)),
    ),
    fault(
        "newest-not-listed",
        "the newest resource is not listed",
        ADDRESS,
        Change::Serve(newest_not_listed),
    ),
    fault(
        "one-kept-only",
        "creating a resource loses the one before",
        ADDRESS,
        Change::Serve(one_kept),
    ),
    fault(
        "described-once",
        "a resource can be described once",
        ADDRESS,
        Change::Serve(described_once),
    ),
    fault(
        "first-description-fails",
        "a resource is not found by the first call that asks for it",
        ADDRESS,
        Change::Serve(first_fails),
    ),
    fault(
        "all-lost-on-refusal",
        "a refused call loses everything",
        ADDRESS,
        Change::Serve(|inner, call| {
            let answer = inner.answer(call);
            if !accepted(&answer) {
                inner.lose_all();
            }
            answer
        }),
    ),
    fault(
        "described-by-deleting",
        "describing a resource deletes it",
        ADDRESS,
        Change::Serve(|inner, call| {
            let answer = inner.answer(call);
            if let Some(resource) = doing(inner.contract(), call, &[Deed::Describe]) {
                deleted(inner, resource, id_text(resource, call));
            }
            answer
        }),
    ),
    // Stale and leaking.
    fault(
        "description-of-first-shown",
        "every resource shows the description of the first",
        ECHO,
        Change::Serve(|inner, call| leaking(inner, call, true)),
    ),
    fault(
        "description-of-last-shown",
        "every resource shows the description of the last",
        ECHO,
        Change::Serve(|inner, call| leaking(inner, call, false)),
    ),
    fault(
        "recreated-shows-old-description",
        "a recreated resource shows its first description",
        ECHO,
        Change::Serve(old_description),
    ),
    fault(
        "refused-duplicate-overwrites",
        "a refused duplicate changes the description",
        DUPLICATE,
        Change::Serve(duplicate_overwrites),
    ),
    fault(
        "description-grows",
        "every call that shows a description adds to it",
        ECHO,
        Change::Serve(grows),
    ),
    fault(
        "all-described-for-one",
        "describing one shows all",
        "the law of address: the identifier shows the resource",
        Change::Serve(all_for_one),
    ),
    fault(
        "another-described",
        "describing one shows the one that was created first",
        ADDRESS,
        Change::Serve(another),
    ),
    fault(
        "listing-cached",
        "a listing shows what an earlier one did",
        ADDRESS,
        Change::Serve(cached),
    ),
    fault(
        "listing-shows-twice",
        "a listing shows every resource twice",
        ADDRESS,
        Change::Serve(|inner, call| listed(inner, call, &[Deed::List], &mut |items| items.extend_from_within(..))),
    ),
    fault(
        "describe-shows-twice",
        "describing one shows it twice",
        ADDRESS,
        Change::Serve(|inner, call| {
            listed(inner, call, &[Deed::Describe], &mut |items| {
                items.extend_from_within(..);
            })
        }),
    ),
    fault(
        "owner-changes",
        "every answer names another owner",
        "the law of echo: what an earlier answer showed stays",
        Change::Serve(|inner, call| {
            let number = inner.count("owner") % 10;
            shown(inner, call, ANY, Site::Owner, &|account| {
                format!("{number}{}", account.get(1..).unwrap_or_default())
            })
        }),
    ),
    fault(
        "arn-of-another-owner",
        "the ARN holds another account than the owner",
        "the law of echo: one endpoint has one account",
        Change::Serve(|inner, call| {
            shown(inner, call, ANY, Site::Arn, &|arn| {
                arn.replace("123456789012", "210987654321")
            })
        }),
    ),
    fault(
        "arn-changes",
        "the ARN that describing shows is in another region than that of creation",
        "the law of echo: what an earlier answer showed stays",
        Change::Serve(|inner, call| {
            shown(inner, call, SHOWING, Site::Arn, &|arn| {
                arn.replace("us-east-1", "us-west-2")
            })
        }),
    ),
];

/// Deletes the resource of this identifier beneath.
fn deleted(inner: &Inner<'_>, resource: &Resource, id: &str) {
    if let Some(delete) = &resource.lifecycle.delete {
        inner.answer(&Call::new(
            delete,
            Value::map([(resource.identifier.input.clone(), Value::text(id))]),
        ));
    }
}

fn undo_creation(inner: &Inner<'_>, call: &Call, answer: &Answer) {
    if let Some(resource) = doing(inner.contract(), call, &[Deed::Create])
        && accepted(answer)
    {
        deleted(inner, resource, id_text(resource, call));
    }
}

fn refused_as_absent(inner: &Inner<'_>, call: &Call, on: Deed) -> Answer {
    let refusal = doing(inner.contract(), call, &[on]).and_then(|resource| not_found(inner.contract(), resource));
    refusal.unwrap_or_else(|| inner.answer(call))
}

/// The name under which something of the resource in this call is remembered.
fn about(what: &str, resource: &Resource, id: &str) -> String {
    format!("{what} of {} {}", resource.shape, id.to_lowercase())
}

fn newest_not_listed(inner: &Inner<'_>, call: &Call) -> Answer {
    if let Some(resource) = doing(inner.contract(), call, &[Deed::Create]) {
        inner.remember(
            format!("newest {}", resource.shape),
            Value::Text(id_text(resource, call).to_lowercase()),
        );
    }
    let newest = |resource: &Resource| inner.recall(&format!("newest {}", resource.shape));
    let output = |inner: &Inner<'_>| {
        let resource = doing(inner.contract(), call, &[Deed::List])?;
        Some((newest(resource)?, resource.identifier.output.clone()))
    };
    let Some((newest, member)) = output(inner) else {
        return inner.answer(call);
    };
    listed(inner, call, &[Deed::List], &mut |items| {
        items.retain(|item| item.get(&member) != Some(&newest));
    })
}

fn one_kept(inner: &Inner<'_>, call: &Call) -> Answer {
    let answer = inner.answer(call);
    if let Some(resource) = doing(inner.contract(), call, &[Deed::Create])
        && accepted(&answer)
        && let Some(last) = inner.remember(format!("kept {}", resource.shape), Value::text(id_text(resource, call)))
    {
        deleted(inner, resource, last.as_text().unwrap_or_default());
    }
    answer
}

fn described_once(inner: &Inner<'_>, call: &Call) -> Answer {
    match doing(inner.contract(), call, &[Deed::Describe]) {
        Some(resource) if inner.count(about("describing", resource, id_text(resource, call))) > 1 => {
            not_found(inner.contract(), resource).unwrap_or_else(nothing)
        }
        _ => inner.answer(call),
    }
}

fn first_fails(inner: &Inner<'_>, call: &Call) -> Answer {
    let after = [Deed::Describe, Deed::Delete, Deed::Authorize];
    match doing(inner.contract(), call, &after) {
        Some(resource) if inner.count(about("asking", resource, id_text(resource, call))) == 1 => {
            not_found(inner.contract(), resource).unwrap_or_else(nothing)
        }
        _ => inner.answer(call),
    }
}

/// Shows one description for all of a kind: that of the first creation or of the last.
fn leaking(inner: &Inner<'_>, call: &Call, first: bool) -> Answer {
    if let Some((resource, text)) = given_description(inner, call) {
        let name = format!("description of all {}", resource.shape);
        if !first || inner.recall(&name).is_none() {
            inner.remember(name, text);
        }
    }
    altered(inner, call, SHOWING, &mut |resource, fields| {
        let kept = inner.recall(&format!("description of all {}", resource.shape));
        if let (Some(echo), Some(kept)) = (&resource.description, kept) {
            replace(fields, &echo.output, kept);
        }
    })
}

/// The description that a creation gives.
fn given_description<'c>(inner: &'c Inner<'_>, call: &Call) -> Option<(&'c Resource, Value)> {
    let resource = doing(inner.contract(), call, &[Deed::Create])?;
    let text = call.input.get(&resource.description.as_ref()?.input)?;
    Some((resource, text.clone()))
}

fn old_description(inner: &Inner<'_>, call: &Call) -> Answer {
    if let Some((resource, text)) = given_description(inner, call) {
        let name = about("first description", resource, id_text(resource, call));
        if inner.recall(&name).is_none() {
            inner.remember(name, text);
        }
    }
    altered(inner, call, SHOWING, &mut |resource, fields| {
        let id = shown_id(resource, fields);
        let kept = inner.recall(&about("first description", resource, &id));
        if let (Some(echo), Some(kept)) = (&resource.description, kept) {
            replace(fields, &echo.output, kept);
        }
    })
}

fn shown_id(resource: &Resource, fields: &mut Fields) -> String {
    let id = field(fields, &resource.identifier.output).and_then(|value| value.as_text().map(str::to_owned));
    id.unwrap_or_default()
}

fn duplicate_overwrites(inner: &Inner<'_>, call: &Call) -> Answer {
    let answer = inner.answer(call);
    if let Some((resource, text)) = given_description(inner, call)
        && is_duplicate(inner, resource, &answer)
    {
        inner.remember(about("overwriting", resource, id_text(resource, call)), text);
    }
    let mut answer = answer;
    if doing(inner.contract(), call, SHOWING).is_some() {
        resources(
            inner.contract(),
            &call.operation,
            &mut answer,
            &mut |resource, fields| {
                let kept = inner.recall(&about("overwriting", resource, &shown_id(resource, fields)));
                if let (Some(echo), Some(kept)) = (&resource.description, kept) {
                    replace(fields, &echo.output, kept);
                }
            },
        );
    }
    answer
}

fn is_duplicate(inner: &Inner<'_>, resource: &Resource, answer: &Answer) -> bool {
    is_error(inner, resource.lifecycle.already_exists.as_ref(), answer)
}

fn is_error(inner: &Inner<'_>, shape: Option<&String>, answer: &Answer) -> bool {
    let error = shape.and_then(|shape| inner.contract().errors.get(shape));
    matches!((answer, error), (Answer::Refused(refused), Some(error)) if refused.code == error.code)
}

fn grows(inner: &Inner<'_>, call: &Call) -> Answer {
    let times = usize::try_from(inner.count("showing")).unwrap_or(0) % 7 + 1;
    shown(inner, call, SHOWING, Site::Description, &|text| {
        text.to_owned() + &".".repeat(times)
    })
}

fn all_for_one(inner: &Inner<'_>, call: &Call) -> Answer {
    let mut everything = call.clone();
    if let Some(resource) = doing(inner.contract(), call, &[Deed::Describe])
        && let Some((member, _)) = id(resource, call)
        && accepted(&inner.answer(call))
    {
        everything.input.remove(&member);
    }
    inner.answer(&everything)
}

/// Answers with what was created first; as before where that is gone.
fn another(inner: &Inner<'_>, call: &Call) -> Answer {
    let answer = inner.answer(call);
    let Some((resource, what)) = deed(inner.contract(), call) else {
        return answer;
    };
    let name = format!("first {}", resource.shape);
    match what {
        Deed::Create if accepted(&answer) => {
            let first = inner.recall(&name);
            let first = first.as_ref().and_then(Value::as_text).unwrap_or_default();
            if existing(inner, resource, first).is_none() {
                inner.remember(name, Value::text(id_text(resource, call)));
            }
            answer
        }
        Deed::Describe if accepted(&answer) => {
            let first = inner.recall(&name).unwrap_or(Value::Null);
            let other = inner.answer(&renamed(resource, call, &|id| first.as_text().unwrap_or(id).to_owned()));
            if accepted(&other) {
                return other;
            }
            // It is gone, under whatever spelling it was deleted.
            inner.forget(&name);
            answer
        }
        _ => answer,
    }
}

fn cached(inner: &Inner<'_>, call: &Call) -> Answer {
    let mut answer = inner.answer(call);
    if let Some(resource) = doing(inner.contract(), call, &[Deed::List])
        && call.input.fields().is_empty()
        && let Some(items) = resource
            .lifecycle
            .describe_list
            .as_ref()
            .and_then(|name| list(&mut answer, name))
    {
        let name = format!("cache {}", resource.shape);
        match inner.recall(&name) {
            Some(Value::List(kept)) => *items = kept,
            _ => drop(inner.remember(name, Value::List(items.clone()))),
        }
    }
    answer
}

/// Accepts a duplicate; where it replaces, the old one is deleted first.
fn duplicate(inner: &Inner<'_>, call: &Call, replaces: bool) -> Answer {
    let answer = inner.answer(call);
    let Some(resource) = doing(inner.contract(), call, &[Deed::Create]) else {
        return answer;
    };
    if !is_duplicate(inner, resource, &answer) {
        return answer;
    }
    if replaces {
        deleted(inner, resource, id_text(resource, call));
        return inner.answer(call);
    }
    match existing(inner, resource, id_text(resource, call)) {
        Some(fields) => at(&resource.lifecycle.create_path, fields),
        None => answer,
    }
}

/// The resource as describing it shows it.
fn existing(inner: &Inner<'_>, resource: &Resource, id: &str) -> Option<Fields> {
    let (describe, filter) = (
        resource.lifecycle.describe.as_ref()?,
        resource.lifecycle.describe_filter.as_ref()?,
    );
    let ask = Call::new(describe, Value::map([(filter.clone(), Value::text(id))]));
    first_resource(inner.contract(), &ask, &inner.answer(&ask))
}

/// A success that holds these members at a dotted path.
fn at(path: &str, fields: Fields) -> Answer {
    let names = path.rsplit('.').filter(|name| !name.is_empty());
    Answer::Success(names.fold(Value::Map(fields), |inner, name| Value::map([(name, inner)])))
}

/// Keeps what deletion ends, under the identifier.
fn keep_deleted(inner: &Inner<'_>, call: &Call) {
    if let Some(resource) = doing(inner.contract(), call, &[Deed::Delete])
        && let Some(fields) = existing(inner, resource, id_text(resource, call))
    {
        inner.remember(
            about("deleted", resource, id_text(resource, call)),
            Value::Map(fields.clone()),
        );
        inner.remember(format!("last deleted {}", resource.shape), Value::Map(fields));
    }
}

/// Changes the list of permissions that is shown.
fn permissions(inner: &Inner<'_>, call: &Call, on: &[Deed], with: &dyn Fn(&mut Vec<Value>)) -> Answer {
    altered(inner, call, on, &mut |resource, fields| {
        if let Some(grants) = &resource.grants
            && let Some(Value::List(items)) = field(fields, &grants.list)
        {
            with(items);
        }
    })
}
