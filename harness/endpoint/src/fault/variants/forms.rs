//! Other forms of the same answer.

use std::time::Duration;

use parallax_contract::ShapeKind;

use super::variant;
use crate::fault::answers::recoded;
use crate::fault::xml::{self, Run, edit, header, rewrite};
use crate::fault::{Alteration, Change, Delivery};

const XML: &str = "XML: another way to write the same document";
const HTTP: &str = "HTTP: another way to send the same answer";
const WORDING: &str = "no source fixes the wording";
const ID: &str = "no source fixes the form of a request id, nor all names of its header field";

pub(super) const VARIANTS: &[Alteration] = &[
    // XML.
    variant(
        "members-in-other-order",
        "members stand in the reverse order",
        "the query protocol: members are found by their names",
        Change::Form(|contract| {
            for shape in contract.shapes.values_mut() {
                if let ShapeKind::Structure { members } = &mut shape.kind {
                    members.reverse();
                }
            }
        }),
    ),
    variant(
        "compact",
        "no white space stands between elements",
        XML,
        Change::Bytes(|_, answer| xml::gaps(answer, &|_| String::new())),
    ),
    variant(
        "spacious",
        "elements are parted by tabs and empty lines",
        XML,
        Change::Bytes(|_, answer| xml::gaps(answer, &|gap| format!("\r\n\n\t{gap}\t"))),
    ),
    variant(
        "prefixed",
        "the namespace has a prefix",
        XML,
        Change::Bytes(|_, answer| {
            xml::tags(answer, &|tag| prefixed(tag));
        }),
    ),
    variant(
        "entities-in-decimal",
        "characters that XML escapes are written by their numbers",
        XML,
        Change::Bytes(|_, answer| {
            xml::texts(answer, &|text| numbered(text, &|c| format!("&#{};", u32::from(c))));
        }),
    ),
    variant(
        "entities-in-hexadecimal",
        "characters that XML escapes are written by their numbers to the base 16",
        XML,
        Change::Bytes(|_, answer| {
            xml::texts(answer, &|text| numbered(text, &|c| format!("&#x{:x};", u32::from(c))));
        }),
    ),
    variant(
        "beyond-ascii-as-entities",
        "characters beyond ASCII are written by their numbers",
        XML,
        Change::Bytes(|_, answer| {
            xml::texts(answer, &|text| {
                text.chars()
                    .map(|c| {
                        if c.is_ascii() {
                            c.to_string()
                        } else {
                            format!("&#{};", u32::from(c))
                        }
                    })
                    .collect()
            });
        }),
    ),
    variant(
        "apostrophes-escaped",
        "apostrophes are escaped",
        XML,
        Change::Bytes(|_, answer| xml::texts(answer, &|text| text.replace('\'', "&apos;"))),
    ),
    variant(
        "quotation-marks-not-escaped",
        "quotation marks are not escaped",
        XML,
        Change::Bytes(|_, answer| xml::texts(answer, &|text| text.replace("&quot;", "\""))),
    ),
    variant(
        "texts-in-cdata",
        "texts with characters that XML escapes stand in CDATA sections",
        XML,
        Change::Bytes(|_, answer| {
            xml::texts(answer, &in_cdata);
        }),
    ),
    variant(
        "empty-elements-in-two-tags",
        "empty elements have a start and an end",
        XML,
        Change::Bytes(|_, answer| {
            xml::tags(answer, &|tag| match tag.strip_suffix("/>") {
                Some(start) => format!(
                    "{start}></{}>",
                    start.trim_start_matches('<').split(' ').next().unwrap_or_default()
                ),
                None => tag.to_owned(),
            });
        }),
    ),
    variant(
        "empty-elements-with-space",
        "empty elements have a space before the slash",
        XML,
        Change::Bytes(|_, answer| {
            xml::tags(answer, &|tag| {
                tag.strip_suffix("/>")
                    .map_or_else(|| tag.to_owned(), |start| format!("{start} />"))
            });
        }),
    ),
    variant(
        "declared",
        "an XML declaration precedes the document",
        XML,
        Change::Bytes(|_, answer| {
            edit(answer, |body| {
                format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}")
            });
        }),
    ),
    variant(
        "declared-in-one-quote",
        "an XML declaration in apostrophes precedes the document",
        XML,
        Change::Bytes(|_, answer| {
            edit(answer, |body| {
                format!("<?xml version='1.0' encoding='utf-8' standalone='yes'?>{body}")
            });
        }),
    ),
    variant(
        "commented",
        "comments stand between elements",
        XML,
        Change::Bytes(|_, answer| {
            rewrite(answer, &mut |run, out| match run {
                Run::Gap(text) => {
                    out.push_str(text);
                    out.push_str("<!-- a < comment -->");
                }
                Run::Tag(text) | Run::Text(text) => out.push_str(text),
            });
        }),
    ),
    variant(
        "attributed",
        "the outermost element has one more attribute",
        XML,
        Change::Bytes(|_, answer| {
            edit(answer, |body| {
                body.replacen(
                    " xmlns=",
                    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns=",
                    1,
                )
            });
        }),
    ),
    variant(
        "without-last-line-break",
        "the body does not end in a line break",
        XML,
        Change::Bytes(|_, answer| edit(answer, |body| body.trim_end().to_owned())),
    ),
    // HTTP.
    variant(
        "charset-declared",
        "the content type tells the encoding",
        HTTP,
        Change::Bytes(|_, answer| header(answer, "content-type", "text/xml; charset=UTF-8")),
    ),
    variant(
        "application-xml",
        "the content type is application/xml",
        "RFC 7303: text/xml and application/xml are the same",
        Change::Bytes(|_, answer| header(answer, "content-type", "application/xml")),
    ),
    variant(
        "more-headers",
        "answers have header fields of a proxy",
        HTTP,
        Change::Bytes(|_, answer| {
            header(answer, "server", "anything");
            header(answer, "via", "1.1 anything");
            header(answer, "cache-control", "no-store");
        }),
    ),
    variant(
        "connection-closed",
        "the connection is closed after each answer, and the answer says so",
        HTTP,
        Change::Bytes(|_, answer| header(answer, "connection", "close")),
    ),
    variant(
        "chunked",
        "bodies are sent in chunks",
        HTTP,
        Change::Deliver(|_, _| Delivery::Chunked),
    ),
    variant(
        "slow",
        "answers take some milliseconds",
        "no source promises a time",
        Change::Deliver(|_, _| Delivery::Late(Duration::from_millis(3))),
    ),
    variant(
        "request-id-in-older-header",
        "the request id stands in another usual header field",
        ID,
        Change::Bytes(|_, answer| renamed_id(answer, "x-amz-request-id", false)),
    ),
    variant(
        "request-id-in-two-headers",
        "the request id stands in two header fields",
        ID,
        Change::Bytes(|_, answer| renamed_id(answer, "x-amz-request-id", true)),
    ),
    variant(
        "request-id-in-no-header",
        "the request id stands in the body alone",
        ID,
        Change::Bytes(|_, answer| renamed_id(answer, "x-anything", false)),
    ),
    variant(
        "request-id-of-other-form",
        "the request id is no UUID",
        ID,
        Change::Bytes(|_, answer| {
            header(answer, "x-amzn-requestid", "REQUEST1");
            let id = answer_id(answer);
            edit(answer, |body| {
                body.replace(&format!("<RequestId>{id}<"), "<RequestId>REQUEST1<")
            });
        }),
    ),
    // Wording.
    variant(
        "other-wording",
        "refusals say the same in other words",
        WORDING,
        Change::Serve(|inner, call| {
            recoded(inner, call, &|_, refused| {
                refused.message = format!("No: {} (\"{}\")", refused.code, call.operation);
            })
        }),
    ),
    variant(
        "wording-of-other-services",
        "refusals speak as newer services do",
        WORDING,
        Change::Serve(|inner, call| {
            recoded(inner, call, &|_, refused| {
                refused.message =
                    "1 validation error detected: Value '' at 'name' failed to satisfy constraint".to_owned();
            })
        }),
    ),
];

/// The tag with the prefix `ns2`, its namespace declared under it.
fn prefixed(tag: &str) -> String {
    let tag = tag.replacen(" xmlns=", " xmlns:ns2=", 1);
    match (tag.strip_prefix("</"), tag.strip_prefix('<')) {
        (Some(rest), _) => format!("</ns2:{rest}"),
        (None, Some(rest)) => format!("<ns2:{rest}"),
        (None, None) => tag,
    }
}

fn numbered(text: &str, write: &dyn Fn(char) -> String) -> String {
    [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"')]
        .iter()
        .fold(text.to_owned(), |text, (name, c)| text.replace(name, &write(*c)))
}

/// The text in a CDATA section, unless it holds what such a section cannot: its own end, and references.
fn in_cdata(text: &str) -> String {
    let plain = xml::plain(text);
    match text.contains('&') && !text.contains("&#") && !plain.contains("]]>") {
        true => format!("<![CDATA[{plain}]]>"),
        false => text.to_owned(),
    }
}

fn answer_id(answer: &parallax_wire::HttpAnswer) -> String {
    let body = String::from_utf8_lossy(&answer.body);
    let after = body.split_once("<RequestId>").map_or("", |(_, after)| after);
    after.split('<').next().unwrap_or_default().to_owned()
}

fn renamed_id(answer: &mut parallax_wire::HttpAnswer, name: &str, both: bool) {
    let id = answer.header("x-amzn-requestid").unwrap_or_default().to_owned();
    if !both {
        answer.headers.retain(|(known, _)| known != "x-amzn-requestid");
    }
    header(answer, name, &id);
}
