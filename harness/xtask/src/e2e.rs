//! The main job against real emulators.

mod keys;

use camino::{Utf8Path, Utf8PathBuf};
use parallax_outcome::Report;

use crate::emulators::{self, Emulator};
use crate::failure::{At as _, Failure};
use crate::shell::{self, program, root};

/// Runs everything against each emulator, or those named. Each run must end with a well-formed report and within the
/// exit codes 0 and 1: that real emulators diverge is what the harness is for.
pub(crate) fn run(names: &[&str]) -> Result<(), Failure> {
    let pinned = emulators::pinned()?;
    if let Some(unknown) = names
        .iter()
        .find(|name| pinned.iter().all(|emulator| emulator.name != **name))
    {
        let known: Vec<_> = pinned.iter().map(|emulator| emulator.name.as_str()).collect();
        return Err(Failure::new(format!(
            "no emulator is named `{unknown}`; there are {}",
            known.join(", ")
        )));
    }
    let chosen: Vec<_> = pinned
        .iter()
        .filter(|e| names.is_empty() || names.contains(&e.name.as_str()))
        .collect();
    if let Some(missing) = chosen.iter().find(|emulator| !emulator.is_installed()) {
        return Err(Failure::new(format!(
            "{} is not installed; run `cargo xtask emulators`",
            missing.name
        )));
    }
    build()?;
    chosen.into_iter().try_for_each(one)
}

/// The folder of the last report of an emulator.
pub(crate) fn folder(name: &str) -> Utf8PathBuf {
    root().join("reports/runs").join(name)
}

/// Builds the binary that runs.
pub(crate) fn build() -> Result<(), Failure> {
    shell::run(program("cargo").args(["build", "--quiet", "--release", "--package", "parallax-cli"]))
}

fn one(emulator: &Emulator) -> Result<(), Failure> {
    let out = folder(&emulator.name);
    ask(&emulator.name, &out, &[])?;
    let report = read(&out)?;
    well_formed(&report).at(&emulator.name)?;
    println!("{}: {}", emulator.name, in_one_line(&report));
    match emulator.checks_signatures() {
        true => keys::check(emulator),
        false => Ok(()),
    }
}

/// Runs against an emulator and fails if that ended otherwise than with a report.
pub(crate) fn ask(name: &str, out: &Utf8Path, further: &[&str]) -> Result<(), Failure> {
    let mut command = program(root().join("target/release/parallax"));
    command
        .args(["run", "--quiet", "--target", name, "--out", out.as_str()])
        .args(further);
    let output = command.output().at(name)?;
    match output.status.code() {
        Some(0 | 1) => Ok(()),
        _ => {
            let words = String::from_utf8_lossy(&output.stderr);
            Err(Failure::new(format!("{name}: ended with {}\n{words}", output.status)))
        }
    }
}

/// The last report of an emulator.
pub(crate) fn read(folder: &Utf8Path) -> Result<Report, Failure> {
    for name in ["junit.xml", "summary.md"] {
        std::fs::metadata(folder.join(name)).at(folder.join(name))?;
    }
    let path = folder.join("report.json");
    parallax_report::json::read(std::io::BufReader::new(std::fs::File::open(&path).at(&path)?)).at(path)
}

/// What holds for every report, whatever was found.
fn well_formed(report: &Report) -> Result<(), String> {
    let summary = &report.summary;
    let holds = [
        ("something was asked", summary.steps > 0),
        ("the run was not broken off", !summary.interrupted),
        (
            "each step has one verdict",
            summary.agree + summary.diverge + summary.inconclusive == summary.steps,
        ),
        (
            "something is implemented",
            report.operations.iter().any(|row| row.implemented),
        ),
        (
            "what is not implemented was not judged",
            report.operations.iter().all(|row| row.implemented || row.agree == 0),
        ),
        (
            "each divergence has a curl line",
            report.divergences.iter().all(|d| !d.curl.is_empty()),
        ),
        (
            "each divergence can be repeated",
            report.divergences.iter().all(|d| !d.repeat.is_empty()),
        ),
    ];
    match holds.iter().find(|(_, holds)| !holds) {
        None => Ok(()),
        Some((what, _)) => Err(format!("the report breaks the rule that {what}")),
    }
}

fn in_one_line(report: &Report) -> String {
    let summary = &report.summary;
    let counts = &summary.divergences;
    let implemented = report.operations.iter().filter(|row| row.implemented).count();
    format!(
        "{implemented} of {} operations, {} scenarios, {} steps: {} agree, {} diverge, {} inconclusive; \
         {} errors, {} warnings, {} notes",
        report.operations.len(),
        summary.scenarios,
        summary.steps,
        summary.agree,
        summary.diverge,
        summary.inconclusive,
        counts.error,
        counts.warning,
        counts.note
    )
}
