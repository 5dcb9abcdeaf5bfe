//! What a report asked, and of what it could have told.

use std::collections::{BTreeMap, BTreeSet};

use parallax_outcome::{Divergence, Kind, Report, Severity};

/// What a report asked.
pub(super) struct Asked<'r> {
    scenarios: BTreeSet<&'r str>,
    lacking: BTreeSet<&'r str>,
    /// Steps that were not judged: scenario and name.
    open: BTreeSet<(&'r str, &'r str)>,
    /// By scenario and step, what hides other things there.
    veils: BTreeMap<(&'r str, &'r str), Vec<&'r Divergence>>,
}

impl<'r> Asked<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        let told = report
            .scenarios
            .iter()
            .filter(|row| row.agree + row.diverge + row.inconclusive > 0);
        let lacking = report.operations.iter().filter(|row| !row.implemented);
        let mut veils: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for one in report.divergences.iter().filter(|one| may_veil(one)) {
            veils.entry(place(one)).or_default().push(one);
        }
        Self {
            scenarios: told.map(|row| row.path.as_str()).collect(),
            lacking: lacking.map(|row| row.name.as_str()).collect(),
            open: report.open_steps().collect(),
            veils,
        }
    }

    /// Whether the scenario of this divergence was played, and its operation is there.
    pub(super) fn asked(&self, divergence: &Divergence) -> bool {
        let of_the_run = divergence.kind == Kind::Unimplemented;
        let of_scenario = self.scenarios.contains(divergence.scenario.as_str());
        of_the_run || (of_scenario && !self.lacking.contains(divergence.operation.as_str()))
    }

    /// Whether the step of this divergence was not judged.
    pub(super) fn is_open(&self, divergence: &Divergence) -> bool {
        self.open.contains(&place(divergence))
    }

    /// Whether the report would have told of this divergence, had it been there still.
    pub(super) fn judged(&self, divergence: &Divergence) -> bool {
        let veils = self.veils.get(&place(divergence)).map_or(&[][..], Vec::as_slice);
        self.asked(divergence) && !self.is_open(divergence) && !veils.iter().any(|veil| veils_it(veil, divergence))
    }
}

fn place(divergence: &Divergence) -> (&str, &str) {
    (&divergence.scenario, &divergence.step)
}

/// Whether nothing was looked at beside or below this.
fn may_veil(one: &Divergence) -> bool {
    is_no_answer(one)
        || matches!(
            one.kind,
            Kind::Outcome | Kind::Missing | Kind::Type | Kind::NullEmpty | Kind::State
        )
}

/// Whether there was no answer to look at.
fn is_no_answer(one: &Divergence) -> bool {
    let unreadable = one.kind == Kind::Envelope && one.severity == Severity::Error && one.path.is_empty();
    one.kind == Kind::Transport || unreadable
}

fn veils_it(veil: &Divergence, one: &Divergence) -> bool {
    if is_no_answer(veil) {
        return !is_no_answer(one);
    }
    // An answer of the other outcome has other members.
    if veil.kind == Kind::Outcome {
        return !is_no_answer(one) && one.kind != Kind::Outcome;
    }
    let below = one.path.strip_prefix(veil.path.as_str());
    !veil.path.is_empty() && below.is_some_and(|rest| rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use parallax_outcome::Difference;

    fn at(kind: Kind, path: &str) -> Divergence {
        let difference = Difference {
            kind,
            severity: Severity::Error,
            path: path.to_owned(),
            expected: String::new(),
            observed: String::new(),
            evidence: Vec::new(),
            habit: false,
        };
        Divergence::place(difference, "Op", "scenario", "step", String::new())
    }

    #[test]
    fn what_is_missing_hides_what_is_in_it_and_nothing_else() {
        let missing = at(Kind::Missing, "Users[a]");
        assert!(veils_it(&missing, &at(Kind::Value, "Users[a].Name")));
        assert!(!veils_it(&missing, &at(Kind::Value, "Users[ab].Name")));
        assert!(!veils_it(&missing, &at(Kind::Value, "Users[a]")));
    }

    #[test]
    fn a_refusal_hides_the_members_of_the_answer_and_silence_hides_everything() {
        let (refused, silent) = (at(Kind::Outcome, ""), at(Kind::Transport, ""));
        assert!(veils_it(&refused, &at(Kind::Value, "Name")) && veils_it(&refused, &at(Kind::ErrorCode, "")));
        assert!(veils_it(&silent, &refused) && !veils_it(&refused, &silent));
    }
}
