//! Signatures of version 4, as SDKs make them.

mod plain;

use std::sync::Arc;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningError, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_runtime_api::client::identity::Identity;
use http::Request;
use http::header::{CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use url::{Position, Url};

use self::plain::Plain;
use super::HttpSettings;
use crate::Env;
use crate::signature::Received;

/// Signs requests. Emulators route by the credential scope, so even dummy credentials matter.
pub(super) struct Signer {
    identity: Identity,
    service: String,
    region: String,
    settings: SigningSettings,
    env: Arc<dyn Env>,
    plain: Plain,
}

impl Signer {
    pub(super) fn new(service: &str, settings: &HttpSettings) -> Self {
        let (access_key, secret_key) = (&*settings.access_key, &*settings.secret_key);
        let keys = Credentials::new(access_key, secret_key, settings.session_token.clone(), None, "parallax");
        let mut signing = SigningSettings::default();
        // Only headers named in `content_type` and those the signer adds are signed: nothing is left to exclude, and
        // without the list the settings are cloned for nothing.
        signing.excluded_headers = None;
        Self {
            identity: keys.into(),
            service: service.to_owned(),
            region: settings.region.clone(),
            settings: signing,
            env: Arc::clone(&settings.env),
            plain: Plain::new(service, settings),
        }
    }

    /// Adds the headers of the signature. A request that cannot be signed goes out as it is: what the target makes of
    /// it is then for the target to show.
    pub(super) fn sign<B>(&self, request: &mut Request<B>, url: &str, body: &[u8]) {
        let now = self.env.now();
        let headers = match self.plain.headers(request, body, now) {
            Some(headers) => Vec::from(headers),
            None => {
                let signed = (request.method().as_str(), url, content_type(request));
                self.headers(signed, body, now).unwrap_or_default()
            }
        };
        for (name, value) in headers {
            request.headers_mut().insert(name, value);
        }
    }

    /// The headers of the signature, given the method, the URL, and the headers that are signed besides the signer's own.
    fn headers<'r>(
        &self,
        (method, url, signed): (&'r str, &'r str, impl Iterator<Item = (&'r str, &'r str)>),
        body: &'r [u8],
        now: SystemTime,
    ) -> Result<Vec<(HeaderName, HeaderValue)>, SigningError> {
        let signable = SignableRequest::new(method, url, signed, SignableBody::Bytes(body))?;
        let Ok(params) = SigningParams::builder()
            .identity(&self.identity)
            .region(&self.region)
            .name(&self.service)
            .time(now)
            .settings(self.settings.clone())
            .build()
        else {
            return Ok(Vec::new());
        };
        let (instructions, _signature) = sign(signable, &params.into())?.into_parts();
        let (headers, _query) = instructions.into_parts();
        let header = |name: &'static str, value: &str| {
            HeaderValue::from_str(value)
                .ok()
                .map(|value| (HeaderName::from_static(name), value))
        };
        Ok(headers.iter().filter_map(|h| header(h.name(), h.value())).collect())
    }
}

/// The headers that the signer adds or is given otherwise.
const OWN: [&str; 4] = ["authorization", "host", "x-amz-date", "x-amz-security-token"];

/// The headers by which [`Http`](crate::Http) signs a request to a service of this signing name, with the keys, the region
/// and the clock of the settings. What it never sends, such as further headers, is signed by the same signer: so it can be
/// held against the published test suite. A target that stands in no URL has none.
pub fn signed(service: &str, settings: &HttpSettings, request: &Received<'_>) -> Vec<(String, String)> {
    let signer = Signer::new(service, settings);
    let host = header(request, "host").unwrap_or_default();
    let Ok(url) = Url::parse(&format!("http://{host}{}", request.target)) else {
        return Vec::new();
    };
    let further = request.headers.iter().filter_map(|(name, value)| {
        let is_own = OWN.iter().any(|own| name.eq_ignore_ascii_case(own));
        (!is_own).then_some((&**name, &**value))
    });
    let is_usual = further
        .clone()
        .all(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let found = match usual(request, &url, host).filter(|_| is_usual) {
        Some(mut ready) => {
            signer.sign(&mut ready, url.as_str(), request.body);
            let headers = ready
                .headers()
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()));
            headers
                .filter(|(name, _)| OWN.contains(&name.as_str()) && name != HOST)
                .collect()
        }
        None => {
            let signable = (request.method, url.as_str(), further);
            signer
                .headers(signable, request.body, settings.env.now())
                .unwrap_or_default()
        }
    };
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    found
        .iter()
        .map(|(name, value)| (name.to_string(), text(value)))
        .collect()
}

/// The request as [`Http`](crate::Http) has it when it signs.
fn usual(request: &Received<'_>, url: &Url, host: &str) -> Option<Request<()>> {
    let mut ready = Request::new(());
    *ready.method_mut() = request.method.parse().ok()?;
    *ready.uri_mut() = url[Position::BeforePath..].parse().ok()?;
    ready.headers_mut().insert(HOST, host.parse().ok()?);
    if let Some(kind) = header(request, "content-type") {
        ready.headers_mut().insert(CONTENT_TYPE, kind.parse().ok()?);
    }
    Some(ready)
}

fn header<'r>(request: &Received<'r>, wanted: &str) -> Option<&'r str> {
    let found = request
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.map(|(_, value)| value.as_str())
}

fn content_type<B>(request: &Request<B>) -> impl Iterator<Item = (&str, &str)> {
    let value = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    value.into_iter().map(|value| ("content-type", value))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use http::Method;

    use super::*;

    /// 2020-01-02 03:04:05 UTC.
    struct Fixed;

    impl Env for Fixed {
        fn now(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH + Duration::from_secs(1_577_934_245)
        }

        fn id(&self) -> String {
            String::new()
        }
    }

    /// `expected` is what botocore's `SigV4Auth` makes of the same request.
    fn check(method: &Method, url: &str, body: &str, expected: &str) {
        let signer = Signer::new(
            "things",
            &HttpSettings {
                region: "eu-west-1".into(),
                access_key: "key".into(),
                secret_key: "secret".into(),
                env: Arc::new(Fixed),
                ..HttpSettings::default()
            },
        );
        let form = HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8");
        let mut request = Request::builder().method(method).body(()).unwrap();
        if method == Method::POST {
            request.headers_mut().insert(CONTENT_TYPE, form);
        }
        signer.sign(&mut request, url, body.as_bytes());
        let signature = request.headers()["authorization"].to_str().unwrap();
        let (scope, digits) = signature.split_once("Signature=").unwrap();
        assert!(
            scope.contains("Credential=key/20200102/eu-west-1/things/aws4_request"),
            "{scope}"
        );
        assert_eq!(digits, expected, "{method} {url}");
        assert_eq!(request.headers()["x-amz-date"], "20200102T030405Z");
    }

    #[test]
    fn signatures_are_those_of_an_sdk() {
        check(
            &Method::POST,
            "http://127.0.0.1:4510/",
            "Action=CreateThing&Name=some+thing&Version=2020-01-01",
            "f94cd393e8569f12c29ab054239e072db46c49473d92ae86ed0675a7885e9afe",
        );
        check(
            &Method::GET,
            "http://127.0.0.1:4510/?Action=CreateThing&Name=a%20b&Version=2020-01-01",
            "",
            "6955abca1a1fb7d9740f6e265528b6550df37ec511eb6b274bb4b54974dd554f",
        );
        check(
            &Method::POST,
            "http://[::1]:4510/base/",
            "",
            "1c3f5e1b87c7134e56262ae04f67a00c6a4553db20c9917ad078155e4b82691d",
        );
    }

    /// Whether the short way was taken, which must sign as the library does.
    fn check_plain(url: &str, kind: &'static str, body: &str, expected: bool) {
        let env = Arc::new(Fixed);
        let signer = Signer::new(
            "things",
            &HttpSettings {
                env,
                ..HttpSettings::default()
            },
        );
        let url = Url::parse(url).unwrap();
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(&url[Position::BeforePath..]);
        let host = url[Position::BeforeHost..Position::AfterPort].to_owned();
        request = request.header(HOST, host).header(CONTENT_TYPE, kind);
        let request = request.body(()).unwrap();
        let now = Fixed.now();
        let signed = (request.method().as_str(), url.as_str(), content_type(&request));
        let mut long = signer.headers(signed, body.as_bytes(), now).unwrap();
        long.sort_by(|(one, _), (other, _)| other.as_str().cmp(one.as_str()));
        let short = signer.plain.headers(&request, body.as_bytes(), now);
        assert_eq!(short.is_some(), expected, "{url} {kind:?}");
        assert_eq!(short.map_or(long.clone(), Vec::from), long, "{url} {kind:?} {body:?}");
    }

    #[test]
    fn a_form_posted_to_the_root_is_signed_as_the_library_signs_it() {
        let form = "application/x-www-form-urlencoded; charset=utf-8";
        for body in ["", "Action=Ping", "Name=some+thing&Other=%C3%A9", &"x".repeat(100_000)] {
            check_plain("http://127.0.0.1:4510/", form, body, true);
            check_plain("http://[::1]:4510/", form, body, true);
            check_plain("http://localhost/", "text/plain", body, true);
        }
        check_plain("http://127.0.0.1:4510/base/", form, "a=b", false);
        check_plain("http://127.0.0.1:4510/?Action=Ping", form, "", false);
        check_plain("http://127.0.0.1:4510/", "text/plain;  charset=x", "", false);
    }
}
