//! Contract files: JSON that reads well in a diff, and typed errors when one cannot be read.

use std::io;

use serde::{Deserialize, Serialize};
use serde_json::ser::{Formatter, Serializer};
use thiserror::Error;

use crate::model::{Contract, FORMAT, ShapeKind};

/// Why a contract file cannot be used.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The text is no JSON, or not of a contract's structure.
    #[error("line {line}, column {column}: {message}; regenerate the contract with `parallax spec import`")]
    Json {
        /// The line, from 1; 0 where the text as a whole is meant.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// Another version of this tool wrote it.
    #[error("this is contract format {found}, and format {FORMAT} is read here; {mend}", mend = mend(*found))]
    Format {
        /// The file's format.
        found: u32,
    },
    /// It names a shape that it does not have.
    #[error(
        "{at} names the shape `{shape}`, which the contract does not have; regenerate it with `parallax spec import`"
    )]
    Dangling {
        /// Where the name stands.
        at: String,
        /// The name.
        shape: String,
    },
}

fn mend(found: u32) -> &'static str {
    if found > FORMAT {
        "use a newer parallax"
    } else {
        "regenerate the contract with `parallax spec import`"
    }
}

#[derive(Deserialize)]
struct Header {
    format: u32,
}

impl Contract {
    /// Reads a contract file.
    ///
    /// # Errors
    /// Fails if the text is no JSON, of another format, or names shapes that it lacks.
    pub fn from_json(text: &str) -> Result<Self, LoadError> {
        let header: Header = serde_json::from_str(text).map_err(|error| json_error(&error))?;
        if header.format != FORMAT {
            return Err(LoadError::Format { found: header.format });
        }
        let contract: Self = serde_json::from_str(text).map_err(|error| json_error(&error))?;
        match contract.dangling() {
            Some((at, shape)) => Err(LoadError::Dangling { at, shape }),
            None => Ok(contract),
        }
    }

    /// The contract file: equal contracts give equal bytes, and one member takes one line.
    pub fn to_json(&self) -> String {
        let mut bytes = Vec::new();
        let mut to = Serializer::with_formatter(&mut bytes, Layout::default());
        // Writing to memory cannot fail, and a contract has text keys only.
        if self.serialize(&mut to).is_err() {
            return String::new();
        }
        bytes.push(b'\n');
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// The first reference to a shape that is not there: its place and the name.
    pub(crate) fn dangling(&self) -> Option<(String, String)> {
        self.references()
            .find(|(_, name)| !self.shapes.contains_key(*name))
            .map(|(at, name)| (at, name.to_owned()))
    }

    fn references(&self) -> impl Iterator<Item = (String, &str)> {
        let operations = self.operations.iter().flat_map(|(name, operation)| {
            operation
                .input
                .iter()
                .chain(&operation.output)
                .map(move |shape| (name.clone(), shape.as_str()))
        });
        let shapes = self.shapes.iter().flat_map(|(name, shape)| {
            referred(&shape.kind)
                .into_iter()
                .map(move |(member, target)| (format!("{name}.{member}"), target))
        });
        operations.chain(shapes)
    }
}

fn referred(kind: &ShapeKind) -> Vec<(&str, &str)> {
    match kind {
        ShapeKind::Structure { members } => members
            .iter()
            .map(|member| (member.name.as_str(), member.shape.as_str()))
            .collect(),
        ShapeKind::List { member, .. } => vec![("member", member)],
        ShapeKind::Map { key, value, .. } => vec![("key", key), ("value", value)],
        _ => Vec::new(),
    }
}

fn json_error(error: &serde_json::Error) -> LoadError {
    let text = error.to_string();
    let message = text.split(" at line ").next().unwrap_or_default().to_owned();
    LoadError::Json {
        line: error.line(),
        column: error.column(),
        message,
    }
}

/// How deep lines are broken: down to the members of a structure, so that a changed member is one changed line.
const BROKEN_DEPTH: usize = 4;

/// Breaks lines in the outer containers only.
#[derive(Default)]
struct Layout {
    depth: usize,
    has_value: bool,
}

impl Layout {
    fn open<W: io::Write + ?Sized>(&mut self, to: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_value = false;
        to.write_all(bracket)
    }

    fn close<W: io::Write + ?Sized>(&mut self, to: &mut W, bracket: &[u8]) -> io::Result<()> {
        if self.has_value && self.depth <= BROKEN_DEPTH {
            line(to, self.depth - 1)?;
        }
        self.depth -= 1;
        self.has_value = true;
        to.write_all(bracket)
    }

    fn item<W: io::Write + ?Sized>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        if !first {
            to.write_all(b",")?;
        }
        if self.depth <= BROKEN_DEPTH {
            return line(to, self.depth);
        }
        if first { Ok(()) } else { to.write_all(b" ") }
    }
}

fn line<W: io::Write + ?Sized>(to: &mut W, depth: usize) -> io::Result<()> {
    to.write_all(b"\n")?;
    (0..depth).try_for_each(|_| to.write_all(b" "))
}

impl Formatter for Layout {
    fn begin_array<W: io::Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        self.open(to, b"[")
    }

    fn end_array<W: io::Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        self.close(to, b"]")
    }

    fn begin_array_value<W: io::Write + ?Sized>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.item(to, first)
    }

    fn end_array_value<W: io::Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: io::Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        self.open(to, b"{")
    }

    fn end_object<W: io::Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        self.close(to, b"}")
    }

    fn begin_object_key<W: io::Write + ?Sized>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.item(to, first)
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(b": ")
    }

    fn end_object_value<W: io::Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}
