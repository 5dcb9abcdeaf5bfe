//! `parallax report`.

use parallax_outcome::{ExitCode, Report};
use parallax_report::json;

use crate::args::{Global, ReportArgs};
use crate::config::Config;
use crate::failure::Failure;
use crate::files::read_text;
use crate::outputs::{Manner, Outputs};
use crate::screen::Screen;
use crate::sources;

/// Renders a report that was written before. Nothing is judged anew, so the exit code says only whether it was written.
pub(crate) fn report(args: &ReportArgs, global: &Global, screen: Screen) -> Result<ExitCode, Failure> {
    let report = read(args)?;
    let config = Config::find(global.config.as_deref())?;
    let manner = Manner {
        fail_on: args.fail_on.into(),
        sources: sources::of(&report.service, args.rendering.sources.as_deref(), &config)?,
    };
    let outputs = Outputs::of(args.rendering.out.as_deref(), &args.rendering.format)?;
    outputs.write(&report, &manner, screen)?;
    Ok(ExitCode::Ok)
}

fn read(args: &ReportArgs) -> Result<Report, Failure> {
    json::read(&read_text(&args.report)?)
        .map_err(|error| Failure::usage(format!("{} cannot be read as a report", args.report)).because(error))
}
