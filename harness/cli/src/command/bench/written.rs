//! Where the results of a bench go.

use parallax_outcome::ExitCode;
use parallax_outcome::bench::Bench;
use parallax_report::bench::{json, terminal};

use crate::failure::Failure;
use crate::files::Folder;
use crate::screen::{Screen, print};

/// Prints the results, and writes every form of them into the folder, if there is one.
pub(crate) fn write(bench: &Bench, folder: Option<&Folder>, screen: Screen) -> Result<(), Failure> {
    print(&terminal::render(bench, screen.colour()))?;
    let Some(folder) = folder else { return Ok(()) };
    folder.write("bench.json", &rendered(json::write(bench))?)?;
    screen.say(&format!("written into {}", folder.path()));
    Ok(())
}

fn rendered<E: std::error::Error + Send + Sync + 'static>(text: Result<String, E>) -> Result<String, Failure> {
    text.map_err(|error| Failure::new(ExitCode::Bug, "the results cannot be rendered").because(error))
}
