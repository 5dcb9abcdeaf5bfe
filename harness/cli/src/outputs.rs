//! Where a report goes: into a folder, to standard output, or to a person.

use camino::Utf8Path;
use parallax_outcome::{ExitCode, FailOn, Report};
use parallax_report::{Sources, annotations, badge, html, json, junit, markdown, sarif, terminal};

use crate::args::Format;
use crate::failure::Failure;
use crate::files::Folder;
use crate::screen::{Screen, print};

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
            (Some(out), []) => Ok(Self::Files(Folder::open(out)?, USUAL.into())),
            (Some(out), some) => Ok(Self::Files(Folder::open(out)?, some.to_vec())),
        }
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
        match self {
            Self::Person => print(&terminal::render(report, screen.colour())),
            Self::Stdout(format) => print(&text(*format, report, manner)?),
            Self::Files(folder, formats) => {
                for (format, name) in FILES.iter().filter(|(format, _)| formats.contains(format)) {
                    match format {
                        Format::Json => folder.write_by(name, |out| json::write_to(report, out))?,
                        _ => folder.write(name, &text(*format, report, manner)?).map(drop)?,
                    }
                }
                screen.say(&format!("the report is in {}", folder.path()));
                print(&terminal::render(report, screen.colour()))
            }
        }
    }
}

fn text(format: Format, report: &Report, manner: &Manner) -> Result<String, Failure> {
    match format {
        Format::Json => json::write(report).map_err(bug),
        Format::Junit => junit::render(report, manner.fail_on).map_err(bug),
        Format::Markdown => Ok(markdown::render(report)),
        Format::Html => html::render(report).map_err(bug),
        Format::Sarif => Ok(sarif::render(report, &manner.sources)),
        Format::Annotations => Ok(annotations::render(report, &manner.sources)),
        Format::Badge => Ok(badge::render(report)),
    }
}

fn bug(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::new(ExitCode::Bug, "the report cannot be rendered").because(error)
}
