//! What a report may show: the same rule as for cassettes.

use parallax_endpoint::Keyring;
use parallax_endpoint::cassette::{Redactor, Rules};
use parallax_outcome::{Divergence, Event, StepRecord, Verdict};

use crate::failure::Failure;
use crate::party::{Connected, Party};

/// What is taken out of the events of a run before anybody sees them.
#[derive(Clone, Debug)]
pub(crate) struct Veil {
    what: What,
    /// What requests are signed with, whatever its form.
    keys: Keyring,
    /// What is hidden besides.
    rules: Rules,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// Credentials and addresses: the sides have no account of anybody's.
    Credentials,
    /// Everything that a cassette does not hold either: the service itself was asked.
    All,
}

impl Veil {
    /// What is due to a reference, and to whoever was connected for it.
    pub(crate) fn of(reference: &Party, connected: Option<&Connected>) -> Self {
        Self {
            what: match reference {
                Party::Aws => What::All,
                _ => What::Credentials,
            },
            keys: connected.map_or_else(Keyring::of_environment, Connected::keys),
            rules: Rules::default(),
        }
    }

    /// Hides what these match, too.
    pub(crate) fn by(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// The event with placeholders for what must not be seen; the same text has the same one throughout a scenario.
    pub(crate) fn over(&self, mut event: Event) -> Event {
        if let Event::Scenario(record) = &mut event {
            let mut redactor = self.redactor();
            for step in &mut record.steps {
                over_step(&mut redactor, step);
            }
        }
        event
    }

    /// A divergence on its own, in the same way.
    pub(crate) fn over_divergence(&self, divergence: &mut Divergence) {
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

    /// Words about why there is no result, in the same way.
    pub(crate) fn over_words(&self, words: &str) -> String {
        self.redactor().shown_text(words)
    }

    fn redactor(&self) -> Redactor {
        let mut redactor = match self.what {
            What::Credentials => Redactor::of_credentials(),
            What::All => Redactor::default(),
        };
        self.keys.hide_in(&mut redactor);
        redactor.by(self.rules.clone())
    }
}

/// The rules that `--redact` gives.
pub(crate) fn rules(patterns: &[String]) -> Result<Rules, Failure> {
    Rules::of(patterns).map_err(|error| {
        Failure::usage("--redact")
            .mend("a pattern such as 'vpc-[0-9a-f]+' is one; quote it for the shell")
            .because(error)
    })
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

    fn seen(what: What) -> String {
        let keys = Keyring::default();
        keys.sign_with("key-of-no-form", "another one", None);
        let difference = Difference {
            kind: Kind::Value,
            severity: Severity::Error,
            path: String::new(),
            expected: "arn:aws:x:us-east-1:111122223333:thing:a".to_owned(),
            observed: "somebody@example.com with key-of-no-form".to_owned(),
            evidence: Vec::new(),
            habit: false,
        };
        let mut found = Divergence::place(difference, "DescribeThings", "a", "b", String::new());
        let veil = Veil {
            what,
            keys,
            rules: Rules::of(&["with".to_owned()]).unwrap(),
        };
        veil.over_divergence(&mut found);
        format!("{} {}", found.expected, found.observed)
    }

    #[test]
    fn a_find_shows_no_account_of_the_service_and_no_address_of_anybody() {
        assert_eq!(
            seen(What::All),
            "arn:aws:x:us-east-1:{account}:thing:a {email} {redacted} {access-key}"
        );
        assert_eq!(
            seen(Veil::of(&Party::Docs, None).what),
            "arn:aws:x:us-east-1:111122223333:thing:a {email} {redacted} {access-key}"
        );
    }
}
