//! Breaking a run off.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// A switch that breaks a run off. Requests on their way are waited for, what was created is deleted, and the run ends
/// with [`parallax_outcome::Event::Interrupted`]. Clones are the same switch.
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    switch: Arc<AtomicBool>,
    /// When it is on by itself, for whoever holds this one.
    end: Option<Instant>,
}

impl Cancel {
    /// A switch that is off.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same switch, which is on by itself from this moment on for whoever holds what is returned.
    pub(crate) fn until(&self, end: Option<Instant>) -> Self {
        Self {
            switch: Arc::clone(&self.switch),
            end,
        }
    }

    /// Turns it on, for good.
    pub fn cancel(&self) {
        self.switch.store(true, Ordering::Relaxed);
    }

    /// Whether it is on.
    pub fn is_cancelled(&self) -> bool {
        self.is_switched() || self.end.is_some_and(|end| Instant::now() >= end)
    }

    /// Whether it is on by itself, and nobody turned it on.
    pub(crate) fn is_out_of_time(&self) -> bool {
        !self.is_switched() && self.is_cancelled()
    }

    fn is_switched(&self) -> bool {
        self.switch.load(Ordering::Relaxed)
    }
}
