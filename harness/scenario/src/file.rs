//! Scenarios as files: one JSON object a line, a header first, then the steps.
//!
//! Empty lines and lines that begin with `#` are for people and are skipped. A text read and written again is the same
//! but for these.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Scenario, Step};

/// The version of the form that this version reads and writes.
pub const FORMAT: u32 = 1;

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    /// The form's version.
    scenario: u32,
    path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    exclusive: bool,
    /// How many steps follow, so that a text cut short is seen.
    steps: usize,
}

/// The version alone, which a header of any version has.
#[derive(Deserialize)]
struct Version {
    scenario: u32,
}

/// A text that is no scenario. Lines are counted from 1.
#[derive(Debug, Error)]
pub enum FileError {
    /// Nothing but empty lines and remarks.
    #[error("no scenario in it: the first line must be a header such as {{\"scenario\":{FORMAT},\"path\":...}}")]
    Empty,
    /// Another version.
    #[error(
        "line {line}: the form is of version {version} and this program reads {FORMAT}; use a program that wrote it"
    )]
    Version {
        /// Where it stands.
        line: usize,
        /// The version found.
        version: u32,
    },
    /// A line that cannot be read.
    #[error("line {line} is no {what}: {why}; mend or delete the line")]
    Line {
        /// Where it stands.
        line: usize,
        /// What it should be.
        what: &'static str,
        /// What is wrong with it.
        why: serde_json::Error,
    },
    /// Two steps of one name.
    #[error("line {line}: another step is named '{name}'; give each its own name")]
    Twice {
        /// Where the second stands.
        line: usize,
        /// The name.
        name: String,
    },
    /// Fewer or more steps than the header says.
    #[error("{found} steps where the header says {due}: the text was cut or edited; restore it or mend the header")]
    Count {
        /// How many the header says.
        due: usize,
        /// How many there are.
        found: usize,
    },
}

/// The scenario as text; the inverse of [`from_text`].
pub fn to_text(scenario: &Scenario) -> String {
    let header = Header {
        scenario: FORMAT,
        path: scenario.path.clone(),
        resource: scenario.resource.clone(),
        exclusive: scenario.exclusive,
        steps: scenario.steps.len(),
    };
    let steps = scenario.steps.iter().map(line);
    std::iter::once(line(&header)).chain(steps).collect()
}

/// One object in one line. Values of scenarios are texts, numbers, lists and maps by text: JSON holds them all.
fn line<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default() + "\n"
}

/// The scenario of a text.
///
/// # Errors
/// [`FileError`] names the line and what to do.
pub fn from_text(text: &str) -> Result<Scenario, FileError> {
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let (at, first) = lines.next().ok_or(FileError::Empty)?;
    let header = header(at, first)?;
    let mut steps: Vec<Step> = Vec::new();
    for (at, line) in lines {
        let step: Step = parse(at, "step", line)?;
        if steps.iter().any(|other| other.name == step.name) {
            return Err(FileError::Twice {
                line: at,
                name: step.name,
            });
        }
        steps.push(step);
    }
    if steps.len() != header.steps {
        return Err(FileError::Count {
            due: header.steps,
            found: steps.len(),
        });
    }
    Ok(Scenario {
        path: header.path,
        resource: header.resource,
        steps,
        exclusive: header.exclusive,
    })
}

fn header(at: usize, line: &str) -> Result<Header, FileError> {
    let Version { scenario: version } = parse(at, "header of a scenario", line)?;
    match version {
        FORMAT => parse(at, "header of a scenario", line),
        _ => Err(FileError::Version { line: at, version }),
    }
}

fn parse<T: for<'de> Deserialize<'de>>(at: usize, what: &'static str, text: &str) -> Result<T, FileError> {
    serde_json::from_str(text).map_err(|why| FileError::Line { line: at, what, why })
}

#[cfg(test)]
mod tests {
    use parallax_contract::{Call, Tweak, Value};

    use super::*;

    const HEADER: &str = r#"{"scenario":1,"path":"a/b","steps":1}"#;

    fn check(text: &str, expected: &str) {
        let said = from_text(text).map_err(|error| error.to_string());
        let said = said.expect_err(text);
        assert!(said.starts_with(expected), "{said}");
    }

    #[test]
    fn a_scenario_survives_being_written_and_read() {
        let input = Value::map([("Name", Value::text("p\u{0}\n\u{2028}{run}")), ("None", Value::Null)]);
        let scenario = Scenario {
            path: "generated/1/2".to_owned(),
            resource: Some("Shelf".to_owned()),
            steps: vec![Step::new("1-Make", Call::new("Make", input).tweak(Tweak::Get)).capture("arn1", "Shelf.Arn")],
            exclusive: true,
        };
        let text = to_text(&scenario);
        assert_eq!(text.lines().count(), 2, "{text}");
        assert_eq!(from_text(&format!("# found today\n\n{text}")).unwrap(), scenario);
    }

    #[test]
    fn a_text_that_is_no_scenario_is_refused_with_its_line() {
        check("# nothing\n", "no scenario in it");
        check("\n[]", "line 2 is no header of a scenario");
        check(r#"{"scenario":9}"#, "line 1: the form is of version 9");
        check(HEADER, "0 steps where the header says 1");
        check(&format!("{HEADER}\n# remark\n{{\"name\":"), "line 3 is no step");
        let step = r#"{"name":"x","call":{"operation":"A","input":{}}}"#;
        check(
            &format!("{HEADER}\n{step}\n{step}"),
            "line 3: another step is named 'x'",
        );
    }
}
