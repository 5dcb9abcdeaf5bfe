//! Builds every contract under specs/contracts into the binary, with its overlay where there is one: a new service
//! needs its data alone.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let specs = env::var("CARGO_MANIFEST_DIR")
        .map(|dir| PathBuf::from(dir).join("../../specs"))
        .map_err(io::Error::other)?;
    let contracts = specs.join("contracts");
    println!("cargo::rerun-if-changed={}", contracts.display());
    let mut paths: Vec<PathBuf> = fs::read_dir(&contracts)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut table = String::from("&[\n");
    for path in &paths {
        entry(&mut table, path)?;
    }
    table.push(']');
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("services.rs"), table)
}

/// One line of the table: the service's name, the text of its contract, and the text of its overlay.
fn entry(table: &mut String, contract: &Path) -> io::Result<()> {
    let contract = contract.canonicalize()?;
    let name = contract.file_stem().unwrap_or_default().to_string_lossy();
    println!("cargo::rerun-if-changed={}", contract.display());
    let overlay = contract.with_file_name(format!("../overlays/{name}.toml"));
    println!("cargo::rerun-if-changed={}", overlay.display());
    let overlay = match overlay.exists() {
        true => format!("Some(include_str!({overlay:?}))"),
        false => "None".to_owned(),
    };
    writeln!(table, "    ({name:?}, include_str!({contract:?}), {overlay}),").map_err(io::Error::other)
}
