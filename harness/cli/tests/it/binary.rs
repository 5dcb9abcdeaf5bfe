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
    dressed(Command::new(env!("CARGO_BIN_EXE_parallax")), folder)
}

fn dressed(mut command: Command, folder: &Path) -> Command {
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

/// Runs it to its end where the system lets it have no more than this, in the words of `ulimit`.
#[cfg(unix)]
pub(crate) fn run_within(folder: &Path, limit: &str, words: &[&str]) -> Ended {
    let script = format!("ulimit {limit} && exec \"$0\" \"$@\"");
    let mut command = dressed(Command::new("sh"), folder);
    command
        .args(["-c", &script, env!("CARGO_BIN_EXE_parallax")])
        .args(words);
    ended(command.output().unwrap())
}

/// What a process said until it ended.
pub(crate) fn ended(Output { status, stdout, stderr }: Output) -> Ended {
    Ended {
        code: status.code().unwrap(),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}
