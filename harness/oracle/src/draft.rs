//! An expectation in the making: reasons to refuse, doubts, and the output if it is accepted.

use parallax_contract::{Basis, Confidence, Evidence, Expectation, Expected, Pattern, Reason, Refusal};

/// Collects what is known of one answer.
#[derive(Debug)]
pub(crate) struct Draft {
    refusals: Vec<Refusal>,
    doubts: Vec<Doubt>,
    output: Pattern,
    basis: Option<Basis>,
}

/// A point that the sources leave open.
#[derive(Debug)]
struct Doubt {
    reason: Reason,
    refusal: Option<Refusal>,
    prefer_success: bool,
    /// Whether it is open what the request says at all, so that no other rule can be applied surely.
    obscures: bool,
}

impl Draft {
    pub(crate) fn new() -> Self {
        Self {
            refusals: Vec::new(),
            doubts: Vec::new(),
            output: Pattern::Fields(Vec::new()),
            basis: None,
        }
    }

    /// The call must be refused; what is merely claimed leaves it open instead.
    pub(crate) fn refuse(&mut self, refusal: Refusal) {
        if refusal.basis.confidence == Confidence::Claimed {
            let reason = format!("only a claim forbids it ({})", refusal.basis.source);
            self.doubt(reason, Some(refusal));
        } else {
            self.refusals.push(refusal);
        }
    }

    /// It is open whether the call is accepted; an emulator accepts it.
    pub(crate) fn doubt(&mut self, reason: impl Into<Reason>, refusal: Option<Refusal>) {
        self.doubts.push(Doubt {
            reason: reason.into(),
            refusal,
            prefer_success: true,
            obscures: false,
        });
    }

    /// It is open whether the call is accepted; an emulator refuses it.
    pub(crate) fn doubt_and_refuse(&mut self, reason: impl Into<Reason>, refusal: Refusal) {
        self.doubts.push(Doubt {
            reason: reason.into(),
            refusal: Some(refusal),
            prefer_success: false,
            obscures: false,
        });
    }

    /// It is open what the call says at all.
    pub(crate) fn obscure(&mut self, reason: impl Into<Reason>) {
        self.doubts.push(Doubt {
            reason: reason.into(),
            refusal: None,
            prefer_success: true,
            obscures: true,
        });
    }

    /// What is answered if the call is accepted, and why it must be.
    pub(crate) fn accept(&mut self, output: Pattern, basis: Basis) {
        self.output = output;
        self.basis = Some(basis);
    }

    pub(crate) fn finish(self) -> Expectation {
        let obscured = self.doubts.iter().any(|doubt| doubt.obscures);
        let expected = match (self.refusals.is_empty(), self.doubts.is_empty()) {
            (false, _) if !obscured => Expected::Refusal(refusal(self.refusals, self.doubts)),
            (true, true) => Expected::Success {
                output: self.output,
                basis: self.basis.unwrap_or_else(plain),
            },
            _ => open(self, obscured),
        };
        Expectation { expected }
    }
}

fn open(draft: Draft, obscured: bool) -> Expected {
    let Draft {
        refusals,
        doubts,
        output,
        ..
    } = draft;
    let prefer_success = refusals.is_empty() && doubts.iter().all(|doubt| doubt.prefer_success);
    let reason = doubts
        .first()
        .map_or_else(|| "".into(), |doubt| Reason::clone(&doubt.reason));
    let mut refusal = refusal(refusals, doubts);
    if obscured {
        refusal.codes.clear();
        refusal.wrong.clear();
    }
    let output = if obscured {
        Pattern::any(Reason::clone(&reason))
    } else {
        output
    };
    Expected::Open {
        reason,
        output,
        refusal,
        prefer_success,
    }
}

/// The refusal for any of these reasons: no source says which of several is told first. A doubt that names no code
/// leaves the code open.
fn refusal(refusals: Vec<Refusal>, doubts: Vec<Doubt>) -> Refusal {
    let known = doubts
        .iter()
        .all(|doubt| doubt.refusal.as_ref().is_some_and(|refusal| !refusal.codes.is_empty()));
    let surest = refusals
        .iter()
        .map(|refusal| &refusal.basis)
        // Of several that are as sure, the first.
        .rev()
        .max_by_key(|basis| basis.confidence)
        .map(Basis::clone);
    let doubted = doubts.into_iter().filter_map(|doubt| doubt.refusal);
    let mut merged = merge(refusals.into_iter().chain(doubted).collect());
    // What must be refused is refused for what is sure, not for what else may be wrong.
    merged.basis = surest.unwrap_or(merged.basis);
    if !known {
        merged.codes.clear();
    }
    merged
}

/// One refusal that any of the given ones satisfies. The best supported speaks first.
fn merge(refusals: Vec<Refusal>) -> Refusal {
    let mut refusals = refusals.into_iter();
    let Some(mut merged) = refusals.next() else {
        return Refusal::any(plain());
    };
    for other in refusals {
        if merged.codes.is_empty() || other.codes.is_empty() {
            merged.codes.clear();
        } else {
            merged.codes.extend(
                other
                    .codes
                    .into_iter()
                    .filter(|new| !merged.codes.iter().any(|c| c.code == new.code))
                    .collect::<Vec<_>>(),
            );
        }
        merged.wrong.extend(other.wrong);
        // With several reasons to refuse, no source says which message wins.
        merged.message_recorded = false;
        if other.basis.confidence > merged.basis.confidence {
            merged.basis = other.basis;
        }
    }
    merged
}

fn plain() -> Basis {
    Evidence::basis(
        "a call that breaks no rule is accepted",
        "the service's model",
        Confidence::Documented,
    )
}
