//! Waking at a moment, to a small part of a millisecond.
//!
//! Tokio's timers count in milliseconds and ring late rather than early, which would add half a millisecond to every
//! latency that counts from an intended start. The system's own timer has no such grain.

use std::io;
use std::time::{Duration, Instant};

/// A timer of one task.
#[cfg(target_os = "linux")]
pub(crate) struct Alarm(tokio::io::unix::AsyncFd<rustix::fd::OwnedFd>);

#[cfg(target_os = "linux")]
impl Alarm {
    /// A timer that rings on the runtime of the caller.
    pub(crate) fn new() -> io::Result<Self> {
        use rustix::time::{TimerfdClockId, TimerfdFlags, timerfd_create};
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
        #[expect(
            deprecated,
            reason = "its successor is unsafe for types that may lend a descriptor; this one owns it"
        )]
        let registered = tokio::io::unix::AsyncFd::new(timer)?;
        Ok(Self(registered))
    }

    /// Sets it, in place of what it was set to.
    pub(crate) fn set(&mut self, at: Instant) -> io::Result<()> {
        use rustix::time::{Itimerspec, TimerfdTimerFlags, Timespec, timerfd_settime};
        // A time of nothing would turn it off.
        let left = at
            .saturating_duration_since(Instant::now())
            .max(Duration::from_nanos(1));
        let once = Itimerspec {
            it_interval: Timespec { tv_sec: 0, tv_nsec: 0 },
            it_value: Timespec {
                tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
                tv_nsec: left.subsec_nanos().into(),
            },
        };
        timerfd_settime(self.0.get_ref(), TimerfdTimerFlags::empty(), &once)?;
        Ok(())
    }

    /// Returns when it rings.
    pub(crate) async fn ring(&self) -> io::Result<()> {
        loop {
            let mut ready = self.0.readable().await?;
            let read = ready.try_io(|timer| Ok(rustix::io::read(timer.get_ref(), &mut [0_u8; 8])?));
            if let Ok(read) = read {
                return read.map(drop);
            }
        }
    }
}

/// A timer of one task.
#[cfg(not(target_os = "linux"))]
pub(crate) struct Alarm(Instant);

#[cfg(not(target_os = "linux"))]
impl Alarm {
    /// A timer that rings on the runtime of the caller.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self(Instant::now()))
    }

    /// Sets it, in place of what it was set to.
    pub(crate) fn set(&mut self, at: Instant) -> io::Result<()> {
        self.0 = at;
        Ok(())
    }

    /// Returns when it rings, to a millisecond.
    pub(crate) async fn ring(&self) -> io::Result<()> {
        tokio::time::sleep_until(self.0.into()).await;
        Ok(())
    }
}
