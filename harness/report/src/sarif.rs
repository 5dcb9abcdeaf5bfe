//! report.sarif: SARIF 2.1.0, for code scanning. The rules are the kinds of divergences, each divergence is a result.

use std::io;

use parallax_outcome::{Divergence, Kind, Report, Severity};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::Sources;
use crate::failing::Failing;
use crate::text::{one_line, shown};

/// Where the schema of this version stands.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The report as SARIF. Results keep the order of the report; their fingerprint is the divergence's stable id.
///
/// # Errors
/// Never in practice; the signature keeps the serialiser's word.
pub fn render(report: &Report, sources: &Sources) -> io::Result<String> {
    let mut out = Vec::new();
    write_to(report, sources, &mut out)?;
    String::from_utf8(out).map_err(io::Error::other)
}

/// Writes what [`render`] gives result by result.
///
/// # Errors
/// Those of the place that is written to.
pub fn write_to(report: &Report, sources: &Sources, mut out: impl io::Write) -> io::Result<()> {
    let target = report.run.get("target").and_then(Value::as_str).unwrap_or("target");
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: json!({ "driver": driver() }),
            automation_details: json!({ "id": format!("parallax/{}/{}/", one_line(&report.service), one_line(target)) }),
            invocations: [invocation(report)],
            column_kind: "unicodeCodePoints",
            results: Results { report, sources },
        }],
    };
    serde_json::to_writer_pretty(&mut out, &log)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    runs: [Run<'r>; 1],
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    automation_details: Value,
    column_kind: &'static str,
    invocations: [Value; 1],
    results: Results<'r>,
    tool: Value,
}

/// The results, each made when it is written.
struct Results<'r> {
    report: &'r Report,
    sources: &'r Sources,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let divergences = self.report.divergences.iter();
        serializer.collect_seq(divergences.map(|divergence| result(self.report, divergence, self.sources)))
    }
}

/// Whether the run came to its end, and how much of it is not among the results.
fn invocation(report: &Report) -> Value {
    let summary = &report.summary;
    let done = !summary.interrupted && summary.never_answered.is_none();
    let mut invocation = json!({ "executionSuccessful": done });
    let brief = report.brief.len();
    let told = match (&summary.never_answered, brief) {
        (Some(why), _) => Some(notification("error", &sentence(&shown(why)))),
        (None, 0) => None,
        (None, _) => Some(notification(
            "note",
            &format!("{brief} more divergences are told in brief, by their causes, in report.json."),
        )),
    };
    let mut notifications = failing(&Failing::of(report));
    notifications.extend(told);
    if let (false, Some(members)) = (notifications.is_empty(), invocation.as_object_mut()) {
        members.insert("toolExecutionNotifications".to_owned(), notifications.into());
    }
    invocation
}

/// What fails the run whatever its results are; an untrue line of the baseline has its place.
fn failing(failing: &Failing) -> Vec<Value> {
    let shortfalls = failing.shortfalls.iter();
    let shortfalls = shortfalls.map(|shortfall| notification("error", &literal(&sentence(&shown(shortfall)))));
    let problems = failing.problems.iter().map(|problem| {
        let mut told = notification("error", &literal(&sentence(&shown(&problem.to_string()))));
        let physical = json!({
            "artifactLocation": { "uri": uri(&failing.file) },
            "region": { "startLine": problem.line.max(1) },
        });
        if let Some(members) = told.as_object_mut() {
            members.insert("locations".to_owned(), json!([{ "physicalLocation": physical }]));
        }
        told
    });
    shortfalls.chain(problems).collect()
}

fn notification(level: &str, text: &str) -> Value {
    json!({ "level": level, "message": { "text": text } })
}

fn driver() -> Value {
    json!({
        "name": "Parallax",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": Kind::ALL.map(rule),
    })
}

fn rule(kind: Kind) -> Value {
    json!({
        "id": kind.as_str(),
        "name": pascal(kind.as_str()),
        "shortDescription": { "text": sentence(kind.meaning()) },
        "help": { "text": "The message of each result says what was due, what was there, why it was due, and the \
                           command that repeats it." },
        "defaultConfiguration": { "level": "error" },
    })
}

fn result(report: &Report, divergence: &Divergence, sources: &Sources) -> Value {
    let place = sources.place(&report.service, &divergence.operation);
    // Code scanning wants a line wherever it shows a result.
    let physical = json!({
        "artifactLocation": { "uri": uri(&place.file) },
        "region": { "startLine": place.line.unwrap_or(1) },
    });
    let mut result = json!({
        "ruleId": divergence.kind.as_str(),
        "ruleIndex": Kind::ALL.iter().position(|kind| *kind == divergence.kind),
        "level": level(divergence.severity),
        "message": { "text": message(divergence) },
        "locations": [{
            "physicalLocation": physical,
            "logicalLocations": [logical(divergence)],
        }],
        "partialFingerprints": { "divergence/v1": divergence.id },
        "properties": {
            "scenario": one_line(&divergence.scenario),
            "step": one_line(&divergence.step),
            "curl": one_line(&divergence.curl),
            "repeat": one_line(&divergence.repeat),
        },
    });
    // Of results without the member a reader could not tell whether anybody looked; so all have it, or none.
    if let (false, Some(members)) = (report.summary.known.is_none(), result.as_object_mut()) {
        members.insert("suppressions".to_owned(), suppressions(divergence));
    }
    result
}

/// The word of the baseline, where it has one.
fn suppressions(divergence: &Divergence) -> Value {
    match &divergence.known {
        Some(known) => json!([{ "kind": "external", "justification": one_line(&known.reason) }]),
        None => json!([]),
    }
}

fn logical(divergence: &Divergence) -> Value {
    let operation = one_line(&divergence.operation);
    let full = match divergence.path.is_empty() {
        true => operation.clone(),
        false => format!("{operation}.{}", one_line(&divergence.path)),
    };
    json!({ "name": operation, "fullyQualifiedName": full, "kind": "function" })
}

fn message(divergence: &Divergence) -> String {
    let Divergence {
        kind, operation, path, ..
    } = divergence;
    let at = match path.is_empty() {
        true => String::new(),
        false => format!(" at {}", shown(path)),
    };
    let mut out = format!(
        "{kind} in {}{at}: expected {}, observed {}",
        shown(operation),
        shown(&divergence.expected),
        shown(&divergence.observed)
    );
    for line in &divergence.evidence {
        let (fact, source) = (shown(&line.fact), shown(&line.source));
        out.push_str(&format!("\nEvidence: {fact} ({source}, {})", shown(&line.confidence)));
    }
    out.push_str(&format!("\nRepeat: {}", shown(&divergence.repeat)));
    literal(&out)
}

/// A message is a template with `{0}` and `[text](address)` in it; what a target says must be neither.
fn literal(text: &str) -> String {
    let text = text.replace('{', "{{").replace('}', "}}");
    match text.contains("](") {
        true => text.replace('\\', r"\\").replace('[', r"\[").replace(']', r"\]"),
        false => text,
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// `error-code` as `ErrorCode`.
fn pascal(word: &str) -> String {
    word.split('-').map(capital).collect()
}

fn sentence(words: &str) -> String {
    format!("{}.", capital(words))
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), chars.as_str())
}

/// A file's name as a relative reference.
fn uri(file: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&b);
    file.bytes()
        .map(|b| match plain(b) {
            true => char::from(b).to_string(),
            false => format!("%{b:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_target_says_is_neither_placeholder_nor_link() {
        assert_eq!(literal("a {run} [b]"), "a {{run}} [b]");
        assert_eq!(literal(r"[click](http://x) \"), r"\[click\](http://x) \\");
    }

    #[test]
    fn a_file_name_is_a_relative_reference() {
        assert_eq!(uri("src/my users#é:1.py"), "src/my%20users%23%C3%A9%3A1.py");
    }

    #[test]
    fn a_rule_is_named_as_tools_name_rules() {
        assert_eq!(pascal("null-empty"), "NullEmpty");
        assert_eq!(sentence("another value"), "Another value.");
    }
}
