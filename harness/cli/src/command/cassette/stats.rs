//! `parallax cassette stats`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use parallax_endpoint::cassette::{Header, Provenance};
use parallax_outcome::ExitCode;

use super::open;
use crate::args::CassetteStatsArgs;
use crate::failure::Failure;
use crate::screen::print;

/// Says what the cassette is and what it holds.
pub(crate) fn stats(args: &CassetteStatsArgs) -> Result<ExitCode, Failure> {
    let cassette = open(&args.file)?;
    let mut out = about(cassette.header());
    let scenarios: BTreeSet<&str> = cassette.iter().map(|(at, _)| at.scenario.as_str()).collect();
    let _ = writeln!(out, "scenarios   {}", scenarios.len());
    let _ = writeln!(out, "exchanges   {}", cassette.len());
    print(&out)?;
    Ok(ExitCode::Ok)
}

fn about(header: &Header) -> String {
    let mut out = String::new();
    let origin = match &header.provenance {
        Provenance::Recorded { date } => format!("recorded on {date}"),
        Provenance::Documented => "made from the documentation".to_owned(),
    };
    let _ = writeln!(out, "service     {}", header.service);
    let _ = writeln!(out, "provenance  {origin}");
    let _ = writeln!(out, "contract    {}", header.contract);
    let _ = writeln!(out, "tool        {}", header.tool);
    if let Some(profile) = &header.profile {
        let _ = writeln!(out, "profile     {profile}");
    }
    if let Some(seed) = header.seed {
        let _ = writeln!(out, "seed        {seed}");
    }
    out
}
