//! What this machine has run out of, as far as this process felt it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts what this process could not do for want of descriptors or ports, on both sides of its own traffic: a server
/// that answers clients of the same process shares it with them. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Shortage(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    unsent: AtomicU64,
    unserved: AtomicU64,
}

impl Shortage {
    /// How often it was felt on either side.
    pub fn count(&self) -> u64 {
        self.0.unsent.load(Ordering::Relaxed).saturating_add(self.unserved())
    }

    /// How often the server felt it. Whoever has seen a connection closed sees it counted.
    pub(crate) fn unserved(&self) -> u64 {
        self.0.unserved.load(Ordering::Acquire)
    }

    /// A request could not be sent.
    pub(crate) fn note_unsent(&self) {
        self.0.unsent.fetch_add(1, Ordering::Relaxed);
    }

    /// A connection could not be served.
    pub(crate) fn note_unserved(&self) {
        self.0.unserved.fetch_add(1, Ordering::Release);
    }
}
