//! What is worth generating: what the target implements.

use std::collections::BTreeSet;

use parallax_contract::{Contract, Observation};
use parallax_scenario::{Generator, Options};

use super::{HuntError, HuntEvent, HuntPlan};
use crate::play::Context;
use crate::probe::coverage;
use crate::token;

/// How many generated scenarios are taken for calls that no derived one has, as far as they are needed.
const SAMPLES: u64 = 200;

/// Asks the target about every operation that would be generated, and leaves out what it lacks. The options that remain,
/// and how many resources could not be deleted.
pub(super) async fn narrow(
    context: &mut Context,
    plan: &HuntPlan,
    unknown: &Observation,
    events: &mut impl FnMut(HuntEvent),
) -> Result<(Options, u64), HuntError> {
    let generator = Generator::new(&plan.contract, &plan.options);
    let wanted = generator.operations();
    let samples: Vec<_> = generator.seeded(0, SAMPLES).collect();
    let probe = (&wanted, samples.as_slice(), token::of_play(&plan.token, 0));
    let found = coverage((&context.target, &context.oracle), probe, unknown, &context.cancel).await;
    let lacking = found.implemented.iter().filter(|(_, implemented)| !**implemented);
    context.not_implemented = lacking.map(|(name, _)| name.clone()).collect();
    let implemented = found.implemented.iter().filter(|(_, implemented)| **implemented);
    let implemented: BTreeSet<String> = implemented.map(|(name, _)| name.clone()).collect();
    events(HuntEvent::Coverage(found.implemented));
    if implemented.is_empty() && !context.cancel.is_cancelled() {
        return Err(HuntError::Nothing);
    }
    let options = match context.not_implemented.is_empty() {
        true => plan.options.clone(),
        false => without(&plan.contract, &plan.options, &implemented),
    };
    Ok((options, found.left_behind))
}

/// Only resources that can be created, and only operations that are there.
fn without(contract: &Contract, options: &Options, implemented: &BTreeSet<String>) -> Options {
    let creatable = contract.resources.iter().filter(|(name, resource)| {
        implemented.contains(&resource.lifecycle.create)
            && (options.resources.is_empty() || options.resources.contains(name))
    });
    let operations = implemented
        .iter()
        .filter(|name| options.operations.is_empty() || options.operations.contains(name));
    let mut resources: Vec<_> = creatable.map(|(name, _)| name.clone()).collect();
    if resources.is_empty() {
        // No list at all would mean every resource.
        resources.clone_from(&options.resources);
    }
    Options {
        resources,
        operations: operations.cloned().collect(),
        longest: options.longest,
    }
}
