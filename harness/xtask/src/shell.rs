//! Other programs and the folder of the repository.

use std::process::{Command, Stdio};

use camino::Utf8PathBuf;

use crate::failure::{At as _, Failure};

/// The repository's folder.
pub(crate) fn root() -> Utf8PathBuf {
    let here = Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map(ToOwned::to_owned).unwrap_or(here)
}

/// A program that starts in the repository's folder.
pub(crate) fn program(name: impl AsRef<str>) -> Command {
    let mut command = Command::new(name.as_ref());
    command.current_dir(root());
    command
}

/// Runs it to its end with its output shown, and fails if it does.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let words = words(command);
    eprintln!("$ {words}");
    let status = command.stdin(Stdio::null()).status().at(&words)?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("`{words}` ended with {status}")))
    }
}

/// Runs it to its end and gives what it printed on standard output.
pub(crate) fn output(command: &mut Command) -> Result<String, Failure> {
    let words = words(command);
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .at(&words)?;
    if !output.status.success() {
        return Err(Failure::new(format!("`{words}` ended with {}", output.status)));
    }
    String::from_utf8(output.stdout).at(words)
}

fn words(command: &Command) -> String {
    let program = std::iter::once(command.get_program());
    program
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
