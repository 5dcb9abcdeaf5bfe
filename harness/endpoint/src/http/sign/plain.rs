//! The signature of the request that nearly all are: a form that is posted to `/`.
//!
//! The library signs whatever there is. For that it reads the URL again, sorts what it found, and derives the key anew,
//! which costs more than all else that is done to send such a request. Here what all of them share is made once a
//! second, and the library's own primitives do the rest.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use http::{Method, Request};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::HttpSettings;

const DATE: HeaderName = HeaderName::from_static("x-amz-date");
/// The headers that are signed, in the order in which they are.
const SIGNED: &str = "content-type;host;x-amz-date";

/// Signs forms that are posted to `/`.
pub(super) struct Plain {
    service: String,
    region: String,
    access_key: String,
    secret_key: String,
    /// Whether a session token has to be signed, too.
    temporary: bool,
    /// What holds for the second in which the last request was signed.
    last: Mutex<Option<Arc<Moment>>>,
}

impl Plain {
    pub(super) fn new(service: &str, settings: &HttpSettings) -> Self {
        Self {
            service: service.to_owned(),
            region: settings.region.clone(),
            access_key: settings.access_key.clone(),
            secret_key: settings.secret_key.clone(),
            temporary: settings.session_token.is_some(),
            last: Mutex::default(),
        }
    }

    /// The headers of the signature; `None` for any other request.
    pub(super) fn headers<B>(
        &self,
        request: &Request<B>,
        body: &[u8],
        now: SystemTime,
    ) -> Option<[(HeaderName, HeaderValue); 2]> {
        let is_form = request.method() == Method::POST && request.uri() == "/";
        let (kind, host) = (text(request, &CONTENT_TYPE)?, text(request, &HOST)?);
        let is_canonical = |value: &str| value == value.trim() && !value.contains("  ");
        if self.temporary || !is_form || !is_canonical(kind) || !is_canonical(host) {
            return None;
        }
        let moment = self.moment(now)?;
        let canonical = moment.canonical(kind, host, body);
        let signature = calculate_signature(&moment.key, moment.to_sign(&canonical).as_bytes());
        let (access_key, scope) = (&self.access_key, &moment.scope);
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={access_key}/{scope}, SignedHeaders={SIGNED}, Signature={signature}");
        Some([
            (DATE, HeaderValue::from_str(&moment.stamp).ok()?),
            (AUTHORIZATION, HeaderValue::from_maybe_shared(authorization).ok()?),
        ])
    }

    fn moment(&self, now: SystemTime) -> Option<Arc<Moment>> {
        let since = now.duration_since(UNIX_EPOCH).ok()?.as_secs();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = last.as_ref().filter(|last| last.since == since) {
            return Some(Arc::clone(last));
        }
        let moment = Arc::new(self.at(since)?);
        *last = Some(Arc::clone(&moment));
        Some(moment)
    }

    fn at(&self, since: u64) -> Option<Moment> {
        let time = UNIX_EPOCH.checked_add(Duration::from_secs(since))?;
        let stamp = Timestamp::try_from(time).ok()?.strftime("%Y%m%dT%H%M%SZ").to_string();
        let (day, _) = stamp.split_once('T')?;
        let key = generate_signing_key(&self.secret_key, time, &self.region, &self.service);
        Some(Moment {
            since,
            scope: format!("{day}/{}/{}/aws4_request", self.region, self.service),
            key: key.as_ref().to_vec(),
            stamp,
        })
    }
}

fn text<'r, B>(request: &'r Request<B>, name: &HeaderName) -> Option<&'r str> {
    request.headers().get(name)?.to_str().ok()
}

/// A second.
struct Moment {
    /// In seconds since 1970.
    since: u64,
    /// Such as `20200102T030405Z`.
    stamp: String,
    /// Such as `20200102/us-east-1/things/aws4_request`.
    scope: String,
    key: Vec<u8>,
}

impl Moment {
    /// The digest of the canonical request.
    fn canonical(&self, kind: &str, host: &str, body: &[u8]) -> String {
        let payload = hex::encode(Sha256::digest(body));
        let stamp = &self.stamp;
        let request = format!("POST\n/\n\ncontent-type:{kind}\nhost:{host}\nx-amz-date:{stamp}\n\n{SIGNED}\n{payload}");
        hex::encode(Sha256::digest(request))
    }

    fn to_sign(&self, canonical: &str) -> String {
        let Self { stamp, scope, .. } = self;
        format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{canonical}")
    }
}
