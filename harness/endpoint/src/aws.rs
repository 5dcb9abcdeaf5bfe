//! The account of whoever asks, found as the SDKs find it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_types::service_config::ServiceConfigKey;
use parallax_contract::{Call, Contract};

use crate::live::Renew;
use crate::{BoxFuture, Endpoint, Exchange, Http, HttpError, HttpSettings, Keyring};

/// Credentials are renewed so long before they expire.
const AHEAD: Duration = Duration::from_secs(60);

/// What is said on the command line rather than found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// The region.
    pub region: Option<String>,
    /// The URL.
    pub url: Option<String>,
    /// Whether the endpoint must use cryptography validated under FIPS 140.
    pub fips: bool,
    /// Whether the endpoint must be reachable over IPv6, too.
    pub dual_stack: bool,
}

/// Where the service is asked, as far as command line, environment and profile say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The region.
    pub region: Option<String>,
    /// The URL in place of the service's own, where one is set; else it follows from the region.
    pub url: Option<String>,
    /// Whether the endpoint must use cryptography validated under FIPS 140.
    pub fips: bool,
    /// Whether the endpoint must be reachable over IPv6, too.
    pub dual_stack: bool,
}

/// An account, as the environment, the profile, or the instance gives it.
pub struct Account {
    /// The region.
    pub region: String,
    /// Where the service is asked.
    pub place: Place,
    provider: SharedCredentialsProvider,
    credentials: Credentials,
}

/// Why there is no account.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Nobody says which region.
    #[error("no region is set; give --region, AWS_REGION, or a region in the profile")]
    Region,
    /// There are no credentials.
    #[error(
        "no credentials were found; set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with \
         the AWS command line"
    )]
    Credentials(#[source] CredentialsError),
    /// Nothing looks for any.
    #[error("this build looks for no credentials")]
    Provider,
}

impl Place {
    /// Looks where the service with this id is asked. Nobody is asked for it, not even the instance for its region.
    pub async fn find(wish: &Wish, service: &str) -> Self {
        let said = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
            .or_else(ProfileFileRegionProvider::new());
        Self::of(wish, service, &in_region(wish, loader().region(said)).load().await)
    }

    fn of(wish: &Wish, service: &str, config: &SdkConfig) -> Self {
        Self {
            region: config.region().map(ToString::to_string),
            url: wish.url.clone().or_else(|| configured_url(config, service)),
            fips: wish.fips || config.use_fips().unwrap_or(false),
            dual_stack: wish.dual_stack || config.use_dual_stack().unwrap_or(false),
        }
    }
}

/// The URL that environment or profile set for this service or for all, unless they say to ignore it, as the SDKs have it.
fn configured_url(config: &SdkConfig, service: &str) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id(service)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build();
    let of_service = config.service_config().zip(key.ok());
    of_service
        .and_then(|(settings, key)| settings.load_config(key))
        .or_else(|| config.endpoint_url().map(str::to_owned))
}

impl Account {
    /// Looks for region and credentials in the usual order: environment, profile (with roles, processes and SSO), web
    /// identity, container, instance. The service is the one with this id.
    ///
    /// # Errors
    /// [`AccountError`] where there is no region or there are no credentials.
    pub async fn find(wish: &Wish, service: &str) -> Result<Self, AccountError> {
        let config = in_region(wish, loader()).load().await;
        let provider = config.credentials_provider().ok_or(AccountError::Provider)?;
        let region = config.region().ok_or(AccountError::Region)?.to_string();
        let credentials = provider.provide_credentials().await;
        Ok(Self {
            region,
            place: Place::of(wish, service, &config),
            credentials: credentials.map_err(AccountError::Credentials)?,
            provider,
        })
    }

    /// The service at `url`, asked with this account's credentials, which are renewed as they expire.
    ///
    /// # Errors
    /// As [`Http::new`].
    pub fn endpoint(self, contract: Arc<Contract>, url: &str, settings: HttpSettings) -> Result<Keyed, HttpError> {
        let settings = HttpSettings {
            region: self.region,
            asks_aws: true,
            ..settings
        };
        let keys = Keyring::default();
        let first = at(&contract, url, (&settings, &keys), &self.credentials)?;
        Ok(Keyed {
            keys,
            contract,
            url: url.to_owned(),
            settings,
            provider: self.provider,
            now: Mutex::new((Arc::new(first), self.credentials)),
        })
    }
}

fn loader() -> ConfigLoader {
    let client = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    aws_config::defaults(BehaviorVersion::v2026_01_12()).http_client(client)
}

fn in_region(wish: &Wish, loader: ConfigLoader) -> ConfigLoader {
    match &wish.region {
        Some(region) => loader.region(Region::new(region.clone())),
        None => loader,
    }
}

fn at(
    contract: &Arc<Contract>,
    url: &str,
    (settings, keys): (&HttpSettings, &Keyring),
    credentials: &Credentials,
) -> Result<Http, HttpError> {
    keys.sign_with(
        credentials.access_key_id(),
        credentials.secret_access_key(),
        credentials.session_token(),
    );
    let settings = HttpSettings {
        access_key: credentials.access_key_id().to_owned(),
        secret_key: credentials.secret_access_key().to_owned(),
        session_token: credentials.session_token().map(str::to_owned),
        ..settings.clone()
    };
    Http::new(Arc::clone(contract), url, &settings)
}

/// A URL that is asked with credentials that may change.
pub struct Keyed {
    contract: Arc<Contract>,
    url: String,
    settings: HttpSettings,
    provider: SharedCredentialsProvider,
    now: Mutex<(Arc<Http>, Credentials)>,
    keys: Keyring,
}

impl Keyed {
    /// What it signs with, and ever did.
    pub fn keys(&self) -> Keyring {
        self.keys.clone()
    }

    fn current(&self) -> (Arc<Http>, Credentials) {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks for newer credentials; whether there are any. Without, things stay as they are, and the service will say so.
    async fn look(&self) -> bool {
        let Ok(found) = self.provider.provide_credentials().await else {
            return false;
        };
        let newer = |old: &Credentials| {
            (found.access_key_id(), found.session_token()) != (old.access_key_id(), old.session_token())
        };
        if !newer(&self.current().1) {
            return false;
        }
        let Ok(http) = at(&self.contract, &self.url, (&self.settings, &self.keys), &found) else {
            return false;
        };
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = (Arc::new(http), found);
        true
    }

    fn ends_soon(&self, credentials: &Credentials) -> bool {
        let left = credentials
            .expiry()
            .map(|end| end.duration_since(self.settings.env.now()).unwrap_or_default());
        left.is_some_and(|left| left < AHEAD)
    }
}

impl Endpoint for Keyed {
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Exchange> {
        Box::pin(async move {
            if self.ends_soon(&self.current().1) {
                self.look().await;
            }
            self.current().0.ask(call).await
        })
    }
}

impl Renew for Keyed {
    fn renew(&self) -> BoxFuture<'_, bool> {
        Box::pin(self.look())
    }
}
