//! Breaking a run off.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A switch that breaks a run off. Requests on their way are waited for, what was created is deleted, and the run ends
/// with [`parallax_outcome::Event::Interrupted`]. Clones are the same switch.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A switch that is off.
    pub fn new() -> Self {
        Self::default()
    }

    /// Turns it on, for good.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it is on.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
