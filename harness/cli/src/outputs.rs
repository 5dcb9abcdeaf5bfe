//! Where a report goes: into a folder, to standard output, or to a person.

use std::io::{self, Write};

use camino::Utf8Path;
use parallax_outcome::{FailOn, Report};
use parallax_report::{Sources, annotations, badge, html, json, junit, markdown, sarif, terminal};

use crate::args::Format;
use crate::failure::Failure;
use crate::files::Folder;
use crate::screen::{Screen, print_by};

/// Every format, with its file.
const FILES: [(Format, &str); 7] = [
    (Format::Json, "report.json"),
    (Format::Junit, "junit.xml"),
    (Format::Markdown, "summary.md"),
    (Format::Html, "report.html"),
    (Format::Sarif, "report.sarif"),
    (Format::Annotations, "annotations.txt"),
    (Format::Badge, "badge.json"),
];

/// The formats of a folder where none is named.
const USUAL: [Format; 4] = [Format::Json, Format::Junit, Format::Markdown, Format::Html];

/// What formats want to know besides the report.
#[derive(Debug)]
pub(crate) struct Manner {
    /// What fails a test case.
    pub(crate) fail_on: FailOn,
    /// Where operations are written down.
    pub(crate) sources: Sources,
}

/// Where a report goes.
#[derive(Debug)]
pub(crate) enum Outputs {
    /// Text for a person alone.
    Person,
    /// One format to standard output.
    Stdout(Format),
    /// Files, and text for a person.
    Files(Folder, Vec<Format>),
}

impl Outputs {
    /// What `--out` and `--format` say. The folder is made and tried.
    pub(crate) fn of(out: Option<&Utf8Path>, formats: &[Format]) -> Result<Self, Failure> {
        match (out, formats) {
            (None, []) => Ok(Self::Person),
            (None, [format]) => Ok(Self::Stdout(*format)),
            (None, _) => Err(Failure::usage("standard output takes one format only")
                .mend("give a folder with --out, or one --format")),
            (Some(out), []) => Self::files(out, &USUAL),
            (Some(out), some) => Self::files(out, some),
        }
    }

    fn files(out: &Utf8Path, formats: &[Format]) -> Result<Self, Failure> {
        let folder = Folder::open(out)?;
        for (_, name) in FILES.iter().filter(|(format, _)| formats.contains(format)) {
            folder.check(name)?;
        }
        Ok(Self::Files(folder, formats.to_vec()))
    }

    /// The folder of the report, if there is one.
    pub(crate) fn folder(&self) -> Option<&Utf8Path> {
        match self {
            Self::Files(folder, _) => Some(folder.path()),
            _ => None,
        }
    }

    /// Writes the report.
    pub(crate) fn write(&self, report: &Report, manner: &Manner, screen: Screen) -> Result<(), Failure> {
        self.write_for_tools(report, manner, screen)?;
        match self {
            Self::Person | Self::Files(..) => screen.show(terminal::render(report, screen.colour())),
            Self::Stdout(_) => Ok(()),
        }
    }

    /// Writes the report without the text for a person, who is told otherwise.
    pub(crate) fn write_for_tools(&self, report: &Report, manner: &Manner, screen: Screen) -> Result<(), Failure> {
        match self {
            Self::Person => Ok(()),
            Self::Stdout(format) => print_by(|out| render(*format, report, manner, out)),
            Self::Files(folder, formats) => {
                for (format, name) in FILES.iter().filter(|(format, _)| formats.contains(format)) {
                    folder.write_by(name, |out| render(*format, report, manner, out))?;
                }
                screen.say(&format!("the report is in {}", folder.path()));
                Ok(())
            }
        }
    }
}

/// Renders a report in one format. What grows with the scenarios is written as it is made.
fn render(format: Format, report: &Report, manner: &Manner, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json => json::write_to(report, out),
        Format::Junit => junit::write_to(report, manner.fail_on, out),
        Format::Markdown => out.write_all(markdown::render(report).as_bytes()),
        Format::Html => html::write_to(report, out),
        Format::Sarif => sarif::write_to(report, &manner.sources, out),
        Format::Annotations => out.write_all(annotations::render(report, &manner.sources).as_bytes()),
        Format::Badge => out.write_all(badge::render(report).as_bytes()),
    }
}
