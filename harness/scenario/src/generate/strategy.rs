//! Generation and reduction for proptest.

use std::sync::Arc;

use proptest::prelude::Rng as _;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::Generator;
use crate::Scenario;
use crate::reduce::Reducer;

/// A strategy for whole scenarios.
#[derive(Clone, Debug)]
pub struct Scenarios {
    generator: Arc<Generator>,
}

impl Scenarios {
    /// Scenarios of this generator.
    pub fn new(generator: impl Into<Arc<Generator>>) -> Self {
        Self {
            generator: generator.into(),
        }
    }
}

impl Strategy for Scenarios {
    type Tree = ScenarioTree;
    type Value = Scenario;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let seed = runner.rng().next_u64();
        Ok(ScenarioTree {
            reducer: Reducer::new(self.generator.nth(seed, 0)),
        })
    }
}

/// A scenario that proptest simplifies by this crate's reduction.
#[derive(Clone, Debug)]
pub struct ScenarioTree {
    reducer: Reducer,
}

impl ValueTree for ScenarioTree {
    type Value = Scenario;

    fn current(&self) -> Scenario {
        self.reducer.trying().unwrap_or_else(|| self.reducer.best()).clone()
    }

    /// The current one failed.
    fn simplify(&mut self) -> bool {
        self.reducer.verdict(true);
        self.reducer.next().is_some()
    }

    /// The current one passed.
    fn complicate(&mut self) -> bool {
        self.reducer.verdict(false);
        self.reducer.next().is_some()
    }
}
