//! The command line is sound, and the documents speak it.

use clap::{Args, CommandFactory, Parser};

use super::{Cli, LiveArgs};

#[test]
fn the_definition_is_sound() {
    Cli::command().debug_assert();
}

/// Every command of the tree, with the words that lead to it.
fn commands(command: &clap::Command) -> Vec<clap::Command> {
    let below = command
        .get_subcommands()
        .filter(|c| c.get_name() != "help")
        .flat_map(commands);
    std::iter::once(command.clone()).chain(below).collect()
}

#[test]
fn every_command_has_examples_and_every_example_parses() {
    for command in commands(&Cli::command()) {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let examples: Vec<_> = help.lines().filter_map(|line| line.strip_prefix("  ")).collect();
        assert!(!examples.is_empty(), "{} has no example", command.get_name());
        for example in examples {
            let words = shlex::split(example).unwrap_or_else(|| panic!("{example}: no words of a shell"));
            Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{example}: {error}"));
        }
    }
}

#[test]
fn what_concerns_the_service_itself_stands_under_its_own_heading_and_nothing_else_does() {
    const HEADING: &str = "With --reference aws";
    let alone = LiveArgs::augment_args(clap::Command::new("alone"));
    let of_service: Vec<_> = alone.get_arguments().map(|arg| arg.get_id().clone()).collect();
    for command in commands(&Cli::command()) {
        for arg in command.get_arguments() {
            let is_there = arg.get_help_heading() == Some(HEADING);
            let name = command.get_name();
            assert!(
                !is_there || of_service.contains(arg.get_id()),
                "{name}: {}",
                arg.get_id()
            );
        }
    }
}

/// Every Markdown file of a folder and of those in it.
fn pages(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let within = |path: std::path::PathBuf| if path.is_dir() { pages(&path) } else { vec![path] };
    let mut pages: Vec<_> = entries.flat_map(within).collect();
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    pages
}

/// The words of a line that gives a command, up to what only a shell understands. What `--version` prints is none.
fn command_line(line: &str) -> Option<Vec<String>> {
    let line = line
        .trim()
        .strip_prefix("cargo run --release -- ")
        .map_or_else(|| line.trim().to_owned(), |words| format!("parallax {words}"));
    let given = line
        .strip_prefix("parallax ")
        .is_some_and(|rest| !rest.starts_with(char::is_numeric));
    let plain = given && !line.contains(['$', '`']) && !line.ends_with('\\');
    let ends = ["|", "||", "&&", ";", "&", ">", ">>"];
    let words = shlex::split(&line).filter(|_| plain)?;
    Some(
        words
            .into_iter()
            .take_while(|word| !ends.contains(&word.as_str()))
            .collect(),
    )
}

#[test]
fn every_command_in_the_documents_parses() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    // The page that is generated has usages, which are no commands, and the examples of the test above.
    let written = pages(&root.join("docs"))
        .into_iter()
        .filter(|page| !page.ends_with("reference/commands.md"));
    let documents = written.chain([root.join("README.md")]);
    let mut commands = 0;
    for path in documents {
        for words in std::fs::read_to_string(&path).unwrap().lines().filter_map(command_line) {
            commands += 1;
            if let Err(error) = Cli::try_parse_from(&words) {
                assert!(!error.use_stderr(), "{}: {}: {error}", path.display(), words.join(" "));
            }
        }
    }
    assert!(commands > 20, "only {commands} commands were found");
}
