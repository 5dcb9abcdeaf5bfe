//! Who plays beside whom.

use std::time::{Duration, Instant};

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Of each round of so long a part is quiet.
const ROUND: Duration = Duration::from_millis(1000);
/// How much of a round sequences are played beside each other.
const TOGETHER: Duration = Duration::from_millis(750);

/// Mostly sequences are played beside each other. A part of the time they take turns, since what shows only in an
/// undisturbed sequence is found then alone; and a reduction is always undisturbed, since each of its answers counts.
pub(super) struct Turns {
    lock: RwLock<()>,
    begin: Instant,
}

/// As long as it is held, nobody else plays, or only those who may play beside others.
#[expect(dead_code, reason = "held, never read")]
pub(super) enum Turn<'t> {
    Beside(RwLockReadGuard<'t, ()>),
    Alone(RwLockWriteGuard<'t, ()>),
}

impl Turns {
    pub(super) fn new() -> Self {
        Self {
            lock: RwLock::new(()),
            begin: Instant::now(),
        }
    }

    /// For a new sequence.
    pub(super) async fn take(&self) -> Turn<'_> {
        let into_round = self.begin.elapsed().as_millis() % ROUND.as_millis();
        match into_round < TOGETHER.as_millis() {
            true => Turn::Beside(self.lock.read().await),
            false => self.alone().await,
        }
    }

    /// For a reduction.
    pub(super) async fn alone(&self) -> Turn<'_> {
        Turn::Alone(self.lock.write().await)
    }
}
