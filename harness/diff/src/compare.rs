//! The comparison of one answer: which branch was taken, what is wrong with it, and what can be said.

use parallax_contract::{
    ApiError, Basis, Contract, Expectation, Expected, Observation, Outcome, Pattern, Reason, Value,
};
use parallax_outcome::{Difference, Kind, Verdict};

use crate::Bindings;
use crate::findings::Findings;
use crate::path::Path;
use crate::refusal::{self, shown};

/// What came of one comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Agree, diverge or inconclusive.
    pub verdict: Verdict,
    /// The differences, in the order of the answer; unless the verdict is [`Verdict::Diverge`], only habits.
    pub differences: Vec<Difference>,
}

/// Holds an answer against what it had to be.
///
/// A difference makes the verdict [`Verdict::Diverge`], also in the branch that an open expectation left to the
/// endpoint. Without one, an open expectation is [`Verdict::Inconclusive`] with its reason, and so is a refusal that
/// says nothing of the call: a quota, throttling, or the refusal of a whole family to the account.
/// `bindings` learns the endpoint's own values from what it sees.
pub fn compare(
    contract: &Contract,
    operation: &str,
    expectation: &Expectation,
    observation: &Observation,
    bindings: &mut Bindings,
) -> Comparison {
    let mut findings = Findings {
        contract,
        operation,
        bindings,
        found: Vec::new(),
    };
    let expected = &expectation.expected;
    let open = match &observation.outcome {
        // The endpoint was not asked, which says nothing of it.
        Outcome::Lost(fault) if fault.is_unsent() => Some(fault.to_string().into()),
        Outcome::Lost(fault) => {
            findings.lost(fault);
            None
        }
        Outcome::Malformed(malformed) => {
            findings.malformed(observation.status, malformed);
            None
        }
        Outcome::Success(output) => findings.accepted(expected, output, observation),
        Outcome::Error(error) => findings.refused(expected, error, observation),
    };
    conclude(findings.found, open)
}

fn conclude(differences: Vec<Difference>, open: Option<Reason>) -> Comparison {
    let verdict = match open {
        _ if differences.iter().any(|difference| !difference.habit) => Verdict::Diverge,
        Some(reason) => Verdict::Inconclusive(reason.as_ref().to_owned()),
        None => Verdict::Agree,
    };
    Comparison { verdict, differences }
}

impl Findings<'_> {
    /// The call was accepted; the reason, if that cannot be judged.
    fn accepted(&mut self, expected: &Expected, output: &Value, observation: &Observation) -> Option<Reason> {
        let (due, open): (Option<&Pattern>, _) = match expected {
            Expected::Success { output, .. } => (Some(output), None),
            Expected::Open { output, reason, .. } => (Some(output), Some(Reason::clone(reason))),
            Expected::Refusal(due) => {
                let codes: Vec<_> = due.codes.iter().map(|code| code.code.as_str()).collect();
                let shown = format!("refused: {}", codes.join(" or "))
                    .trim_end_matches(": ")
                    .to_owned();
                self.outcome((shown, "accepted".to_owned()), &due.basis);
                (None, None)
            }
        };
        if let Some(pattern) = due {
            self.walk(pattern, Some(output), Path::Root);
        }
        let listing = match due {
            Some(Pattern::Listing(listing)) => Some(listing),
            _ => None,
        };
        self.declared(output, listing);
        self.status_of_success(observation.status);
        self.envelope(observation, listing);
        open
    }

    /// The call was refused; the reason, if that cannot be judged.
    fn refused(&mut self, expected: &Expected, error: &ApiError, observation: &Observation) -> Option<Reason> {
        let due = match expected {
            Expected::Success { .. } => None,
            Expected::Refusal(due) | Expected::Open { refusal: due, .. } => Some(due),
        };
        let accident = refusal::accident(self.contract, error, due).map(Reason::from);
        if accident.is_none() {
            match expected {
                Expected::Success { basis, .. } => {
                    self.outcome(("accepted".to_owned(), shown(error, observation.status)), basis);
                }
                Expected::Refusal(due) => self.refusal(due, false, error, observation),
                Expected::Open { refusal: due, .. } => self.refusal(due, true, error, observation),
            }
        }
        self.envelope(observation, None);
        match expected {
            Expected::Open { reason, .. } => Some(accident.unwrap_or_else(|| Reason::clone(reason))),
            _ => accident,
        }
    }

    fn outcome(&mut self, sides: (String, String), why: &Basis) {
        self.usual(Kind::Outcome, Path::Root, sides, why);
    }
}
