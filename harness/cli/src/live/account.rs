//! The account, and the endpoint that it is asked at.

use std::sync::Arc;

use parallax_contract::Contract;
use parallax_endpoint::live::Renew;
use parallax_endpoint::{HttpSettings, Keyring};

use crate::args::PlaceArgs;
use crate::failure::Failure;

/// The service, found, and not asked yet.
pub(super) struct Found {
    /// Who is asked.
    pub(super) endpoint: Arc<dyn Renew>,
    /// Where.
    pub(super) url: String,
    /// The region.
    pub(super) region: String,
    /// What requests are signed with.
    pub(super) keys: Keyring,
}

/// Finds account, region and endpoint.
#[cfg(feature = "aws")]
pub(super) async fn find(
    contract: &Arc<Contract>,
    place: &PlaceArgs,
    settings: HttpSettings,
) -> Result<Found, Failure> {
    use parallax_endpoint::aws::{Account, AccountError};
    use parallax_outcome::ExitCode;

    let account = Account::find(&wish(place), contract.service.id()).await;
    let account = account.map_err(|error| match error {
        AccountError::Credentials(_) => Failure::new(ExitCode::NoAnswer, error.to_string()).because(error),
        _ => Failure::usage(error.to_string()),
    })?;
    let region = account.region.clone();
    let place = &account.place;
    let url = match &place.url {
        Some(url) => url.clone(),
        None => own_url(contract, &region, (place.fips, place.dual_stack))?,
    };
    let settings = HttpSettings {
        // Where its effect matters, nothing is sent twice unseen.
        resends: false,
        certificates: std::env::var_os("AWS_CA_BUNDLE").map(Into::into),
        ..settings
    };
    let endpoint = account.endpoint(contract.clone(), &url, settings);
    let endpoint = endpoint.map_err(|error| Failure::usage(error.to_string()))?;
    Ok(Found {
        keys: endpoint.keys(),
        endpoint: Arc::new(endpoint),
        url,
        region,
    })
}

/// What the command line says of it.
#[cfg(feature = "aws")]
pub(super) fn wish(place: &PlaceArgs) -> parallax_endpoint::aws::Wish {
    parallax_endpoint::aws::Wish {
        region: place.region.clone(),
        url: place.endpoint_url.clone(),
        fips: place.fips,
        dual_stack: place.dual_stack,
    }
}

/// The service's own URL in a region.
#[cfg(feature = "aws")]
pub(super) fn own_url(contract: &Contract, region: &str, (fips, dual_stack): (bool, bool)) -> Result<String, Failure> {
    let url = parallax_contract::endpoints::url(&contract.endpoints, region, fips, dual_stack);
    let kind = match (fips, dual_stack) {
        (false, false) => "",
        (true, false) => " with FIPS",
        (false, true) => " with dual stack",
        (true, true) => " with FIPS and dual stack",
    };
    url.ok_or_else(|| {
        Failure::usage(format!("{} has no endpoint{kind} in `{region}`", contract.service.name))
            .mend("check --region, or give --endpoint-url")
    })
}

/// Finds nothing: this build cannot.
#[cfg(not(feature = "aws"))]
#[expect(clippy::unused_async, reason = "it mirrors the other")]
pub(super) async fn find(_: &Arc<Contract>, _: &PlaceArgs, _: HttpSettings) -> Result<Found, Failure> {
    Err(Failure::usage("this build cannot ask the service itself").mend("build with the feature `aws`"))
}
