//! What a report may show: the same rule as for cassettes.

use parallax_endpoint::cassette::Redactor;
use parallax_outcome::{Event, StepRecord, Verdict};

/// What is taken out of the events of a run before anybody sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Veil {
    /// Credentials and addresses: the sides have no account of anybody's.
    Credentials,
    /// Everything that a cassette does not hold either: the service itself was asked.
    All,
}

impl Veil {
    /// The event with placeholders for what must not be seen; the same text has the same one throughout a scenario.
    pub(crate) fn over(self, mut event: Event) -> Event {
        if let Event::Scenario(record) = &mut event {
            let mut redactor = match self {
                Self::Credentials => Redactor::of_credentials(),
                Self::All => Redactor::default(),
            };
            for step in &mut record.steps {
                over_step(&mut redactor, step);
            }
        }
        event
    }
}

fn over_step(redactor: &mut Redactor, step: &mut StepRecord) {
    let mut over = |text: &mut String| {
        if !text.is_empty() {
            *text = redactor.shown_text(text);
        }
    };
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
