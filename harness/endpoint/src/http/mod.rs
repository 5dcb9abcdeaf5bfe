//! An endpoint behind a URL.

mod connection;
mod fault;
mod lane;
mod line;
mod sign;
mod tls;

use std::borrow::Cow;
use std::mem;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ACCEPT, HOST, HeaderMap, HeaderName, HeaderValue};
use http::{Request, Uri};
use http_body_util::Full;
use parallax_contract::{Call, Contract, Observation, TransportFault, endpoints};
use parallax_wire::{HttpAnswer, HttpRequest, Method, Protocol, UnsupportedProtocol, protocol_of};
use reqwest::Url;
use url::Position;

use crate::live::Renew;
use crate::{BoxFuture, Endpoint, Env, Exchange, RealEnv, Shortage};
pub use connection::{ConnectError, Connection, Prepared, Unanswered, Wanted};
pub(crate) use fault::is_shortage;
use lane::Clock;
use line::Lines;
use sign::Signer;
pub use sign::signed;
use tls::Tls;

/// Whatever answers at a URL.
///
/// Requests are signed; connections are kept and used again; redirects and proxies are not followed; an answer's body
/// is taken as it came, without unpacking.
pub struct Http {
    contract: Arc<Contract>,
    protocol: &'static dyn Protocol,
    url: Url,
    /// `host:port`, without the port where it is the scheme's own.
    host: HeaderValue,
    lines: Lines,
    signer: Signer,
    time_limit: Duration,
    shortage: Shortage,
}

/// How an endpoint is asked.
#[derive(Clone)]
pub struct HttpSettings {
    /// The longest time from sending a request to the last byte of its answer. 10 s unless set.
    pub time_limit: Duration,
    /// The most bytes that the body of an answer may have. 8 MiB unless set.
    pub size_limit: u64,
    /// The region in the credential scope. `us-east-1` unless set.
    pub region: String,
    /// The access key that requests are signed with. `test` unless set: emulators take a key of twelve digits for an
    /// account, and some take AWS's own forms for real ones.
    pub access_key: String,
    /// The secret key that goes with it. `test` unless set.
    pub secret_key: String,
    /// The session token that goes with temporary keys; none unless set.
    pub session_token: Option<String>,
    /// Whether what a kept connection lost is sent once more on a new one, as SDKs do. Not where it matters whether the
    /// first had its effect. True unless set.
    pub resends: bool,
    /// A file of certificates in PEM form that are trusted besides the system's; none unless set.
    pub certificates: Option<PathBuf>,
    /// Whether AWS's own endpoints may be asked. False unless set: nothing reaches them by accident.
    pub asks_aws: bool,
    /// Where it is counted that this machine ran short. One of its own unless set; a server of this process that is asked
    /// shares it.
    pub shortage: Shortage,
    /// The clock for signatures.
    pub env: Arc<dyn Env>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            time_limit: Duration::from_secs(10),
            size_limit: 8 << 20,
            region: "us-east-1".into(),
            access_key: "test".into(),
            secret_key: "test".into(),
            session_token: None,
            resends: true,
            certificates: None,
            asks_aws: false,
            shortage: Shortage::default(),
            env: Arc::new(RealEnv::new()),
        }
    }
}

/// Why an endpoint cannot be made of a URL.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The text is no URL, or has parts that an endpoint cannot have.
    #[error("`{url}` is no endpoint: {why}; give it as http://HOST:PORT")]
    Url {
        /// The text.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// The URL is AWS's own, and nobody allowed to ask there.
    #[error(
        "`{url}` is AWS itself, which is asked only with care and as the reference; give `--reference aws --allow-aws`"
    )]
    Aws {
        /// The text.
        url: String,
    },
    /// TLS cannot be spoken there.
    #[error("`{url}` asks for TLS, and {why}")]
    Tls {
        /// The text.
        url: String,
        /// Why not, and how to mend it.
        why: String,
    },
    /// The contract's protocol is not built in.
    #[error(transparent)]
    Protocol(#[from] UnsupportedProtocol),
}

impl Http {
    /// The endpoint at `url`, which speaks the protocol of `contract`. Sends nothing yet.
    ///
    /// # Errors
    /// [`HttpError`] where the URL is none, is AWS's own though the settings do not allow that, asks for TLS that cannot
    /// be spoken, or the protocol is unknown.
    pub fn new(contract: Arc<Contract>, url: &str, settings: &HttpSettings) -> Result<Self, HttpError> {
        let protocol = protocol_of(&contract)?;
        let signer = Signer::new(&contract.service.signing_name, settings);
        let url = parse(url)?;
        let host = url.host_str().unwrap_or_default();
        if !settings.asks_aws && endpoints::is_own(&contract.endpoints, host) {
            return Err(HttpError::Aws { url: url.to_string() });
        }
        // An address of version 6 stands in brackets in a URL, and only there.
        let address = host.trim_start_matches('[').trim_end_matches(']');
        let port = url.port_or_known_default().unwrap_or(80);
        let tls = match url.scheme() {
            "https" => Some(
                Tls::new(address, settings.certificates.as_deref()).map_err(|why| HttpError::Tls {
                    url: url.to_string(),
                    why,
                })?,
            ),
            _ => None,
        };
        Ok(Self {
            protocol,
            lines: Lines::new(address, port, tls, settings),
            host: authority(&url),
            url,
            signer,
            time_limit: settings.time_limit,
            shortage: settings.shortage.clone(),
            contract,
        })
    }

    /// The URL that requests go to.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    async fn exchange(&self, call: &Call) -> Exchange {
        let mut request = self.protocol.encode_request(&self.contract, call);
        // Bodies may be long: this one is lent to the connection and not copied.
        let body = Bytes::from(mem::take(&mut request.body));
        let sent = self.send_with(&request, body.clone()).await;
        request.body = body.into();
        let (answer, observation) = match sent {
            Ok(answer) => {
                let observation = self.protocol.decode_response(&self.contract, &call.operation, &answer);
                (Some(answer), observation)
            }
            Err(fault) => (None, Observation::lost(fault)),
        };
        Exchange {
            request,
            answer,
            observation,
        }
    }

    /// Sends a request as it is, signed, and reads the answer within the limits.
    ///
    /// # Errors
    /// [`TransportFault`] where no whole answer arrived.
    pub async fn send(&self, request: &HttpRequest) -> Result<HttpAnswer, TransportFault> {
        self.send_with(request, request.body.clone().into()).await
    }

    /// The same with this body in place of the request's own.
    async fn send_with(&self, request: &HttpRequest, body: Bytes) -> Result<HttpAnswer, TransportFault> {
        let clock = Clock::default();
        let unserved = self.shortage.unserved();
        let asked = self.lines.ask(|| self.prepare(request, &body), &clock);
        let answer = self.in_time(asked, &clock).await;
        let answer = answer.map_err(|fault| self.blame(fault, unserved))?;
        let (head, body) = answer.into_parts();
        Ok(HttpAnswer {
            status: head.status.as_u16(),
            headers: texts(&head.headers),
            body,
        })
    }

    /// The fault by whose it is: what a server of this process closed unread, or could not take, since no descriptor was
    /// free was never sent.
    fn blame(&self, fault: TransportFault, unserved_before: u64) -> TransportFault {
        match fault {
            TransportFault::Closed(_) | TransportFault::TimedOut if self.shortage.unserved() > unserved_before => {
                fault::no_descriptor()
            }
            TransportFault::Short(_) => {
                self.shortage.note_unsent();
                fault
            }
            _ => fault,
        }
    }

    /// What `asked` comes to within the time limit, less the time that we made it wait.
    async fn in_time<T>(
        &self,
        asked: impl Future<Output = Result<T, TransportFault>>,
        clock: &Clock,
    ) -> Result<T, TransportFault> {
        let begin = Instant::now();
        let mut asked = pin!(asked);
        let mut limit = self.time_limit;
        loop {
            let left = limit.saturating_sub(begin.elapsed());
            if let Ok(answer) = tokio::time::timeout(left, &mut asked).await {
                return answer;
            }
            let extended = self.time_limit.saturating_add(clock.stood_still());
            if extended <= limit {
                return Err(match clock.answer_began() {
                    true => TransportFault::Unfinished,
                    false => TransportFault::TimedOut,
                });
            }
            limit = extended;
        }
    }

    fn prepare(&self, request: &HttpRequest, body: &Bytes) -> Result<Request<Full<Bytes>>, TransportFault> {
        let url = self.full_url(&request.query);
        let mut ready = Request::new(Full::new(body.clone()));
        *ready.method_mut() = method(request.method);
        let target = &url[Position::BeforePath..];
        // The one target that cannot be sent is a longer one than the HTTP library takes.
        *ready.uri_mut() = Uri::try_from(target).map_err(|error| TransportFault::Closed(error.to_string()))?;
        let headers = ready.headers_mut();
        headers.insert(HOST, self.host.clone());
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        for (name, value) in &request.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                headers.insert(name, value);
            }
        }
        self.signer.sign(&mut ready, url.as_str(), body);
        Ok(ready)
    }

    fn full_url(&self, query: &str) -> Cow<'_, Url> {
        if query.is_empty() {
            return Cow::Borrowed(&self.url);
        }
        let mut url = self.url.clone();
        url.set_query(Some(query));
        Cow::Owned(url)
    }
}

impl Renew for Http {
    fn renew(&self) -> BoxFuture<'_, bool> {
        Box::pin(std::future::ready(false))
    }
}

impl Endpoint for Http {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Exchange> {
        Box::pin(self.exchange(call))
    }
}

fn parse(text: &str) -> Result<Url, HttpError> {
    let refused = |why: &str| HttpError::Url {
        url: text.to_owned(),
        why: why.to_owned(),
    };
    let url = Url::parse(text).map_err(|error| refused(&error.to_string()))?;
    match url.scheme() {
        "http" | "https" => {}
        _ => return Err(refused("its scheme is not http")),
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refused("it has a query or a fragment"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("it has a user or a password"));
    }
    Ok(url)
}

/// `host:port`, without the port where it is the scheme's own.
fn authority(url: &Url) -> HeaderValue {
    let text = &url[Position::BeforeHost..Position::AfterPort];
    // What a URL holds there a header can hold.
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

fn method(method: Method) -> http::Method {
    match method {
        Method::Get => http::Method::GET,
        Method::Post => http::Method::POST,
    }
}

/// Names and values of headers as texts.
pub(crate) fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect()
}

/// The status that `path` is answered with on a port of 127.0.0.1, unsigned; `None` where no answer came.
pub(crate) async fn status_of(port: u16, path: &str) -> Option<u16> {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .ok()?;
    let url = format!("http://127.0.0.1:{port}/{}", path.trim_start_matches('/'));
    Some(client.get(url).send().await.ok()?.status().as_u16())
}
