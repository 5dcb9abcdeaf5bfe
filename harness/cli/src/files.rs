//! Files: read with the name in every error, and written whole or not at all.

mod place;

use std::fs;
use std::io::{self, BufReader, Read as _, Write};

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::NamedTempFile;

pub(crate) use place::{NewFile, Place};

use crate::failure::Failure;

/// The most bytes of what is no file: a device may never end.
const STREAM: u64 = 1 << 28;

/// The bytes of a file.
pub(crate) fn read(path: &Utf8Path) -> Result<Vec<u8>, Failure> {
    if path.is_file() {
        return fs::read(path).map_err(|error| unreadable(path, error));
    }
    let mut bytes = Vec::new();
    let length = open(path)?.take(STREAM).read_to_end(&mut bytes);
    match length.map_err(|error| unreadable(path, error))? as u64 == STREAM {
        true => {
            Err(Failure::usage(format!("{path} has no end, or more than {} MiB", STREAM >> 20)).mend("give a file"))
        }
        false => Ok(bytes),
    }
}

/// A file that is read from its beginning.
pub(crate) fn open(path: &Utf8Path) -> Result<BufReader<fs::File>, Failure> {
    let file = fs::File::open(path).map_err(|error| unreadable(path, error))?;
    Ok(BufReader::with_capacity(1 << 16, file))
}

fn unreadable(path: &Utf8Path, error: io::Error) -> Failure {
    Failure::usage(format!("{path} cannot be read"))
        .mend("check the path")
        .because(error)
}

/// The file that is meant by itself, or by the folder in which it has this name.
pub(crate) fn meant(path: &Utf8Path, name: &str) -> Utf8PathBuf {
    match path.is_dir() {
        true => path.join(name),
        false => path.to_owned(),
    }
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

/// A folder that files can be written into; made if it is not there, and gone again if nothing was written.
#[derive(Debug)]
pub(crate) struct Folder {
    path: Utf8PathBuf,
    /// The folders that were made for it, the innermost first.
    made: Vec<Utf8PathBuf>,
}

impl Folder {
    /// Makes the folder and tries it, so that a run does not end with nowhere to write.
    pub(crate) fn open(path: &Utf8Path) -> Result<Self, Failure> {
        let unwritable = |error| {
            Failure::usage(format!("{path} cannot be written into"))
                .mend("give another folder with --out")
                .because(error)
        };
        if path.exists() && !path.is_dir() {
            return Err(Failure::usage(format!("{path} is not a folder")).mend("give a folder with --out"));
        }
        let absent = path
            .ancestors()
            .take_while(|folder| !folder.as_str().is_empty() && !folder.exists());
        let folder = Self {
            path: path.to_owned(),
            made: absent.map(Utf8Path::to_owned).collect(),
        };
        fs::create_dir_all(path).map_err(unwritable)?;
        in_folder(path).map_err(unwritable)?;
        Ok(folder)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// Fails now if a file of this name could not be written later.
    pub(crate) fn check(&self, name: &str) -> Result<(), Failure> {
        Place::of(&self.path.join(name)).map(drop)
    }

    /// Writes a file of this name piece by piece.
    pub(crate) fn write_by(
        &self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        write_by(&self.path.join(name), write)
    }

    /// Writes a file of this name.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<Utf8PathBuf, Failure> {
        let path = self.path.join(name);
        write(&path, text)?;
        Ok(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Only an empty folder can be removed, and nobody misses it.
        let _ = self.made.iter().try_for_each(fs::remove_dir);
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
    Place::of(path)?.check()
}

/// Writes a file: whole or not at all, but straight into what is no regular file.
pub(crate) fn write(path: &Utf8Path, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    write_by(path, |out| out.write_all(bytes.as_ref()))
}

fn write_by(path: &Utf8Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut file = NewFile::begin(path)?;
    write(&mut file).map_err(|error| unwritable(path, error))?;
    file.end()
}

/// A file in the folder of this path, with a name of its own and the rights of any new file. Gone again unless it is put
/// somewhere.
fn beside(path: &Utf8Path) -> io::Result<NamedTempFile<fs::File>> {
    in_folder(folder_of(path))
}

fn in_folder(folder: &Utf8Path) -> io::Result<NamedTempFile<fs::File>> {
    // The library's own way makes files that only their owner may read, and names them in its errors.
    tempfile::Builder::new().make_in(folder, |path| {
        fs::File::options().write(true).create_new(true).open(path)
    })
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
