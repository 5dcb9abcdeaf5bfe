//! Step sequences that know what they made before.

mod deeds;
mod grants;
mod looks;
mod memory;
mod tags;

use super::choose::{Choose, pick, rarely, weighted};
use super::plan::Plan;
use crate::derive::kit::Kit;
use crate::{Scenario, Step};
use memory::Memory;

/// The identifier of what nobody made.
const ABSENT: &str = "absent{run}";

/// What a step does.
#[derive(Clone, Copy)]
enum Deed {
    Create,
    Recreate,
    Describe,
    DescribeAll,
    LookRound,
    Delete,
    Authorize,
    Revoke,
    TagAdd,
    TagList,
    TagRemove,
    Modify,
    Other,
}

/// After the first creation.
const DEEDS: [(u32, Deed); 13] = [
    (16, Deed::Create),
    (6, Deed::Recreate),
    (10, Deed::Describe),
    (5, Deed::DescribeAll),
    (6, Deed::LookRound),
    (10, Deed::Delete),
    (9, Deed::Authorize),
    (7, Deed::Revoke),
    (12, Deed::TagAdd),
    (8, Deed::TagList),
    (7, Deed::TagRemove),
    (4, Deed::Modify),
    (1, Deed::Other),
];

/// While nothing is made yet.
const FIRST_DEEDS: [(u32, Deed); 5] = [
    (40, Deed::Create),
    (3, Deed::Describe),
    (1, Deed::Delete),
    (1, Deed::TagList),
    (1, Deed::Other),
];

/// A sequence in the making.
pub(super) struct Story<'a> {
    plan: &'a Plan,
    choose: &'a mut dyn Choose,
    memory: Memory,
    steps: Vec<Step>,
    /// Which kits the sequence is about, the main one first.
    cast: Vec<usize>,
}

/// A whole scenario; empty only where the contract has no operation at all.
pub(super) fn tell(plan: &Plan, choose: &mut dyn Choose, longest: u32) -> Scenario {
    // Effects that come late show in long sequences, so those are more frequent.
    let length = 1 + choose.below(longest).max(choose.below(longest)) as usize;
    let cast = cast(plan, choose);
    let resource = cast.first().and_then(|main| plan.kits.get(*main));
    let mut story = Story {
        plan,
        choose,
        memory: Memory::default(),
        steps: Vec::with_capacity(length),
        cast,
    };
    story.go_on(length);
    Scenario {
        path: String::new(),
        resource: resource.map(|kit| kit.name.clone()),
        steps: number(story.steps),
        exclusive: false,
    }
}

/// The resources that a sequence is about: one, and seldom another; none where there are none. The more that is known of
/// one, the more there is to find, and the more often it is taken.
fn cast(plan: &Plan, choose: &mut dyn Choose) -> Vec<usize> {
    let kits: Vec<(u32, usize)> = plan.kits.iter().map(promise).zip(0..).collect();
    let mut cast: Vec<usize> = weighted(choose, &kits).into_iter().collect();
    if rarely(choose, 6) {
        cast.extend(weighted(choose, &kits));
    }
    cast
}

/// How much there is to find in a resource.
fn promise(kit: &Kit) -> u32 {
    let has = [
        kit.description.is_some(),
        kit.tags_member.is_some(),
        kit.grants.is_some(),
    ];
    let known = has.into_iter().map(u32::from).sum::<u32>();
    1 + known + if kit.sure { 6 } else { 0 }
}

/// Steps that may follow `before`, at least one where the contract has an operation, and a few at most.
pub(super) fn sequel(plan: &Plan, choose: &mut dyn Choose, before: &[Step]) -> Vec<Step> {
    let memory = Memory::of(plan, before);
    let cast = memory.last_kit().map_or_else(|| cast(plan, choose), |kit| vec![kit]);
    let length = 1 + choose.below(3) as usize;
    let mut story = Story {
        plan,
        choose,
        memory,
        steps: Vec::new(),
        cast,
    };
    story.go_on(length);
    story.steps
}

/// Names the steps by their place and operation, so that no name occurs twice.
pub(super) fn number(mut steps: Vec<Step>) -> Vec<Step> {
    for (at, step) in steps.iter_mut().enumerate() {
        step.name = format!("{}-{}", at + 1, step.call.operation);
    }
    steps
}

impl<'a> Story<'a> {
    /// Tells on until there are so many steps; a deed that is not possible is made up for by another operation.
    fn go_on(&mut self, length: usize) {
        let mut tries = 0;
        while self.steps.len() < length && tries < 4 * length {
            tries += 1;
            let deeds = match (self.cast.is_empty(), self.memory.made.is_empty()) {
                (true, _) => &[(1, Deed::Other)][..],
                (_, true) => &FIRST_DEEDS,
                (_, false) => &DEEDS,
            };
            let deed = weighted(self.choose, deeds).unwrap_or(Deed::Create);
            let before = self.steps.len();
            for _ in 0..self.times() {
                if self.steps.len() < length {
                    self.act(deed);
                }
            }
            if self.steps.len() > before && self.steps.len() < length && changes(deed) && self.choose.below(8) > 2 {
                self.look();
            }
        }
    }

    /// How often in a row a deed is done: some things break at the second time, or at the third.
    fn times(&mut self) -> u32 {
        match self.choose.below(10) {
            7 => 2,
            8 => 3,
            9 => 4,
            _ => 1,
        }
    }

    fn act(&mut self, deed: Deed) {
        match deed {
            Deed::Create => self.create(),
            Deed::Recreate => self.recreate(),
            Deed::Describe => self.describe(),
            Deed::DescribeAll => self.describe_all(),
            Deed::LookRound => self.look_round(),
            Deed::Delete => self.delete(),
            Deed::Authorize => self.grant(true),
            Deed::Revoke => self.grant(false),
            Deed::TagAdd => self.add_tags(),
            Deed::TagList => self.list_tags(),
            Deed::TagRemove => self.remove_tags(),
            Deed::Modify => self.modify(),
            Deed::Other => self.other(),
        }
    }

    /// One of the kits that the sequence is about.
    fn kit(&mut self) -> Option<(usize, &'a Kit)> {
        let number = *pick(self.choose, &self.cast)?;
        Some((number, self.plan.kits.get(number)?))
    }
}

/// Whether a deed leaves something to be looked at.
fn changes(deed: Deed) -> bool {
    !matches!(
        deed,
        Deed::Describe | Deed::DescribeAll | Deed::LookRound | Deed::TagList | Deed::Other
    )
}
