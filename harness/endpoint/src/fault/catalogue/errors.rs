//! What a refusal looks like.

mod envelope;

use parallax_contract::{Answer, Call, Contract, Refused, Resource};

use crate::fault::answers::recoded;
use crate::fault::deeds::{Deed, TagDeed, deed, tag_deed};
use crate::fault::{Alteration, Change, Class, Inner};

const CODE: &str = "model: the error's code on the wire";
const COMMON: &str = "common errors: the code of a request that no operation can take";

const fn fault(name: &'static str, summary: &'static str, grounds: &'static str, change: Change) -> Alteration {
    Alteration::new(Class::Errors, name, summary, grounds, change)
}

/// Everything of this kind: what is here, then what is around a code.
pub(super) fn all() -> Vec<Alteration> {
    [HERE, envelope::FAULTS].concat()
}

const HERE: &[Alteration] = &[
    // Code and suffix.
    fault(
        "code-with-fault-suffix",
        "every code ends in `Fault`",
        CODE,
        Change::Serve(|inner, call| recoded(inner, call, &|_, refused| append(&mut refused.code, "Fault"))),
    ),
    fault(
        "code-with-exception-suffix",
        "every code ends in `Exception`",
        CODE,
        Change::Serve(|inner, call| recoded(inner, call, &|_, refused| append(&mut refused.code, "Exception"))),
    ),
    fault(
        "code-without-fault-suffix",
        "no code ends in `Fault`",
        CODE,
        Change::Serve(|inner, call| {
            recoded(inner, call, &|_, refused| {
                if let Some(code) = refused.code.strip_suffix("Fault") {
                    refused.code = code.to_owned();
                }
            })
        }),
    ),
    fault(
        "code-is-shape-name",
        "the code is the name of the error's shape",
        CODE,
        Change::Serve(|inner, call| {
            recoded(inner, call, &|contract, refused| {
                let shape = contract.errors.iter().find(|(_, error)| error.code == refused.code);
                if let Some((name, _)) = shape {
                    refused.code.clone_from(name);
                }
            })
        }),
    ),
    fault(
        "code-in-lower-case",
        "every code begins with a lower-case letter",
        CODE,
        Change::Serve(|inner, call| {
            recoded(inner, call, &|_, refused| {
                let (first, rest) = refused.code.split_at_checked(1).unwrap_or_default();
                refused.code = first.to_lowercase() + rest;
            })
        }),
    ),
    fault(
        "code-with-prefix",
        "every code is preceded by the service's name",
        CODE,
        Change::Serve(|inner, call| {
            recoded(inner, call, &|contract, refused| {
                refused.code = format!("{}.{}", contract.service.name, refused.code);
            })
        }),
    ),
    fault(
        "invalid-value-called-validation-error",
        "a value that breaks a rule is called ValidationError",
        CODE,
        Change::Serve(|inner, call| instead(inner, call, "InvalidParameterValue", "ValidationError")),
    ),
    fault(
        "absent-called-invalid-value",
        "what does not exist is called an invalid value",
        CODE,
        Change::Serve(|inner, call| {
            renamed(
                inner,
                call,
                |resource| resource.lifecycle.not_found.as_ref(),
                "InvalidParameterValue",
            )
        }),
    ),
    fault(
        "absent-called-resource-not-found",
        "what does not exist is ResourceNotFound, whatever it is",
        CODE,
        Change::Serve(|inner, call| {
            renamed(
                inner,
                call,
                |resource| resource.lifecycle.not_found.as_ref(),
                "ResourceNotFound",
            )
        }),
    ),
    fault(
        "duplicate-called-invalid-value",
        "what exists already is called an invalid value",
        CODE,
        Change::Serve(|inner, call| {
            renamed(
                inner,
                call,
                |resource| resource.lifecycle.already_exists.as_ref(),
                "InvalidParameterValue",
            )
        }),
    ),
    fault(
        "duplicate-permission-called-duplicate-resource",
        "a permission that exists already is called a resource that does",
        CODE,
        Change::Serve(|inner, call| {
            recoded(inner, call, &|contract, refused| {
                if let Some((resource, Deed::Authorize)) = deed(contract, call) {
                    swap(
                        contract,
                        refused,
                        resource.grants.as_ref().and_then(|g| g.already_exists.as_ref()),
                        resource.lifecycle.already_exists.as_ref(),
                    );
                }
            })
        }),
    ),
    fault(
        "absent-permission-called-absent-resource",
        "a permission that does not exist is called a resource that does not",
        CODE,
        Change::Serve(|inner, call| {
            recoded(inner, call, &|contract, refused| {
                if let Some((resource, Deed::Revoke)) = deed(contract, call) {
                    swap(
                        contract,
                        refused,
                        resource.grants.as_ref().and_then(|g| g.not_found.as_ref()),
                        resource.lifecycle.not_found.as_ref(),
                    );
                }
            })
        }),
    ),
    fault(
        "absent-tag-called-invalid-value",
        "a tag that does not exist is called an invalid value",
        CODE,
        Change::Serve(|inner, call| {
            recoded(inner, call, &|contract, refused| {
                if let Some((tagging, TagDeed::Remove)) = tag_deed(contract, call) {
                    recode(contract, refused, tagging.not_found.as_ref(), "InvalidParameterValue");
                }
            })
        }),
    ),
    fault(
        "no-arn-called-invalid-value",
        "what is no ARN is called an invalid value",
        CODE,
        Change::Serve(|inner, call| {
            recoded(inner, call, &|contract, refused| {
                if let Some((tagging, _)) = tag_deed(contract, call) {
                    recode(contract, refused, tagging.invalid_arn.as_ref(), "InvalidParameterValue");
                }
            })
        }),
    ),
    fault(
        "tags-of-absent-called-no-arn",
        "tags of what does not exist are refused as if the ARN were none",
        CODE,
        Change::Serve(|inner, call| {
            recoded(inner, call, &|contract, refused| {
                if let Some((tagging, _)) = tag_deed(contract, call) {
                    for resource in contract.resources.values() {
                        swap(
                            contract,
                            refused,
                            resource.lifecycle.not_found.as_ref(),
                            tagging.invalid_arn.as_ref(),
                        );
                    }
                }
            })
        }),
    ),
    fault(
        "too-many-tags-called-invalid-value",
        "one tag too many is called an invalid value",
        CODE,
        Change::Serve(|inner, call| {
            recoded(inner, call, &|contract, refused| {
                let shape = contract
                    .tagging
                    .as_ref()
                    .and_then(|tagging| tagging.quota_exceeded.as_ref());
                recode(contract, refused, shape, "InvalidParameterValue");
            })
        }),
    ),
    fault(
        "unknown-action-called-unknown-operation",
        "an unknown action is refused as the JSON protocols refuse it",
        COMMON,
        Change::Serve(|inner, call| instead(inner, call, "InvalidAction", "UnknownOperationException")),
    ),
    fault(
        "missing-action-called-malformed",
        "a missing action is called malformed input",
        COMMON,
        Change::Serve(|inner, call| instead(inner, call, "MissingAction", "MalformedInput")),
    ),
];

fn append(code: &mut String, suffix: &str) {
    if !code.ends_with(suffix) {
        code.push_str(suffix);
    }
}

/// Another code for one code.
fn instead(inner: &Inner<'_>, call: &Call, from: &str, to: &str) -> Answer {
    recoded(inner, call, &|_, refused| {
        if refused.code == from {
            refused.code = to.to_owned();
        }
    })
}

/// Another code for an error of the resource that the call is about.
fn renamed(inner: &Inner<'_>, call: &Call, error: fn(&Resource) -> Option<&String>, to: &str) -> Answer {
    recoded(inner, call, &|contract, refused| {
        if let Some((resource, _)) = deed(contract, call) {
            recode(contract, refused, error(resource), to);
        }
    })
}

/// Whether this is the error of that shape.
fn is(contract: &Contract, refused: &Refused, shape: Option<&String>) -> bool {
    let error = shape.and_then(|shape| contract.errors.get(shape));
    error.is_some_and(|error| error.code == refused.code)
}

fn recode(contract: &Contract, refused: &mut Refused, from: Option<&String>, to: &str) {
    if is(contract, refused, from) {
        refused.code = to.to_owned();
        refused.status = 400;
    }
}

fn swap(contract: &Contract, refused: &mut Refused, from: Option<&String>, to: Option<&String>) {
    if is(contract, refused, from)
        && let Some(error) = to.and_then(|shape| contract.errors.get(shape))
    {
        refused.code.clone_from(&error.code);
        refused.status = error.status;
    }
}
