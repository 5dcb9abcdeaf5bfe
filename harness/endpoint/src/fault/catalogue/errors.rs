//! What a refusal looks like.

use parallax_contract::{Answer, Call, Contract, Fault, Refused, Resource};
use parallax_wire::HttpAnswer;

use crate::fault::answers::recoded;
use crate::fault::deeds::{Deed, TagDeed, deed, tag_deed};
use crate::fault::xml::{self, edit, header, is_refusal};
use crate::fault::{Alteration, Change, Class, Inner};

const CODE: &str = "model: the error's code on the wire";
const STATUS: &str = "model: the error's HTTP status";
const BLAME: &str = "model: the error's fault side";
const COMMON: &str = "common errors: the code of a request that no operation can take";
const ENVELOPE: &str = "recorded: the form of a refusal on the wire";

const fn fault(name: &'static str, summary: &'static str, grounds: &'static str, change: Change) -> Alteration {
    Alteration::new(Class::Errors, name, summary, grounds, change)
}

pub(super) const FAULTS: &[Alteration] = &[
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
    // Status.
    fault(
        "refusals-with-status-200",
        "refusals have the status of a success",
        STATUS,
        Change::Bytes(|_, answer| refusals(answer, |answer| answer.status = 200)),
    ),
    fault(
        "refusals-with-status-500",
        "refusals have the status of a failure of the service",
        STATUS,
        Change::Bytes(|_, answer| refusals(answer, |answer| answer.status = 500)),
    ),
    fault(
        "absent-with-status-400",
        "what does not exist is refused with status 400",
        STATUS,
        Change::Bytes(|_, answer| refusals(answer, |answer| answer.status = answer.status.min(400))),
    ),
    fault(
        "duplicate-with-status-409",
        "what exists already is refused with status 409",
        STATUS,
        Change::Serve(|inner, call| {
            recoded(inner, call, &|contract, refused| {
                if let Some((resource, Deed::Create)) = deed(contract, call)
                    && is(contract, refused, resource.lifecycle.already_exists.as_ref())
                {
                    refused.status = 409;
                }
            })
        }),
    ),
    fault(
        "invalid-value-with-status-422",
        "a value that breaks a rule is refused with status 422",
        STATUS,
        Change::Serve(|inner, call| {
            recoded(inner, call, &|_, refused| {
                if refused.code == "InvalidParameterValue" {
                    refused.status = 422;
                }
            })
        }),
    ),
    fault(
        "unknown-action-with-status-404",
        "an unknown action is refused with status 404",
        "common errors: InvalidAction has status 400",
        Change::Serve(|inner, call| {
            recoded(inner, call, &|_, refused| {
                if refused.code == "InvalidAction" {
                    refused.status = 404;
                }
            })
        }),
    ),
    // Fault side.
    fault(
        "service-blamed",
        "refusals blame the service",
        BLAME,
        Change::Serve(|inner, call| recoded(inner, call, &|_, refused| refused.fault = Fault::Receiver)),
    ),
    fault(
        "service-blamed-for-absent",
        "what does not exist is the service's fault",
        BLAME,
        Change::Serve(|inner, call| {
            recoded(inner, call, &|_, refused| {
                if refused.status == 404 {
                    refused.fault = Fault::Receiver;
                }
            })
        }),
    ),
    fault(
        "blame-missing",
        "refusals blame nobody",
        ENVELOPE,
        Change::Bytes(|_, answer| refusals(answer, |answer| edit(answer, |body| xml::without(body, "Type")))),
    ),
    fault(
        "blame-in-other-words",
        "refusals blame the client, by another word",
        ENVELOPE,
        Change::Bytes(|_, answer| {
            refusals(answer, |answer| {
                edit(answer, |body| body.replace(">Sender<", ">Client<"));
            });
        }),
    ),
    fault(
        "blame-in-lower-case",
        "refusals blame the sender in lower case",
        ENVELOPE,
        Change::Bytes(|_, answer| {
            refusals(answer, |answer| {
                edit(answer, |body| body.replace(">Sender<", ">sender<"));
            });
        }),
    ),
    // Envelope.
    fault(
        "refusal-without-error-element",
        "code and message stand in the envelope itself",
        ENVELOPE,
        Change::Bytes(|_, answer| {
            refusals(answer, |answer| {
                edit(answer, |body| body.replace("<Error>", "").replace("</Error>", ""));
            });
        }),
    ),
    fault(
        "refusal-as-in-ec2",
        "refusals have the envelope of another query protocol",
        ENVELOPE,
        Change::Bytes(|_, answer| refusals(answer, as_in_ec2)),
    ),
    fault(
        "refusal-without-envelope",
        "the error element stands alone",
        ENVELOPE,
        Change::Bytes(|_, answer| refusals(answer, |answer| edit(answer, alone))),
    ),
    fault(
        "refusal-in-response-element",
        "refusals stand in the element of a success",
        ENVELOPE,
        Change::Bytes(|call, answer| {
            refusals(answer, |answer| {
                let name = format!("{}Response", call.operation);
                edit(answer, |body| body.replace("ErrorResponse", &name));
            });
        }),
    ),
    fault(
        "refusal-in-json",
        "refusals are JSON",
        ENVELOPE,
        Change::Bytes(|_, answer| {
            refusals(answer, |answer| {
                header(answer, "content-type", "application/x-amz-json-1.1");
                edit(answer, |body| {
                    format!("{{\"__type\":\"{}\",\"message\":\"no\"}}", text_of(body, "Code"))
                });
            });
        }),
    ),
    fault(
        "refusal-in-html",
        "refusals are a page for a browser",
        ENVELOPE,
        Change::Bytes(|_, answer| {
            refusals(answer, |answer| {
                header(answer, "content-type", "text/html");
                answer.body = b"<!doctype html>\n<title>400 Bad Request</title>\n".to_vec();
            });
        }),
    ),
    fault(
        "refusal-without-body",
        "refusals have no body",
        ENVELOPE,
        Change::Bytes(|_, answer| refusals(answer, |answer| answer.body.clear())),
    ),
    fault(
        "refusal-without-request-id",
        "refusals carry no request id",
        ENVELOPE,
        Change::Bytes(|_, answer| refusals(answer, |answer| edit(answer, |body| xml::without(body, "RequestId")))),
    ),
    fault(
        "refusal-without-code",
        "refusals carry no code",
        ENVELOPE,
        Change::Bytes(|_, answer| refusals(answer, |answer| edit(answer, |body| xml::without(body, "Code")))),
    ),
    fault(
        "refusal-with-code-as-message",
        "code and message change places",
        CODE,
        Change::Serve(|inner, call| {
            recoded(inner, call, &|_, refused| {
                std::mem::swap(&mut refused.code, &mut refused.message);
            })
        }),
    ),
    fault(
        "refusal-in-other-namespace",
        "refusals are in a namespace that is not the service's",
        ENVELOPE,
        Change::Bytes(|_, answer| {
            refusals(answer, |answer| {
                edit(answer, |body| body.replacen("/doc/", "/other/", 1));
            });
        }),
    ),
    // Content type.
    fault(
        "refusal-called-json",
        "refusals are XML and call themselves JSON",
        "recorded: the content type of every answer is text/xml",
        Change::Bytes(|_, answer| refusals(answer, |answer| header(answer, "content-type", "application/json"))),
    ),
    fault(
        "refusal-called-html",
        "refusals are XML and call themselves a page",
        "recorded: the content type of every answer is text/xml",
        Change::Bytes(|_, answer| {
            refusals(answer, |answer| {
                header(answer, "content-type", "text/html; charset=utf-8");
            });
        }),
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

fn refusals(answer: &mut HttpAnswer, with: impl FnOnce(&mut HttpAnswer)) {
    if is_refusal(answer) {
        with(answer);
    }
}

/// The text of the first element of this name.
fn text_of(body: &str, name: &str) -> String {
    let after = body.split_once(&format!("<{name}>")).map_or("", |(_, after)| after);
    after.split('<').next().unwrap_or_default().to_owned()
}

fn as_in_ec2(answer: &mut HttpAnswer) {
    edit(answer, |body| {
        let (code, message, id) = (
            text_of(body, "Code"),
            text_of(body, "Message"),
            text_of(body, "RequestId"),
        );
        format!(
            "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>\
             <RequestID>{id}</RequestID></Response>"
        )
    });
}

/// The error element without what is around it.
fn alone(body: &str) -> String {
    let from = body.find("<Error>").unwrap_or(0);
    let to = body.find("</Error>").map_or(body.len(), |at| at + "</Error>".len());
    body.get(from..to).unwrap_or_default().to_owned()
}
