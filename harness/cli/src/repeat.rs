//! The command that repeats one scenario.

use parallax_outcome::Report;

use crate::args::RunArgs;

/// Fills in how each divergence is repeated.
pub(crate) fn fill_in(report: &mut Report, args: &RunArgs) {
    let begin = beginning(args);
    for divergence in &mut report.divergences {
        divergence.repeat = format!("{begin} --scenario {}", quoted(&divergence.scenario));
    }
}

/// The part that is the same for all scenarios of a run.
fn beginning(args: &RunArgs) -> String {
    let mut words = "parallax run".to_owned();
    let mut option = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            words.push_str(&format!(" --{name} {value}"));
        }
    };
    option("service", args.selection.service.as_deref().map(quoted).as_deref());
    option("target", Some(&side(&args.target, "$TARGET")));
    option("reference", Some(&side(&args.reference, "$REFERENCE")));
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

    fn check(words: &[&str], expected: &str) {
        let words = [&["parallax", "run"], words].concat();
        let Command::Run(args) = Cli::try_parse_from(words).unwrap().command else {
            panic!("not run")
        };
        assert_eq!(beginning(&args), expected);
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
