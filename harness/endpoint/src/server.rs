//! A service behind a real HTTP server.

mod delivery;
mod door;

use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use hyper::header::{ALLOW, CONNECTION, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use parallax_contract::{Answer, Fault, Refused};
use parallax_wire::{HttpAnswer, HttpRequest, Method, Protocol, UnsupportedProtocol, protocol_of};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use self::delivery::{Body, BrokenOff, deliver, respond};
use self::door::Door;
use crate::http::{is_shortage, texts};
use crate::signature::{Received, SignatureError, Verifier};
use crate::{Env, RealEnv, Service, Shortage};

/// The most bytes that the body of a request may have.
const BODY_LIMIT: usize = 4 << 20;
/// How long the last answers may take after the server was stopped.
const FAREWELL: Duration = Duration::from_secs(1);

/// A running HTTP/1.1 server. It ends when it is stopped or dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

/// Why a server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}; choose another address or port 0 for a free one")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The process, or the machine, has as many open files as it may have.
    #[error("no file descriptor is free for a server; raise `ulimit -n`")]
    NoDescriptor(#[source] io::Error),
    /// The contract's protocol is not built in.
    #[error(transparent)]
    Protocol(#[from] UnsupportedProtocol),
    /// There is no tokio runtime around.
    #[error("a server must be started inside a tokio runtime")]
    Runtime(#[from] tokio::runtime::TryCurrentError),
}

impl Server {
    /// Listens on `address` (port 0 finds a free one) and answers with `service` until stopped, on the tokio runtime
    /// of the caller.
    ///
    /// # Errors
    /// [`ServeError`] where the address is taken, the protocol is unknown, or no runtime is there.
    pub fn start(address: SocketAddr, service: Arc<dyn Service>) -> Result<Self, ServeError> {
        Self::start_in(address, service, Arc::new(RealEnv::new()))
    }

    /// The same, with request ids from `env`.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start_in(address: SocketAddr, service: Arc<dyn Service>, env: Arc<dyn Env>) -> Result<Self, ServeError> {
        Self::start_with(address, service, env, None)
    }

    /// The same, refusing whatever is not signed with the keys of the verifier, where there is one.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start_with(
        address: SocketAddr,
        service: Arc<dyn Service>,
        env: Arc<dyn Env>,
        verifier: Option<Verifier>,
    ) -> Result<Self, ServeError> {
        let protocol = protocol_of(service.contract())?;
        let host = Host {
            service,
            protocol,
            env,
            verifier,
        };
        Self::open(address, host, None)
    }

    /// The same as [`Server::start`] for clients of this process, whose settings share this count: a connection for which
    /// no descriptor is free is closed unread and counted there, so that its client knows that it was not the service.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start_among(
        address: SocketAddr,
        service: Arc<dyn Service>,
        shortage: &Shortage,
    ) -> Result<Self, ServeError> {
        let protocol = protocol_of(service.contract())?;
        let host = Host {
            service,
            protocol,
            env: Arc::new(RealEnv::new()),
            verifier: None,
        };
        Self::open(address, host, Some(shortage.clone()))
    }

    fn open(address: SocketAddr, host: Host, shortage: Option<Shortage>) -> Result<Self, ServeError> {
        let runtime = Handle::try_current()?;
        let unheard = |source| match is_shortage(&source) {
            true => ServeError::NoDescriptor(source),
            false => ServeError::Listen { address, source },
        };
        let listener = bind(address).map_err(unheard)?;
        let address = listener.local_addr().map_err(unheard)?;
        let (stop, stopped) = watch::channel(false);
        let accepting = runtime.spawn(accept(Door::new(listener, shortage), Arc::new(host), stopped));
        Ok(Self {
            address,
            stop,
            accepting,
        })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// The URL of it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Takes no more connections, lets running answers finish within a second, and returns when the last connection is
    /// closed.
    pub async fn stop(self) {
        self.stop.send(true).ok();
        self.accepting.await.ok();
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = StdListener::bind(address)?;
    // tokio takes only sockets that do not block.
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}

/// Ends, too, when the server is dropped: then the sender is gone and `changed` returns an error.
async fn accept(mut door: Door, host: Arc<Host>, mut stopped: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            stream = door.next() => {
                connections.spawn(converse(stream, Arc::clone(&host), stopped.clone()));
            }
            _ = stopped.changed() => break,
            // Keeps the set from growing with connections that are long gone.
            Some(_) = connections.join_next() => {}
        }
    }
    drop(door);
    let farewell = async { while connections.join_next().await.is_some() {} };
    if timeout(FAREWELL, farewell).await.is_err() {
        connections.shutdown().await;
    }
}

async fn converse(stream: TcpStream, host: Arc<Host>, mut stopped: watch::Receiver<bool>) {
    // An answer is one small write; waiting for more to come would only delay it.
    stream.set_nodelay(true).ok();
    let answer = service_fn(|request| {
        let host = Arc::clone(&host);
        async move { host.handle(request).await }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .pipeline_flush(true)
            .serve_connection(TokioIo::new(stream), answer)
    );
    tokio::select! {
        // A client that breaks off is none of our business.
        _ = connection.as_mut() => return,
        _ = stopped.changed() => connection.as_mut().graceful_shutdown(),
    }
    connection.await.ok();
}

struct Host {
    service: Arc<dyn Service>,
    protocol: &'static dyn Protocol,
    env: Arc<dyn Env>,
    verifier: Option<Verifier>,
}

impl Host {
    async fn handle(&self, request: Request<Incoming>) -> Result<Response<Body>, BrokenOff> {
        let target = self.verifier.as_ref().map(|_| request.uri().to_string());
        let request = match read(request).await {
            Ok(request) => request,
            Err(unread) => return Ok(self.refuse(&unread)),
        };
        if let Err(error) = self.verify(&request, target.as_deref()) {
            return Ok(respond(self.unsigned(&error)));
        }
        if let Some(answer) = self.service.verbatim(&request) {
            return Ok(respond(answer));
        }
        let call = self.protocol.decode_request(self.service.contract(), &request);
        let answer = self.service.answer(&call);
        let form = self.service.form();
        let mut answer = self
            .protocol
            .encode_response(form, &call.operation, &answer, &self.env.id());
        self.service.finish(&call, &mut answer);
        deliver(self.service.delivery(&call), answer).await
    }

    fn verify(&self, request: &HttpRequest, target: Option<&str>) -> Result<(), SignatureError> {
        let Some((verifier, target)) = self.verifier.as_ref().zip(target) else {
            return Ok(());
        };
        let received = Received {
            method: request.method.as_str(),
            target,
            headers: &request.headers,
            body: &request.body,
        };
        verifier.verify(&received, self.env.now())
    }

    /// The answer to a request that was not signed as it must be.
    fn unsigned(&self, error: &SignatureError) -> HttpAnswer {
        let (code, status) = error.refusal();
        let answer = Answer::Refused(Refused {
            code: code.to_owned(),
            status,
            fault: Fault::Sender,
            message: error.to_string(),
        });
        let contract = self.service.contract();
        self.protocol.encode_response(contract, "", &answer, &self.env.id())
    }

    /// A refusal before the service was asked. The rest of the request may be unread, so the connection ends with it.
    fn refuse(&self, unread: &Unread) -> Response<Body> {
        let (status, code, message) = unread.refusal();
        let answer = Answer::Refused(Refused {
            code: code.to_owned(),
            status: status.as_u16(),
            fault: Fault::Sender,
            message: message.to_owned(),
        });
        let contract = self.service.contract();
        let mut response = respond(self.protocol.encode_response(contract, "", &answer, &self.env.id()));
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        if status == StatusCode::METHOD_NOT_ALLOWED {
            headers.insert(ALLOW, HeaderValue::from_static("GET, POST"));
        }
        response
    }
}

/// Why a request cannot be shown to the service.
enum Unread {
    Method,
    TooLarge,
    Broken,
}

impl Unread {
    fn refusal(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Method => (
                StatusCode::METHOD_NOT_ALLOWED,
                "MethodNotAllowed",
                "Only GET and POST are served.",
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "RequestEntityTooLarge",
                "The request is too large.",
            ),
            Self::Broken => (StatusCode::BAD_REQUEST, "MalformedInput", "The request ends too early."),
        }
    }
}

async fn read(request: Request<Incoming>) -> Result<HttpRequest, Unread> {
    let method = match request.method().as_str() {
        "GET" => Method::Get,
        "POST" => Method::Post,
        _ => return Err(Unread::Method),
    };
    let (head, body) = request.into_parts();
    Ok(HttpRequest {
        method,
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: texts(&head.headers),
        body: read_body(body).await?,
    })
}

async fn read_body(mut body: Incoming) -> Result<Vec<u8>, Unread> {
    let declared = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if declared > BODY_LIMIT {
        return Err(Unread::TooLarge);
    }
    let mut bytes = Vec::with_capacity(declared);
    while let Some(frame) = body.frame().await {
        // Trailers hold nothing that a service reads.
        let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else {
            continue;
        };
        if data.len() > BODY_LIMIT - bytes.len() {
            return Err(Unread::TooLarge);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}
