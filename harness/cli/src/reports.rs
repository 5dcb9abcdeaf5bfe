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

/// The file that is meant by a file or a folder.
pub(crate) fn file(path: &Utf8Path) -> Utf8PathBuf {
    match path.is_dir() {
        true => path.join(NAME),
        false => path.to_owned(),
    }
}
