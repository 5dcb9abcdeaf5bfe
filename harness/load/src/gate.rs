//! Who may ask, and when: one loop for closed and open ones.

use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::iter::Peekable;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use tokio::time::timeout_at;

use crate::alarm::Alarm;

/// A request that may be asked now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    /// When it was meant to start.
    pub(crate) intended: Instant,
    /// Whether it had to wait because no connection was free.
    pub(crate) queued: bool,
}

/// The gate that the connections of one thread pass before each request.
pub(crate) struct Gate {
    end: Instant,
    /// What was due before the end and could not be sent until now is never sent.
    last: Instant,
    /// `None` in a closed loop.
    open: Option<Mutex<Open>>,
}

/// The state of an open loop. Starts are drawn when they are due and somebody is free, so that a backlog takes no memory.
struct Open {
    begin: Instant,
    arrivals: Peekable<Box<dyn Iterator<Item = Duration> + Send>>,
    /// The free connections, the longest free one first.
    free: VecDeque<usize>,
    seats: Vec<Seat>,
    pacer: Option<Waker>,
    over: bool,
}

/// What one connection waits for.
#[derive(Default)]
struct Seat {
    waits: bool,
    given: Option<Start>,
    waker: Option<Waker>,
}

impl Gate {
    /// A gate from `begin` to `end`; without arrivals every request starts when its connection is free. What is overdue at
    /// the end may still start within the patience.
    pub(crate) fn new(
        (begin, end): (Instant, Instant),
        patience: Duration,
        arrivals: Option<Box<dyn Iterator<Item = Duration> + Send>>,
        connections: usize,
    ) -> Self {
        let open = arrivals.map(|arrivals| {
            Mutex::new(Open {
                begin,
                arrivals: arrivals.peekable(),
                free: VecDeque::with_capacity(connections),
                seats: std::iter::repeat_with(Seat::default).take(connections).collect(),
                pacer: None,
                over: false,
            })
        });
        let last = end.checked_add(patience).unwrap_or(end);
        Self { end, last, open }
    }

    /// How many requests were due from one moment to another, and were never sent, by the second after the first.
    pub(crate) fn never_sent(&self, from: Instant, until: Instant) -> BTreeMap<u64, u64> {
        let mut never = BTreeMap::new();
        let Some(open) = &self.open else { return never };
        let mut open = lock(open);
        while let Some(at) = open.peek(self.end.min(until)) {
            open.arrivals.next();
            if let Some(after) = at.checked_duration_since(from) {
                *never.entry(after.as_secs()).or_default() += 1;
            }
        }
        never
    }

    /// The end for whoever asks now: none is left once the patience is over.
    fn horizon(&self) -> Option<Instant> {
        (Instant::now() < self.last).then_some(self.end)
    }

    /// The next request of this connection; none at the end.
    pub(crate) async fn next(&self, connection: usize) -> Option<Start> {
        match &self.open {
            None => {
                let intended = Instant::now();
                (intended < self.end).then_some(Start {
                    intended,
                    queued: false,
                })
            }
            Some(open) => poll_fn(|context| lock(open).take(connection, self.horizon(), context)).await,
        }
    }

    /// Hands out the starts of an open loop as they come due. Returns at the end.
    pub(crate) async fn pace(&self) -> std::io::Result<()> {
        let Some(open) = &self.open else {
            return Ok(());
        };
        let mut alarm = Alarm::new()?;
        loop {
            let next = poll_fn(|context| lock(open).due(self.horizon(), context)).await;
            let Some(next) = next else {
                return Ok(());
            };
            if next > Instant::now() {
                alarm.set(next)?;
                // The alarm cannot be late by more than this without something being wrong with it.
                timeout_at((next + Duration::from_secs(1)).into(), alarm.ring())
                    .await
                    .ok();
            }
            lock(open).give(self.end);
        }
    }
}

fn lock(open: &Mutex<Open>) -> MutexGuard<'_, Open> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wake(waker: &mut Option<Waker>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}

impl Open {
    fn peek(&mut self, end: Instant) -> Option<Instant> {
        let at = self.begin.checked_add(*self.arrivals.peek()?)?;
        (at < end).then_some(at)
    }

    /// What a connection gets: what was given to it, or what is due already, or nothing yet.
    fn take(&mut self, connection: usize, end: Option<Instant>, context: &mut Context<'_>) -> Poll<Option<Start>> {
        let over = self.over;
        let next = end.and_then(|end| self.peek(end));
        let Some(seat) = self.seats.get_mut(connection) else {
            return Poll::Ready(None);
        };
        if let Some(start) = seat.given.take() {
            return Poll::Ready(Some(start));
        }
        if !seat.waits {
            // Whoever waits already comes first.
            match next.filter(|at| self.free.is_empty() && *at <= Instant::now()) {
                Some(intended) => {
                    self.arrivals.next();
                    return Poll::Ready(Some(Start { intended, queued: true }));
                }
                None if over || next.is_none() => {
                    // Where nobody ever gets free, this is how the pacer learns of the end.
                    wake(&mut self.pacer);
                    return Poll::Ready(None);
                }
                None => {}
            }
            seat.waits = true;
            self.free.push_back(connection);
            wake(&mut self.pacer);
        } else if over {
            return Poll::Ready(None);
        }
        if !seat
            .waker
            .as_ref()
            .is_some_and(|waker| waker.will_wake(context.waker()))
        {
            seat.waker = Some(context.waker().clone());
        }
        Poll::Pending
    }

    /// When the pacer has something to do next: at a start, as soon as somebody is free. None at the end.
    fn due(&mut self, end: Option<Instant>, context: &mut Context<'_>) -> Poll<Option<Instant>> {
        let next = end.and_then(|end| self.peek(end));
        if next.is_none() {
            self.finish();
            return Poll::Ready(None);
        }
        if self.free.is_empty() {
            self.pacer = Some(context.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(next)
    }

    /// Gives the starts that are due to those who are free.
    fn give(&mut self, end: Instant) {
        let now = Instant::now();
        while let Some(at) = self.peek(end) {
            if at > now {
                return;
            }
            let Some(connection) = self.free.pop_front() else {
                return;
            };
            self.arrivals.next();
            if let Some(seat) = self.seats.get_mut(connection) {
                seat.waits = false;
                seat.given = Some(Start {
                    intended: at,
                    queued: false,
                });
                if let Some(waker) = &seat.waker {
                    waker.wake_by_ref();
                }
            }
        }
    }

    fn finish(&mut self) {
        self.over = true;
        for seat in &self.seats {
            if let Some(waker) = &seat.waker {
                waker.wake_by_ref();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::Wake;

    use super::*;

    /// Longer than a test runs.
    const PATIENCE: Duration = Duration::from_secs(600);

    #[derive(Default)]
    struct Woken(AtomicBool);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    /// Five starts that are all overdue.
    fn overdue(connections: usize, patience: Duration) -> Gate {
        let begin = Instant::now().checked_sub(Duration::from_secs(1)).unwrap();
        let arrivals = (0..).map(|at| Duration::from_millis(100) * at);
        Gate::new(
            (begin, begin + Duration::from_millis(500)),
            patience,
            Some(Box::new(arrivals)),
            connections,
        )
    }

    #[tokio::test]
    async fn the_pacer_ends_also_where_nobody_was_ever_free() {
        let gate = overdue(1, PATIENCE);
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&woken));
        let mut context = Context::from_waker(&waker);
        let mut pace = pin!(gate.pace());
        assert!(pace.as_mut().poll(&mut context).is_pending(), "nobody is free yet");
        let mut taken = 0;
        while let Some(start) = gate.next(0).await {
            assert!(start.queued);
            taken += 1;
        }
        assert_eq!(taken, 5);
        assert!(woken.0.load(Ordering::Relaxed));
        assert!(pace.as_mut().poll(&mut context).is_ready());
    }

    #[tokio::test]
    async fn who_comes_late_to_a_backlog_takes_the_oldest_start_first() {
        let gate = overdue(2, PATIENCE);
        let first = gate.next(1).await.unwrap();
        let second = gate.next(0).await.unwrap();
        assert_eq!(second.intended - first.intended, Duration::from_millis(100));
    }

    #[tokio::test]
    async fn a_backlog_is_not_worked_off_for_ever_and_what_is_left_is_counted() {
        let gate = overdue(1, Duration::ZERO);
        assert!(gate.next(0).await.is_none());
        gate.pace().await.unwrap();
        let begin = gate.end.checked_sub(Duration::from_millis(1400)).unwrap();
        // Due 0.9 to 1.3 s after this: one of five in the first second.
        let middle = begin + Duration::from_millis(950);
        assert_eq!(gate.never_sent(begin, middle), BTreeMap::from([(0, 1)]));
        assert_eq!(gate.never_sent(begin, gate.last), BTreeMap::from([(1, 4)]));
        assert_eq!(gate.never_sent(begin, gate.last), BTreeMap::new());
    }
}
