//! Where a file is written, and what must stay what it is: links, pipes, devices.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::NamedTempFile;

use super::{beside, folder_of, unwritable};
use crate::failure::Failure;

/// How many links to links are followed; the system itself follows no more.
const LINKS: usize = 40;

/// What a name on the command line stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A regular file, there already or not yet; where the name was a link, what the link leads to.
    File(Utf8PathBuf),
    /// A pipe or a device, or an open file by its descriptor (`/dev/stdout`): it takes what is written, and stays.
    Stream(Utf8PathBuf),
}

impl Place {
    /// What is written when a file of this name is.
    pub(crate) fn of(path: &Utf8Path) -> Result<Self, Failure> {
        let Some(name) = path.file_name() else {
            return Err(Failure::usage(format!("`{path}` names no file")).mend("give a file"));
        };
        match fs::metadata(path) {
            Ok(there) if there.is_dir() => Err(Failure::usage(format!("{path} is a folder"))
                .mend(format!("name a file in it, such as {}", path.join(name)))),
            Ok(there) if !there.is_file() => Ok(Self::Stream(path.to_owned())),
            _ => behind_links(path),
        }
    }

    /// Fails now if nothing could be written later. A pipe is not tried: opening it would wait for its reader.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        match self {
            Self::File(path) => beside(path).map(drop).map_err(|error| unwritable(path, error)),
            Self::Stream(_) => Ok(()),
        }
    }
}

/// Where links lead, whether or not something is there.
fn behind_links(path: &Utf8Path) -> Result<Place, Failure> {
    let mut at = path.to_owned();
    for _ in 0..LINKS {
        let is_link = fs::symlink_metadata(&at).is_ok_and(|there| there.is_symlink());
        if !is_link {
            return Ok(Place::File(at));
        }
        // A link of /proc is an open file, and what it reads as need not be its name.
        let absolute = folder_of(&at).canonicalize_utf8();
        if absolute.is_ok_and(|folder| folder.starts_with("/proc")) {
            return Ok(Place::Stream(path.to_owned()));
        }
        let to = at.read_link_utf8().map_err(|error| unwritable(path, error))?;
        at = folder_of(&at).join(to);
    }
    Err(Failure::usage(format!("{path} leads in a circle of links")).mend("give another file"))
}

/// A file that is being written: whole or not at all where it is a regular one.
#[derive(Debug)]
pub(crate) struct NewFile {
    path: Utf8PathBuf,
    to: To,
}

#[derive(Debug)]
enum To {
    /// Unseen beside its place until it is put there.
    Beside(BufWriter<NamedTempFile<File>>),
    /// Straight into what is there.
    Through(BufWriter<File>),
}

impl NewFile {
    /// Begins the file of this name.
    pub(crate) fn begin(path: &Utf8Path) -> Result<Self, Failure> {
        let wrong = |error| unwritable(path, error);
        match Place::of(path)? {
            Place::File(place) => Ok(Self {
                to: To::Beside(BufWriter::new(beside(&place).map_err(wrong)?)),
                path: place,
            }),
            Place::Stream(place) => Ok(Self {
                to: To::Through(BufWriter::new(File::options().write(true).open(&place).map_err(wrong)?)),
                path: place,
            }),
        }
    }

    /// Puts it into its place.
    pub(crate) fn end(self) -> Result<(), Failure> {
        self.put().map_err(|(path, error)| unwritable(&path, error))
    }

    fn put(self) -> Result<(), (Utf8PathBuf, io::Error)> {
        let Self { path, to } = self;
        let put = || {
            let file = match to {
                To::Beside(out) => out.into_inner()?,
                To::Through(out) => return out.into_inner().map(drop).map_err(Into::into),
            };
            // Who may read and write a file is not for its next version to say.
            if let Ok(before) = fs::metadata(&path) {
                file.as_file().set_permissions(before.permissions())?;
            }
            file.persist(&path).map(drop).map_err(|error| error.error)
        };
        put().map_err(|error| (path, error))
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.to {
            To::Beside(out) => out.write(bytes),
            To::Through(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::Beside(out) => out.flush(),
            To::Through(out) => out.flush(),
        }
    }
}
