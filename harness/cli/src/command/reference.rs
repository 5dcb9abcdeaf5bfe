//! `parallax reference`: the page of the documentation about the command line.

use clap::{Arg, ArgAction, Command, CommandFactory as _};
use parallax_outcome::ExitCode;

use crate::args::Cli;
use crate::failure::Failure;
use crate::screen::print;

const HEAD: &str = "\
# Commands

`cargo xtask docs` makes this page of what the binary itself says with `--help`; do not edit it.
";

/// Prints every command that help shows, with its options and examples.
pub(crate) fn reference() -> Result<ExitCode, Failure> {
    let mut tool = Cli::command().disable_help_subcommand(true);
    // Gives every command below its full name.
    tool.build();
    let everywhere = options(&tool, Arg::is_global_set);
    let commands: String = tool.get_subcommands().map(section).collect();
    print(&format!("{HEAD}\n## Everywhere\n\n{everywhere}{commands}"))?;
    Ok(ExitCode::Ok)
}

/// A command and those below it.
fn section(command: &Command) -> String {
    if command.is_hide_set() {
        return String::new();
    }
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let options = options(command, |arg| !arg.is_global_set());
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (more, examples) = after.split_once("Examples:\n").unwrap_or((&after, ""));
    let below: String = command.get_subcommands().map(section).collect();
    format!(
        "\n## {name}\n\n{about}.\n\n```text\n{usage}\n```\n{}{}{}{below}",
        paragraph(&options),
        paragraph(more),
        code(examples)
    )
}

fn paragraph(text: &str) -> String {
    match text.trim() {
        "" => String::new(),
        text => format!("\n{text}\n"),
    }
}

fn code(examples: &str) -> String {
    let lines: String = examples.lines().map(|line| format!("{}\n", line.trim())).collect();
    match lines.as_str() {
        "" => lines,
        _ => format!("\n```sh\n{lines}```\n"),
    }
}

/// A list of those arguments and options that are asked for.
fn options(command: &Command, asked: impl Fn(&Arg) -> bool) -> String {
    let made_by_clap = |arg: &Arg| matches!(arg.get_action(), ArgAction::Help | ArgAction::Version);
    let shown = command.get_arguments().filter(|arg| !made_by_clap(arg) && asked(arg));
    shown.map(option).collect()
}

fn option(arg: &Arg) -> String {
    let short = arg.get_short().map(|short| format!("-{short}, ")).unwrap_or_default();
    let name = match arg.get_action() {
        // Dots would only say that it may be given again.
        ArgAction::Count => arg.to_string().trim_end_matches('.').to_owned(),
        _ => arg.to_string(),
    };
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    format!("- `{short}{name}`\\\n  {help}.{}{}\n", values(arg), default(arg))
}

/// What holds where it is not given.
fn default(arg: &Arg) -> String {
    let values = arg.get_default_values().iter();
    match words(values.map(|value| value.to_string_lossy().into_owned())) {
        default if default.is_empty() || !arg.get_action().takes_values() => String::new(),
        default => format!(" Default: {default}."),
    }
}

/// What may be given, where that is a list.
fn values(arg: &Arg) -> String {
    if !arg.get_action().takes_values() {
        return String::new();
    }
    match words(
        arg.get_possible_values()
            .iter()
            .map(|value| value.get_name().to_owned()),
    ) {
        none if none.is_empty() => none,
        values => format!(" One of {values}."),
    }
}

fn words(words: impl Iterator<Item = String>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
