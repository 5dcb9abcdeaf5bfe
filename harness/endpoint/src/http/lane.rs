//! Large answers, a few at a time.
//!
//! Each answer has a size limit, but many jobs that each read an endless one would hold that much each. So an answer that
//! grows large waits until few others are, and what it waits is not counted as time that the server took.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, SemaphorePermit};

/// Up to so many bytes an answer is small, and read at once.
const SMALL: usize = 256 << 10;
/// So many large answers are read at a time.
const LANES: usize = 2;

/// Where the large answers of one server are read.
pub(super) struct Lanes(Semaphore);

impl Lanes {
    pub(super) fn new() -> Self {
        Self(Semaphore::new(LANES))
    }

    /// Whether an answer of so many bytes needs a lane.
    pub(super) fn is_large(bytes: usize) -> bool {
        bytes > SMALL
    }

    /// Waits for a lane, which is held until what is returned is dropped. While it waits, `clock` stands still.
    pub(super) async fn take(&self, clock: &Clock) -> Option<SemaphorePermit<'_>> {
        let _pause = clock.pause();
        // It is never closed.
        self.0.acquire().await.ok()
    }
}

/// How long one exchange waited for our own sake, and how far it came.
#[derive(Default)]
pub(super) struct Clock {
    stopped: Mutex<Stopped>,
    began: AtomicBool,
}

#[derive(Clone, Copy, Default)]
struct Stopped {
    /// In pauses that have ended.
    before: Duration,
    /// When the present one began.
    since: Option<Instant>,
}

impl Clock {
    /// The head of the answer is there.
    pub(super) fn begin_answer(&self) {
        self.began.store(true, Ordering::Relaxed);
    }

    /// Whether the head of an answer was there.
    pub(super) fn answer_began(&self) -> bool {
        self.began.load(Ordering::Relaxed)
    }

    /// All the time that it stood still so far.
    pub(super) fn stood_still(&self) -> Duration {
        let stopped = *self.lock();
        stopped.before + stopped.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    fn pause(&self) -> Pause<'_> {
        self.lock().since = Some(Instant::now());
        Pause(self)
    }

    fn lock(&self) -> MutexGuard<'_, Stopped> {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The clock goes on once this is dropped.
struct Pause<'c>(&'c Clock);

impl Drop for Pause<'_> {
    fn drop(&mut self) {
        let mut stopped = self.0.lock();
        if let Some(since) = stopped.since.take() {
            stopped.before += since.elapsed();
        }
    }
}
