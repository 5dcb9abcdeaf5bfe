//! Taking connections, also where no descriptor is left for them.

use std::future::poll_fn;
use std::os::fd::{AsFd as _, OwnedFd};
use std::task::Poll;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

use crate::http::is_shortage;
use crate::shortage::Shortage;

/// How long to wait after a connection could not be taken.
const PAUSE: Duration = Duration::from_millis(10);

/// Where connections come in.
pub(super) struct Door {
    listener: TcpListener,
    /// Set where the clients are in this process.
    reserve: Option<Reserve>,
}

/// How connections are refused for which no descriptor is free.
///
/// A client of the same process waits in vain for descriptors that it holds itself, and would take the silence for the
/// target's. A request that it has given up by then might still be read, and have its effect, when one is free at last.
/// So whatever waits is closed unread.
struct Reserve {
    shortage: Shortage,
    /// A descriptor that is given up so that another can be had in its place.
    spare: Option<OwnedFd>,
    /// Whether connections may wait that are not to be served.
    is_short: bool,
}

impl Door {
    pub(super) fn new(listener: TcpListener, shortage: Option<Shortage>) -> Self {
        let reserve = shortage.map(|shortage| Reserve {
            shortage,
            spare: spare(&listener),
            is_short: false,
        });
        Self { listener, reserve }
    }

    /// The next connection that can be served. Nothing is lost where it is not waited for.
    pub(super) async fn next(&mut self) -> TcpStream {
        loop {
            if let Some(reserve) = self.reserve.as_mut().filter(|reserve| reserve.is_short) {
                if !reserve.shed(&self.listener).await {
                    tokio::time::sleep(PAUSE).await;
                }
                continue;
            }
            match (self.listener.accept().await, &mut self.reserve) {
                (Ok((stream, _)), _) => return stream,
                (Err(error), Some(reserve)) if is_shortage(&error) => reserve.is_short = true,
                // Out of file descriptors, as a rule: some will be free again when connections close.
                (Err(_), _) => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}

impl Reserve {
    /// Closes, unread, what waits. Whether nothing waits any more.
    async fn shed(&mut self, listener: &TcpListener) -> bool {
        self.spare = None;
        let shortage = &self.shortage;
        let is_empty = poll_fn(|context| {
            loop {
                let Poll::Ready(taken) = listener.poll_accept(context) else {
                    return Poll::Ready(true);
                };
                // Before what was taken is dropped, so that its client finds it counted.
                shortage.note_unserved();
                if taken.is_err() {
                    return Poll::Ready(false);
                }
            }
        })
        .await;
        if is_empty {
            self.spare = spare(listener);
            self.is_short = false;
        }
        is_empty
    }
}

fn spare(listener: &TcpListener) -> Option<OwnedFd> {
    listener.as_fd().try_clone_to_owned().ok()
}
