//! Whether a report is of a whole run, and which scenarios it leaves out.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;
use parallax_contract::Contract;
use parallax_outcome::Report;
use parallax_report::baseline::Scope;
use serde_json::Value;

use crate::args::{More, Selection};
use crate::config::Config;
use crate::failure::Failure;
use crate::{scenarios, services};

/// The settings that restrict a run.
const RESTRICTIONS: [&str; 3] = ["operation", "resource", "scenario"];

/// Whether the report tells of fewer scenarios than a run without restrictions would.
pub(crate) fn is_part(report: &Report) -> bool {
    let run = &report.run;
    let given = |value: Option<&Value>| value.is_some_and(|value| !value.is_null());
    let setting = |name: &&str| given(run.get("settings").and_then(|settings| settings.get(name)));
    RESTRICTIONS.iter().any(setting) || given(run.get("shard")) || report.summary.interrupted
}

/// The scope of a report that is a part: what a run like it, without restrictions, would have played besides.
pub(crate) fn part(
    report: &Report,
    contract: &Contract,
    more: &More,
    kept: Option<Utf8PathBuf>,
) -> Result<Scope, Failure> {
    let unrestricted = Selection {
        service: None,
        operation: None,
        resource: None,
        scenario: None,
    };
    let all = scenarios::select(contract, &unrestricted, more, kept)?;
    let played: BTreeSet<&str> = report.scenarios.iter().map(|row| row.path.as_str()).collect();
    let left_out = all.into_iter().map(|scenario| scenario.path);
    Ok(Scope::Part {
        left_out: Some(left_out.filter(|path| !played.contains(path.as_str())).collect()),
    })
}

/// The scope of a report that was read from a file.
pub(crate) fn of_read(report: &Report, config: &Config) -> Result<Scope, Failure> {
    if !is_part(report) {
        return Ok(Scope::Whole);
    }
    match services::contract(Some(&report.service)) {
        Ok(contract) => {
            let more = More {
                generate: 0,
                seed: 0,
                regressions: None,
            };
            let kept = scenarios::kept(&more, config);
            part(report, &contract, &more, kept)
        }
        Err(_) => Ok(Scope::Part { left_out: None }),
    }
}
