//! `parallax report`.

use parallax_outcome::ExitCode;

use crate::args::{Global, ReportArgs};
use crate::config::Config;
use crate::failure::Failure;
use crate::outputs::{Manner, Outputs};
use crate::screen::Screen;
use crate::{reports, sources};

/// Renders a report that was written before. Nothing is judged anew, so the exit code says only whether it was written.
pub(crate) fn report(args: &ReportArgs, global: &Global, screen: Screen) -> Result<ExitCode, Failure> {
    let report = reports::read(&args.report)?;
    let config = Config::find(global.config.as_deref())?;
    let manner = Manner {
        fail_on: args.fail_on.into(),
        sources: sources::of(&report.service, args.rendering.sources.as_deref(), &config)?,
    };
    let outputs = Outputs::of(args.rendering.out.as_deref(), &args.rendering.format)?;
    outputs.write(&report, &manner, screen)?;
    Ok(ExitCode::Ok)
}
