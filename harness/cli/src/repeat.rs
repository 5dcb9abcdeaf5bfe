//! The command that repeats one scenario.

use camino::Utf8Path;
use parallax_endpoint::cassette::Cassette;
use parallax_outcome::Report;
use parallax_outcome::event::ANY_OPERATION;
use serde::{Deserialize, Serialize};

use crate::args::{HuntArgs, RunArgs};

/// What was given on the command line, as far as repeating a scenario depends on it, or what is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Given {
    /// The words that are the same for all scenarios of a run.
    beginning: String,
    operation: Option<String>,
    resource: Option<String>,
    scenario: Option<String>,
    generate: u64,
    seed: u64,
    regressions: Option<String>,
    repeat: u32,
    target_version: Option<String>,
    /// What tells the cassette from another of its name.
    cassette: Option<String>,
}

impl Given {
    /// What is given to a run.
    pub(crate) fn of(args: &RunArgs) -> Self {
        let (selection, more) = (&args.selection, &args.more);
        Self {
            beginning: sides(selection.service.as_deref(), &args.target, &args.reference),
            operation: selection.operation.clone(),
            resource: selection.resource.clone(),
            scenario: selection.scenario.clone(),
            generate: more.generate,
            seed: more.seed,
            regressions: more.regressions.as_ref().map(ToString::to_string),
            repeat: args.repeat,
            target_version: args.target_version.clone(),
            cassette: None,
        }
    }

    /// The same, with the cassette that answers for the reference.
    pub(crate) fn with(self, cassette: Option<&Cassette>) -> Self {
        let of = |cassette: &Cassette| match cassette.seal() {
            Some(seal) => format!("{} exchanges, sealed {seal}", cassette.len()),
            None => format!("{} exchanges", cassette.len()),
        };
        Self {
            cassette: cassette.map(of),
            ..self
        }
    }

    /// Fills in how each divergence is repeated. What belongs to no scenario (the probe of what is implemented) is
    /// repeated by the same selection.
    pub(crate) fn fill_in(&self, report: &mut Report) {
        let begin = &self.beginning;
        for divergence in &mut report.divergences {
            let scenario = &divergence.scenario;
            divergence.repeat = match divergence.operation == ANY_OPERATION {
                true => format!("{begin}{}", self.selected()),
                false => format!("{begin}{} --scenario {}", self.more(scenario), quoted(scenario)),
            };
        }
    }

    /// What brings a scenario about that is not derived. What is generated depends on what it is restricted to.
    fn more(&self, scenario: &str) -> String {
        match scenario.split('/').next() {
            Some("generated") => {
                let restricted = options([("operation", &self.operation), ("resource", &self.resource)]);
                format!(" --generate {} --seed {}{restricted}", self.generate, self.seed)
            }
            Some("regression") => options([("regressions", &self.regressions)]),
            _ => String::new(),
        }
    }

    /// The selection as it was given.
    fn selected(&self) -> String {
        let Self {
            operation,
            resource,
            scenario,
            ..
        } = self;
        options([("operation", operation), ("resource", resource), ("scenario", scenario)])
    }
}

fn options<const N: usize>(given: [(&str, &Option<String>); N]) -> String {
    let option = |(name, value): (&str, &Option<String>)| Some(format!(" --{name} {}", quoted(value.as_ref()?)));
    given.into_iter().filter_map(option).collect()
}

/// The command that plays a find of a hunt again.
pub(crate) fn of_find(args: &HuntArgs, folder: &Utf8Path, path: &str) -> String {
    let begin = sides(args.service.as_deref(), &args.target, &args.reference);
    let folder = quoted(folder.as_str());
    format!("{begin} --regressions {folder} --scenario {}", quoted(path))
}

fn sides(service: Option<&str>, target: &str, reference: &str) -> String {
    let mut words = "parallax run".to_owned();
    let mut option = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            words.push_str(&format!(" --{name} {value}"));
        }
    };
    option("service", service.map(quoted).as_deref());
    option("target", Some(&side(target, "$TARGET")));
    option("reference", Some(&side(reference, "$REFERENCE")));
    words
}

/// A name as it was given. An address may be another one next time, so a variable holds its place.
fn side(given: &str, variable: &str) -> String {
    match given.contains("://") {
        true => format!("\"{variable}\""),
        false => quoted(given),
    }
}

/// The word as a shell takes it for itself.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::{Cli, Command};

    fn given(words: &[&str]) -> Given {
        let words = [&["parallax", "run"], words].concat();
        match Cli::try_parse_from(words).unwrap().command {
            Command::Run(args) => Given::of(&args),
            other => panic!("{other:?}"),
        }
    }

    fn check(words: &[&str], expected: &str) {
        assert_eq!(given(words).beginning, expected);
    }

    #[test]
    fn what_belongs_to_no_scenario_is_repeated_by_the_same_selection() {
        assert_eq!(given(&[]).selected(), "");
        let words = ["--resource", "User", "--scenario", "a/*"];
        assert_eq!(given(&words).selected(), " --resource User --scenario 'a/*'");
    }

    #[test]
    fn what_is_not_derived_is_repeated_with_what_brings_it_about() {
        let given = given(&[
            "--generate",
            "9",
            "--seed",
            "7",
            "--resource",
            "User",
            "--regressions",
            "a b",
        ]);
        let generated = " --generate 9 --seed 7 --resource User";
        assert_eq!(given.more("generated/7/3"), generated);
        assert_eq!(given.more("regression/1f"), " --regressions 'a b'");
        assert_eq!(given.more("CreateUser/name"), "");
    }

    #[test]
    fn names_are_repeated_as_given_and_addresses_are_left_open() {
        check(&[], "parallax run --target embedded --reference docs");
        check(
            &["--target", "moto", "--service", "parcels"],
            "parallax run --service parcels --target moto --reference docs",
        );
        check(
            &["--target", "http://127.0.0.1:5", "--reference", "a b"],
            "parallax run --target \"$TARGET\" --reference 'a b'",
        );
    }

    #[test]
    fn a_word_is_quoted_where_a_shell_would_act_on_it() {
        assert_eq!(quoted("CreateUser/name/length-256"), "CreateUser/name/length-256");
        assert_eq!(quoted("it's *"), r"'it'\''s *'");
        assert_eq!(quoted(""), "''");
    }
}
