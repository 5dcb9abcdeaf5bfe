//! Pinned source distributions, botocore's above all.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::failure::{At as _, Failure};
use crate::shell::{program, root, run};

#[derive(Deserialize)]
struct Lock {
    botocore: Pin,
}

#[derive(Deserialize)]
struct Pin {
    version: String,
    sdist_sha256: String,
}

/// The folder with the vectors, fetched and unpacked under `.vectors` where it is missing.
pub(super) fn protocols() -> Result<Utf8PathBuf, Failure> {
    Ok(unpacked("tests/unit/protocols")?.1)
}

/// A folder of the source distribution of botocore, fetched, verified and unpacked, with the pinned version.
pub(crate) fn unpacked(inside: &str) -> Result<(String, Utf8PathBuf), Failure> {
    let lock = root().join("specs/models.lock");
    let text = std::fs::read_to_string(&lock).at(&lock)?;
    let pin = toml::from_str::<Lock>(&text).at(&lock)?.botocore;
    let folder = from_sdist(("botocore", &pin.version, &pin.sdist_sha256), inside)?;
    Ok((pin.version, folder))
}

/// A file or folder of a source distribution (its package, version and SHA-256), fetched, verified and unpacked under
/// `.vectors` where it is missing.
pub(crate) fn from_sdist((package, version, sha256): (&str, &str, &str), inside: &str) -> Result<Utf8PathBuf, Failure> {
    let name = format!("{package}-{version}");
    let folder = root().join(".vectors");
    let archive = folder.join(format!("{name}.tar.gz"));
    if !archive.exists() {
        download(&format!("{package}=={version}"), &folder)?;
    }
    verify(&archive, sha256)?;
    let inside = format!("{name}/{inside}");
    run(program("tar").args(["-xzf", archive.as_str(), "-C", folder.as_str(), inside.as_str()]))?;
    Ok(folder.join(inside))
}

fn download(requirement: &str, folder: &Utf8Path) -> Result<(), Failure> {
    let options = [
        "--no-deps",
        "--no-binary",
        ":all:",
        "--quiet",
        "--dest",
        folder.as_str(),
    ];
    run(program("python3")
        .args(["-m", "pip", "download"])
        .args(options)
        .arg(requirement))
}

/// Fails where a file is not the pinned one.
pub(crate) fn verify(archive: &Utf8Path, expected: &str) -> Result<(), Failure> {
    let bytes = std::fs::read(archive).at(archive)?;
    let found: String = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if found == expected {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{archive} has the SHA-256 {found} where specs/models.lock says {expected}; remove it and try again"
    )))
}
