//! A connection of one's own, for requests that were encoded and signed ahead.
//!
//! [`Endpoint::ask`](crate::Endpoint::ask) encodes, signs, finds a connection and decodes, for each call. Whoever sends the
//! same requests many times prepares them once and has each connection in hand: nothing is done twice, the answer is read
//! into memory that is there already, and what went wrong is told apart from what went wrong in connecting.

use std::future::{Future as _, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, Version, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use parallax_contract::{Call, TransportFault};
use parallax_wire::HttpAnswer;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Sleep;

use super::{Http, fault};
use crate::{BoxFuture, Shortage};

/// A request as it goes out: encoded and signed, ready to be sent any number of times. Its signature bears the time of
/// its making, and services refuse old ones.
#[derive(Clone, Debug)]
pub struct Prepared(Request<Full<Bytes>>);

/// One connection to an endpoint, driven by the task that asks on it.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    /// `None` once it ended.
    driver: Option<Driver>,
    watch: Watch,
    size_limit: usize,
    /// Whether the last answer came whole, from a server that takes another request.
    kept: bool,
    /// Of a connection that was never answered: how often a server of this process had felt a shortage before.
    fresh: Option<u64>,
    shortage: Shortage,
}

/// What moves bytes for as long as it is polled.
type Driver = BoxFuture<'static, hyper::Result<()>>;

/// What is wanted of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Its status alone. All of it is received, but neither header fields nor body are kept.
    Status,
    /// All of it.
    Whole,
}

/// Why there is no connection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// Every port that a connection could come from is in use.
    #[error("{}", fault::NO_PORT)]
    NoPort,
    /// The process has as many open files as it may have.
    #[error("{}", fault::NO_DESCRIPTOR)]
    NoDescriptor,
    /// The server cannot be reached.
    #[error("{0}")]
    Unreachable(TransportFault),
}

/// Why a request was not answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// A server of this process had no file descriptor for the connection, and nothing was read.
    #[error("{}", fault::NO_DESCRIPTOR)]
    NoDescriptor,
    /// The server had closed the connection before anything was sent on it, as it may at any time.
    #[error("the connection was closed while nothing was asked on it")]
    Stale,
    /// The request was sent, at least in part, and no whole answer came.
    #[error("{0}")]
    Lost(TransportFault),
}

impl Http {
    /// The request of a call, encoded and signed now.
    ///
    /// # Errors
    /// [`TransportFault`] where the request is one that the HTTP library cannot send.
    pub fn prepared(&self, call: &Call) -> Result<Prepared, TransportFault> {
        let request = self.protocol.encode_request(&self.contract, call);
        self.prepare(&request, &request.body.clone().into()).map(Prepared)
    }

    /// Opens a connection for one task, within the time limit.
    ///
    /// # Errors
    /// [`ConnectError`] where there is none.
    pub async fn connect(&self) -> Result<Connection, ConnectError> {
        let opened = tokio::time::timeout(self.time_limit, self.open()).await;
        opened.unwrap_or(Err(ConnectError::Unreachable(TransportFault::TimedOut)))
    }

    async fn open(&self) -> Result<Connection, ConnectError> {
        let fresh = Some(self.shortage.unserved());
        let stream = self.lines.dial().await.map_err(|error| unconnected(&error))?;
        // As for every other connection: a small request must not wait for an acknowledgement.
        stream.set_nodelay(true).ok();
        let (sender, driver) = match self.lines.tls() {
            None => shaken(stream).await,
            Some(tls) => shaken(tls.over(stream).await.map_err(ConnectError::Unreachable)?).await,
        }?;
        Ok(Connection {
            sender,
            driver: Some(driver),
            watch: Watch::new(self.time_limit),
            size_limit: self.lines.size_limit(),
            kept: true,
            fresh,
            shortage: self.shortage.clone(),
        })
    }
}

async fn shaken(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> Result<(SendRequest<Full<Bytes>>, Driver), ConnectError> {
    // Small requests are cheaper to copy into one buffer than to gather from two.
    let shaken = http1::Builder::new()
        .writev(false)
        .handshake(TokioIo::new(stream))
        .await;
    let (sender, driver) = shaken.map_err(|error| ConnectError::Unreachable(fault::of(&error)))?;
    Ok((sender, Box::pin(driver)))
}

fn unconnected(error: &io::Error) -> ConnectError {
    match error.raw_os_error().map(rustix::io::Errno::from_raw_os_error) {
        Some(rustix::io::Errno::ADDRNOTAVAIL) => ConnectError::NoPort,
        _ if fault::is_shortage(error) => ConnectError::NoDescriptor,
        _ => ConnectError::Unreachable(fault::of_connecting(error)),
    }
}

impl Connection {
    /// Whether another request may be sent on it, as far as can be known without sending one.
    pub fn is_open(&self) -> bool {
        self.kept && self.driver.is_some()
    }

    /// Sends a request and reads what is wanted of its answer into `answer`, of which only the memory is used. The time
    /// limit counts from `begin`.
    ///
    /// # Errors
    /// [`Unanswered`]; the connection is of no use then.
    pub async fn ask(
        &mut self,
        request: &Prepared,
        begin: Instant,
        into: (&mut HttpAnswer, Wanted),
    ) -> Result<(), Unanswered> {
        let asked = self.exchange(request, begin, into).await;
        match self.fresh.take() {
            Some(before) if asked.is_err() && self.shortage.unserved() > before => Err(Unanswered::NoDescriptor),
            _ => asked,
        }
    }

    async fn exchange(
        &mut self,
        request: &Prepared,
        begin: Instant,
        (answer, wanted): (&mut HttpAnswer, Wanted),
    ) -> Result<(), Unanswered> {
        self.wake().await?;
        self.kept = false;
        let (sender, driver, limit) = (&mut self.sender, &mut self.driver, self.size_limit);
        let mut exchange = pin!(async {
            let response = sender.send_request(request.0.clone()).await;
            let response = response.map_err(|error| fault::of(&error))?;
            let stays_open = stays_open(&response);
            receive(response, limit, (answer, wanted)).await.map(|()| stays_open)
        });
        let watch = &mut self.watch;
        watch.begin(begin);
        let done = poll_fn(|context| {
            // Asked, moved on, and asked again: what arrived need not wait for the next turn.
            if let Poll::Ready(done) = exchange.as_mut().poll(context) {
                return Poll::Ready(done);
            }
            drive(driver, context);
            match exchange.as_mut().poll(context) {
                Poll::Pending if watch.is_over(context) => Poll::Ready(Err(TransportFault::TimedOut)),
                other => other,
            }
        });
        self.kept = done.await.map_err(Unanswered::Lost)?;
        Ok(())
    }

    /// Lets the connection see what happened to it meanwhile, and waits until it takes a request.
    async fn wake(&mut self) -> Result<(), Unanswered> {
        poll_fn(|context| {
            drive(&mut self.driver, context);
            if self.driver.is_none() {
                return Poll::Ready(Err(Unanswered::Stale));
            }
            self.sender.poll_ready(context).map_err(|_| Unanswered::Stale)
        })
        .await
    }
}

/// Moves the connection on. How it ended is told by the exchange on it.
fn drive(driver: &mut Option<Driver>, context: &mut Context<'_>) {
    let ended = driver.as_mut().map(|driver| driver.as_mut().poll(context));
    if matches!(ended, Some(Poll::Ready(_))) {
        *driver = None;
    }
}

/// Whether the server means to take another request after this answer.
fn stays_open(response: &Response<Incoming>) -> bool {
    let closes = |value: &header::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"close");
    response.version() == Version::HTTP_11 && !response.headers().get_all(header::CONNECTION).iter().any(closes)
}

async fn receive(
    response: Response<Incoming>,
    size_limit: usize,
    (answer, wanted): (&mut HttpAnswer, Wanted),
) -> Result<(), TransportFault> {
    let (head, mut incoming) = response.into_parts();
    answer.status = head.status.as_u16();
    answer.body.clear();
    match wanted {
        Wanted::Status => answer.headers.clear(),
        Wanted::Whole => refill(&mut answer.headers, &head.headers),
    }
    let mut room = size_limit;
    while let Some(frame) = incoming.frame().await {
        let Ok(data) = frame.map_err(|error| fault::of(&error))?.into_data() else {
            continue;
        };
        room = room
            .checked_sub(data.len())
            .ok_or(TransportFault::TooLarge(size_limit as u64))?;
        if wanted == Wanted::Whole {
            answer.body.extend_from_slice(&data);
        }
    }
    Ok(())
}

/// Header fields as texts, in the memory of those before.
fn refill(texts: &mut Vec<(String, String)>, headers: &HeaderMap) {
    texts.resize_with(headers.len(), Default::default);
    for ((name, value), (new_name, new_value)) in texts.iter_mut().zip(headers) {
        name.clear();
        name.push_str(new_name.as_str());
        value.clear();
        value.push_str(&String::from_utf8_lossy(new_value.as_bytes()));
    }
}

/// The time limit of the requests on one connection. The timer is only set anew when it rings, not for each request, and
/// only asked for again by another task.
struct Watch {
    limit: Duration,
    until: Instant,
    timer: Pin<Box<Sleep>>,
    /// Whom the timer wakes.
    woken: Option<Waker>,
}

impl Watch {
    fn new(limit: Duration) -> Self {
        Self {
            limit,
            until: Instant::now() + limit,
            timer: Box::pin(tokio::time::sleep(limit)),
            woken: None,
        }
    }

    fn begin(&mut self, at: Instant) {
        self.until = at + self.limit;
    }

    /// Whether the limit has passed; if not, the task is woken when it has.
    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        let is_known = |woken: &Waker| woken.will_wake(context.waker());
        if self.woken.as_ref().is_some_and(is_known) && !self.timer.is_elapsed() {
            return false;
        }
        self.woken = Some(context.waker().clone());
        while self.timer.as_mut().poll(context).is_ready() {
            if Instant::now() >= self.until {
                return true;
            }
            self.timer.as_mut().reset(self.until.into());
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_this_machine_has_run_out_of_is_told_from_what_the_target_refuses() {
        let of = |errno: rustix::io::Errno| unconnected(&io::Error::from_raw_os_error(errno.raw_os_error()));
        assert_eq!(of(rustix::io::Errno::ADDRNOTAVAIL), ConnectError::NoPort);
        assert_eq!(of(rustix::io::Errno::MFILE), ConnectError::NoDescriptor);
        assert_eq!(of(rustix::io::Errno::NFILE), ConnectError::NoDescriptor);
        assert!(matches!(
            of(rustix::io::Errno::CONNREFUSED),
            ConnectError::Unreachable(_)
        ));
    }
}
