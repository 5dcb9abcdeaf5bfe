//! Real emulators, pinned, each in a virtual environment of its own.

use camino::Utf8PathBuf;

use crate::failure::{At as _, Failure};
use crate::shell::{program, root, run};

/// An emulator that can be installed.
pub(crate) struct Emulator {
    /// Its name in parallax.toml, and its folder's.
    pub(crate) name: &'static str,
    /// What pip installs.
    requirement: &'static str,
    /// The program that pip puts into the environment.
    program: &'static str,
}

/// Every emulator, pinned.
pub(crate) const EMULATORS: [Emulator; 2] = [
    Emulator {
        name: "moto",
        requirement: "moto[server]==5.2.5",
        program: "moto_server",
    },
    Emulator {
        name: "ministack",
        requirement: "ministack==1.5.33",
        program: "ministack",
    },
];

impl Emulator {
    fn folder(&self) -> Utf8PathBuf {
        root().join(".emulators").join(self.name)
    }

    /// Whether this very version is there.
    pub(crate) fn is_installed(&self) -> bool {
        let mark = std::fs::read_to_string(self.folder().join("installed")).unwrap_or_default();
        mark == self.requirement && self.folder().join("bin").join(self.program).exists()
    }
}

/// Installs what is missing.
pub(crate) fn install() -> Result<(), Failure> {
    EMULATORS.iter().try_for_each(|emulator| {
        if emulator.is_installed() {
            eprintln!("{} is installed", emulator.requirement);
            return Ok(());
        }
        install_one(emulator)
    })
}

fn install_one(emulator: &Emulator) -> Result<(), Failure> {
    let folder = emulator.folder();
    if folder.exists() {
        std::fs::remove_dir_all(&folder).at(&folder)?;
    }
    run(program("python3").args(["-m", "venv"]).arg(&folder))?;
    let python = folder.join("bin/python");
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        emulator.requirement,
    ];
    run(program(python).args(pip))?;
    // Written last: a folder without it is a broken installation.
    std::fs::write(folder.join("installed"), emulator.requirement).at(&folder)
}
