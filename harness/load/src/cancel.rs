//! Breaking a bench off.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// How long deleting may go on once somebody does not want to wait for it.
const FAREWELL: Duration = Duration::from_secs(5);

/// A switch that breaks a bench off at once: open requests are dropped, what was created is deleted, and what was
/// measured until then is told. Turned on again, or for the first time while things are deleted, it leaves the deletions a
/// few seconds more. Clones are the same switch.
#[derive(Clone, Debug)]
pub struct Cancel(Arc<Switch>);

#[derive(Debug)]
struct Switch {
    wishes: watch::Sender<Vec<Instant>>,
    /// Whether there is a wish: cheaper to see than to count them, and seen before every request.
    is_on: AtomicBool,
}

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}

impl Cancel {
    /// A switch that is off.
    pub fn new() -> Self {
        Self(Arc::new(Switch {
            wishes: watch::Sender::new(Vec::new()),
            is_on: AtomicBool::new(false),
        }))
    }

    /// Turns it on, for good; each further time says it more urgently.
    pub fn cancel(&self) {
        // Seen at once by whoever is woken for the wish.
        self.0.is_on.store(true, Ordering::Release);
        self.0.wishes.send_modify(|wishes| wishes.push(Instant::now()));
    }

    /// Whether it is on.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_on.load(Ordering::Acquire)
    }

    /// What `work` comes to, unless the switch is turned on before. For a task of its own, which one waker wakes: the switch
    /// is asked for it once, and then only looked at.
    pub(crate) async fn unless_on<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let (mut work, mut on) = (pin!(work), pin!(self.cancelled()));
        let mut is_asked = false;
        poll_fn(|context| {
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(Some(done));
            }
            if is_asked && !self.is_cancelled() {
                return Poll::Pending;
            }
            is_asked = true;
            on.as_mut().poll(context).map(|()| None)
        })
        .await
    }

    /// Returns once it is on.
    pub(crate) async fn cancelled(&self) {
        self.wished(0).await;
    }

    /// Returns a few seconds after it was turned on.
    pub(crate) async fn given_up(&self) {
        self.after(0, FAREWELL).await;
    }

    /// When it was turned on after so many times before.
    async fn wished(&self, before: usize) -> Option<Instant> {
        let mut wishes = self.0.wishes.subscribe();
        // The sender lives as long as this switch.
        let wishes = wishes.wait_for(|wishes| wishes.len() > before).await.ok()?;
        wishes.get(before).copied()
    }

    async fn after(&self, before: usize, time: Duration) {
        if let Some(end) = self.wished(before).await.and_then(|wish| wish.checked_add(time)) {
            tokio::time::sleep_until(end.into()).await;
        }
    }
}

/// Until when things are deleted: as long as it takes, or for a few seconds after somebody wished it to end.
#[derive(Debug)]
pub(crate) struct Farewell {
    cancel: Cancel,
    /// How many times the switch is turned before the one that counts.
    before: usize,
    time: Duration,
}

impl Farewell {
    /// Deleting begins now. The wish that broke the bench off is none to leave things behind.
    pub(crate) fn new(cancel: &Cancel) -> Self {
        Self::within(cancel, FAREWELL)
    }

    /// The same with another time.
    pub(crate) fn within(cancel: &Cancel, time: Duration) -> Self {
        Self {
            before: usize::from(cancel.is_cancelled()),
            cancel: cancel.clone(),
            time,
        }
    }

    /// Returns when nothing is to be deleted any more.
    pub(crate) async fn over(&self) {
        self.cancel.after(self.before, self.time).await;
    }
}
