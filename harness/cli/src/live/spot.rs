//! Where the service would be asked, before anybody looks for credentials.

use parallax_contract::Contract;

use crate::args::PlaceArgs;
use crate::failure::Failure;

/// Where the service would be asked, as far as command line, environment and profile say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The region.
    pub(crate) region: Option<String>,
    /// The URL.
    url: Option<String>,
    /// Whether the URL is another one than the service's own.
    stands_in: bool,
}

impl Spot {
    /// Looks where it is. Nobody is asked.
    #[cfg(feature = "aws")]
    pub(crate) fn find(contract: &Contract, place: &PlaceArgs) -> Result<Self, Failure> {
        use parallax_endpoint::aws::Place;

        let wish = super::account::wish(place);
        let found = crate::runtime::start()?.block_on(Place::find(&wish, contract.service.id()));
        let own = |region: &String| super::account::own_url(contract, region, (found.fips, found.dual_stack));
        let url = match (&found.url, &found.region) {
            (Some(url), _) => Some(url.trim_end_matches('/').to_owned()),
            (None, Some(region)) => Some(own(region)?),
            (None, None) => None,
        };
        Ok(Self {
            stands_in: found.url.is_some(),
            region: found.region,
            url,
        })
    }

    /// Finds nothing: this build cannot.
    #[cfg(not(feature = "aws"))]
    #[expect(clippy::unnecessary_wraps, reason = "it mirrors the other")]
    pub(crate) fn find(_: &Contract, place: &PlaceArgs) -> Result<Self, Failure> {
        Ok(Self {
            region: place.region.clone(),
            url: place.endpoint_url.clone(),
            stands_in: place.endpoint_url.is_some(),
        })
    }

    /// The URL of whoever stands in for the service.
    pub(crate) fn stand_in(&self) -> Option<&str> {
        self.url.as_deref().filter(|_| self.stands_in)
    }

    /// A line for people.
    pub(crate) fn tell(&self) -> String {
        let region = self.region.as_ref().map_or_else(
            || "no region that command line, environment or profile set".to_owned(),
            Clone::clone,
        );
        match (&self.url, self.stands_in) {
            (Some(url), true) => format!("asked: {url}, in place of the service's own endpoint, in {region}\n"),
            (Some(url), false) => format!("asked: {url} in {region}\n"),
            (None, _) => format!("asked: the service's endpoint, in {region}\n"),
        }
    }
}
