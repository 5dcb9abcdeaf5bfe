//! The log of a launched server.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::process::Command;

/// How much of a log is quoted.
const LINES: usize = 10;
const BYTES: u64 = 4096;

/// Sends standard output and error to the file, in the order in which they are written.
pub(super) fn attach(command: &mut Command, path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let file = File::create(path)?;
    command.stderr(file.try_clone()?).stdout(file);
    Ok(())
}

/// The last lines, made readable; a note in their place where there are none.
pub(super) fn last_lines(path: &Path) -> String {
    match tail(path) {
        Ok(text) if text.trim().is_empty() => "(nothing)".to_owned(),
        Ok(text) => {
            let lines: Vec<_> = text.lines().collect();
            lines
                .get(lines.len().saturating_sub(LINES)..)
                .unwrap_or_default()
                .join("\n")
        }
        Err(error) => format!("(unreadable: {error})"),
    }
}

fn tail(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(BYTES)))?;
    let mut bytes = Vec::new();
    // A server may still be writing.
    file.take(BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(content: &str, expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        fs::write(&path, content).unwrap();
        assert_eq!(last_lines(&path), expected);
    }

    #[test]
    fn only_the_last_lines_are_quoted() {
        let all: Vec<String> = (0..5000).map(|n| n.to_string()).collect();
        check(&all.join("\n"), &all[4990..].join("\n"));
    }

    #[test]
    fn an_empty_log_is_called_so() {
        check("\n", "(nothing)");
    }
}
