//! What an acceptance looks like.

mod envelope;
mod scalars;

use parallax_contract::{Answer, Call, Contract, Resource, Shape, ShapeKind, Value};

use super::text::{capitalised, first_lower};
use crate::fault::answers::{altered, listed, nothing, shown};
use crate::fault::deeds::{ANY, Deed, SHOWING, TagDeed, deed, doing, tag_deed};
use crate::fault::sites::{Fields, Site, field, list, rewrite, structures};
use crate::fault::xml::edit;
use crate::fault::{Alteration, Change, Class, Inner};

const MODEL: &str = "model: the members of the shape and their names";
const LIST: &str = "model: how the list is encoded";
const ECHO: &str = "the law of echo: what was accepted comes back unchanged";

const fn fault(name: &'static str, summary: &'static str, grounds: &'static str, change: Change) -> Alteration {
    Alteration::new(Class::Shapes, name, summary, grounds, change)
}

/// Every fault of this class: of members, then of scalars, then of what is around them.
pub(super) fn all() -> Vec<Alteration> {
    [MEMBERS, scalars::FAULTS, envelope::FAULTS].concat()
}

const MEMBERS: &[Alteration] = &[
    // Missing.
    fault(
        "identifier-missing-on-create",
        "creation answers without the identifier",
        MODEL,
        Change::Serve(|inner, call| {
            dropped(inner, call, &[Deed::Create], &|resource| {
                Some(resource.identifier.output.clone())
            })
        }),
    ),
    fault(
        "identifier-missing-on-describe",
        "what is described has no identifier",
        MODEL,
        Change::Serve(|inner, call| {
            dropped(inner, call, SHOWING, &|resource| {
                Some(resource.identifier.output.clone())
            })
        }),
    ),
    fault(
        "description-missing-on-create",
        "creation answers without the description",
        ECHO,
        Change::Serve(|inner, call| dropped(inner, call, &[Deed::Create], &described)),
    ),
    fault(
        "description-missing-on-describe",
        "what is described has no description",
        ECHO,
        Change::Serve(|inner, call| dropped(inner, call, SHOWING, &described)),
    ),
    fault(
        "arn-missing-on-create",
        "creation answers without the ARN",
        "the service authorization reference: the resource has an ARN",
        Change::Serve(|inner, call| {
            dropped(inner, call, &[Deed::Create], &|resource| {
                Some(resource.arn.clone()?.member)
            })
        }),
    ),
    fault(
        "arn-missing-on-describe",
        "what is described has no ARN",
        "the service authorization reference: the resource has an ARN",
        Change::Serve(|inner, call| dropped(inner, call, SHOWING, &|resource| Some(resource.arn.clone()?.member))),
    ),
    fault(
        "owner-missing",
        "no answer tells the owner",
        "documentation: the samples show the owner's account",
        Change::Serve(|inner, call| dropped(inner, call, ANY, &|resource| resource.owner_member.clone())),
    ),
    fault(
        "permissions-missing",
        "no answer shows permissions",
        "model: the resource lists its permissions",
        Change::Serve(|inner, call| dropped(inner, call, ANY, &|resource| Some(resource.grants.clone()?.list))),
    ),
    fault(
        "permission-key-missing",
        "permissions are shown without the first member that identifies them",
        ECHO,
        Change::Serve(|inner, call| {
            of_permissions(inner, call, &|fields, keys| {
                fields.retain(|(name, _)| Some(name) != keys.first());
            })
        }),
    ),
    fault(
        "resource-missing-on-create",
        "creation answers with nothing",
        MODEL,
        Change::Serve(|inner, call| emptied(inner, call, &[Deed::Create])),
    ),
    fault(
        "resource-missing-on-authorize",
        "adding a permission answers with nothing",
        MODEL,
        Change::Serve(|inner, call| emptied(inner, call, &[Deed::Authorize])),
    ),
    fault(
        "list-missing-on-describe",
        "describing one answers without the list",
        "the law of address: the identifier shows the resource",
        Change::Serve(|inner, call| emptied(inner, call, &[Deed::Describe])),
    ),
    fault(
        "tag-list-missing",
        "operations on tags answer without the list",
        "model: the list of tags after the call",
        Change::Serve(
            |inner, call| match (tag_deed(inner.contract(), call), inner.answer(call)) {
                (Some(_), Answer::Success(_)) => nothing(),
                (_, answer) => answer,
            },
        ),
    ),
    // Renamed.
    fault(
        "members-in-camel-case",
        "members of resources begin with a lower-case letter",
        MODEL,
        Change::Form(|contract| renamed(contract, &first_lower)),
    ),
    fault(
        "members-in-snake-case",
        "members of resources are written with underscores",
        MODEL,
        Change::Form(|contract| renamed(contract, &snake)),
    ),
    fault(
        "initials-in-one-case",
        "initials in members' names have one capital letter: `Arn` for `ARN`",
        MODEL,
        Change::Form(|contract| {
            renamed(contract, &|name| match name.chars().all(|c| c.is_ascii_uppercase()) {
                true => capitalised(&name.to_lowercase()),
                false => name.to_owned(),
            });
        }),
    ),
    fault(
        "identifier-called-name",
        "the identifier of a resource is called `Id`",
        MODEL,
        Change::Form(|contract| {
            let ids: Vec<String> = contract
                .resources
                .values()
                .map(|resource| resource.identifier.output.clone())
                .collect();
            renamed(contract, &|name| {
                if ids.iter().any(|id| id == name) {
                    "Id".to_owned()
                } else {
                    name.to_owned()
                }
            });
        }),
    ),
    // Empty and null.
    fault(
        "empty-description-left-out",
        "an empty description is not shown",
        ECHO,
        Change::Serve(|inner, call| {
            altered(inner, call, ANY, &mut |resource, fields| {
                let member = described(resource);
                fields.retain(|(name, value)| Some(name) != member.as_ref() || value.as_text() != Some(""));
            })
        }),
    ),
    fault(
        "empty-text-shown-as-word",
        "an empty text is shown as the word None",
        ECHO,
        Change::Serve(|inner, call| shown(inner, call, ANY, Site::Description, &none_for_empty)),
    ),
    fault(
        "null-shown-as-word",
        "a tag's value that is null is shown as the word None",
        ECHO,
        Change::Serve(|inner, call| {
            let mut answer = inner.answer(call);
            rewrite(
                inner.contract(),
                &call.operation,
                &mut answer,
                Site::TagValue,
                &none_for_empty,
            );
            answer
        }),
    ),
    fault(
        "empty-list-with-an-empty-element",
        "an empty list of permissions has one empty element",
        "model: a list of no permissions",
        Change::Serve(|inner, call| {
            altered(inner, call, ANY, &mut |resource, fields| {
                let grants = resource.grants.as_ref().map(|grants| grants.list.clone());
                for (name, value) in fields {
                    if Some(&*name) == grants.as_ref() && value.is_empty() {
                        *value = Value::List(vec![Value::Map(Vec::new())]);
                    }
                }
            })
        }),
    ),
    // Extra.
    fault(
        "undeclared-member",
        "resources have a member that the model does not know",
        MODEL,
        Change::Serve(|inner, call| {
            altered(inner, call, ANY, &mut |_, fields| {
                fields.push(("InternalState".to_owned(), Value::text("ok")));
            })
        }),
    ),
    fault(
        "members-appear-twice",
        "members that hold a text appear twice",
        "model: a member that is no list",
        Change::Bytes(|_, answer| edit(answer, twice)),
    ),
    // Nesting and lists.
    fault(
        "resource-nested-twice",
        "creation answers with the resource inside itself",
        MODEL,
        Change::Serve(|inner, call| {
            altered(inner, call, &[Deed::Create], &mut |resource, fields| {
                let own = std::mem::take(fields);
                fields.push((resource.shape.clone(), Value::Map(own)));
            })
        }),
    ),
    fault(
        "list-elements-called-member",
        "elements of lists are called `member`, whatever the model says",
        LIST,
        Change::Form(|contract| each_list(contract, &|_, location, _| *location = None)),
    ),
    fault(
        "list-elements-called-item",
        "elements of lists are called `item`",
        LIST,
        Change::Form(|contract| each_list(contract, &|_, location, _| *location = Some("item".to_owned()))),
    ),
    fault(
        "list-elements-called-as-their-shape",
        "elements of lists have the name of their shape",
        LIST,
        Change::Form(|contract| {
            each_list(contract, &|member, location, _| {
                *location = Some(member.to_owned() + "Type");
            });
        }),
    ),
    fault(
        "lists-flattened",
        "lists stand without an element around them",
        LIST,
        Change::Form(|contract| each_list(contract, &|_, _, flattened| *flattened = true)),
    ),
    fault(
        "lists-wrapped-twice",
        "what is described stands in a list within the list",
        LIST,
        Change::Serve(|inner, call| {
            listed(inner, call, SHOWING, &mut |items| {
                let all = std::mem::take(items);
                items.push(Value::map([("Items", Value::List(all))]));
            })
        }),
    ),
    fault(
        "one-described-without-a-list",
        "what is described stands in the answer itself",
        LIST,
        Change::Serve(|inner, call| {
            let mut answer = inner.answer(call);
            if let Some((resource, Deed::Describe)) = deed(inner.contract(), call)
                && let Some(name) = &resource.lifecycle.describe_list
                && let Some([Value::Map(fields)]) = list(&mut answer, name).map(|items| items.as_slice())
            {
                return Answer::Success(Value::Map(fields.clone()));
            }
            answer
        }),
    ),
    fault(
        "tags-as-a-map",
        "tags are listed as members named by their keys",
        LIST,
        Change::Serve(|inner, call| {
            let mut answer = inner.answer(call);
            if let Some((tagging, TagDeed::Add | TagDeed::List)) = tag_deed(inner.contract(), call)
                && let Some(items) = list(&mut answer, &tagging.output_member)
            {
                for item in items {
                    if let (Some(Value::Text(key)), Some(value)) = (item.get(&tagging.key), item.get(&tagging.value)) {
                        *item = Value::map([(key.clone(), value.clone())]);
                    }
                }
            }
            answer
        }),
    ),
];

fn described(resource: &Resource) -> Option<String> {
    Some(resource.description.clone()?.output)
}

fn none_for_empty(text: &str) -> String {
    if text.is_empty() {
        "None".to_owned()
    } else {
        text.to_owned()
    }
}

/// Leaves a member out of every resource that is shown.
fn dropped(inner: &Inner<'_>, call: &Call, on: &[Deed], which: &dyn Fn(&Resource) -> Option<String>) -> Answer {
    altered(inner, call, on, &mut |resource, fields| {
        let member = which(resource);
        fields.retain(|(name, _)| Some(name) != member.as_ref());
    })
}

/// Accepts without saying anything.
fn emptied(inner: &Inner<'_>, call: &Call, on: &[Deed]) -> Answer {
    let answer = inner.answer(call);
    let about = doing(inner.contract(), call, on).is_some();
    match answer {
        Answer::Success(_) if about => nothing(),
        answer => answer,
    }
}

/// Changes every permission that is shown; `with` gets the members that identify it, too.
fn of_permissions(inner: &Inner<'_>, call: &Call, with: &dyn Fn(&mut Fields, &[String])) -> Answer {
    altered(inner, call, ANY, &mut |resource, fields| {
        let Some(grants) = &resource.grants else { return };
        if let Some(Value::List(items)) = field(fields, &grants.list) {
            for item in items {
                if let Value::Map(fields) = item {
                    with(fields, &grants.keys);
                }
            }
        }
    })
}

/// Gives the members of every resource's shape other names on the wire.
fn renamed(contract: &mut Contract, with: &dyn Fn(&str) -> String) {
    let shapes: Vec<String> = contract
        .resources
        .values()
        .map(|resource| resource.shape.clone())
        .collect();
    for name in shapes {
        if let Some(ShapeKind::Structure { members }) = contract.shapes.get_mut(&name).map(|shape| &mut shape.kind) {
            for member in members {
                member.location_name = Some(with(&member.name));
            }
        }
    }
}

fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 8);
    let mut after_small = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && after_small {
            out.push('_');
        }
        after_small = c.is_ascii_lowercase();
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// Changes how every list of an answer is encoded: its element's shape and name, and whether it is flattened.
fn each_list(contract: &mut Contract, with: &dyn Fn(&str, &mut Option<String>, &mut bool)) {
    for shape in contract.shapes.values_mut() {
        if let Shape {
            kind:
                ShapeKind::List {
                    member,
                    location_name,
                    flattened,
                },
            ..
        } = shape
        {
            with(member, location_name, flattened);
        }
    }
}

/// Every line that is a whole element is repeated.
fn twice(body: &str) -> String {
    let whole =
        |line: &&str| line.trim_start().starts_with('<') && line.contains("</") && !line.trim_start().starts_with("</");
    let lines = body.split_inclusive('\n');
    lines
        .flat_map(|line| [Some(line), Some(line).filter(whole)])
        .flatten()
        .collect()
}

/// Adds every declared member of this kind that a resource lacks.
fn with_declared(inner: &Inner<'_>, call: &Call, value: &dyn Fn(&ShapeKind) -> Option<Value>) -> Answer {
    let contract = inner.contract();
    let mut answer = inner.answer(call);
    structures(contract, &call.operation, &mut answer, &mut |shape, fields| {
        if !contract.resources.values().any(|resource| resource.shape == shape) {
            return;
        }
        for member in contract.shape(shape).map_or(&[][..], Shape::members) {
            let kind = contract.shape(&member.shape).map(|shape| &shape.kind);
            let absent = !fields.iter().any(|(name, _)| *name == member.name);
            if let (true, Some(value)) = (absent, kind.and_then(value)) {
                fields.push((member.name.clone(), value));
            }
        }
    });
    answer
}
