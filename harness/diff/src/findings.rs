//! What has been found in one answer so far, and how loud each find may be.

use parallax_contract::{Confidence, Contract, Evidence};
use parallax_outcome::{Difference, EvidenceLine, Kind, Severity};

use crate::Bindings;
use crate::path::Path;

/// The state of one comparison.
pub(crate) struct Findings<'c> {
    pub(crate) contract: &'c Contract,
    pub(crate) operation: &'c str,
    pub(crate) bindings: &'c mut Bindings,
    pub(crate) found: Vec<Difference>,
}

impl Findings<'_> {
    /// Keeps a difference from what a piece of evidence demands; a claim is never louder than a note.
    pub(crate) fn add(
        &mut self,
        (kind, severity): (Kind, Severity),
        at: Path<'_>,
        sides: (String, String),
        why: &Evidence,
    ) {
        let severity = match why.confidence {
            Confidence::Claimed => Severity::Note,
            Confidence::Documented | Confidence::Recorded => severity,
        };
        self.found.push(Difference {
            kind,
            severity,
            path: at.to_string(),
            expected: sides.0,
            observed: sides.1,
            evidence: vec![line(why)],
            habit: false,
        });
    }

    /// Keeps a way of the endpoint that every answer shows; what an SDK stumbles over counts each time.
    pub(crate) fn habit(
        &mut self,
        (kind, severity): (Kind, Severity),
        at: Path<'_>,
        sides: (String, String),
        why: &Evidence,
    ) {
        self.add((kind, severity), at, sides, why);
        if let Some(last) = self.found.last_mut() {
            last.habit = severity < Severity::Error;
        }
    }

    /// Keeps a difference of its kind's usual severity.
    pub(crate) fn usual(&mut self, kind: Kind, at: Path<'_>, sides: (String, String), why: &Evidence) {
        self.add((kind, usual_severity(kind)), at, sides, why);
    }

    /// Whether something was found at this place already: one cause is told once.
    pub(crate) fn known_at(&self, path: &str) -> bool {
        self.found.iter().any(|difference| difference.path == path)
    }
}

/// How bad a kind is where nothing speaks for another severity: an error where an SDK would raise, or lose or corrupt
/// data; a warning where it shows and harms no SDK; a note where it is wording.
fn usual_severity(kind: Kind) -> Severity {
    match kind {
        Kind::ErrorMessage => Severity::Note,
        Kind::ErrorType | Kind::NullEmpty | Kind::Order => Severity::Warning,
        _ => Severity::Error,
    }
}

fn line(evidence: &Evidence) -> EvidenceLine {
    EvidenceLine {
        fact: evidence.fact.clone(),
        source: evidence.source.clone(),
        confidence: evidence.confidence.to_string(),
    }
}
