//! Which of several recorded answers is next.

use std::collections::BTreeMap;

/// The most tokens whose place is remembered; a client seldom has more than one.
const TOKENS: usize = 10_000;

/// A recorded exchange that fits a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Its place in the file.
    pub(super) at: usize,
    /// The token that stands for the run's.
    pub(super) token: Option<String>,
}

/// Where clients are in the recording.
#[derive(Debug)]
pub(super) struct Progress {
    /// The scenario of each exchange.
    scenarios: Vec<usize>,
    /// Whether an exchange was given as an answer.
    given: Vec<bool>,
    /// The last one given.
    last: Option<usize>,
    /// The last one given under a token.
    places: BTreeMap<String, usize>,
    /// The last token shown.
    token: Option<String>,
}

impl Progress {
    pub(super) fn new(scenarios: Vec<usize>) -> Self {
        Self {
            given: vec![false; scenarios.len()],
            scenarios,
            last: None,
            places: BTreeMap::new(),
            token: None,
        }
    }

    /// The exchange to answer with, with the token that its answer bears; `None` where there is no candidate.
    ///
    /// What follows in the scenario under way is first. A question that has no later answer there is answered as it was
    /// last; a change begins another scenario, one that was not played so far before one that was.
    pub(super) fn next(&mut self, candidates: &[Candidate], reads: bool) -> Option<(usize, Option<String>)> {
        let chosen = self
            .ahead(candidates)
            .or_else(|| self.behind(candidates).filter(|_| reads))
            .or_else(|| candidates.iter().find(|one| !self.is_given(one.at)))
            .or_else(|| candidates.iter().find(|one| self.is_in_hand(one)))
            .or_else(|| candidates.first())?;
        self.note(chosen);
        Some((chosen.at, self.token.clone()))
    }

    fn ahead<'c>(&self, candidates: &'c [Candidate]) -> Option<&'c Candidate> {
        let mut later = candidates
            .iter()
            .filter(|one| self.place(one).is_some_and(|place| one.at > place));
        later.find(|one| self.is_in_hand(one))
    }

    fn behind<'c>(&self, candidates: &'c [Candidate]) -> Option<&'c Candidate> {
        let mut earlier = candidates
            .iter()
            .rev()
            .filter(|one| self.place(one).is_some_and(|place| one.at <= place));
        earlier.find(|one| self.is_in_hand(one))
    }

    /// Whether it is of the scenario that its client is in.
    fn is_in_hand(&self, candidate: &Candidate) -> bool {
        let scenario = |at: usize| self.scenarios.get(at);
        self.place(candidate)
            .is_some_and(|place| scenario(place) == scenario(candidate.at))
    }

    /// Where the client is that asks this.
    fn place(&self, candidate: &Candidate) -> Option<usize> {
        match &candidate.token {
            Some(token) => self.places.get(token).copied(),
            None => self.last,
        }
    }

    fn is_given(&self, at: usize) -> bool {
        self.given.get(at).copied().unwrap_or_default()
    }

    fn note(&mut self, chosen: &Candidate) {
        self.last = Some(chosen.at);
        if let Some(given) = self.given.get_mut(chosen.at) {
            *given = true;
        }
        if let Some(token) = &chosen.token {
            if self.places.len() >= TOKENS {
                self.places.clear();
            }
            self.places.insert(token.clone(), chosen.at);
            self.token = Some(token.clone());
        } else if let Some(place) = self.token.as_ref().and_then(|token| self.places.get_mut(token)) {
            // A question without a name belongs to whoever asked last.
            *place = chosen.at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Exchanges by scenario; what is asked, as places that fit, `?` before what only reads; what is given.
    fn check(scenarios: &[usize], asked: &[(&[usize], bool)], expected: &[usize]) {
        let mut progress = Progress::new(scenarios.to_vec());
        let given: Vec<usize> = asked
            .iter()
            .map(|(places, reads)| {
                let candidate = |at: &usize| Candidate { at: *at, token: None };
                let candidates: Vec<_> = places.iter().map(candidate).collect();
                progress.next(&candidates, *reads).unwrap().0
            })
            .collect();
        assert_eq!(given, expected);
    }

    const CREATE: (&[usize], bool) = (&[0, 4], false);
    const LOOK: (&[usize], bool) = (&[1, 3, 5], true);
    const DELETE: (&[usize], bool) = (&[2, 6], false);
    /// Create, look, delete, look; create, look, delete.
    const TWO: [usize; 7] = [0, 0, 0, 0, 1, 1, 1];

    #[test]
    fn answers_come_in_the_order_of_the_recording() {
        check(&TWO, &[CREATE, LOOK, DELETE, LOOK], &[0, 1, 2, 3]);
        check(
            &TWO,
            &[CREATE, LOOK, DELETE, LOOK, CREATE, LOOK, DELETE],
            &[0, 1, 2, 3, 4, 5, 6],
        );
    }

    #[test]
    fn a_question_that_is_asked_once_more_has_the_last_answer() {
        check(&TWO, &[CREATE, DELETE, LOOK, LOOK, LOOK], &[0, 2, 3, 3, 3]);
    }

    #[test]
    fn a_client_that_begins_anew_is_answered_anew() {
        let once = [CREATE, LOOK, DELETE];
        check(
            &[0, 0, 0],
            &[(&[0], false), (&[1], true), (&[2], false), (&[0], false), (&[1], true)],
            &[0, 1, 2, 0, 1],
        );
        check(&TWO, &[once, once, once].concat(), &[0, 1, 2, 4, 5, 6, 4, 5, 6]);
    }
}
