//! The limits of a conversation with the service, and why it ended.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::Keyring;

/// How much may be asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// How many requests may be sent in a second.
    pub rate: f64,
    /// The most requests that are sent, those that are sent again and those that clean up counted.
    pub requests: u64,
    /// The longest time that requests are sent; cleaning up included.
    pub time: Duration,
}

/// Why nothing more is asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// The credentials are no longer valid, and there are no newer ones.
    #[error("the credentials have expired ({code}); renew them")]
    Expired {
        /// The code of the refusal.
        code: String,
    },
    /// The service does not take the credentials.
    #[error("the credentials are not accepted ({code}: {message}); check the profile, the keys and the region")]
    Denied {
        /// The code of the refusal.
        code: String,
        /// Its message.
        message: String,
    },
    /// The clocks differ by more than a signature may.
    #[error(
        "this machine's clock is {} {} the service's, more than a signature may be; set it right",
        span(*.seconds), if *.seconds < 0 { "behind" } else { "ahead of" }
    )]
    Skewed {
        /// By how much this machine's clock is ahead, in seconds.
        seconds: i64,
    },
    /// The limit on requests is reached.
    #[error("the limit of {0} requests is reached; raise it with --max-requests")]
    Requests(u64),
    /// The limit on time is reached.
    #[error("the limit of {} is reached; raise it with --max-minutes", span(i64::try_from(.0.as_secs()).unwrap_or(i64::MAX)))]
    Time(Duration),
    /// What is made can no longer be written down.
    #[error("the journal cannot be written ({0}), so nothing more is made; free space and clean up with it")]
    Journal(String),
}

impl Stop {
    /// The same without anything that is of an account: services repeat in a refusal what it was signed with.
    fn shown(self, keys: &Keyring) -> Self {
        match self {
            Self::Denied { code, message } => Self::Denied {
                code,
                message: keys.shown(&message),
            },
            other => other,
        }
    }

    /// Whether not even cleaning up makes sense.
    fn is_final(&self) -> bool {
        matches!(self, Self::Expired { .. } | Self::Denied { .. } | Self::Skewed { .. })
    }
}

/// A number of seconds in words.
fn span(seconds: i64) -> String {
    match seconds.unsigned_abs() {
        few @ ..120 => format!("{few} s"),
        some @ ..7200 => format!("{} min", some / 60),
        many => format!("{} h", many / 3600),
    }
}

/// What was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many requests.
    pub sent: u64,
    /// How many of them had been sent before.
    pub again: u64,
}

/// Holds a conversation to its limits, and ends it.
#[derive(Debug)]
pub struct Reins {
    limits: Limits,
    /// When the first request was sent.
    began: Mutex<Option<Instant>>,
    /// When the next request may be sent.
    next: Mutex<Option<Instant>>,
    sent: AtomicU64,
    again: AtomicU64,
    stop: Mutex<Option<Stop>>,
    then: OnStop,
    keys: Keyring,
}

/// What is done when the conversation ends.
#[derive(Default)]
struct OnStop(OnceLock<Then>);

type Then = Box<dyn Fn(&Stop) + Send + Sync>;

impl fmt::Debug for OnStop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnStop")
    }
}

impl Limits {
    /// No limits, for what costs nothing.
    pub const NONE: Self = Self {
        rate: f64::INFINITY,
        requests: u64::MAX,
        time: Duration::MAX,
    };
}

impl Reins {
    /// Nothing was sent yet.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            began: Mutex::default(),
            next: Mutex::default(),
            sent: AtomicU64::new(0),
            again: AtomicU64::new(0),
            stop: Mutex::default(),
            then: OnStop::default(),
            keys: Keyring::default(),
        }
    }

    /// Hides these keys in whatever is told of why it ended.
    #[must_use]
    pub fn hiding(self, keys: Keyring) -> Self {
        Self { keys, ..self }
    }

    /// Why nothing more is asked, once that is so.
    pub fn stop(&self) -> Option<Stop> {
        self.stop.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Does this once nothing more is asked, before the call that was too much returns. Only the first is done.
    pub fn on_stop(&self, then: impl Fn(&Stop) + Send + Sync + 'static) {
        // Two would be two runs on one pair of reins.
        let _ = self.then.0.set(Box::new(then));
    }

    /// What was sent so far.
    pub fn tally(&self) -> Tally {
        Tally {
            sent: self.sent.load(Ordering::Relaxed),
            again: self.again.load(Ordering::Relaxed),
        }
    }

    /// The time between two requests.
    pub(super) fn interval(&self) -> Duration {
        Duration::try_from_secs_f64(1.0 / self.limits.rate).unwrap_or(Duration::from_secs(60))
    }

    /// Ends the conversation. The first reason stays, unless a graver one comes.
    pub(super) fn pull(&self, why: Stop) -> Stop {
        let why = why.shown(&self.keys);
        let mut stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner);
        let graver = why.is_final() && !stop.as_ref().is_some_and(Stop::is_final);
        let news = stop.is_none() || graver;
        if news {
            *stop = Some(why.clone());
        }
        drop(stop);
        if let Some(then) = self.then.0.get().filter(|_| news) {
            then(&why);
        }
        why
    }

    /// Whether another step fits in, and what is there can still be deleted afterwards, the thing that the step may make
    /// too.
    pub(super) fn room_beside(&self, held: u64) -> Result<(), Stop> {
        if let Some(stop) = self.stop() {
            return Err(stop);
        }
        let ahead = held.saturating_add(2);
        if self.tally().sent.saturating_add(ahead) > self.limits.requests {
            return Err(self.pull(Stop::Requests(self.limits.requests)));
        }
        let for_cleaning = self.interval().saturating_mul(u32::try_from(ahead).unwrap_or(u32::MAX));
        if self.elapsed().saturating_add(for_cleaning) > self.limits.time {
            return Err(self.pull(Stop::Time(self.limits.time)));
        }
        Ok(())
    }

    /// Waits until one more request may be sent, and counts it.
    pub(super) async fn turn(&self, again: bool) -> Result<(), Stop> {
        if let Some(stop) = self.stop().filter(Stop::is_final) {
            return Err(stop);
        }
        sleep_until(self.slot()).await;
        if self.elapsed() > self.limits.time {
            return Err(self.pull(Stop::Time(self.limits.time)));
        }
        if self.sent.fetch_add(1, Ordering::Relaxed) >= self.limits.requests {
            self.sent.fetch_sub(1, Ordering::Relaxed);
            return Err(self.pull(Stop::Requests(self.limits.requests)));
        }
        self.again.fetch_add(u64::from(again), Ordering::Relaxed);
        Ok(())
    }

    fn slot(&self) -> Instant {
        let now = Instant::now();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = next.map_or(now, |next| next.max(now));
        *next = slot.checked_add(self.interval());
        slot
    }

    fn elapsed(&self) -> Duration {
        let mut began = self.began.lock().unwrap_or_else(PoisonError::into_inner);
        began.get_or_insert_with(Instant::now).elapsed()
    }
}
