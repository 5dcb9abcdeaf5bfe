//! An endpoint behind a URL.

mod fault;
mod sign;

use std::sync::Arc;
use std::time::Duration;

use parallax_contract::{Call, Contract, Observation, TransportFault};
use parallax_wire::{HttpAnswer, HttpRequest, Method, Protocol, UnsupportedProtocol, protocol_of};
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Client, ClientBuilder, Request, Response, Url};

use crate::{BoxFuture, Endpoint, Env, Exchange, RealEnv};
use sign::Signer;

/// Whatever answers at a URL.
///
/// Requests are signed; connections are kept and used again; redirects and proxies are not followed; an answer's body
/// is taken as it came, without unpacking.
pub struct Http {
    contract: Arc<Contract>,
    protocol: &'static dyn Protocol,
    url: Url,
    pooled: Client,
    /// Never uses a connection twice: for the second try after a kept connection turned out to be dead.
    unpooled: Client,
    signer: Signer,
    time_limit: Duration,
    size_limit: u64,
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
    /// TLS is not built in.
    #[error(
        "`{url}` asks for TLS, which this build does not speak; use http://, or put a proxy that ends TLS before it"
    )]
    Tls {
        /// The text.
        url: String,
    },
    /// The contract's protocol is not built in.
    #[error(transparent)]
    Protocol(#[from] UnsupportedProtocol),
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up")]
    Client(#[source] reqwest::Error),
}

impl Http {
    /// The endpoint at `url`, which speaks the protocol of `contract`. Sends nothing yet.
    ///
    /// # Errors
    /// [`HttpError`] where the URL is none, asks for TLS, or the protocol is unknown.
    pub fn new(contract: Arc<Contract>, url: &str, settings: &HttpSettings) -> Result<Self, HttpError> {
        let protocol = protocol_of(&contract)?;
        let signer = Signer::new(&contract.service.signing_name, settings);
        Ok(Self {
            protocol,
            url: parse(url)?,
            pooled: plain_client().build().map_err(HttpError::Client)?,
            unpooled: plain_client()
                .pool_max_idle_per_host(0)
                .build()
                .map_err(HttpError::Client)?,
            signer,
            time_limit: settings.time_limit,
            size_limit: settings.size_limit,
            contract,
        })
    }

    /// The URL that requests go to.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    async fn exchange(&self, call: &Call) -> Exchange {
        let request = self.protocol.encode_request(&self.contract, call);
        let (answer, observation) = match self.send(&request).await {
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
        tokio::time::timeout(self.time_limit, self.send_unhurried(request))
            .await
            .unwrap_or(Err(TransportFault::TimedOut))
    }

    async fn send_unhurried(&self, request: &HttpRequest) -> Result<HttpAnswer, TransportFault> {
        let ready = self.prepare(request);
        let again = ready.try_clone();
        let response = match (self.pooled.execute(ready).await, again) {
            (Ok(response), _) => response,
            // A server may close a kept connection at any time, and its farewell may cross our request. A request
            // that got no byte back says nothing about the target then, so it is sent once more, on a connection of its
            // own; a target that means it breaks off again. Whether the first one was kept cannot be told: the client
            // may open a connection and then send on one that came free meanwhile.
            (Err(error), Some(again)) if fault::may_be_stale(&error) => {
                self.unpooled.execute(again).await.map_err(|error| fault::of(&error))?
            }
            (Err(error), _) => return Err(fault::of(&error)),
        };
        self.receive(response).await
    }

    fn prepare(&self, request: &HttpRequest) -> Request {
        let (method, mut url) = (method(request.method), self.url.clone());
        if !request.query.is_empty() {
            url.set_query(Some(&request.query));
        }
        let mut ready = Request::new(method, url);
        for (name, value) in &request.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                ready.headers_mut().insert(name, value);
            }
        }
        self.signer.sign(&mut ready, &request.body);
        *ready.body_mut() = Some(request.body.clone().into());
        ready
    }

    async fn receive(&self, mut response: Response) -> Result<HttpAnswer, TransportFault> {
        let declared = response.content_length().unwrap_or(0);
        if declared > self.size_limit {
            return Err(TransportFault::TooLarge(self.size_limit));
        }
        let limit = usize::try_from(self.size_limit).unwrap_or(usize::MAX);
        // What an answer says of its length is only believed up to here.
        let mut body = Vec::with_capacity(usize::try_from(declared).unwrap_or(0).min(64 << 10));
        while let Some(chunk) = response.chunk().await.map_err(|error| fault::of(&error))? {
            if chunk.len() > limit - body.len() {
                return Err(TransportFault::TooLarge(self.size_limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(HttpAnswer {
            status: response.status().as_u16(),
            headers: headers(&response),
            body,
        })
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
        "http" => {}
        "https" => return Err(HttpError::Tls { url: text.to_owned() }),
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

fn plain_client() -> ClientBuilder {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
    }
}

fn headers(response: &Response) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let all = response.headers().iter();
    all.map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect()
}

/// The status that `path` is answered with on a port of 127.0.0.1, unsigned; `None` where no answer came.
pub(crate) async fn status_of(port: u16, path: &str) -> Option<u16> {
    let client = plain_client().pool_max_idle_per_host(0).build().ok()?;
    let url = format!("http://127.0.0.1:{port}/{}", path.trim_start_matches('/'));
    Some(client.get(url).send().await.ok()?.status().as_u16())
}
