//! The examples of the documentation, run.
//!
//! The words after a fence say what a block is for: `sh run` is run by bash and must succeed, or end as `exit=CODE`
//! says; `text printed` is what the block before printed on standard output, where `...` stands for any lines or any end of
//! one; `toml file=NAME` is a file that those after it find. The blocks of one page share a folder.

use std::process::{Command, Output, Stdio};

use camino::Utf8Path;

use super::page::{Block, Page};
use crate::failure::{At as _, Failure};

/// What stands for any lines, or for any end of one.
const ANY: &str = "...";

/// Runs the examples of every page, and names all that fail.
pub(super) fn run(pages: &[Page], binary: &Utf8Path) -> Result<(), Failure> {
    let (mut examples, mut failures) = (0, Vec::new());
    for page in pages {
        match play(page, &super::search_path(binary)).at(&page.path) {
            Ok(played) => examples += played,
            Err(failure) => failures.push(failure.to_string()),
        }
    }
    match failures.as_slice() {
        [] => {
            println!("{examples} examples");
            Ok(())
        }
        some => Err(Failure::new(some.join("\n"))),
    }
}

/// Runs the examples of a page, one after another; how many there were.
fn play(page: &Page, search_path: &str) -> Result<usize, Failure> {
    let scratch = tempfile::tempdir().at("a temporary folder")?;
    let folder =
        Utf8Path::from_path(scratch.path()).ok_or_else(|| Failure::new("the temporary folder is not UTF-8"))?;
    let mut examples = 0;
    let mut printed = String::new();
    for block in &page.blocks {
        if let Some(name) = block.value("file") {
            std::fs::write(folder.join(name), &block.text).at(name)?;
        } else if block.says("run") {
            printed = obey(block, folder, search_path)?;
            examples += 1;
        } else if block.says("printed") {
            compare(&block.text, &printed)?;
        }
    }
    Ok(examples)
}

/// Runs a block; what it printed.
fn obey(block: &Block, folder: &Utf8Path, search_path: &str) -> Result<String, Failure> {
    let Output { status, stdout, stderr } = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &block.text])
        .current_dir(folder)
        .env("PATH", search_path)
        .stdin(Stdio::null())
        .output()
        .at("bash")?;
    let due: i32 = block.value("exit").unwrap_or("0").parse().at("exit=")?;
    let printed = String::from_utf8_lossy(&stdout).into_owned();
    if status.code() == Some(due) {
        return Ok(printed);
    }
    Err(Failure::new(format!(
        "ended with {status} instead of {due}:\n{}\n{printed}\n{}",
        block.text,
        String::from_utf8_lossy(&stderr)
    )))
}

fn compare(expected: &str, printed: &str) -> Result<(), Failure> {
    match fits(&lines(expected), &lines(printed)) {
        true => Ok(()),
        false => Err(Failure::new(format!(
            "the page says that this is printed:\n{expected}\nbut it is this:\n{printed}"
        ))),
    }
}

/// The lines of a text, with one space where there are many.
fn lines(text: &str) -> Vec<String> {
    let evenly = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    text.trim_end().lines().map(evenly).collect()
}

/// Whether the lines are those expected, where `...` stands for any number of them.
fn fits(expected: &[String], printed: &[String]) -> bool {
    match (expected, printed) {
        ([], []) => true,
        ([any, rest @ ..], _) if any == ANY => {
            (0..=printed.len()).any(|skipped| printed.get(skipped..).is_some_and(|left| fits(rest, left)))
        }
        ([due, rest @ ..], [line, left @ ..]) => fits_line(due, line) && fits(rest, left),
        _ => false,
    }
}

/// Whether a line is the one expected, where `...` stands for any end.
fn fits_line(due: &str, line: &str) -> bool {
    match due.strip_suffix(ANY) {
        Some(beginning) => line.starts_with(beginning),
        None => due == line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docs::page;

    fn check(expected: &str, printed: &str, agree: bool) {
        assert_eq!(compare(expected, printed).is_ok(), agree, "{expected} / {printed}");
    }

    #[test]
    fn dots_stand_for_any_lines() {
        check("a\n...\nd\n", "a\nb\nc\nd\n", true);
        check("a\n...\nd\n", "a\nd\n", true);
        check("...\nd\n", "a\nd\ne\n", false);
        check("a\n", "a\nb\n", false);
        check("a b ...\n", "a b c\n", true);
        check("a b ...\n", "a c\n", false);
    }

    #[test]
    fn white_space_may_have_moved_and_numbers_may_not() {
        check("12 steps:   3 agree\n", "12 steps: 3 agree\n", true);
        check("12 steps\n", "9 steps\n", false);
        check("(19.1 %)\n", "(37.9 %)\n", false);
    }

    fn played(text: &str) -> Result<usize, Failure> {
        play(&page::parse(Utf8Path::new("a.md"), text), "/usr/bin:/bin")
    }

    #[test]
    fn an_example_that_ends_or_prints_otherwise_fails() {
        let file = "```toml file=a.toml\nx\n```\n";
        let run = |words: &str| format!("{file}```sh run{words}\ncat a.toml; exit 3\n```\n");
        assert_eq!(played(&run(" exit=3")).unwrap(), 1);
        assert!(played(&run("")).is_err());
        let printed = |text: &str| format!("{}```text printed\n{text}\n```\n", run(" exit=3"));
        assert_eq!(played(&printed("x")).unwrap(), 1);
        assert!(played(&printed("y")).is_err());
    }
}
