//! Signatures of version 4, as SDKs make them.

use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningError, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_runtime_api::client::identity::Identity;
use reqwest::Request;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};

use super::HttpSettings;
use crate::Env;

/// Signs requests. Emulators route by the credential scope, so even dummy credentials matter.
pub(super) struct Signer {
    identity: Identity,
    service: String,
    region: String,
    settings: SigningSettings,
    env: Arc<dyn Env>,
}

impl Signer {
    pub(super) fn new(service: &str, settings: &HttpSettings) -> Self {
        let keys = Credentials::new(&*settings.access_key, &*settings.secret_key, None, None, "parallax");
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
        }
    }

    /// Adds the headers of the signature. A request that cannot be signed goes out as it is: what the target makes of
    /// it is then for the target to show.
    pub(super) fn sign(&self, request: &mut Request, body: &[u8]) {
        for (name, value) in self.headers(request, body).unwrap_or_default() {
            request.headers_mut().insert(name, value);
        }
    }

    fn headers(&self, request: &Request, body: &[u8]) -> Result<Vec<(HeaderName, HeaderValue)>, SigningError> {
        let signable = SignableRequest::new(
            request.method().as_str(),
            request.url().as_str(),
            content_type(request),
            SignableBody::Bytes(body),
        )?;
        let Ok(params) = SigningParams::builder()
            .identity(&self.identity)
            .region(&self.region)
            .name(&self.service)
            .time(self.env.now())
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

fn content_type(request: &Request) -> impl Iterator<Item = (&str, &str)> {
    let value = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    value.into_iter().map(|value| ("content-type", value))
}
