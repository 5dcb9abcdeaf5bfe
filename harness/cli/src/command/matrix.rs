//! `parallax matrix`.

use parallax_outcome::{ExitCode, Report};
use parallax_report::matrix::{self, MatrixError, matrix as matrix_of};

use super::compare::warn;
use crate::args::{MatrixArgs, View};
use crate::failure::Failure;
use crate::reports;
use crate::screen::{Screen, print};

/// Sets reports of many targets side by side.
pub(crate) fn matrix(args: &MatrixArgs, screen: Screen) -> Result<ExitCode, Failure> {
    let read: Result<Vec<Report>, Failure> = args.reports.iter().map(|path| reports::read(path)).collect();
    let read = read?;
    let matrix = matrix_of(&read.iter().collect::<Vec<_>>()).map_err(|error| wrong(args, &read, &error))?;
    let named: Vec<_> = args
        .reports
        .iter()
        .map(camino::Utf8PathBuf::as_path)
        .zip(&read)
        .collect();
    warn(&named, screen);
    print(&match args.format {
        View::Text => screen.text(matrix::terminal(&matrix)),
        View::Markdown => matrix::markdown(&matrix),
        View::Html => matrix::html(&matrix)
            .map_err(|error| Failure::new(ExitCode::Bug, "the page cannot be made").because(error))?,
        View::Json => matrix::json(&matrix)
            .map_err(|error| Failure::new(ExitCode::Bug, "the matrix cannot be rendered").because(error))?,
    })?;
    Ok(ExitCode::Ok)
}

/// Which file does not fit, where one does not.
fn wrong(args: &MatrixArgs, read: &[Report], error: &MatrixError) -> Failure {
    let service = read.first().map(|report| &report.service);
    let mut named = args.reports.iter().zip(read);
    match (
        args.reports.first(),
        named.find(|(_, report)| Some(&report.service) != service),
    ) {
        (Some(first), Some((other, _))) => {
            Failure::usage(format!("{first} and {other} cannot stand side by side: {error}"))
        }
        _ => Failure::usage(error.to_string()),
    }
}
