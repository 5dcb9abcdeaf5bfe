//! Where bytes are read from: a file, piece by piece as they are asked for, or memory.

use std::fs::File;
use std::io::{self, BufReader, Read};

/// How much is read at a time from beginning to end.
const CHUNK: usize = 1 << 16;

/// Bytes that can be read from any place, by many at once.
#[derive(Debug)]
pub(super) enum Source {
    /// A file, of which nothing is held.
    #[cfg(unix)]
    File(File),
    /// Bytes that are there already.
    Bytes(Vec<u8>),
}

impl Source {
    /// The bytes of a file.
    #[cfg(unix)]
    pub(super) fn of(file: File) -> io::Result<Self> {
        Ok(Self::File(file))
    }

    /// The bytes of a file, all of them: reading at a place is not to be had here.
    #[cfg(not(unix))]
    pub(super) fn of(mut file: File) -> io::Result<Self> {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(Self::Bytes(bytes))
    }

    /// How many bytes there are.
    pub(super) fn len(&self) -> io::Result<u64> {
        match self {
            #[cfg(unix)]
            Self::File(file) => Ok(file.metadata()?.len()),
            Self::Bytes(bytes) => Ok(bytes.len() as u64),
        }
    }

    /// So many bytes from this place on.
    pub(super) fn read_at(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        match self {
            #[cfg(unix)]
            Self::File(file) => {
                let mut bytes = vec![0; length];
                std::os::unix::fs::FileExt::read_exact_at(file, &mut bytes, offset)?;
                Ok(bytes)
            }
            Self::Bytes(bytes) => {
                let rest = usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..));
                let found = rest.and_then(|rest| rest.get(..length));
                found
                    .map(<[u8]>::to_vec)
                    .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
            }
        }
    }

    /// All of it, from the beginning.
    pub(super) fn stream(&self) -> BufReader<Stream<'_>> {
        BufReader::with_capacity(CHUNK, Stream { source: self, at: 0 })
    }
}

/// Reads a source from its beginning to its end.
#[derive(Debug)]
pub(super) struct Stream<'a> {
    source: &'a Source,
    at: u64,
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match self.source {
            #[cfg(unix)]
            Source::File(file) => std::os::unix::fs::FileExt::read_at(file, buffer, self.at)?,
            Source::Bytes(bytes) => {
                let at = usize::try_from(self.at).unwrap_or(usize::MAX);
                bytes.get(at..).unwrap_or_default().read(buffer)?
            }
        };
        self.at += count as u64;
        Ok(count)
    }
}
