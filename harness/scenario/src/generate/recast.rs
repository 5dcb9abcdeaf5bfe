//! The same story told of another resource: what went wrong with one may go wrong with the next.

use parallax_contract::{Call, Value};

use super::choose::{Choose, pick};
use super::plan::Plan;
use crate::derive::kit::Kit;
use crate::{Capture, Step};

/// What a step does with its kit.
enum Part {
    Create,
    Describe,
    Delete,
    Modify,
    Authorize,
    Revoke,
}

/// The steps about one resource made over to another with their texts, where there is another whose identifiers come
/// from the same side. What the other cannot do is left out.
pub(super) fn recast(plan: &Plan, steps: Vec<Step>, choose: &mut dyn Choose) -> Vec<Step> {
    let of = |step: &Step| plan.kits.iter().find(|kit| part(kit, step).is_some());
    let cast: Vec<&Kit> = steps.iter().filter_map(of).collect();
    let Some(from) = pick(choose, &cast).copied() else {
        return steps;
    };
    let others: Vec<&Kit> = plan
        .kits
        .iter()
        .filter(|kit| kit.assigned == from.assigned && kit.name != from.name)
        .collect();
    let Some(to) = pick(choose, &others).copied() else {
        return steps;
    };
    let presupposed = to.parents.iter().cloned();
    let told = steps.into_iter().filter_map(|step| match part(from, &step) {
        Some(part) => made_over(from, to, &part, step),
        None => Some(step),
    });
    presupposed.chain(told).collect()
}

fn part(kit: &Kit, step: &Step) -> Option<Part> {
    let is = |call: &Call| call.operation == step.call.operation;
    let grants = kit.grants.as_ref();
    [
        (is(&kit.create.call), Part::Create),
        (kit.describe.as_ref().is_some_and(is), Part::Describe),
        (kit.delete.as_ref().is_some_and(is), Part::Delete),
        (kit.modify.iter().any(is), Part::Modify),
        (grants.is_some_and(|grants| is(&grants.authorize)), Part::Authorize),
        (grants.is_some_and(|grants| is(&grants.revoke)), Part::Revoke),
    ]
    .into_iter()
    .find_map(|(is, part)| is.then_some(part))
}

fn made_over(from: &Kit, to: &Kit, part: &Part, step: Step) -> Option<Step> {
    let grants = to.grants.as_ref();
    let (call, members): (_, Vec<(Option<&str>, Option<&str>)>) = match part {
        Part::Create => (&to.create.call, creation_members(from, to)),
        Part::Describe => (
            to.describe.as_ref()?,
            vec![(from.filter.as_deref(), to.filter.as_deref())],
        ),
        Part::Delete => (to.delete.as_ref()?, vec![addressed(from, to)]),
        Part::Modify => (to.modify.first()?, vec![addressed(from, to)]),
        Part::Authorize => (&grants?.authorize, vec![addressed(from, to)]),
        Part::Revoke => (&grants?.revoke, vec![addressed(from, to)]),
    };
    let mut call = Call {
        tweaks: step.call.tweaks.clone(),
        ..call.clone()
    };
    for (old, new) in members {
        if let (Some(old), Some(new)) = (old, new)
            && let Some(value) = step.call.input.get(old)
        {
            call.input.set(new, Value::clone(value));
        }
    }
    let captures = match part {
        Part::Create => step
            .captures
            .iter()
            .filter_map(|capture| captured(from, to, capture))
            .collect(),
        _ => Vec::new(),
    };
    Some(Step { call, captures, ..step })
}

fn creation_members<'k>(from: &'k Kit, to: &'k Kit) -> Vec<(Option<&'k str>, Option<&'k str>)> {
    vec![
        (from.id_member.as_deref(), to.id_member.as_deref()),
        (from.description.as_deref(), to.description.as_deref()),
        (from.tags_member.as_deref(), to.tags_member.as_deref()),
    ]
}

fn addressed<'k>(from: &'k Kit, to: &'k Kit) -> (Option<&'k str>, Option<&'k str>) {
    (Some(&from.id_input), Some(&to.id_input))
}

/// The capture under the name that later steps know, from where the other has it.
fn captured(from: &Kit, to: &Kit, capture: &Capture) -> Option<Capture> {
    let known = from.create.captures.iter().find(|known| known.path == capture.path)?;
    let path = &to.create.captures.iter().find(|other| other.name == known.name)?.path;
    Some(Capture {
        name: capture.name.clone(),
        path: path.clone(),
    })
}

#[cfg(test)]
mod tests {
    use parallax_contract::Contract;

    use super::*;
    use crate::generate::choose::Seeded;
    use crate::generate::{Generator, Options};
    use crate::reduce::playable;

    const CONTRACT: &str = include_str!("../../../../specs/contracts/elasticache.json");

    fn text<'s>(step: &'s Step, member: &Option<String>) -> Option<&'s str> {
        step.call.input.get(member.as_deref()?)?.as_text()
    }

    #[test]
    fn a_story_is_told_of_another_resource_with_the_same_texts() {
        let generator = Generator::new(&Contract::from_json(CONTRACT).unwrap(), &Options::default());
        let kits = &generator.plan.kits;
        let from = kits.iter().find(|kit| kit.name == "CacheSecurityGroup").unwrap();
        let mut create = from.create.clone();
        create
            .call
            .input
            .set(from.id_member.as_deref().unwrap(), Value::text("px{run}"));
        create
            .call
            .input
            .set(from.description.as_deref().unwrap(), Value::text("\u{212a}"));
        let mut describe = Step::new("", from.describe.clone().unwrap());
        describe
            .call
            .input
            .set(from.filter.as_deref().unwrap(), Value::text("px{run}"));
        for seed in 0..20 {
            let told = recast(
                &generator.plan,
                vec![create.clone(), describe.clone()],
                &mut Seeded::new(seed, 0),
            );
            assert_eq!(playable(told.clone()), told, "nothing is missing");
            let [.., create, describe] = &told[..] else {
                panic!("{told:?}")
            };
            let to = kits
                .iter()
                .find(|kit| kit.create.call.operation == create.call.operation)
                .unwrap();
            assert_ne!(to.name, from.name);
            assert_eq!(text(create, &to.id_member), Some("px{run}"));
            assert_eq!(
                text(create, &to.description),
                to.description.is_some().then_some("\u{212a}")
            );
            assert_eq!(text(describe, &to.filter), Some("px{run}"));
        }
    }
}
