//! Real emulators, pinned, each in a virtual environment of its own.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use serde::Deserialize;

use crate::failure::{At as _, Failure};
use crate::shell::{program, root, run};

/// The part of specs/models.lock that is about emulators.
#[derive(Deserialize)]
struct Lock {
    emulator: BTreeMap<String, Pin>,
}

#[derive(Deserialize)]
struct Pin {
    requirement: String,
    program: String,
}

/// An emulator that can be installed.
pub(crate) struct Emulator {
    /// Its name in parallax.toml, and its folder's.
    pub(crate) name: String,
    /// What pip installs.
    requirement: String,
    /// The program that pip puts into the environment.
    program: String,
}

/// Every emulator that is pinned, by name.
pub(crate) fn pinned() -> Result<Vec<Emulator>, Failure> {
    let path = root().join("specs/models.lock");
    let text = std::fs::read_to_string(&path).at(&path)?;
    let lock: Lock = toml::from_str(&text).at(&path)?;
    let emulator = |(name, Pin { requirement, program })| Emulator {
        name,
        requirement,
        program,
    };
    Ok(lock.emulator.into_iter().map(emulator).collect())
}

/// Installs what is missing.
pub(crate) fn install() -> Result<(), Failure> {
    for emulator in pinned()? {
        match emulator.is_installed() {
            true => eprintln!("{} is installed", emulator.requirement),
            false => emulator.install()?,
        }
    }
    Ok(())
}

impl Emulator {
    fn folder(&self) -> Utf8PathBuf {
        root().join(".emulators").join(&self.name)
    }

    /// A program of its environment.
    pub(crate) fn bin(&self, name: &str) -> Utf8PathBuf {
        self.folder().join("bin").join(name)
    }

    /// Whether it can be told to check signatures.
    pub(crate) fn checks_signatures(&self) -> bool {
        self.name == "moto"
    }

    /// Whether this very version is there.
    pub(crate) fn is_installed(&self) -> bool {
        let mark = std::fs::read_to_string(self.folder().join("installed")).unwrap_or_default();
        mark == self.requirement && self.folder().join("bin").join(&self.program).exists()
    }

    fn install(&self) -> Result<(), Failure> {
        let folder = self.folder();
        if folder.exists() {
            std::fs::remove_dir_all(&folder).at(&folder)?;
        }
        run(program("python3").args(["-m", "venv"]).arg(&folder))?;
        let python = folder.join("bin/python");
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        run(program(python).args(pip).arg(&self.requirement))?;
        // Written last: a folder without it is a broken installation.
        std::fs::write(folder.join("installed"), &self.requirement).at(&folder)
    }
}
