//! Generated files: written, or compared with what is there.

use camino::Utf8Path;

use crate::failure::{At as _, Failure};

/// What to do with generated text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Write it.
    Write,
    /// Fail if the file holds something else.
    Check,
}

/// Writes or compares one generated file; `chore` is the command that mends a difference.
pub(crate) fn generated(mode: Mode, path: &Utf8Path, text: &str, chore: &str) -> Result<(), Failure> {
    match mode {
        Mode::Write => {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).at(folder)?;
            }
            std::fs::write(path, text).at(path)
        }
        Mode::Check => {
            let there = std::fs::read_to_string(path).at(path)?;
            match there == text {
                true => Ok(()),
                false => Err(Failure::new(format!(
                    "{path} is not what the code generates; run `cargo xtask {chore}`"
                ))),
            }
        }
    }
}
