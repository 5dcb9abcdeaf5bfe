//! The other programs.

use std::process::{Command, Stdio};

use camino::Utf8PathBuf;
use serde::Deserialize;

use crate::failure::{At as _, Failure};
use crate::shell::{output, program, root, run};

/// The part of specs/models.lock that is about them.
#[derive(Deserialize)]
struct Lock {
    peer: Peers,
}

#[derive(Deserialize)]
struct Peers {
    oha: Pin,
}

#[derive(Deserialize)]
struct Pin {
    version: String,
}

/// Installs what is missing: wrk and nginx from Debian, oha from crates. Where oha is.
pub(super) fn all() -> Result<Utf8PathBuf, Failure> {
    for name in ["wrk", "nginx"] {
        if !is_there(name) {
            debian(name)?;
        }
    }
    oha()
}

/// Neither says its version without ending in an error or writing to the other output; that it starts will do.
fn is_there(name: &str) -> bool {
    let mut command = Command::new(name);
    command.arg("-v").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok()
}

fn debian(package: &str) -> Result<(), Failure> {
    let is_root = output(program("id").arg("-u"))?.trim() == "0";
    let apt = |words: &[&str]| {
        let mut command = if is_root { program("apt-get") } else { program("sudo") };
        if !is_root {
            command.arg("apt-get");
        }
        run(command.args(words))
    };
    apt(&["update", "-qq"])?;
    apt(&["install", "-y", "-qq", "--no-install-recommends", package])
}

fn oha() -> Result<Utf8PathBuf, Failure> {
    let lock = root().join("specs/models.lock");
    let text = std::fs::read_to_string(&lock).at(&lock)?;
    let version = toml::from_str::<Lock>(&text).at(&lock)?.peer.oha.version;
    let home = root().join(".peers");
    let path = home.join("bin/oha");
    let told = Command::new(&path).arg("--version").output();
    if told.is_ok_and(|told| String::from_utf8_lossy(&told.stdout).trim() == format!("oha {version}")) {
        return Ok(path);
    }
    let words = [
        "install",
        "--quiet",
        "--locked",
        "oha",
        "--version",
        &version,
        "--root",
        home.as_str(),
    ];
    run(program("cargo").args(words))?;
    Ok(path)
}
