//! The HTML pages in a real browser.

mod pages;

use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use crate::failure::{At as _, Failure};
use crate::shell::{program, root, run};

/// How long the check may take for all pages; it ends itself, and its browser, before that.
const LIMIT: Duration = Duration::from_secs(300);

/// The part of specs/models.lock that is about the browser.
#[derive(Deserialize)]
struct Lock {
    browser: Pin,
}

#[derive(Deserialize)]
struct Pin {
    /// What npm installs: the driver and the accessibility audit.
    packages: Vec<String>,
}

/// Opens pages of a real report, of a hostile one and of one with 5,000 divergences in headless Chromium, uses them the
/// way a person does, and audits them. Wants `chromium` (or what `CHROMIUM` names), `node` and `npm`.
pub(crate) fn check() -> Result<(), Failure> {
    let home = root().join(".vectors/browser");
    install(&home)?;
    pages::write(&home.join("pages"))?;
    let shots = home.join("shots");
    std::fs::create_dir_all(&shots).at(&shots)?;
    // A module finds its packages in the folders above it.
    let script = home.join("check.mjs");
    std::fs::copy(root().join("harness/xtask/src/browser/check.mjs"), &script).at(&script)?;
    let mut command = program("node");
    command.args([script.as_str(), home.join("pages").as_str(), shots.as_str()]);
    within(LIMIT, command)?;
    println!("screenshots to look at: {shots}");
    Ok(())
}

fn install(home: &Utf8Path) -> Result<(), Failure> {
    let lock = root().join("specs/models.lock");
    let text = std::fs::read_to_string(&lock).at(&lock)?;
    let packages = toml::from_str::<Lock>(&text).at(&lock)?.browser.packages;
    let (mark, wanted) = (home.join("installed"), packages.join("\n"));
    if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    std::fs::create_dir_all(home).at(home)?;
    let options = [
        "install",
        "--no-save",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--silent",
        "--prefix",
    ];
    run(program("npm").args(options).arg(home).args(packages))?;
    // Written last: a folder without it is a broken installation.
    std::fs::write(&mark, wanted).at(&mark)
}

/// Runs a program to its end, or ends it where that takes longer.
fn within(limit: Duration, mut command: std::process::Command) -> Result<(), Failure> {
    let begin = Instant::now();
    let mut child = command.stdin(std::process::Stdio::null()).spawn().at("node")?;
    loop {
        match child.try_wait().at("node")? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(Failure::new(format!("the pages do not hold in a browser ({status})"))),
            None if begin.elapsed() > limit => {
                child.kill().at("node")?;
                let seconds = limit.as_secs();
                return Err(Failure::new(format!(
                    "the browser was not done with the pages in {seconds} s"
                )));
            }
            None => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}

/// Where the sample is.
fn sample() -> Utf8PathBuf {
    root().join("reports/samples/report.json")
}
