//! What may stand in which file.

use camino::{Utf8Path, Utf8PathBuf};

use super::Complaint;
use super::arrows::PURE;
use crate::failure::Failure;
use crate::shell::{output, program, root};

/// The most lines of a source file, tests left out.
const LONGEST: usize = 700;

/// What a crate without I/O, clock, randomness and environment does not say.
const IMPURE: [&str; 9] = [
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "std::env",
    "std::process",
    "Instant::now",
    "Timestamp::now",
    "SystemTime::now",
];

/// A file under version control, or about to be.
struct File {
    /// Relative to the repository.
    path: Utf8PathBuf,
    text: String,
}

/// Every file that breaks a rule.
pub(super) fn check() -> Result<Vec<Complaint>, Failure> {
    let files = files()?;
    let services = services(&files);
    let machine = machine_paths();
    let mut complaints = Vec::new();
    for file in &files {
        complaints.extend(names_machine(file, &machine));
        if is_source(&file.path) {
            complaints.extend(too_long(file));
            complaints.extend(no_border(file));
            complaints.extend(impure(file));
            complaints.extend(names_service(file, &services));
        }
    }
    Ok(complaints)
}

/// Every text file that git tracks or would track.
fn files() -> Result<Vec<File>, Failure> {
    let list = output(program("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    let read = |path: &str| {
        let text = std::fs::read_to_string(root().join(path)).ok()?;
        Some(File {
            path: path.into(),
            text,
        })
    };
    Ok(list.lines().filter_map(read).collect())
}

fn is_source(path: &Utf8Path) -> bool {
    let within = |name| path.components().any(|part| part.as_str() == name);
    path.starts_with("harness") && path.extension() == Some("rs") && within("src")
}

/// The names of the services that there is data for.
fn services(files: &[File]) -> Vec<String> {
    let contracts = files.iter().filter(|file| file.path.starts_with("specs/contracts"));
    contracts
        .filter_map(|file| file.path.file_stem())
        .map(str::to_lowercase)
        .filter(|stem| stem != "readme")
        .collect()
}

/// The beginnings of paths that mean something on one machine only.
fn machine_paths() -> Vec<String> {
    let anywhere = ["home", "Users", "root"].map(|folder| format!("/{folder}/"));
    let here = std::iter::once(format!("{}/", root()));
    anywhere.into_iter().chain(here).collect()
}

/// The text before the tests, with its comments.
fn production(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or_default()
}

/// The lines of code before the tests, with their numbers.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = production(text).lines().enumerate().map(|(at, line)| (at + 1, line));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn names_machine(file: &File, machine: &[String]) -> Option<Complaint> {
    let (at, _) = file
        .text
        .lines()
        .enumerate()
        .find(|(_, line)| machine.iter().any(|path| line.contains(path.as_str())))?;
    Some(format!("{}:{}: names a path of one machine", file.path, at + 1))
}

fn too_long(file: &File) -> Option<Complaint> {
    let lines = production(&file.text).lines().count();
    (lines > LONGEST).then(|| {
        format!(
            "{}: {lines} lines; find the second idea in it (at most {LONGEST})",
            file.path
        )
    })
}

fn no_border(file: &File) -> Option<Complaint> {
    if !matches!(file.path.file_name(), Some("lib.rs" | "main.rs")) || file.path.parent()?.file_name() != Some("src") {
        return None;
    }
    let header: Vec<_> = file
        .text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .collect();
    let said = header.join(" ").contains("This crate never ");
    (!said).then(|| format!("{}: the header lacks a `This crate never ...` sentence", file.path))
}

fn impure(file: &File) -> Option<Complaint> {
    let krate = file.path.components().nth(1)?;
    if !PURE.contains(&krate.as_str()) {
        return None;
    }
    let (at, word) =
        code(&file.text).find_map(|(at, line)| Some((at, IMPURE.iter().find(|word| line.contains(**word))?)))?;
    Some(format!(
        "{}:{at}: `{word}` in a crate without I/O, clock and environment",
        file.path
    ))
}

fn names_service(file: &File, services: &[String]) -> Option<Complaint> {
    let (at, service) = code(&file.text).find_map(|(at, line)| {
        let line = line.to_lowercase();
        Some((at, services.iter().find(|service| line.contains(service.as_str()))?))
    })?;
    Some(format!(
        "{}:{at}: names the service {service}; what is known of a service is data under specs/",
        file.path
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File {
            path: path.into(),
            text: text.into(),
        }
    }

    #[test]
    fn a_crate_header_says_what_the_crate_never_does() {
        let said = "//! A crate. This crate\n//! never sleeps.\n";
        assert_eq!(no_border(&file("harness/x/src/lib.rs", said)), None);
        assert!(no_border(&file("harness/x/src/lib.rs", "//! A crate.\n")).is_some());
        assert_eq!(no_border(&file("harness/x/src/other.rs", "//! A module.\n")), None);
    }

    #[test]
    fn a_service_is_named_in_comments_and_tests_only() {
        let services = ["parcels".to_owned()];
        let check = |text: &str| names_service(&file("harness/x/src/a.rs", text), &services).is_some();
        assert!(check("let name = \"Parcels\";"));
        assert!(!check("// such as parcels\n#[cfg(test)]\nlet name = \"parcels\";"));
    }

    #[test]
    fn a_pure_crate_does_no_io() {
        let check = |path: &str| impure(&file(path, "use std::fs::File;")).is_some();
        assert!(check("harness/diff/src/a.rs"));
        assert!(!check("harness/endpoint/src/a.rs"));
    }

    #[test]
    fn a_path_of_a_machine_is_found_with_its_line() {
        let path = format!("a\n/{}/me/x", "home");
        let complaint = names_machine(&file("README.md", &path), &machine_paths());
        assert_eq!(complaint.as_deref(), Some("README.md:2: names a path of one machine"));
    }

    #[test]
    fn tests_do_not_make_a_file_long() {
        let long = "x\n".repeat(LONGEST);
        assert_eq!(too_long(&file("a.rs", &format!("{long}#[cfg(test)]\n{long}"))), None);
        assert!(too_long(&file("a.rs", &format!("{long}x\n"))).is_some());
    }
}
