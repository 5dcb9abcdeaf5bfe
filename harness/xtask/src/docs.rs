//! The documentation under docs: what is generated of it, its links, its examples, and the action for GitHub.

mod action;
mod examples;
mod generate;
mod links;
mod page;
mod snippets;

use camino::{Utf8Path, Utf8PathBuf};

use crate::check::Mode;
use crate::failure::{At as _, Failure};
use crate::shell::root;

/// Writes or compares the generated pages, then follows every link and runs every example. The binary is the one given,
/// or else one that is installed as the action installs it.
pub(crate) fn run(mode: Mode, binary: Option<&str>) -> Result<(), Failure> {
    let binary = match binary {
        Some(path) => Utf8Path::new(path).canonicalize_utf8().at(path)?,
        None => action::install()?,
    };
    generate::pages(mode, &binary)?;
    let pages = page::all()?;
    links::check(&pages)?;
    let inputs = action::inputs()?;
    snippets::check(&pages, &inputs.iter().map(String::as_str).collect::<Vec<_>>())?;
    examples::run(&pages, &binary)?;
    action::play(&binary)
}

/// The folder of the documentation.
fn folder() -> Utf8PathBuf {
    root().join("docs")
}

/// The search path of programs, with the binary's folder before all others.
fn search_path(binary: &Utf8Path) -> String {
    let folder = binary.parent().unwrap_or(binary);
    let others = std::env::var("PATH").unwrap_or_default();
    format!("{folder}:{others}")
}
