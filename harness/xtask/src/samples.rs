//! reports/samples: one rendering per format of a real run.

use crate::check::{Mode, generated};
use crate::e2e;
use crate::failure::{At as _, Failure};
use crate::shell::root;

/// Copies the last e2e report of an emulator and renders the terminal's form beside it.
pub(crate) fn write(name: &str) -> Result<(), Failure> {
    let from = e2e::folder(name);
    let report = e2e::read(&from)?;
    let to = root().join("reports/samples");
    let keep = |name: &str, text: &str| generated(Mode::Write, &to.join(name), text, "samples");
    for file in ["report.json", "junit.xml", "summary.md"] {
        keep(file, &std::fs::read_to_string(from.join(file)).at(from.join(file))?)?;
    }
    keep("terminal.txt", &parallax_report::terminal::render(&report, false))
}
