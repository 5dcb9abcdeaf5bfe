//! What a hunt found: one file for each, and a summary.

use camino::Utf8PathBuf;
use parallax_outcome::Severity;
use parallax_runner::{Find, Trust};
use parallax_scenario::to_text;

use crate::args::HuntArgs;
use crate::failure::Failure;
use crate::files::Folder;
use crate::regressions::EXTENSION;
use crate::repeat;

/// The finds of a hunt, in the order in which they were made.
pub(super) struct Finds<'a> {
    args: &'a HuntArgs,
    folder: &'a Folder,
    /// Each with its file, where it could be written.
    made: Vec<(Find, Option<Utf8PathBuf>)>,
}

impl<'a> Finds<'a> {
    pub(super) fn new(args: &'a HuntArgs, folder: &'a Folder) -> Self {
        Self {
            args,
            folder,
            made: Vec::new(),
        }
    }

    /// Writes a find, whole or not at all. One that cannot be written is in the summary as a whole.
    pub(super) fn keep(&mut self, find: Find) -> Result<(), Failure> {
        let name = format!("{}.{EXTENSION}", find.divergence.id);
        let written = self.folder.write(&name, &text(&find));
        let (file, result) = match written {
            Ok(path) => (Some(path), Ok(())),
            Err(failure) => (None, Err(failure)),
        };
        self.made.push((find, file));
        result
    }

    pub(super) fn severities(&self) -> impl Iterator<Item = Severity> + '_ {
        self.made.iter().map(|(find, _)| find.divergence.severity)
    }

    /// The finds for a person, the gravest first.
    pub(super) fn summary(&self) -> String {
        let mut made: Vec<_> = self.made.iter().collect();
        made.sort_by_key(|(find, _)| (std::cmp::Reverse(find.divergence.severity), find.divergence.kind));
        match made.as_slice() {
            [] => "nothing was found that was not known\n".to_owned(),
            some => some
                .iter()
                .map(|(find, file)| self.paragraph(find, file.as_ref()))
                .collect(),
        }
    }

    fn paragraph(&self, find: &Find, file: Option<&Utf8PathBuf>) -> String {
        let told: String = lines(find).iter().map(|line| format!("  {line}\n")).collect();
        let place = match file {
            Some(path) => {
                let repeat = repeat::of_find(self.args, self.folder.path(), &find.scenario.path);
                format!("  kept in {path}; to see it again:\n  {repeat}\n")
            }
            None => format!("  could not be written; the scenario is\n{}", text(find)),
        };
        format!("\n{}\n{told}{place}", headline(find))
    }
}

/// The file of a find: remarks for people, then the scenario.
fn text(find: &Find) -> String {
    let mut remarks = format!("# {}\n", headline(find));
    for line in lines(find) {
        remarks.push_str(&format!("# {line}\n"));
    }
    remarks + &to_text(&find.scenario)
}

fn headline(find: &Find) -> String {
    let found = &find.divergence;
    let line = format!("{} {} {} {}", found.severity, found.kind, found.operation, found.path);
    plain(line.trim_end())
}

fn lines(find: &Find) -> Vec<String> {
    let found = &find.divergence;
    let mut lines = vec![
        format!("at step {}", found.step),
        format!("expected: {}", found.expected),
        format!("observed: {}", found.observed),
    ];
    let evidence = found.evidence.iter();
    lines.extend(evidence.map(|line| format!("evidence: {} ({}, {})", line.fact, line.source, line.confidence)));
    lines.push(trust(find.trust));
    if !find.reduced {
        lines.push("not reduced to the end: a shorter sequence may show it too".to_owned());
    }
    lines.iter().map(|line| plain(line)).collect()
}

fn trust(trust: Trust) -> String {
    match trust {
        Trust::Confirmed => "confirmed: every repetition showed it".to_owned(),
        Trust::Flaky { shown, of } => format!("flaky: {shown} of {of} repetitions showed it"),
        Trust::Stained => "confirmed, but what earlier sequences left behind may be the cause".to_owned(),
        Trust::Unrepeated => "not confirmed: the hunt ended before it could be repeated".to_owned(),
        Trust::LastWords => "not confirmed: the target answered no more".to_owned(),
    }
}

/// In one line, and nothing in it that moves a terminal's cursor.
fn plain(text: &str) -> String {
    let visible = |c: char| {
        if c.is_control() {
            c.escape_default().to_string()
        } else {
            c.into()
        }
    };
    text.chars().map(visible).collect()
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use parallax_contract::{Call, Value};
    use parallax_outcome::{Difference, Divergence, EvidenceLine, Kind};
    use parallax_scenario::{Scenario, Step, from_text};

    use super::*;
    use crate::args::{Cli, Command};

    fn find(trust: Trust) -> Find {
        let difference = Difference {
            kind: Kind::Value,
            severity: Severity::Error,
            path: "Things[a\nb].Name".into(),
            expected: "\"a\u{1b}[2J\"".into(),
            observed: "nothing".into(),
            evidence: vec![EvidenceLine {
                fact: "echo".into(),
                source: "law".into(),
                confidence: "documented".into(),
            }],
            habit: false,
        };
        Find {
            scenario: Scenario {
                path: "regression/1f".into(),
                resource: None,
                steps: vec![Step::new("1", Call::new("DescribeThings", Value::map::<&str>([])))],
                exclusive: false,
            },
            divergence: Divergence::place(difference, "DescribeThings", "regression/1f", "1", String::new()),
            trust,
            reduced: true,
        }
    }

    #[test]
    fn the_file_of_a_find_is_its_scenario_under_remarks_of_one_line_each() {
        let find = find(Trust::Flaky { shown: 1, of: 3 });
        let text = text(&find);
        assert_eq!(from_text(&text).unwrap(), find.scenario);
        let remarks: Vec<_> = text.lines().filter(|line| line.starts_with('#')).collect();
        assert_eq!(
            remarks,
            [
                "# error value DescribeThings Things[a\\nb].Name",
                "# at step 1",
                "# expected: \"a\\u{1b}[2J\"",
                "# observed: nothing",
                "# evidence: echo (law, documented)",
                "# flaky: 1 of 3 repetitions showed it",
            ]
        );
    }

    #[test]
    fn a_find_that_cannot_be_written_is_in_the_summary_as_a_whole() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::open(temporary.path().try_into().unwrap()).unwrap();
        temporary.close().unwrap();
        let Command::Hunt(args) = Cli::try_parse_from(["parallax", "hunt"]).unwrap().command else {
            panic!()
        };
        let mut finds = Finds::new(&args, &folder);
        let find = find(Trust::Confirmed);
        let failure = finds.keep(find.clone()).unwrap_err().to_string();
        assert!(failure.contains(".scenario"), "{failure}");
        assert!(finds.summary().contains(&to_text(&find.scenario)));
    }
}
