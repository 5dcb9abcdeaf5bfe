//! Interrupts before anything is asked.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::binary::{ended, parallax};

/// A target that never gets ready. It says through a FIFO that it runs, and that it outlived everybody if it did.
const TARGET: &str = "[target.slow]\n\
    launch = \"sh -c 'exec 9>fifo; echo {port} >&9; sleep 60; echo survived >&9'\"\n\
    ready.time_limit = \"60s\"\n";

/// What a command ends with that is interrupted while its target is launched.
fn check(words: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    fs::write(folder.path().join("parallax.toml"), TARGET).unwrap();
    let mut command = parallax(folder.path());
    command.args(words).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let mut said = started(&fifo);
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let ended = ended(child.wait_with_output().unwrap());
    assert_eq!(ended.code, 3, "{words:?}: {}", ended.err);
    assert!(ended.err.contains("broken off"), "{words:?}: {}", ended.err);
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "{words:?} left its target running");
}

/// What the target says, after it said that it runs.
fn started(fifo: &Path) -> File {
    let mut said = File::open(fifo).unwrap();
    let mut byte = [0];
    while byte != [b'\n'] {
        said.read_exact(&mut byte).unwrap();
    }
    said
}

#[test]
fn an_interrupt_while_a_target_is_launched_ends_the_command_and_the_target() {
    check(&["run", "--target", "slow"]);
    check(&["hunt", "--target", "slow", "--cases", "1"]);
    check(&["bench", "--target", "slow"]);
    check(&["record", "--reference", "slow", "--out", "it.cassette"]);
}
