//! Starting the binary.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What came of it.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The binary in a folder, without the environment's say on colours and signs.
pub(crate) fn parallax(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parallax"));
    command.current_dir(folder).stdin(Stdio::null());
    for name in ["NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG", "TERM"] {
        command.env_remove(name);
    }
    command
}

/// Runs it to its end.
pub(crate) fn run(folder: &Path, words: &[&str]) -> Ended {
    ended(parallax(folder).args(words).output().unwrap())
}

/// What a process said until it ended.
pub(crate) fn ended(Output { status, stdout, stderr }: Output) -> Ended {
    Ended {
        code: status.code().unwrap(),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}
