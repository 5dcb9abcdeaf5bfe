//! How scenarios stand to a cassette.

use parallax_contract::Contract;
use parallax_endpoint::cassette::Cassette;
use parallax_runner::{Standing, standing};
use parallax_scenario::Scenario;

/// How many scenarios stand how to a cassette.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// All steps are there as they are asked now.
    pub(crate) whole: usize,
    /// Nothing is there.
    pub(crate) missing: usize,
    /// There, but not as it would be recorded now.
    pub(crate) stale: usize,
}

impl Counts {
    fn see(&mut self, standing: &Standing) {
        match standing {
            Standing::Whole => self.whole += 1,
            Standing::Missing => self.missing += 1,
            Standing::Stale { .. } => self.stale += 1,
        }
    }
}

/// Counts the scenarios by how they stand, and keeps those that are not whole.
pub(crate) fn lacking(contract: &Contract, cassette: &Cassette, scenarios: &mut Vec<Scenario>) -> Counts {
    let mut counts = Counts::default();
    scenarios.retain(|scenario| {
        let found = standing(contract, cassette, scenario);
        counts.see(&found);
        found != Standing::Whole
    });
    counts
}

/// What a run that is judged by a cassette cannot conclude, and why; `None` where it holds everything.
pub(crate) fn shortfall(contract: &Contract, cassette: &Cassette, scenarios: &[Scenario]) -> Option<String> {
    let mut counts = Counts::default();
    scenarios
        .iter()
        .for_each(|scenario| counts.see(&standing(contract, cassette, scenario)));
    let Counts { missing, stale, .. } = counts;
    let missing = (missing > 0).then(|| format!("{missing} were not recorded in this cassette"));
    let stale = (stale > 0).then(|| format!("{stale} were recorded as they were once, or without an answer"));
    let both: Vec<_> = missing.into_iter().chain(stale).collect();
    (!both.is_empty()).then(|| {
        format!(
            "of {} scenarios {}; what the cassette cannot tell of them is inconclusive, and `parallax record --update` \
             records it",
            scenarios.len(),
            both.join(" and ")
        )
    })
}
