//! Files: read with the name in every error, and written whole or not at all.

use std::fs;
use std::io::{self, BufReader, BufWriter, Write};

use camino::{Utf8Path, Utf8PathBuf};

use crate::failure::Failure;

/// The bytes of a file.
pub(crate) fn read(path: &Utf8Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| {
        Failure::usage(format!("{path} cannot be read"))
            .mend("check the path")
            .because(error)
    })
}

/// A file that is read from its beginning.
pub(crate) fn open(path: &Utf8Path) -> Result<BufReader<fs::File>, Failure> {
    let unreadable = |error| {
        Failure::usage(format!("{path} cannot be read"))
            .mend("check the path")
            .because(error)
    };
    Ok(BufReader::with_capacity(
        1 << 16,
        fs::File::open(path).map_err(unreadable)?,
    ))
}

/// The text of a file.
pub(crate) fn read_text(path: &Utf8Path) -> Result<String, Failure> {
    String::from_utf8(read(path)?).map_err(|error| {
        let line = error
            .as_bytes()
            .iter()
            .take(error.utf8_error().valid_up_to())
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        Failure::usage(format!("{path}:{line}: not UTF-8"))
            .mend("check that it is the right file, and save it as UTF-8")
    })
}

/// A folder that files can be written into; made if it is not there.
#[derive(Debug)]
pub(crate) struct Folder(Utf8PathBuf);

impl Folder {
    /// Makes the folder and tries it, so that a run does not end with nowhere to write.
    pub(crate) fn open(path: &Utf8Path) -> Result<Self, Failure> {
        let unwritable = |error| {
            Failure::usage(format!("{path} cannot be written into"))
                .mend("give another folder with --out")
                .because(error)
        };
        fs::create_dir_all(path).map_err(unwritable)?;
        tempfile::NamedTempFile::new_in(path).map_err(unwritable)?;
        Ok(Self(path.to_owned()))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Utf8Path {
        &self.0
    }

    /// Writes a file of this name piece by piece.
    pub(crate) fn write_by(
        &self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let path = self.0.join(name);
        let file = || {
            let mut out = BufWriter::new(tempfile::NamedTempFile::new_in(&self.0)?);
            write(&mut out)?;
            Ok(out.into_inner()?)
        };
        put(file().map_err(|error| unwritable(&path, error))?, &path)
    }

    /// Writes a file of this name.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<Utf8PathBuf, Failure> {
        let path = self.0.join(name);
        write(&path, text)?;
        Ok(path)
    }
}

/// A folder that is gone again at the end.
#[derive(Debug)]
pub(crate) struct Scratch {
    path: Utf8PathBuf,
    _folder: tempfile::TempDir,
}

impl Scratch {
    /// Where it is.
    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }
}

/// A folder for what nobody asked to keep.
pub(crate) fn scratch() -> Result<Scratch, Failure> {
    let unmade = |error| {
        Failure::usage("no temporary folder can be made")
            .mend("check TMPDIR, or give --out")
            .because(error)
    };
    let folder = tempfile::tempdir().map_err(unmade)?;
    let path = Utf8PathBuf::try_from(folder.path().to_owned()).map_err(|error| unmade(io::Error::other(error)))?;
    Ok(Scratch { path, _folder: folder })
}

/// Fails now if the file could not be written later.
pub(crate) fn check_writable(path: &Utf8Path) -> Result<(), Failure> {
    let name = path
        .file_name()
        .ok_or_else(|| Failure::usage(format!("{path} names no file")))?;
    if path.is_dir() {
        return Err(Failure::usage(format!("{path} is a folder"))
            .mend(format!("name a file in it, such as {}", path.join(name))));
    }
    tempfile::NamedTempFile::new_in(folder_of(path))
        .map(drop)
        .map_err(|error| unwritable(path, error))
}

/// Writes a file whole or not at all.
pub(crate) fn write(path: &Utf8Path, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut file = tempfile::NamedTempFile::new_in(folder_of(path)).map_err(|error| unwritable(path, error))?;
    file.write_all(bytes.as_ref())
        .map_err(|error| unwritable(path, error))?;
    put(file, path)
}

/// A file beside its place, for [`put`].
pub(crate) fn beside(path: &Utf8Path) -> Result<tempfile::NamedTempFile, Failure> {
    tempfile::NamedTempFile::new_in(folder_of(path)).map_err(|error| unwritable(path, error))
}

/// Puts a file that was written beside its place into it.
pub(crate) fn put(file: tempfile::NamedTempFile, path: &Utf8Path) -> Result<(), Failure> {
    readable(&file).map_err(|error| unwritable(path, error))?;
    file.persist(path).map_err(|error| unwritable(path, error.error))?;
    Ok(())
}

/// Gives a temporary file, which only its owner may read, the rights of any new file.
#[cfg(unix)]
fn readable(file: &tempfile::NamedTempFile) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.as_file().set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &tempfile::NamedTempFile) -> io::Result<()> {
    Ok(())
}

fn folder_of(path: &Utf8Path) -> &Utf8Path {
    path.parent()
        .filter(|parent| !parent.as_str().is_empty())
        .unwrap_or(Utf8Path::new("."))
}

pub(crate) fn unwritable(path: &Utf8Path, error: io::Error) -> Failure {
    let mend = match error.kind() {
        io::ErrorKind::StorageFull => "make room on the disk, and give the command again",
        io::ErrorKind::FileTooLarge => {
            "lift the limit on the size of files (`ulimit -f unlimited`), and give the command again"
        }
        _ => "check that its folder exists and can be written into",
    };
    Failure::usage(format!("{path} cannot be written"))
        .mend(mend)
        .because(error)
}
