//! Breaking a bench off.

use std::sync::Arc;

use tokio::sync::watch;

/// A switch that breaks a bench off at once: open requests are dropped, what was created is deleted, and what was
/// measured until then is told. Clones are the same switch.
#[derive(Clone, Debug)]
pub struct Cancel(Arc<watch::Sender<bool>>);

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}

impl Cancel {
    /// A switch that is off.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Turns it on, for good.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether it is on.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once it is on.
    pub(crate) async fn cancelled(&self) {
        // The sender lives as long as this switch.
        self.0.subscribe().wait_for(|on| *on).await.ok();
    }
}
