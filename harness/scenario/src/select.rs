//! Which scenarios to play.

use globset::{Glob, GlobBuilder, GlobMatcher};
use parallax_contract::Contract;
use thiserror::Error;

use crate::Scenario;

/// What was asked for; what is `None` restricts nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// A glob over operation names: scenarios that call a matching operation. A scenario whose path begins with an
    /// operation is about that one, and is selected by it alone.
    pub operation: Option<String>,
    /// The name of a resource: every scenario about it.
    pub resource: Option<String>,
    /// A glob over scenario paths, in which `*` also stands for slashes; or one path.
    pub scenario: Option<String>,
}

/// A selection that cannot be meant.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SelectError {
    /// The glob cannot be read.
    #[error("the glob '{glob}' for {what} cannot be read: {why}; quote special characters in brackets, such as '[*]'")]
    BadGlob {
        /// What it was to select.
        what: &'static str,
        /// The glob as given.
        glob: String,
        /// What is wrong with it.
        why: String,
    },
    /// Names match only if upper and lower case are taken for one.
    #[error("no {what} matches '{wanted}', since upper and lower case differ; did you mean {}?", .meant.join(", "))]
    Case {
        /// What it was to select.
        what: &'static str,
        /// The name or glob as given.
        wanted: String,
        /// The first such names.
        meant: Vec<String>,
    },
    /// Nothing has this name.
    #[error("no {what} matches '{wanted}'{}", nearest(.near))]
    Nothing {
        /// What it was to select.
        what: &'static str,
        /// The name or glob as given.
        wanted: String,
        /// The nearest names, the nearest first.
        near: Vec<String>,
    },
}

/// How many near names an error offers.
const NEAR: usize = 3;

impl Selection {
    /// The selected scenarios, in the order given. May be none, where each restriction matches something but not all
    /// of them the same scenario.
    ///
    /// # Errors
    /// A glob that cannot be read, or a restriction that nothing matches; the nearest names are in the error.
    pub fn pick(&self, contract: &Contract, scenarios: Vec<Scenario>) -> Result<Vec<Scenario>, SelectError> {
        let operation = self.operation_filter(contract)?;
        self.check_resource(contract)?;
        let path = self.path_filter(&scenarios)?;
        let wanted = |scenario: &Scenario| {
            let of_resource = self.resource.is_none() || self.resource == scenario.resource;
            let calls = operation.as_ref().is_none_or(|glob| calls(contract, glob, scenario));
            of_resource && calls && path.as_ref().is_none_or(|path| path.matches(&scenario.path))
        };
        Ok(scenarios.into_iter().filter(wanted).collect())
    }

    /// The names of the operations that match; none where operations are not restricted.
    ///
    /// # Errors
    /// As for [`Selection::pick`].
    pub fn operations(&self, contract: &Contract) -> Result<Vec<String>, SelectError> {
        let filter = self.operation_filter(contract)?;
        let matching = |name: &&String| filter.as_ref().is_some_and(|glob| glob.is_match(name));
        Ok(contract.operations.keys().filter(matching).cloned().collect())
    }

    fn operation_filter(&self, contract: &Contract) -> Result<Option<GlobMatcher>, SelectError> {
        let Some(glob) = &self.operation else {
            return Ok(None);
        };
        let matcher = compile("operation", glob)?;
        match contract.operations.keys().any(|name| matcher.is_match(name)) {
            true => Ok(Some(matcher)),
            false => Err(nothing("operation", glob, contract.operations.keys())),
        }
    }

    fn check_resource(&self, contract: &Contract) -> Result<(), SelectError> {
        match &self.resource {
            Some(name) if !contract.resources.contains_key(name) => {
                Err(nothing("resource", name, contract.resources.keys()))
            }
            _ => Ok(()),
        }
    }

    fn path_filter(&self, scenarios: &[Scenario]) -> Result<Option<PathFilter>, SelectError> {
        let Some(glob) = &self.scenario else {
            return Ok(None);
        };
        let filter = PathFilter {
            exact: glob.clone(),
            glob: compile("scenario", glob)?,
        };
        match scenarios.iter().any(|scenario| filter.matches(&scenario.path)) {
            true => Ok(Some(filter)),
            false => Err(nothing(
                "scenario",
                glob,
                scenarios.iter().map(|scenario| &scenario.path),
            )),
        }
    }
}

struct PathFilter {
    exact: String,
    glob: GlobMatcher,
}

impl PathFilter {
    fn matches(&self, path: &str) -> bool {
        self.exact == path || self.glob.is_match(path)
    }
}

/// Whether the scenario calls a matching operation and is about it, as far as its path tells.
fn calls(contract: &Contract, glob: &GlobMatcher, scenario: &Scenario) -> bool {
    let first = scenario.path.split('/').next().unwrap_or_default();
    let about_another = contract.operations.contains_key(first) && !glob.is_match(first);
    !about_another && scenario.steps.iter().any(|step| glob.is_match(&step.call.operation))
}

fn compile(what: &'static str, glob: &str) -> Result<GlobMatcher, SelectError> {
    let compiled = Glob::new(glob).map_err(|error| SelectError::BadGlob {
        what,
        glob: glob.to_owned(),
        why: error.kind().to_string(),
    });
    compiled.map(|glob| glob.compile_matcher())
}

fn nothing<'a>(what: &'static str, wanted: &str, names: impl Iterator<Item = &'a String> + Clone) -> SelectError {
    let in_any_case = GlobBuilder::new(wanted).case_insensitive(true).build();
    if let Ok(glob) = in_any_case.map(|glob| glob.compile_matcher()) {
        let meant: Vec<_> = names
            .clone()
            .filter(|name| glob.is_match(name))
            .take(NEAR)
            .cloned()
            .collect();
        if !meant.is_empty() {
            return SelectError::Case {
                what,
                wanted: wanted.to_owned(),
                meant,
            };
        }
    }
    let plain = wanted.to_lowercase().replace('*', "");
    let mut near: Vec<_> = names
        .map(|name| (strsim::osa_distance(&plain, &name.to_lowercase()), name))
        .collect();
    near.sort();
    SelectError::Nothing {
        what,
        wanted: wanted.to_owned(),
        near: near.into_iter().take(NEAR).map(|(_, name)| name.clone()).collect(),
    }
}

fn nearest(names: &[String]) -> String {
    match names {
        [] => "; there is none at all".to_owned(),
        _ => format!("; the nearest are {}", names.join(", ")),
    }
}
