//! Writes scenarios step by step.

use parallax_contract::Call;

use crate::{Scenario, Step};

/// A scenario in the making. Steps of one name are numbered from the second on.
pub(super) struct Script {
    scenario: Scenario,
}

impl Script {
    /// An empty scenario.
    pub(super) fn new(path: &str, resource: Option<&str>) -> Self {
        let path = path.chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
        Self {
            scenario: Scenario {
                path,
                resource: resource.map(str::to_owned),
                steps: Vec::new(),
                exclusive: false,
            },
        }
    }

    /// One more step.
    pub(super) fn step(self, name: &str, call: Call) -> Self {
        self.then(Step::new(name, call))
    }

    /// One more step, if there is a call for it.
    pub(super) fn maybe(self, name: &str, call: Option<Call>) -> Self {
        match call {
            Some(call) => self.step(name, call),
            None => self,
        }
    }

    /// One more step, made elsewhere.
    pub(super) fn then(mut self, mut step: Step) -> Self {
        let name = step.name.clone();
        let mut number = 2;
        while self.scenario.steps.iter().any(|other| other.name == step.name) {
            step.name = format!("{name}-{number}");
            number += 1;
        }
        self.scenario.steps.push(step);
        self
    }

    /// The same scenario, to be run while nothing else does.
    pub(super) fn alone(mut self) -> Self {
        self.scenario.exclusive = true;
        self
    }

    /// The same scenario with the last step following the marker to the end.
    pub(super) fn all_pages(mut self) -> Self {
        if let Some(step) = self.scenario.steps.last_mut() {
            step.all_pages = true;
        }
        self
    }

    /// The scenario.
    pub(super) fn done(self) -> Scenario {
        self.scenario
    }
}

/// Whether a character may stand in a path, where no glob and no shell gives it a meaning.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | ':')
}
