//! How a recording of the service itself begins, what it leaves behind, and how it says so.

use crate::standin::{Mishap, Standin, run};

/// The words that record these scenarios, where these operations may cost.
fn recording<'w>(url: &'w str, scenarios: &'w str, allowed: &[&'w str]) -> Vec<&'w str> {
    let usual = [
        "record",
        "--reference",
        "aws",
        "--allow-aws",
        "--endpoint-url",
        url,
        "--rate",
        "5000",
    ];
    let costs = allowed.iter().flat_map(|operation| ["--allow-cost", operation]);
    let last = ["--scenario", scenarios, "--out", "it.cassette"];
    usual.into_iter().chain(costs).chain(last).collect()
}

#[test]
fn a_first_request_that_is_broken_or_lost_is_asked_again() {
    for mishap in [Mishap::Broken, Mishap::Reset] {
        let folder = tempfile::tempdir().unwrap();
        let standin = Standin::with(move |number| if number == 1 { mishap } else { Mishap::None });
        let words = recording(&standin.url, "CacheSecurityGroup/lifecycle/create-*", &[]);
        let recorded = run(folder.path(), &words);
        assert_eq!(recorded.code, 0, "{mishap:?}: {}", recorded.err);
        assert!(recorded.err.contains("1 of them again"), "{}", recorded.err);
    }
}
