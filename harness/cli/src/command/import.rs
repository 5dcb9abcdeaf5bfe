//! `parallax spec import`.

use camino::Utf8Path;
use parallax_contract::{Contract, ImportError, Sources};
use parallax_outcome::ExitCode;
use parallax_wire::protocol_of;

use crate::args::ImportArgs;
use crate::failure::Failure;
use crate::files;
use crate::screen::{Screen, print};
use crate::services;

/// What gzip begins with.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Reads a model with its neighbours and writes the contract.
pub(crate) fn import(args: &ImportArgs, screen: Screen) -> Result<ExitCode, Failure> {
    if let Some(out) = &args.out {
        files::check_writable(out)?;
    }
    let contract = contract(args)?;
    let text = contract.to_json();
    match &args.out {
        None => print(&text)?,
        Some(out) => files::write(out, &text)?,
    }
    screen.say(&format!(
        "{}: {} operations, {} shapes, {} errors, {} resources",
        contract.service.full_name,
        contract.operations.len(),
        contract.shapes.len(),
        contract.errors.len(),
        contract.resources.len()
    ));
    if let Err(unsupported) = protocol_of(&contract) {
        screen.say(&format!("it can be shown, but not asked yet: {unsupported}"));
    }
    Ok(ExitCode::Ok)
}

/// The contract of the model, completed by the overlay given, else by the one that is built in for its service.
fn contract(args: &ImportArgs) -> Result<Contract, Failure> {
    let folder = args.path.parent().unwrap_or(Utf8Path::new(""));
    let model = files::read(&args.path)?;
    let [paginators, waiters, examples, endpoints] = [
        neighbour(folder, "paginators-1.json")?,
        neighbour(folder, "waiters-2.json")?,
        neighbour(folder, "examples-1.json")?,
        neighbour(folder, "endpoint-rule-set-1.json")?,
    ];
    // Where the models of all services lie, each in a folder with one for each version.
    let partitions = neighbour(&folder.join("../.."), "partitions.json")?;
    let overlay = args.overlay.as_deref().map(files::read_text).transpose()?;
    let sources = Sources {
        name: args.source.as_deref().or(args.path.file_name()).unwrap_or_default(),
        model: &model,
        paginators: paginators.as_deref(),
        waiters: waiters.as_deref(),
        examples: examples.as_deref(),
        endpoints: endpoints.as_deref(),
        partitions: partitions.as_deref(),
        overlay: overlay.as_deref(),
    };
    let is_gzip = model.starts_with(&GZIP_MAGIC);
    let wrong = |error: ImportError| match (&error, args.path.extension()) {
        (ImportError::Json { part: "model", .. }, Some("gz")) if !is_gzip => {
            Failure::usage(format!("{} is not gzip, though its name ends in .gz", args.path)).mend("fetch it again")
        }
        _ => Failure::usage(blamed(args, &error)).because(error),
    };
    let contract = parallax_contract::import(&sources).map_err(wrong)?;
    match services::overlay(&contract.service.name) {
        Some(built_in) if overlay.is_none() => {
            let completed = Sources {
                overlay: Some(built_in),
                ..sources
            };
            parallax_contract::import(&completed).map_err(wrong)
        }
        _ => Ok(contract),
    }
}

/// The bytes of a file beside the model, gzipped or not, if it is there.
fn neighbour(folder: &Utf8Path, name: &str) -> Result<Option<Vec<u8>>, Failure> {
    let paths = [folder.join(name), folder.join(format!("{name}.gz"))];
    paths
        .iter()
        .find(|path| path.is_file())
        .map(|path| files::read(path))
        .transpose()
}

/// The file that an error is about; a neighbour is named by the error itself.
fn blamed(args: &ImportArgs, error: &ImportError) -> String {
    match (error, &args.overlay) {
        (ImportError::Overlay(_), Some(overlay)) => format!("{overlay} cannot be merged into {}", args.path),
        _ => format!("{} cannot be imported", args.path),
    }
}
