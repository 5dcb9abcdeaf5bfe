//! Where the results of a bench go.

use camino::Utf8Path;
use parallax_outcome::ExitCode;
use parallax_outcome::bench::Bench;
use parallax_report::bench::{csv, json, terminal};

use crate::failure::Failure;
use crate::files::{self, Folder};
use crate::screen::Screen;

/// Prints the results, and writes every form of them into the folder, if there is one.
pub(crate) fn write(bench: &Bench, folder: Option<&Folder>, screen: Screen) -> Result<(), Failure> {
    screen.show(terminal::render(bench, screen.colour()))?;
    let Some(folder) = folder else { return Ok(()) };
    folder.write("bench.json", &rendered(json::write(bench))?)?;
    folder.write("bench.csv", &csv::render(bench))?;
    screen.say(&format!("written into {}", folder.path()));
    Ok(())
}

/// The results in a file, or in the folder that they were written into.
pub(crate) fn read(path: &Utf8Path) -> Result<Bench, Failure> {
    let path = match path.is_dir() {
        true => path.join("bench.json"),
        false => path.to_owned(),
    };
    let text = files::read_text(&path)?;
    json::read(&text).map_err(|error| Failure::usage(format!("{path} cannot be read as a bench")).because(error))
}

fn rendered<E: std::error::Error + Send + Sync + 'static>(text: Result<String, E>) -> Result<String, Failure> {
    text.map_err(|error| Failure::new(ExitCode::Bug, "the results cannot be rendered").because(error))
}
