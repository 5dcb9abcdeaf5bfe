//! Who is put to the test, and with which scenarios.

use parallax_contract::{Contract, Resource};
use parallax_endpoint::fault::{Alteration, Class, faults, variants};
use parallax_scenario::{Scenario, derive};

use super::{Bounds, Subject};

/// How many combinations of variants are tried, and of how many each.
const COMBINATIONS: usize = 20;
const TOGETHER: usize = 4;

/// Several times what any fault of the catalogue takes. One sequence at a time, so that the order is the same every time.
const BOUNDS: Bounds = Bounds {
    seed: 1,
    cases: Some(20_000),
    time: None,
    jobs: 1,
};

/// Every subject of the self-test: the control, the faults, the variants, and variants together; then the faults that are
/// hunted for, each from one seed and with a bound on the sequences, so that the same is found every time.
pub fn subjects(class: Option<Class>) -> Vec<Subject> {
    let wanted = |alteration: &Alteration| !alteration.generated && is_of(alteration, class);
    let alone = faults().into_iter().chain(variants()).filter(wanted);
    let together = match class {
        None | Some(Class::Benign) => combinations(COMBINATIONS),
        Some(_) => Vec::new(),
    };
    std::iter::once(Subject::control())
        .chain(alone.map(|alteration| Subject::of(vec![alteration])))
        .chain(together)
        .chain(generated(class, BOUNDS))
        .collect()
}

/// The faults that only generated scenarios reach, to be hunted so far.
pub fn generated(class: Option<Class>, bounds: Bounds) -> impl Iterator<Item = Subject> {
    let wanted = move |alteration: &Alteration| alteration.generated && is_of(alteration, class);
    faults()
        .into_iter()
        .filter(wanted)
        .map(move |fault| Subject::hunted(fault, bounds))
}

fn is_of(alteration: &Alteration, class: Option<Class>) -> bool {
    class.is_none_or(|class| alteration.class == class)
}

/// So many combinations of benign variants, drawn at random but always the same.
pub fn combinations(count: usize) -> Vec<Subject> {
    let all = variants();
    let mut seed: u64 = 1;
    let mut draw = || {
        // A linear congruential generator with the constants of Knuth's MMIX; its upper bits are good enough.
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let number = usize::try_from(seed >> 33).unwrap_or(0);
        number.checked_rem(all.len()).and_then(|at| all.get(at)).copied()
    };
    (0..count)
        .map(|_| Subject::of((0..TOGETHER).filter_map(|_| draw()).collect()))
        .collect()
}

/// The derived scenarios that a fault is looked for with, in the order in which they are played: those of the resource
/// that has most of what a resource can have, then those of no resource, then those of the next.
pub fn scenarios(contract: &Contract) -> Vec<Scenario> {
    let order = by_features(contract);
    let place = |scenario: &Scenario| match &scenario.resource {
        None => 1,
        Some(name) => match order.iter().position(|other| other == name) {
            Some(0) => 0,
            place => 2 + place.unwrap_or(order.len()),
        },
    };
    let mut scenarios = derive(contract);
    scenarios.sort_by_key(place);
    // Each emulator is asked by one player alone, so nothing need wait for the end.
    scenarios.iter_mut().for_each(|scenario| scenario.exclusive = false);
    scenarios
}

/// The scenarios that a benign variant is played with: of the tagging interface, of the resource that has most, and of
/// the one that has most among those that change in their own time.
pub fn scenarios_to_be_silent(contract: &Contract) -> Vec<Scenario> {
    let order = by_features(contract);
    let slow = |name: &&String| {
        let resource = contract.resources.get(*name);
        resource.is_some_and(|resource| resource.status_member.is_some())
    };
    let chosen = [order.first(), order.iter().find(slow)];
    let tagging = contract.tagging.iter();
    let tagging: Vec<_> = tagging
        .flat_map(|tagging| [&tagging.add, &tagging.list, &tagging.remove])
        .collect();
    let wanted = |scenario: &Scenario| match &scenario.resource {
        Some(name) => chosen.contains(&Some(name)),
        None => scenario
            .steps
            .iter()
            .any(|step| tagging.contains(&&step.call.operation)),
    };
    let mut scenarios = scenarios(contract);
    scenarios.retain(wanted);
    scenarios
}

/// The resources by what they have, most first; of two alike, by name. That a creation surely succeeds counts most.
fn by_features(contract: &Contract) -> Vec<String> {
    let score = |resource: &Resource| {
        let sure = resource.sample.as_ref().is_some_and(|sample| sample.sure);
        let has = [
            resource.grants.is_some(),
            resource.description.is_some(),
            resource.arn.is_some(),
        ];
        has.iter().filter(|has| **has).count() + 3 * usize::from(sure)
    };
    let mut order: Vec<_> = contract.resources.iter().collect();
    order.sort_by_key(|(_, resource)| std::cmp::Reverse(score(resource)));
    order.into_iter().map(|(name, _)| name.clone()).collect()
}
