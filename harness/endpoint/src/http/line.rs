//! Connections that are kept: hyper's, each driven by the task that asks on it.
//!
//! A client that drives its connections in tasks of their own pays for two changes of task with each request. Here the
//! request and its connection are one future, and a connection that nobody asks on is left alone.

use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::Poll;

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use parallax_contract::TransportFault;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::lane::{Clock, Lanes};
use super::tls::Tls;
use super::{HttpSettings, fault};
use crate::BoxFuture;

/// What an answer says of its length is only believed up to here.
const BELIEVED: usize = 64 << 10;

/// What moves bytes for as long as it is polled.
type Connection = BoxFuture<'static, hyper::Result<()>>;

/// The connections to one server.
pub(super) struct Lines {
    host: String,
    port: u16,
    size_limit: usize,
    tls: Option<Tls>,
    resends: bool,
    lanes: Lanes,
    idle: Mutex<Vec<Line>>,
}

impl Lines {
    /// Connects to nobody yet.
    pub(super) fn new(host: &str, port: u16, tls: Option<Tls>, settings: &HttpSettings) -> Self {
        Self {
            host: host.to_owned(),
            port,
            size_limit: usize::try_from(settings.size_limit).unwrap_or(usize::MAX),
            tls,
            resends: settings.resends,
            lanes: Lanes::new(),
            idle: Mutex::default(),
        }
    }

    /// A socket that is connected to the server.
    pub(super) async fn dial(&self) -> io::Result<TcpStream> {
        TcpStream::connect((self.host.as_str(), self.port)).await
    }

    /// How connections are secured, where they are.
    pub(super) fn tls(&self) -> Option<&Tls> {
        self.tls.as_ref()
    }

    /// The most bytes that the body of an answer may have.
    pub(super) fn size_limit(&self) -> usize {
        self.size_limit
    }

    /// Sends the request that `make` gives and reads the whole answer. It is made twice where it must be sent twice,
    /// which is rare, rather than kept for that. `clock` stands still while it waits for other answers.
    ///
    /// # Errors
    /// [`TransportFault`] where no whole answer arrived, or what `make` returned.
    pub(super) async fn ask(
        &self,
        make: impl Fn() -> Result<Request<Full<Bytes>>, TransportFault>,
        clock: &Clock,
    ) -> Result<Response<Vec<u8>>, TransportFault> {
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(kept) = kept {
            match self.ask_on(kept, make()?, clock).await {
                // A server may close a kept connection at any time, and its farewell may cross our request; or bytes
                // were left over from the answer before. That says nothing of this request, so it is sent once more,
                // on a connection of its own.
                Err(TransportFault::Closed(_) | TransportFault::NotHttp(_)) if self.resends => {}
                done => return done,
            }
        }
        let fresh = Line::open((&self.host, self.port), self.tls.as_ref()).await?;
        self.ask_on(fresh, make()?, clock).await
    }

    async fn ask_on(
        &self,
        mut line: Line,
        request: Request<Full<Bytes>>,
        clock: &Clock,
    ) -> Result<Response<Vec<u8>>, TransportFault> {
        let answer = line.ask(request, |response| self.receive(response, clock)).await?;
        if stays_open(&answer) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
        Ok(answer)
    }

    async fn receive(&self, response: Response<Incoming>, clock: &Clock) -> Result<Response<Vec<u8>>, TransportFault> {
        let too_large = || TransportFault::TooLarge(self.size_limit as u64);
        clock.begin_answer();
        let (head, mut incoming) = response.into_parts();
        let declared = usize::try_from(incoming.size_hint().lower()).unwrap_or(usize::MAX);
        if declared > self.size_limit {
            return Err(too_large());
        }
        let mut body = Vec::with_capacity(declared.min(BELIEVED));
        let mut lane = None;
        while let Some(frame) = incoming.frame().await {
            let Ok(data) = frame.map_err(|error| fault::of(&error))?.into_data() else {
                continue;
            };
            if data.len() > self.size_limit - body.len() {
                return Err(too_large());
            }
            if lane.is_none() && Lanes::is_large(body.len() + data.len()) {
                lane = self.lanes.take(clock).await;
            }
            body.extend_from_slice(&data);
        }
        Ok(Response::from_parts(head, body))
    }
}

/// Whether the server means to take another request after this answer.
fn stays_open(answer: &Response<Vec<u8>>) -> bool {
    let closes = |value: &header::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"close");
    answer.version() == http::Version::HTTP_11 && !answer.headers().get_all(header::CONNECTION).iter().any(closes)
}

/// One connection.
struct Line {
    sender: SendRequest<Full<Bytes>>,
    /// `None` once it ended.
    connection: Option<Connection>,
}

impl Line {
    async fn open(address: (&str, u16), tls: Option<&Tls>) -> Result<Self, TransportFault> {
        let connected = TcpStream::connect(address).await;
        let stream = connected.map_err(|error| fault::of_connecting(&error))?;
        // Without it a small request may wait for the acknowledgement of the one before. A socket that cannot be told
        // so still works.
        stream.set_nodelay(true).ok();
        match tls {
            None => Self::over(stream).await,
            Some(tls) => Self::over(tls.over(stream).await?).await,
        }
    }

    async fn over(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Result<Self, TransportFault> {
        let shaken = http1::handshake(TokioIo::new(stream)).await;
        let (sender, connection) = shaken.map_err(|error| fault::of(&error))?;
        Ok(Self {
            sender,
            connection: Some(Box::pin(connection.with_upgrades())),
        })
    }

    async fn ask<R: Future<Output = Result<Response<Vec<u8>>, TransportFault>>>(
        &mut self,
        request: Request<Full<Bytes>>,
        receive: impl FnOnce(Response<Incoming>) -> R,
    ) -> Result<Response<Vec<u8>>, TransportFault> {
        let (sender, connection) = (&mut self.sender, &mut self.connection);
        let answer = async {
            sender.ready().await.map_err(|error| fault::of(&error))?;
            let response = sender.send_request(request).await;
            receive(response.map_err(|error| fault::of(&error))?).await
        };
        let mut answer = pin!(answer);
        poll_fn(|context| {
            // Asked, moved on, and asked again: what arrived need not wait for the next turn.
            if let Poll::Ready(done) = answer.as_mut().poll(context) {
                return Poll::Ready(done);
            }
            let ended = connection.as_mut().map(|connection| connection.as_mut().poll(context));
            if matches!(ended, Some(Poll::Ready(_))) {
                // How it ended is told by the answer.
                *connection = None;
            }
            answer.as_mut().poll(context)
        })
        .await
    }
}
