//! Reports that were written before.

use camino::{Utf8Path, Utf8PathBuf};
use parallax_outcome::Report;
use parallax_report::json;

use crate::failure::Failure;
use crate::files;

/// The file's name in a folder.
pub(crate) const NAME: &str = "report.json";

/// The report in a file, or in the folder that it was written into.
pub(crate) fn read(path: &Utf8Path) -> Result<Report, Failure> {
    let path = file(path);
    let file = files::open(&path)?;
    json::read(file).map_err(|error| Failure::usage(format!("{path} cannot be read as a report")).because(error))
}

/// The same, of a run in which somebody answered: one of nobody says nothing of what is fixed or new.
pub(crate) fn read_answered(path: &Utf8Path) -> Result<Report, Failure> {
    let report = read(path)?;
    match &report.summary.never_answered {
        None => Ok(report),
        Some(why) => Err(
            Failure::usage(format!("{} is of a run in which nothing was asked: {why}", file(path)))
                .mend("give the report of a run that reached its target"),
        ),
    }
}

/// What a run that is not whole did not do.
pub(crate) fn lack(report: &Report) -> String {
    match (report.summary.interrupted, report.short_steps()) {
        (true, _) => "was broken off".to_owned(),
        (false, steps) => format!("left {steps} steps unasked, since its machine ran short of descriptors or ports"),
    }
}

/// The file that is meant by a file or a folder.
pub(crate) fn file(path: &Utf8Path) -> Utf8PathBuf {
    files::meant(path, NAME)
}
