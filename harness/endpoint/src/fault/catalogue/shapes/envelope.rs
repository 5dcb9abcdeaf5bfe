//! What is around the output of an acceptance: wrappers, namespaces, metadata, escaping.

use parallax_contract::Call;
use parallax_wire::HttpAnswer;

use crate::fault::xml::{self, edit, header, is_refusal};
use crate::fault::{Alteration, Change, Class};

const ENVELOPE: &str = "the query protocol: the elements around a result";
const RECORDED: &str = "recorded: the form of a success on the wire";
const XML: &str = "XML: an answer is a document of it";
const ECHO: &str = "the law of echo: what was accepted comes back unchanged";

const fn fault(name: &'static str, summary: &'static str, grounds: &'static str, change: Change) -> Alteration {
    Alteration::new(Class::Shapes, name, summary, grounds, change)
}

pub(super) const FAULTS: &[Alteration] = &[
    // Wrappers.
    fault(
        "result-without-wrapper",
        "members stand in the response element itself",
        ENVELOPE,
        Change::Form(|contract| {
            contract
                .operations
                .values_mut()
                .for_each(|operation| operation.result_wrapper = None);
        }),
    ),
    fault(
        "result-in-other-wrapper",
        "the element around a result is called `Result`, whatever the operation",
        ENVELOPE,
        Change::Form(|contract| wrapped(contract, &|_| "Result".to_owned())),
    ),
    fault(
        "result-called-response",
        "the element around a result is called as the one around that",
        ENVELOPE,
        Change::Form(|contract| wrapped(contract, &|name| format!("{name}Response"))),
    ),
    fault(
        "response-called-result",
        "the outermost element is called as the one within",
        ENVELOPE,
        Change::Bytes(|call, answer| {
            accepted(answer, |answer| {
                root(call, answer, &format!("{}Result", call.operation));
            });
        }),
    ),
    fault(
        "response-of-another-operation",
        "the outermost element is the same for every operation",
        ENVELOPE,
        Change::Bytes(|call, answer| accepted(answer, |answer| root(call, answer, "Response"))),
    ),
    // Namespace and metadata.
    fault(
        "namespace-missing",
        "successes are in no namespace",
        RECORDED,
        Change::Bytes(|_, answer| accepted(answer, |answer| edit(answer, without_namespace))),
    ),
    fault(
        "namespace-of-another-version",
        "successes are in the namespace of another API version",
        RECORDED,
        Change::Form(|contract| contract.service.xml_namespace = contract.service.xml_namespace.replace("20", "19")),
    ),
    fault(
        "metadata-missing",
        "successes carry no metadata",
        RECORDED,
        Change::Bytes(|_, answer| {
            accepted(answer, |answer| {
                edit(answer, |body| xml::without(body, "ResponseMetadata"));
            });
        }),
    ),
    fault(
        "request-id-missing",
        "the metadata carry no request id",
        RECORDED,
        Change::Bytes(|_, answer| accepted(answer, |answer| edit(answer, |body| xml::without(body, "RequestId")))),
    ),
    fault(
        "request-ids-differ",
        "the request id of the header is not that of the body",
        "recorded: the request id of the header is that of the body",
        Change::Bytes(|_, answer| header(answer, "x-amzn-requestid", "00000000-0000-4000-8000-000000000000")),
    ),
    // Status and content type.
    fault(
        "success-with-status-201",
        "creations have the status of a creation",
        "recorded: a success has status 200",
        Change::Bytes(|_, answer| accepted(answer, |answer| answer.status = 201)),
    ),
    fault(
        "success-with-status-404",
        "successes have the status of an absent page",
        "recorded: a success has status 200",
        Change::Bytes(|_, answer| accepted(answer, |answer| answer.status = 404)),
    ),
    fault(
        "success-called-json",
        "successes are XML and call themselves JSON",
        "recorded: the content type of every answer is text/xml",
        Change::Bytes(|_, answer| accepted(answer, |answer| header(answer, "content-type", "application/json"))),
    ),
    fault(
        "success-in-json",
        "successes are JSON",
        RECORDED,
        Change::Bytes(|_, answer| {
            accepted(answer, |answer| {
                header(answer, "content-type", "application/json");
                answer.body = b"{}".to_vec();
            });
        }),
    ),
    // Escaping.
    fault(
        "texts-escaped-twice",
        "texts are escaped twice",
        ECHO,
        Change::Bytes(|_, answer| accepted(answer, |answer| xml::texts(answer, &|text| text.replace('&', "&amp;")))),
    ),
    fault(
        "texts-not-escaped",
        "texts are not escaped",
        XML,
        Change::Bytes(|_, answer| accepted(answer, |answer| xml::texts(answer, &xml::plain))),
    ),
    fault(
        "ampersands-not-escaped",
        "of the characters that XML escapes, the ampersand is not",
        XML,
        Change::Bytes(|_, answer| accepted(answer, |answer| xml::texts(answer, &|text| text.replace("&amp;", "&")))),
    ),
    fault(
        "escaped-text-in-cdata",
        "escaped texts stand in CDATA sections",
        ECHO,
        Change::Bytes(|_, answer| {
            accepted(answer, |answer| {
                xml::texts(answer, &|text| match text.contains('&') {
                    true => format!("<![CDATA[{text}]]>"),
                    false => text.to_owned(),
                });
            });
        }),
    ),
    fault(
        "texts-with-white-space-around",
        "texts stand on lines of their own",
        ECHO,
        Change::Bytes(|_, answer| accepted(answer, |answer| xml::texts(answer, &|text| format!("\n{text}\n")))),
    ),
    fault(
        "carriage-returns-not-escaped",
        "carriage returns are written as they are, so that a reader loses them",
        ECHO,
        Change::Bytes(|_, answer| accepted(answer, |answer| edit(answer, |body| body.replace("&#xD;", "\r")))),
    ),
    // No document.
    fault(
        "last-tag-missing",
        "the outermost element is not closed",
        XML,
        Change::Bytes(|call, answer| {
            edit(answer, |body| {
                body.replace(&format!("</{}Response>", call.operation), "")
            });
        }),
    ),
    fault(
        "body-twice",
        "every answer is written twice",
        XML,
        Change::Bytes(|_, answer| edit(answer, |body| body.repeat(2))),
    ),
    fault(
        "no-utf-8",
        "texts beyond ASCII are written in Latin-1",
        "the query protocol: answers are UTF-8",
        Change::Bytes(|_, answer| latin_1(answer)),
    ),
    fault(
        "success-without-body",
        "successes have no body",
        XML,
        Change::Bytes(|_, answer| accepted(answer, |answer| answer.body.clear())),
    ),
    fault(
        "log-line-before-body",
        "a line of a log stands before every answer",
        XML,
        Change::Bytes(|_, answer| edit(answer, |body| format!("INFO request served\n{body}"))),
    ),
];

fn accepted(answer: &mut HttpAnswer, with: impl FnOnce(&mut HttpAnswer)) {
    if !is_refusal(answer) {
        with(answer);
    }
}

fn wrapped(contract: &mut parallax_contract::Contract, with: &dyn Fn(&str) -> String) {
    for (name, operation) in &mut contract.operations {
        if let Some(wrapper) = &mut operation.result_wrapper {
            *wrapper = with(name);
        }
    }
}

/// Another name for the outermost element.
fn root(call: &Call, answer: &mut HttpAnswer, name: &str) {
    let own = format!("{}Response", call.operation);
    edit(answer, |body| {
        body.replace(&format!("<{own} "), &format!("<{name} "))
            .replace(&format!("</{own}>"), &format!("</{name}>"))
    });
}

fn without_namespace(body: &str) -> String {
    match body
        .split_once(" xmlns=\"")
        .and_then(|(before, after)| Some((before, after.split_once('"')?.1)))
    {
        Some((before, after)) => format!("{before}{after}"),
        None => body.to_owned(),
    }
}

fn latin_1(answer: &mut HttpAnswer) {
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    answer.body = body
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
        .collect();
}
