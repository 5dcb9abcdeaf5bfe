//! What was said at a step, for people.

use parallax_contract::{Expectation, Observation};
use parallax_diff::aligned;
use parallax_endpoint::Exchange;
use parallax_outcome::{Text, Transcript};

/// What is kept of an exchange where there is a difference to show; `reference` is what the reference answered, if it
/// is one that answers.
pub(crate) fn of(due: &Expectation, exchange: &Exchange, reference: Option<Text>) -> Transcript {
    Transcript {
        request: request(exchange),
        answer: answer(exchange),
        reference,
        fields: fields(due, &exchange.observation),
    }
}

/// The answer as it came; `None` where none did.
pub(crate) fn answer(exchange: &Exchange) -> Option<Text> {
    let answer = exchange.answer.as_ref()?;
    Some(message(answer.status, &answer.headers, &answer.body))
}

fn request(exchange: &Exchange) -> Text {
    let request = &exchange.request;
    let query = match request.query.is_empty() {
        true => String::new(),
        false => format!("?{}", request.query),
    };
    let line = format!("{} /{query}", request.method.as_str());
    written(&line, &request.headers, &request.body)
}

/// An answer: status, header fields, an empty line, the body.
pub(crate) fn message(status: u16, headers: &[(String, String)], body: &[u8]) -> Text {
    written(&format!("HTTP {status}"), headers, body)
}

/// What is no UTF-8 is replaced.
fn written(first: &str, headers: &[(String, String)], body: &[u8]) -> Text {
    let mut text = format!("{first}\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\n"));
    }
    text.push('\n');
    text.push_str(&String::from_utf8_lossy(body));
    Text::new(&text)
}

/// A line for each value: its path, what was due and what was there, with tabs between.
fn fields(due: &Expectation, seen: &Observation) -> Text {
    let mut text = String::new();
    for row in aligned(due, seen) {
        let [path, expected, observed] = [&row.path, &row.expected, &row.observed].map(|part| without_tabs(part));
        text.push_str(&format!("{path}\t{expected}\t{observed}\n"));
    }
    Text::new(&text)
}

/// Values are shown escaped; words of a target about itself may hold anything.
fn without_tabs(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}
