//! What has to be settled before the service itself is asked.

use std::sync::Arc;
use std::time::Duration;

use camino::Utf8Path;
use parallax_contract::Contract;
use parallax_endpoint::live::Limits;
use parallax_scenario::Scenario;

use super::{Estimate, Order, Spot, Terms};
use crate::args::{Asking, LiveArgs};
use crate::config::Config;
use crate::failure::Failure;
use crate::screen::Screen;

/// The most requests of what cannot be planned, unless another limit is given.
const UNPLANNED: u64 = 1000;

/// Fails where nobody allowed to ask the service itself.
pub(crate) fn allow(given: bool, config: &Config) -> Result<(), Failure> {
    if given || config.allows_aws() {
        return Ok(());
    }
    Err(
        Failure::usage("the reference `aws` asks the service itself, with your credentials and on your account").mend(
            "look at --plan first; then give --allow-aws, or write `[aws]` with `allow = true` into parallax.toml",
        ),
    )
}

/// Fails where that was not allowed, and says what is asked; the scenarios to play, and the limits. Each scenario is
/// played so many times.
pub(crate) fn prepare(
    args: &LiveArgs,
    (config, contract): (&Config, &Arc<Contract>),
    (scenarios, plays): (Vec<Scenario>, u64),
    token: &str,
    screen: Screen,
) -> Result<(Vec<Scenario>, Limits), Failure> {
    allow(args.allow_aws, config)?;
    let terms = terms(args);
    let estimate = Estimate::of(contract, scenarios, &terms, token)?.times(plays);
    estimate.some()?;
    let limits = estimate.limits(args.place.rate.0, args.max_requests, args.max_minutes);
    let spot = Spot::find(contract, &args.place)?;
    screen.say(&format!("{}{}", spot.tell(), estimate.tell(contract, &limits)));
    Ok((estimate.scenarios, limits))
}

/// On which terms the service itself is asked.
pub(crate) fn terms(args: &LiveArgs) -> Terms {
    Terms::Guarded {
        allowed: args.allow_cost.iter().cloned().collect(),
        tags: !args.untagged,
    }
}

/// The limits of what cannot be planned.
pub(crate) fn unplanned(args: &LiveArgs) -> Limits {
    let requests = args.max_requests.unwrap_or(UNPLANNED);
    let minutes = args.max_minutes.unwrap_or(60);
    Limits {
        rate: args.place.rate.0,
        requests,
        time: Duration::from_secs(minutes.saturating_mul(60)),
    }
}

/// How the service itself is asked; the journal goes into the folder unless another place is given.
pub(crate) fn order<'a>(
    args: &'a LiveArgs,
    contract: &'a Arc<Contract>,
    (asking, limits): (&'a Asking, Limits),
    (token, folder): (String, &Utf8Path),
) -> Order<'a> {
    let usual = || folder.join(format!("parallax-{token}.journal"));
    Order {
        contract,
        place: &args.place,
        asking,
        limits,
        allowed: args.allow_cost.iter().cloned().collect(),
        tags: !args.untagged,
        journal: args.journal.clone().unwrap_or_else(usual),
        token,
    }
}
