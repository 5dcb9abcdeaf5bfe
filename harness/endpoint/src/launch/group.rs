//! A process with everything it starts.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

/// How often a group that was asked to end is looked at.
const POLL: Duration = Duration::from_millis(10);
/// How much longer than its leader a group may take, within the grace period. A group whose members are dead, but not
/// yet reaped by the system's first process, cannot be told from a living one; that must not cost the whole period.
const REST: Duration = Duration::from_millis(300);

/// A process group that we made. Dropping it ends every process in it.
///
/// A group's number may be used again by the system once nobody is in the group any more. So nothing is ever sent to a
/// group after `leader` was reaped and the rest was killed; `ended` remembers that.
#[derive(Debug)]
pub(super) struct Group {
    leader: Child,
    id: Option<Pid>,
    grace: Duration,
    /// How the leader ended, once that is known.
    ended: Option<String>,
    /// On where nobody wants to wait for a polite end.
    haste: Arc<AtomicBool>,
}

impl Group {
    /// Starts the command as the leader of a new group.
    pub(super) fn start(command: &mut Command, grace: Duration) -> io::Result<Self> {
        let leader = command.process_group(0).spawn()?;
        Ok(Self {
            id: i32::try_from(leader.id()).ok().and_then(Pid::from_raw),
            leader,
            grace,
            ended: None,
            haste: Arc::default(),
        })
    }

    /// A switch that lets its end be one by force, also while it is ending.
    pub(super) fn haste(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.haste)
    }

    /// How the leader ended, or `None` while it runs. Its end is the end of all.
    pub(super) fn ended(&mut self) -> Option<String> {
        if self.ended.is_none() && self.leader_is_gone() {
            self.signal(Signal::KILL);
            self.ended = Some(match self.leader.wait() {
                Ok(status) => status.to_string(),
                Err(error) => error.to_string(),
            });
        }
        self.ended.clone()
    }

    fn leader_is_gone(&mut self) -> bool {
        !matches!(self.leader.try_wait(), Ok(None))
    }

    /// A signal to a group that is gone is no error worth telling.
    fn signal(&self, signal: Signal) {
        if let Some(id) = self.id {
            kill_process_group(id, signal).ok();
        }
    }

    fn is_empty(&self) -> bool {
        self.id.is_none_or(|id| test_kill_process_group(id).is_err())
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if self.ended().is_some() {
            return;
        }
        self.signal(Signal::TERM);
        let deadline = Instant::now() + self.grace;
        let haste = self.haste();
        let is_hasty = || haste.load(Ordering::Relaxed);
        wait_until(deadline, || is_hasty() || self.leader_is_gone());
        wait_until(deadline.min(Instant::now() + REST), || is_hasty() || self.is_empty());
        self.signal(Signal::KILL);
        // Reaps the leader, so that no zombie stays behind.
        self.leader.wait().ok();
    }
}

fn wait_until(deadline: Instant, mut done: impl FnMut() -> bool) {
    while !done() && Instant::now() < deadline {
        sleep(POLL);
    }
}
