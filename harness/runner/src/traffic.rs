//! Who may be on the way to an endpoint while a listing is read page by page.

use parallax_contract::only_reads;
use parallax_scenario::Step;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Many an API pages by position: what others create or delete between two pages moves the rest, so that a record is
/// skipped or shown twice, and nobody is to blame. While pages are followed, nothing of this run changes anything.
#[derive(Debug, Default)]
pub(crate) struct Traffic(RwLock<()>);

/// Leave to ask, for as long as it is held.
#[expect(dead_code, reason = "what counts is that it is held")]
pub(crate) enum Pass<'t> {
    /// Nobody changes anything.
    Alone(RwLockWriteGuard<'t, ()>),
    /// Nobody follows pages.
    Among(RwLockReadGuard<'t, ()>),
    /// It is in nobody's way.
    Free,
}

impl Traffic {
    /// Waits until the step may be asked.
    pub(crate) async fn pass(&self, step: &Step) -> Pass<'_> {
        if step.all_pages {
            Pass::Alone(self.0.write().await)
        } else if only_reads(&step.call.operation) {
            Pass::Free
        } else {
            self.change().await
        }
    }

    /// Waits until something may be changed.
    pub(crate) async fn change(&self) -> Pass<'_> {
        Pass::Among(self.0.read().await)
    }
}
