//! `parallax cassette verify`.

use std::fs;

use parallax_endpoint::cassette::{Care, Cassette};
use parallax_outcome::ExitCode;
use serde_json::json;

use crate::args::CassetteVerifyArgs;
use crate::cassettes::unusable;
use crate::failure::Failure;
use crate::screen::print;

/// Checks every line and the footer, without an index.
pub(super) fn verify(args: &CassetteVerifyArgs) -> Result<ExitCode, Failure> {
    let file = &args.file;
    let checked = fs::File::open(file)
        .map_err(Into::into)
        .and_then(|opened| Cassette::check(opened, Care::Whole));
    match (checked, args.json) {
        (Ok(cassette), true) => {
            print(&format!(
                "{}\n",
                json!({"file": file, "whole": true, "exchanges": cassette.len()})
            ))?;
            Ok(ExitCode::Ok)
        }
        (Ok(cassette), false) => {
            print(&format!("{file}: whole, {} exchanges\n", cassette.len()))?;
            Ok(ExitCode::Ok)
        }
        (Err(error), true) => {
            print(&format!(
                "{}\n",
                json!({"file": file, "whole": false, "why": error.to_string()})
            ))?;
            Ok(ExitCode::Usage)
        }
        (Err(error), false) => Err(unusable(file, error)),
    }
}
