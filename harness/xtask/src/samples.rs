//! reports/samples: one rendering per format of a real run.

use camino::Utf8Path;

use crate::check::{Mode, generated};
use crate::e2e;
use crate::failure::{At as _, Failure};
use crate::shell::root;

/// What a run writes.
const FILES: [&str; 7] = [
    "report.json",
    "junit.xml",
    "summary.md",
    "report.html",
    "report.sarif",
    "annotations.txt",
    "badge.json",
];

/// Runs against an emulator, with further arguments such as `--resource NAME` that keep the samples short enough to
/// read, and keeps what each format makes of it.
pub(crate) fn write(name: &str, further: &[&str]) -> Result<(), Failure> {
    e2e::build()?;
    let from = e2e::folder("sample");
    let formats = ["--format", "json,junit,markdown,html,sarif,annotations,badge"];
    e2e::ask(name, &from, &[&formats, further].concat())?;
    let report = e2e::read(&from)?;
    for file in FILES {
        keep(file, &std::fs::read_to_string(from.join(file)).at(from.join(file))?)?;
    }
    keep("terminal.txt", &parallax_report::terminal::render(&report, false))
}

fn keep(name: impl AsRef<Utf8Path>, text: &str) -> Result<(), Failure> {
    generated(Mode::Write, &root().join("reports/samples").join(name), text, "samples")
}
