//! Which crate may use which.

use serde::Deserialize;

use super::Complaint;
use crate::failure::{At as _, Failure};
use crate::shell::{output, program};

/// Each crate with the crates that it may use; those at the end of all arrows may use all but each other.
const ARROWS: [(&str, &[&str]); 10] = [
    ("contract", &[]),
    ("outcome", &[]),
    ("wire", &["contract"]),
    ("scenario", &["contract"]),
    ("oracle", &["contract"]),
    ("diff", &["contract", "outcome"]),
    ("endpoint", &["contract", "wire", "oracle"]),
    (
        "runner",
        &["contract", "scenario", "endpoint", "oracle", "diff", "outcome"],
    ),
    (
        "load",
        &["contract", "wire", "scenario", "endpoint", "oracle", "diff", "outcome"],
    ),
    ("report", &["outcome"]),
];

/// Crates at the end of all arrows: nothing may use them.
const ENDS: [&str; 3] = ["parallax-cli", "parallax-fuzz", "xtask"];

/// What crates without I/O may not use.
const IMPURE: [&str; 4] = ["tokio", "reqwest", "hyper", "tempfile"];

/// Crates without I/O, clock, randomness and environment.
pub(super) const PURE: [&str; 6] = ["contract", "wire", "outcome", "scenario", "oracle", "diff"];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `dev` or `build`; none for what the crate itself uses.
    kind: Option<String>,
}

/// Every arrow that should not be there.
pub(super) fn check() -> Result<Vec<Complaint>, Failure> {
    let text = output(program("cargo").args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Metadata = serde_json::from_str(&text).at("cargo metadata")?;
    Ok(metadata.packages.iter().flat_map(wrong_arrows).collect())
}

fn wrong_arrows(package: &Package) -> Vec<Complaint> {
    let used = package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind.is_none());
    let wrong = used.filter(|dependency| !may_use(&package.name, &dependency.name));
    wrong
        .map(|dependency| format!("{} may not use {}", package.name, dependency.name))
        .collect()
}

fn may_use(from: &str, to: &str) -> bool {
    if ENDS.contains(&to) {
        return false;
    }
    if ENDS.contains(&from) {
        return true;
    }
    let short = from.strip_prefix("parallax-").unwrap_or(from);
    match to.strip_prefix("parallax-") {
        None => !(PURE.contains(&short) && IMPURE.contains(&to)),
        Some(to) => ARROWS.iter().any(|(name, may)| *name == short && may.contains(&to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, to: &str, expected: bool) {
        assert_eq!(may_use(from, to), expected, "{from} -> {to}");
    }

    #[test]
    fn arrows_go_one_way() {
        check("parallax-wire", "parallax-contract", true);
        check("parallax-contract", "parallax-wire", false);
        check("parallax-cli", "parallax-runner", true);
        check("parallax-report", "parallax-contract", false);
        check("parallax-runner", "parallax-cli", false);
        check("parallax-fuzz", "parallax-runner", true);
        check("parallax-fuzz", "parallax-cli", false);
        check("parallax-runner", "parallax-fuzz", false);
        check("parallax-unheard-of", "parallax-contract", false);
    }

    #[test]
    fn a_pure_crate_does_not_reach_for_the_network() {
        check("parallax-diff", "tokio", false);
        check("parallax-endpoint", "tokio", true);
        check("parallax-diff", "serde", true);
    }
}
