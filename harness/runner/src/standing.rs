//! How a scenario stands to a cassette, without asking anybody.

use std::collections::BTreeMap;
use std::fmt;

use parallax_contract::{Call, Contract, Observation};
use parallax_diff::may_pass;
use parallax_endpoint::cassette::{Cassette, Entry, Position, Redactor};
use parallax_endpoint::live::PAGE_LIMIT;
use parallax_scenario::{Names, Scenario, Step, resolve};

use crate::page::{Next, Pages};
use crate::side::capture;
use crate::token;

/// How a scenario stands to a cassette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// All of its steps are there, each asked as the scenario asks it now.
    Whole,
    /// Nothing of it is there.
    Missing,
    /// It is there, but not as it would be recorded now.
    Stale {
        /// The first step that is not as it would be.
        step: String,
        /// What is amiss with it.
        lack: Lack,
    },
}

/// What is amiss with a recorded step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// It is not there.
    Step,
    /// It was another request.
    Request,
    /// No answer came, or none that says anything: a page of a proxy, a failure.
    Answer,
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Step => "is not there",
            Self::Request => "was another request",
            Self::Answer => "has no answer that counts",
        })
    }
}

/// Follows a scenario through what a cassette holds of it. A request that the harness itself left unsent it would leave
/// unsent again, so that this is no lack.
pub fn standing(contract: &Contract, cassette: &Cassette, scenario: &Scenario) -> Standing {
    let holds = |step: &Step| cassette.holds(&Position::new(&scenario.path, &step.name));
    if !scenario.steps.iter().any(holds) {
        return Standing::Missing;
    }
    let token = token::of_play("", 0);
    let mut walk = Walk {
        contract,
        cassette,
        names: Names::new(&token),
        redactor: Redactor::new(&token),
        bound: [("run".to_owned(), token.clone())].into(),
        values: [("run".to_owned(), token)].into(),
    };
    walk.through(scenario)
}

struct Walk<'a> {
    contract: &'a Contract,
    cassette: &'a Cassette,
    names: Names,
    redactor: Redactor,
    /// What the placeholders of the recorded requests stand for in those of now.
    bound: BTreeMap<String, String>,
    values: BTreeMap<String, String>,
}

impl Walk<'_> {
    fn through(&mut self, scenario: &Scenario) -> Standing {
        for step in &scenario.steps {
            // What cannot be asked was not recorded either.
            let Ok(call) = resolve(&step.call, &self.names) else {
                continue;
            };
            match self.step(&scenario.path, step, call) {
                Ok(false) => {}
                Ok(true) => break,
                Err(lack) => {
                    let step = step.name.clone();
                    return Standing::Stale { step, lack };
                }
            }
        }
        Standing::Whole
    }

    /// Looks at a step with its pages; whether the rest of the scenario was left out.
    fn step(&mut self, scenario: &str, step: &Step, mut call: Call) -> Result<bool, Lack> {
        let contract = self.contract;
        let mut pages = Pages::new(contract, &call.operation, PAGE_LIMIT);
        let mut position = Position::new(scenario, &*step.name);
        let cassette = self.cassette;
        loop {
            position.page = pages.number;
            // A line that is not what was written holds no answer.
            let entry = cassette.get(&position).map_err(|_| Lack::Answer)?;
            let observation = self.entry(&entry.ok_or(Lack::Step)?, &call)?;
            capture(&mut self.names, step, &observation);
            if !(step.all_pages && matches!(pages.turn(&mut call, &observation), Next::Page)) {
                return Ok(step.until_refused && observation.error().is_some());
            }
        }
    }

    fn entry(&mut self, entry: &Entry, call: &Call) -> Result<Observation, Lack> {
        // A protocol that is not built in reads no answer.
        let exchange = entry.exchange(self.contract, call, &self.values);
        let exchange = exchange.map_err(|_| Lack::Answer)?;
        let clean = self.redactor.redact(&exchange);
        if !entry.fits(&exchange.request, &clean, &mut self.bound) {
            return Err(Lack::Request);
        }
        if may_pass(&exchange.observation) && !entry.is_withheld() {
            return Err(Lack::Answer);
        }
        Ok(exchange.observation)
    }
}
