//! The contracts under specs/contracts, made from the pinned models and the overlays.

use camino::{Utf8Path, Utf8PathBuf};
use parallax_contract::{Sources, import};

use crate::check::{Mode, generated};
use crate::failure::{At as _, Failure};
use crate::shell::root;
use crate::vectors::source;

/// Writes every contract that there is an overlay for, or, with `check`, fails where one is not what would be written.
pub(crate) fn run(check: bool) -> Result<(), Failure> {
    let mode = if check { Mode::Check } else { Mode::Write };
    let services = services()?;
    if services.is_empty() {
        return Err(Failure::new(
            "there is no overlay under specs/overlays, so there is no contract to make",
        ));
    }
    for service in services {
        let path = root().join("specs/contracts").join(format!("{service}.json"));
        generated(mode, &path, &contract(&service)?, "contracts")?;
        println!("{service}: {}", if check { "up to date" } else { "written" });
    }
    Ok(())
}

/// The names of the overlays.
fn services() -> Result<Vec<String>, Failure> {
    let folder = root().join("specs/overlays");
    let mut names: Vec<String> = paths(&folder)?
        .iter()
        .filter(|path| path.extension() == Some("toml"))
        .filter_map(|path| path.file_stem().map(str::to_owned))
        .collect();
    names.sort();
    Ok(names)
}

/// The contract of one service as JSON.
fn contract(service: &str) -> Result<String, Failure> {
    let (version, models) = source::unpacked(&format!("botocore/data/{service}"))?;
    let (_, partitions) = source::unpacked("botocore/data/partitions.json")?;
    let partitions = std::fs::read(&partitions).at(&partitions)?;
    // A service may have several versions of its interface, each a folder named by its date.
    let mut versions = paths(&models)?;
    versions.sort();
    let folder = versions
        .pop()
        .ok_or_else(|| Failure::new(format!("{models} holds no model; fetch it again")))?;
    let overlay = root().join("specs/overlays").join(format!("{service}.toml"));
    let overlay = std::fs::read_to_string(&overlay).at(&overlay)?;
    let model = neighbour(&folder, "service-2.json")?
        .ok_or_else(|| Failure::new(format!("{folder} holds no service-2.json; fetch it again")))?;
    let [paginators, waiters, examples, endpoints] = [
        neighbour(&folder, "paginators-1.json")?,
        neighbour(&folder, "waiters-2.json")?,
        neighbour(&folder, "examples-1.json")?,
        neighbour(&folder, "endpoint-rule-set-1.json")?,
    ];
    let sources = Sources {
        name: &format!("botocore {version}"),
        model: &model,
        paginators: paginators.as_deref(),
        waiters: waiters.as_deref(),
        examples: examples.as_deref(),
        endpoints: endpoints.as_deref(),
        partitions: Some(&partitions),
        overlay: Some(&overlay),
    };
    Ok(import(&sources).at(folder)?.to_json())
}

/// The bytes of a file, gzipped or not, if it is there.
fn neighbour(folder: &Utf8Path, name: &str) -> Result<Option<Vec<u8>>, Failure> {
    let forms = [folder.join(name), folder.join(format!("{name}.gz"))];
    let found = forms.iter().find(|path| path.is_file());
    found.map(|path| std::fs::read(path).at(path)).transpose()
}

fn paths(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Failure> {
    let entries = folder.read_dir_utf8().at(folder)?;
    entries.map(|entry| Ok(entry.at(folder)?.path().to_owned())).collect()
}
