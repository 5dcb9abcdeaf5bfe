//! The formats that others define, held against their own schemas.

use camino::{Utf8Path, Utf8PathBuf};
use parallax_outcome::{FailOn, Report};
use parallax_report::{Sources, json, junit, sarif};
use serde::Deserialize;
use serde_json::Value;

use crate::failure::{At as _, Failure};
use crate::shell::{output, program, root, run};
use crate::vectors::source;

/// The part of specs/models.lock that is about formats.
#[derive(Deserialize)]
struct Lock {
    schema: Schemas,
}

#[derive(Deserialize)]
struct Schemas {
    sarif: CratePin,
    junit: SdistPin,
}

/// A file in a crate.
#[derive(Deserialize)]
struct CratePin {
    #[serde(rename = "crate")]
    name: String,
    version: String,
    file: String,
    sha256: String,
}

/// A file in a source distribution, and what is installed to use it.
#[derive(Deserialize)]
struct SdistPin {
    package: String,
    version: String,
    sdist_sha256: String,
    file: String,
    tools: Vec<String>,
}

/// Renders the committed sample anew, and holds SARIF against the schema of OASIS, and JUnit against the one that
/// Jenkins reads by and a reader that many CI scripts use. Fetches the pinned schemas where they are missing.
pub(crate) fn check() -> Result<(), Failure> {
    let lock = root().join("specs/models.lock");
    let text = std::fs::read_to_string(&lock).at(&lock)?;
    let Schemas { sarif, junit } = toml::from_str::<Lock>(&text).at(&lock)?.schema;
    let path = root().join("reports/samples/report.json");
    let report = json::read(std::io::BufReader::new(std::fs::File::open(&path).at(&path)?)).at(&path)?;
    sarif_fits(&report, &sarif)?;
    junit_fits(&report, &junit)
}

fn sarif_fits(report: &Report, pin: &CratePin) -> Result<(), Failure> {
    let path = from_crate(pin)?;
    source::verify(&path, &pin.sha256)?;
    // Its pattern for languages has a stray bracket, which is a mistake to some engines, this one too.
    let text = std::fs::read_to_string(&path)
        .at(&path)?
        .replace("{2}]?$", "{2}\\\\]?$");
    let schema: Value = serde_json::from_str(&text).at(&path)?;
    let log: Value = serde_json::from_str(&sarif::render(report, &Sources::default()).at("SARIF")?).at("SARIF")?;
    let validator = jsonschema::validator_for(&schema).at(&path)?;
    let complaints: Vec<_> = validator
        .iter_errors(&log)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    match complaints.as_slice() {
        [] => {
            println!("SARIF: {} results fit the schema", report.divergences.len());
            Ok(())
        }
        [first, ..] => Err(Failure::new(format!(
            "report.sarif breaks its schema in {} places, first at {first}",
            complaints.len()
        ))),
    }
}

/// A file of a crate that cargo has fetched, through a manifest of its own: nothing here is built with it.
fn from_crate(pin: &CratePin) -> Result<Utf8PathBuf, Failure> {
    let folder = root().join(".vectors").join(&pin.name);
    std::fs::create_dir_all(folder.join("src")).at(&folder)?;
    std::fs::write(folder.join("src/lib.rs"), "").at(&folder)?;
    let manifest = format!(
        "[package]\nname = \"fetch\"\n\n[workspace]\n\n[dependencies]\n{} = \"={}\"\n",
        pin.name, pin.version
    );
    let path = folder.join("Cargo.toml");
    std::fs::write(&path, manifest).at(&path)?;
    let text = output(program("cargo").args(["metadata", "--format-version", "1", "--manifest-path", path.as_str()]))?;
    let metadata: Value = serde_json::from_str(&text).at("cargo metadata")?;
    let packages = metadata
        .get("packages")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let found = packages
        .iter()
        .find(|package| package.get("name").is_some_and(|name| name == pin.name.as_str()));
    let manifest = found.and_then(|package| package.get("manifest_path")?.as_str());
    let home = manifest.and_then(|path| Utf8Path::new(path).parent());
    home.map(|home| home.join(&pin.file))
        .ok_or_else(|| Failure::new(format!("cargo has not fetched {}", pin.name)))
}

fn junit_fits(report: &Report, pin: &SdistPin) -> Result<(), Failure> {
    let schema = source::from_sdist((&pin.package, &pin.version, &pin.sdist_sha256), &pin.file)?;
    let file = root().join(".vectors/junit.xml");
    std::fs::write(&file, junit::render(report, FailOn::Error).at("JUnit")?).at(&file)?;
    let script = root().join("harness/xtask/src/formats/read_junit.py");
    run(program(python(&pin.tools)?).args([script, schema, file]))
}

/// Python with these tools in an environment of its own.
fn python(tools: &[String]) -> Result<Utf8PathBuf, Failure> {
    let folder = root().join(".vectors/python");
    let (python, mark) = (folder.join("bin/python"), folder.join("installed"));
    let wanted = tools.join("\n");
    if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    run(program("python3").args(["-m", "venv", "--clear", folder.as_str()]))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(program(&python).args(pip).args(tools))?;
    // Written last: an environment without it is a broken one.
    std::fs::write(&mark, wanted).at(&mark)?;
    Ok(python)
}
