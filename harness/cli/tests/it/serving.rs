//! The embedded emulator as a process of its own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use crate::binary::parallax;

/// An emulator that answers until it is dropped.
pub(crate) struct Serving {
    child: Child,
    url: String,
}

impl Serving {
    /// One with these deliberate defects.
    pub(crate) fn with_faults(folder: &Path, faults: &[&str]) -> Self {
        let words: Vec<_> = faults.iter().flat_map(|fault| ["--fault", fault]).collect();
        Self::with(folder, &words)
    }

    /// One that was started with these words.
    pub(crate) fn with(folder: &Path, words: &[&str]) -> Self {
        let mut child = parallax(folder)
            .arg("serve")
            .args(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self {
            child,
            url: line.trim().to_owned(),
        }
    }

    /// Where it answers.
    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
