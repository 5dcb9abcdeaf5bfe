//! Where a service is: for each partition the URLs of its regions.

use std::collections::BTreeMap;

use regex::Regex;
use serde::{Deserialize, Serialize};

/// What stands for the region in a URL.
pub(crate) const REGION: &str = "{region}";

/// One partition of AWS, such as `aws-cn`, and where the service is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partition {
    /// Its name, as it stands in ARNs.
    pub name: String,
    /// The form of its regions' names, a regular expression.
    pub pattern: String,
    /// Regions that are its own by name.
    pub regions: Vec<String>,
    /// The URLs in its regions.
    pub urls: Urls,
    /// The URLs in regions that are exceptions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exceptions: BTreeMap<String, Urls>,
}

/// URLs, with `{region}` for the region; none where the service has none of the kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Urls {
    /// The usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain: Option<String>,
    /// With cryptography validated under FIPS 140.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fips: Option<String>,
    /// Reachable over IPv6, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dual_stack: Option<String>,
    /// Both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fips_dual_stack: Option<String>,
}

impl Urls {
    fn of(&self, fips: bool, dual_stack: bool) -> Option<&String> {
        match (fips, dual_stack) {
            (false, false) => self.plain.as_ref(),
            (true, false) => self.fips.as_ref(),
            (false, true) => self.dual_stack.as_ref(),
            (true, true) => self.fips_dual_stack.as_ref(),
        }
    }
}

/// The partition of a region: the one that lists it, else the one whose form it has, else the first.
pub fn partition<'p>(partitions: &'p [Partition], region: &str) -> Option<&'p Partition> {
    let lists = |partition: &&Partition| partition.regions.iter().any(|known| known == region);
    let fits = |partition: &&Partition| {
        let pattern = Regex::new(&partition.pattern);
        pattern.is_ok_and(|pattern| pattern.is_match(region))
    };
    let found = partitions.iter().find(lists).or_else(|| partitions.iter().find(fits));
    found.or_else(|| partitions.first())
}

/// The URL of the service in a region; `None` where it has none of the kind asked for, or none is known.
pub fn url(partitions: &[Partition], region: &str, fips: bool, dual_stack: bool) -> Option<String> {
    // What is no name would change the host.
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if region.is_empty() || !region.chars().all(is_name) {
        return None;
    }
    let partition = partition(partitions, region)?;
    let urls = partition.exceptions.get(region).unwrap_or(&partition.urls);
    Some(urls.of(fips, dual_stack)?.replace(REGION, region))
}
