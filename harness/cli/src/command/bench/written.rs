//! Where the results of a bench go.

use camino::{Utf8Path, Utf8PathBuf};
use parallax_outcome::ExitCode;
use parallax_outcome::bench::Bench;
use parallax_report::bench::{csv, html, json, terminal};

use crate::args::{BenchFormat, BenchRendering};
use crate::failure::Failure;
use crate::files::{self, Folder};
use crate::screen::{Screen, print};

/// The file that everything else can be made of again.
const JSON: &str = "bench.json";
/// Every format, with its file.
const FILES: [(BenchFormat, &str); 3] = [
    (BenchFormat::Json, JSON),
    (BenchFormat::Csv, "bench.csv"),
    (BenchFormat::Html, "bench.html"),
];

/// Where results go.
pub(crate) enum Outputs {
    /// Text for a person alone.
    Person,
    /// One format to standard output.
    Stdout(BenchFormat),
    /// Files, and text for a person.
    Files(Folder, Vec<BenchFormat>),
}

impl Outputs {
    /// What `--out` and `--format` say. The folder is made and tried.
    pub(crate) fn of(args: &BenchRendering) -> Result<Self, Failure> {
        match (args.out.as_deref(), args.format.as_slice()) {
            (None, []) => Ok(Self::Person),
            (None, [format]) => Ok(Self::Stdout(*format)),
            (None, _) => Err(Failure::usage("standard output takes one format only")
                .mend("give a folder with --out, or one --format")),
            (Some(out), []) => Ok(Self::Files(Folder::open(out)?, FILES.map(|(format, _)| format).into())),
            (Some(out), some) => Ok(Self::Files(Folder::open(out)?, some.to_vec())),
        }
    }

    /// The folder of the results, if there is one.
    pub(crate) fn folder(&self) -> Option<&Utf8Path> {
        match self {
            Self::Files(folder, _) => Some(folder.path()),
            _ => None,
        }
    }

    /// Writes the results.
    pub(crate) fn write(&self, bench: &Bench, screen: Screen) -> Result<(), Failure> {
        let (folder, formats) = match self {
            Self::Person => return screen.show(terminal::render(bench, screen.colour())),
            Self::Stdout(format) => return print(&render(*format, bench)?),
            Self::Files(folder, formats) => (folder, formats),
        };
        screen.show(terminal::render(bench, screen.colour()))?;
        for (format, name) in FILES.iter().filter(|(format, _)| formats.contains(format)) {
            folder.write(name, &render(*format, bench)?)?;
        }
        screen.say(&format!("written into {}", folder.path()));
        Ok(())
    }
}

fn render(format: BenchFormat, bench: &Bench) -> Result<String, Failure> {
    match format {
        BenchFormat::Json => rendered(json::write(bench)),
        BenchFormat::Csv => Ok(csv::render(bench)),
        BenchFormat::Html => rendered(html::render(bench)),
    }
}

/// The file of results that is meant by itself, or by the folder that they were written into.
pub(crate) fn file(path: &Utf8Path) -> Utf8PathBuf {
    files::meant(path, JSON)
}

/// The results in a file, or in the folder that they were written into.
pub(crate) fn read(path: &Utf8Path) -> Result<Bench, Failure> {
    let path = file(path);
    let text = files::read_text(&path)?;
    json::read(&text).map_err(|error| Failure::usage(format!("{path} cannot be read as a bench")).because(error))
}

fn rendered<E: std::error::Error + Send + Sync + 'static>(text: Result<String, E>) -> Result<String, Failure> {
    text.map_err(|error| Failure::new(ExitCode::Bug, "the results cannot be rendered").because(error))
}
