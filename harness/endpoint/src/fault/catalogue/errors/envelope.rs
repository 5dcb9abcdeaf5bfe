//! What is around the code of a refusal: status, blame, envelope, content type.

use parallax_contract::Fault;
use parallax_wire::HttpAnswer;

use super::{fault, is};
use crate::fault::answers::recoded;
use crate::fault::deeds::{Deed, deed};
use crate::fault::xml::{self, edit, header, is_refusal};
use crate::fault::{Alteration, Change};

const CODE: &str = "model: the error's code on the wire";
const STATUS: &str = "model: the error's HTTP status";
const BLAME: &str = "model: the error's fault side";
const ENVELOPE: &str = "recorded: the form of a refusal on the wire";

pub(super) const FAULTS: &[Alteration] = &[
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
