//! Single sequences for an engine with its own search.

use std::collections::BTreeSet;
use std::sync::Arc;

use parallax_outcome::Severity;
use parallax_runner::{HuntPlan, Player, Showing};
use parallax_scenario::Options;

use crate::fixture::{CONTRACT, Memory, block_on, docs, error, life};

/// What a whole life shows, played twice.
fn check(target: Arc<Memory>) -> [Showing; 2] {
    let plan = HuntPlan {
        contract: CONTRACT.clone(),
        options: Options::default(),
        seed: 0,
        cases: None,
        time: None,
        jobs: 1,
        known: BTreeSet::new(),
        corpus: Vec::new(),
        least: Severity::Warning,
        token: "abc".to_owned(),
        probe: false,
    };
    block_on(async {
        let player = Player::prepare(plan, target, docs()).await.unwrap();
        [player.play(&life("a")).await, player.play(&life("b")).await]
    })
}

#[test]
fn a_sequence_shows_the_same_whatever_it_names_and_wherever_it_comes_from() {
    let [one, other] = check(Memory::honest());
    assert_eq!(one, other);
    assert_eq!((one.behaviours.len(), one.divergences.len(), one.lost), (4, 0, 0));
    let kinds: BTreeSet<_> = one.behaviours.iter().collect();
    assert_eq!(kinds.len(), 4, "each step does something else");
}

#[test]
fn a_divergence_is_another_behaviour_and_has_the_id_of_its_cause() {
    let [honest, _] = check(Memory::honest());
    let [one, other] = check(Memory::with(|call, right| match &*call.operation {
        "DescribeThings" => error("NoIdea", 400),
        _ => right,
    }));
    let ids = |showing: &Showing| {
        showing
            .divergences
            .iter()
            .map(|found| found.id.clone())
            .collect::<Vec<_>>()
    };
    assert!(!ids(&one).is_empty());
    assert_eq!(ids(&one), ids(&other));
    assert_eq!(one.behaviours[0], honest.behaviours[0]);
    assert_ne!(one.behaviours[1], honest.behaviours[1]);
}
