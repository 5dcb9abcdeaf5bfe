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
    fn all(&self) -> impl Iterator<Item = &String> {
        [&self.plain, &self.fips, &self.dual_stack, &self.fips_dual_stack]
            .into_iter()
            .flatten()
    }

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

/// Whether a host is one of AWS's own endpoints, of this service or of another: it ends as the service's URLs in some
/// partition do, behind a region or the name of a service alone, or bears this service's own label (as the endpoints
/// within a private network do). What customers run under the same ending, such as a load balancer, is none.
pub fn is_own(partitions: &[Partition], host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    partitions.iter().any(|partition| {
        let exceptions = partition.exceptions.values().flat_map(Urls::all);
        let mut urls = partition.urls.all().chain(exceptions);
        urls.any(|url| is_behind(partition, url, &host))
    })
}

/// Whether a host ends as this URL does and is an endpoint.
fn is_behind(partition: &Partition, url: &str, host: &str) -> bool {
    let own = url.split_once("://").map_or(url, |(_, rest)| rest);
    let Some((label, ending)) = own.split_once(REGION) else {
        return host == own;
    };
    let Some(front) = host.strip_suffix(ending) else {
        return false;
    };
    let last = front.rsplit('.').next().unwrap_or(front);
    let is_region = partition.regions.iter().any(|region| region == last)
        || Regex::new(&partition.pattern).is_ok_and(|pattern| pattern.is_match(last));
    let label = label.trim_end_matches('.');
    is_region || !front.contains('.') || front.split('.').any(|part| part == label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(host: &str, expected: bool) {
        let partitions = [Partition {
            name: "aws".to_owned(),
            pattern: r"^(us|eu)\-\w+\-\d+$".to_owned(),
            regions: vec!["aws-global".to_owned()],
            urls: Urls {
                plain: Some("https://things.{region}.amazonaws.com".to_owned()),
                dual_stack: Some("https://things.{region}.api.aws".to_owned()),
                ..Urls::default()
            },
            exceptions: [(
                "us-odd-1".to_owned(),
                Urls {
                    plain: Some("https://things.odd.example.com".to_owned()),
                    ..Urls::default()
                },
            )]
            .into(),
        }];
        assert_eq!(is_own(&partitions, host), expected, "{host}");
    }

    #[test]
    fn endpoints_of_this_and_of_other_services_are_aws_own() {
        for host in [
            "things.eu-west-1.amazonaws.com",
            "THINGS.us-new-9.amazonaws.com.",
            "things.amazonaws.com",
            "things.us-east-1.api.aws",
            "queue.us-east-1.amazonaws.com",
            "vpce-1-2.things.us-east-1.vpce.amazonaws.com",
            "things.odd.example.com",
        ] {
            check(host, true);
        }
    }

    #[test]
    fn hosts_of_customers_and_other_people_are_not() {
        for host in [
            "127.0.0.1",
            "localhost",
            "amazonaws.com",
            "things.eu-west-1.amazonaws.com.example.com",
            "things-eu-west-1.example.com",
            "my-things-1.us-east-1.elb.amazonaws.com",
            "ec2-192-0-2-1.eu-west-1.compute.amazonaws.com",
            "",
        ] {
            check(host, false);
        }
    }
}
