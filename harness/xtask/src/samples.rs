//! reports/samples: one rendering per format of a real run.

use camino::Utf8Path;

use crate::check::{Mode, generated};
use crate::e2e;
use crate::failure::{At as _, Failure};
use crate::shell::root;

/// Runs against an emulator, with further arguments such as `--resource NAME` that keep the samples short enough to
/// read, and keeps what each format makes of it.
pub(crate) fn write(name: &str, further: &[&str]) -> Result<(), Failure> {
    e2e::build()?;
    let from = e2e::folder("sample");
    e2e::ask(name, &from, further)?;
    let report = e2e::read(&from)?;
    for file in ["report.json", "junit.xml", "summary.md"] {
        keep(file, &std::fs::read_to_string(from.join(file)).at(from.join(file))?)?;
    }
    keep("terminal.txt", &parallax_report::terminal::render(&report, false))
}

fn keep(name: impl AsRef<Utf8Path>, text: &str) -> Result<(), Failure> {
    generated(Mode::Write, &root().join("reports/samples").join(name), text, "samples")
}
