//! What a report may show: the same rule as for cassettes.

use parallax_endpoint::cassette::Redactor;
use parallax_outcome::{Divergence, Event, StepRecord, Verdict};

use crate::party::Party;

/// What is taken out of the events of a run before anybody sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Veil {
    /// Credentials and addresses: the sides have no account of anybody's.
    Credentials,
    /// Everything that a cassette does not hold either: the service itself was asked.
    All,
}

impl Veil {
    /// What is due to a reference.
    pub(crate) fn of(reference: &Party) -> Self {
        match reference {
            Party::Aws => Self::All,
            _ => Self::Credentials,
        }
    }

    /// The event with placeholders for what must not be seen; the same text has the same one throughout a scenario.
    pub(crate) fn over(self, mut event: Event) -> Event {
        if let Event::Scenario(record) = &mut event {
            let mut redactor = self.redactor();
            for step in &mut record.steps {
                over_step(&mut redactor, step);
            }
        }
        event
    }

    /// A divergence on its own, in the same way.
    pub(crate) fn over_divergence(self, divergence: &mut Divergence) {
        let mut redactor = self.redactor();
        let Divergence {
            path,
            expected,
            observed,
            curl,
            ..
        } = divergence;
        for text in [path, expected, observed, curl] {
            over_text(&mut redactor, text);
        }
    }

    fn redactor(self) -> Redactor {
        match self {
            Self::Credentials => Redactor::of_credentials(),
            Self::All => Redactor::default(),
        }
    }
}

fn over_text(redactor: &mut Redactor, text: &mut String) {
    if !text.is_empty() {
        *text = redactor.shown_text(text);
    }
}

fn over_step(redactor: &mut Redactor, step: &mut StepRecord) {
    let mut over = |text: &mut String| over_text(redactor, text);
    for difference in &mut step.differences {
        for text in [&mut difference.path, &mut difference.expected, &mut difference.observed] {
            over(text);
        }
    }
    over(&mut step.curl);
    if let Verdict::Inconclusive(reason) | Verdict::Skipped(reason) = &mut step.verdict {
        over(reason);
    }
    if let Some(said) = &mut step.transcript {
        for text in said.texts() {
            text.text = redactor.shown_text(&text.text).into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parallax_outcome::{Difference, Kind, Severity};

    fn seen(veil: Veil) -> String {
        let difference = Difference {
            kind: Kind::Value,
            severity: Severity::Error,
            path: String::new(),
            expected: "arn:aws:x:us-east-1:111122223333:thing:a".to_owned(),
            observed: "somebody@example.com".to_owned(),
            evidence: Vec::new(),
            habit: false,
        };
        let mut found = Divergence::place(difference, "DescribeThings", "a", "b", String::new());
        veil.over_divergence(&mut found);
        format!("{} {}", found.expected, found.observed)
    }

    #[test]
    fn a_find_shows_no_account_of_the_service_and_no_address_of_anybody() {
        assert_eq!(seen(Veil::All), "arn:aws:x:us-east-1:{account}:thing:a {email}");
        assert_eq!(
            seen(Veil::of(&Party::Docs)),
            "arn:aws:x:us-east-1:111122223333:thing:a {email}"
        );
    }
}
