use std::collections::BTreeSet;

use arbitrary::{Arbitrary as _, Unstructured};
use parallax_contract::Value;
use parallax_scenario::generate::{Generated, LONGEST, Recorder, Replay, Scenarios, Seeded};
use parallax_scenario::{Generator, Names, Options, Scenario, Step, from_text, resolve, to_text};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestError, TestRunner};

use crate::derived::unresolved;
use crate::library::contract;

fn generator() -> Generator {
    Generator::new(&contract(), &Options::default())
}

fn only(resources: &[&str], operations: &[&str]) -> Generator {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let options = Options {
        resources: owned(resources),
        operations: owned(operations),
        ..Options::default()
    };
    Generator::new(&contract(), &options)
}

/// Every text that the first scenarios of a seed send, filled in.
fn texts(count: u64) -> BTreeSet<String> {
    fn collect(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Text(text) => drop(into.insert(text.clone())),
            Value::List(items) => items.iter().for_each(|item| collect(item, into)),
            _ => value.fields().iter().for_each(|(_, value)| collect(value, into)),
        }
    }
    let mut names = Names::new("tokenxx");
    for number in 1..100 {
        names.set(&format!("arn{number}"), "arn:px");
        names.set(&format!("id{number}"), "id");
    }
    let mut all = BTreeSet::new();
    for scenario in generator().seeded(1, count) {
        for step in scenario.steps {
            collect(&resolve(&step.call, &names).expect("all is captured").input, &mut all);
        }
    }
    all
}

/// Whether a scenario can be played and its steps can be told apart.
fn check_playable(scenario: &Scenario) {
    assert!(!scenario.steps.is_empty());
    assert_eq!(unresolved(scenario), None, "{scenario:?}");
    let names: BTreeSet<_> = scenario.steps.iter().map(|step| &step.name).collect();
    assert_eq!(names.len(), scenario.steps.len(), "{scenario:?}");
}

#[test]
fn zeros_make_one_plain_creation() {
    let scenario = only(&["Shelf"], &[]).scenario(&mut Replay::new(&[]));
    let [step] = &scenario.steps[..] else {
        panic!("{scenario:?}");
    };
    assert_eq!(step.call.operation, "CreateShelf");
    assert_eq!(step.call.input.get("ShelfName"), Some(&Value::text("px{run}")));
    assert_eq!(scenario.resource.as_deref(), Some("Shelf"));
}

#[test]
fn a_seed_and_a_place_make_one_scenario_whatever_is_made_before() {
    let all: Vec<_> = generator().seeded(7, 50).collect();
    assert_eq!(all[31], generator().nth(7, 31));
    assert_eq!(all[31].path, "generated/7/31");
    assert!(
        all.iter()
            .map(|scenario| &scenario.steps)
            .collect::<Vec<_>>()
            .windows(2)
            .all(|pair| pair[0] != pair[1])
    );
}

#[test]
fn the_scenarios_of_a_seed_never_change_unnoticed() {
    // Regenerate by printing `digest` after a deliberate change of the generator.
    let text: String = generator().seeded(1, 200).map(|scenario| to_text(&scenario)).collect();
    let digest = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    assert_eq!(digest, 0x67b4_5d7a_7af6_31c9, "{digest:#x}");
}

#[test]
fn names_meet_bounds_foldings_and_what_was_made_before() {
    let texts = texts(1500);
    let lengths: BTreeSet<_> = texts.iter().map(|text| text.chars().count()).collect();
    for length in [39, 40, 41, 63, 64, 65, 127, 128, 129, 255, 256] {
        assert!(lengths.contains(&length), "{length}");
    }
    for letter in [
        'K', '\u{212a}', 'ı', 'İ', 'ß', 'ẞ', 'ſ', 'ς', 'Ⱥ', '\u{0}', '<', '\u{fffe}', '{',
    ] {
        assert!(texts.iter().any(|text| text.contains(letter)), "{letter:?}");
    }
    for text in [
        "pxtokenxx",
        "PXTOKENXX",
        "pXtokenxx",
        "px\u{301}",
        "absenttokenxx",
        "ARN:PX",
        "arn:pxtokenxx",
    ] {
        assert!(texts.iter().any(|other| other.contains(text)), "{text}");
    }
}

#[test]
fn most_creations_are_looked_at() {
    let scenarios: Vec<_> = only(&["Shelf"], &[]).seeded(3, 500).collect();
    let count = |prefix: &[&str]| {
        let steps = scenarios.iter().flat_map(|scenario| &scenario.steps);
        steps
            .filter(|step| prefix.iter().any(|prefix| step.call.operation.starts_with(prefix)))
            .count()
    };
    let (looks, deeds) = (count(&["Describe", "List"]), count(&["Create", "Add", "Open"]));
    assert!(looks * 4 > deeds * 3, "{looks} looks at {deeds} deeds");
    for operation in [
        "CreateShelf",
        "DescribeShelves",
        "DeleteShelf",
        "OpenShelf",
        "CloseShelf",
        "AddTags",
        "ListTags",
        "RemoveTags",
        "DustShelf",
        "Ping",
    ] {
        let expected = operation != "Ping";
        assert_eq!(count(&[operation]) > 0, expected, "{operation}");
    }
}

/// How many of some sequences about shelves have this in them.
fn having(has: impl Fn(&[Step]) -> bool) -> usize {
    let generator = only(&["Shelf"], &[]);
    let scenarios = generator.seeded(5, 1000);
    scenarios.filter(|scenario| has(&scenario.steps)).count()
}

/// The texts of this member in the calls of an operation, in order, with their places.
fn given<'s>(steps: &'s [Step], operation: &str, member: &str) -> Vec<(usize, &'s str)> {
    let calls = steps
        .iter()
        .enumerate()
        .filter(|(_, step)| step.call.operation == operation);
    calls
        .filter_map(|(at, step)| Some((at, step.call.input.get(member)?.as_text()?)))
        .collect()
}

#[test]
fn what_was_deleted_is_made_again_and_again() {
    let twice = |steps: &[Step]| {
        let made = given(steps, "CreateShelf", "ShelfName");
        let gone = given(steps, "DeleteShelf", "ShelfName");
        let again = |(at, id): &&(usize, &str)| gone.iter().any(|(before, other)| before < at && other == id);
        made.iter().filter(again).count() >= 2
    };
    assert!(having(twice) > 30, "{}", having(twice));
}

#[test]
fn names_of_siblings_differ_by_their_ends() {
    let siblings = |steps: &[Step]| {
        let made = given(steps, "CreateShelf", "ShelfName");
        let numbered = |(_, id): &(usize, &str)| made.iter().any(|(_, other)| *other == format!("{id}1"));
        made.iter().any(numbered)
    };
    assert!(having(siblings) > 20, "{}", having(siblings));
}

#[test]
fn one_shelf_is_opened_to_several_readers() {
    let readers = |steps: &[Step]| {
        let opened = given(steps, "OpenShelf", "Reader");
        let different: BTreeSet<_> = opened.iter().map(|(_, reader)| reader).collect();
        different.len() >= 3
    };
    assert!(having(readers) > 20, "{}", having(readers));
}

#[test]
fn a_tag_is_given_again_with_another_value_or_in_another_casing() {
    let pairs = |steps: &[Step]| -> Vec<(String, String)> {
        let adding = steps.iter().filter(|step| step.call.operation == "AddTags");
        let lists = adding.filter_map(|step| step.call.input.get("Tags")?.as_list());
        let text = |tag: &Value, name: &str| tag.get(name).and_then(Value::as_text).map(str::to_owned);
        lists
            .flatten()
            .filter_map(|tag| Some((text(tag, "Key")?, text(tag, "Value")?)))
            .collect()
    };
    let any = |steps: &[Step], alike: &dyn Fn(&str, &str) -> bool| {
        let pairs = pairs(steps);
        let again = |(key, value): &(String, String)| {
            pairs
                .iter()
                .any(|(other, second)| key == other && value != second && alike(value, second))
        };
        pairs.iter().any(again)
    };
    let (anew, recased) = (
        having(|steps| any(steps, &|_, _| true)),
        having(|steps| any(steps, &|one, other| one.to_lowercase() == other.to_lowercase())),
    );
    assert!(
        anew > 30 && recased > 5,
        "{anew} with another value, {recased} in another casing"
    );
}

#[test]
fn options_restrict_resources_and_operations() {
    let resources = |generator: &Generator| -> BTreeSet<_> {
        generator
            .seeded(1, 60)
            .filter_map(|scenario| scenario.resource)
            .collect()
    };
    assert_eq!(resources(&generator()).len(), 2);
    assert_eq!(resources(&only(&["Loan"], &[])), BTreeSet::from(["Loan".to_owned()]));
    assert_eq!(
        resources(&only(&[], &["OpenShelf"])),
        BTreeSet::from(["Shelf".to_owned()])
    );
    let pings: BTreeSet<_> = only(&[], &["Ping"])
        .seeded(1, 20)
        .flat_map(|scenario| scenario.steps)
        .map(|step| step.call.operation)
        .collect();
    assert_eq!(pings, BTreeSet::from(["Ping".to_owned()]));
}

#[test]
fn bytes_of_a_fuzzer_make_scenarios_and_no_bytes_the_simplest() {
    let generator = generator();
    let simplest = generator.scenario(&mut Replay::new(&[]));
    assert_eq!(generator.scenario(&mut Unstructured::new(&[])), simplest);
    let bytes: Vec<u8> = (0..=255).cycle().step_by(7).take(300).collect();
    assert_ne!(generator.scenario(&mut Unstructured::new(&bytes)), simplest);
    let made = Generated::arbitrary(&mut Unstructured::new(&bytes)).expect("any bytes do");
    check_playable(&made.scenario(&generator));
    assert_eq!(Generated::default().scenario(&generator), simplest);
}

#[test]
fn proptest_reduces_a_failure_by_our_own_reduction() {
    let config = ProptestConfig {
        failure_persistence: None,
        cases: 2000,
        ..ProptestConfig::default()
    };
    let fails = |scenario: &Scenario| {
        let name = |text: &Value| text.as_text().is_some_and(|text| text.contains('ß'));
        let folded = |step: &Step| step.call.input.get("ShelfName").is_some_and(name);
        scenario
            .steps
            .iter()
            .filter(|step| step.call.operation == "CreateShelf")
            .any(folded)
    };
    let result = TestRunner::new(config).run(&Scenarios::new(generator()), |scenario| match fails(&scenario) {
        true => Err(TestCaseError::fail("sharp s")),
        false => Ok(()),
    });
    let Err(TestError::Fail(_, least)) = result else {
        panic!("no failure: {result:?}");
    };
    let [step] = &least.steps[..] else {
        panic!("{least:?}");
    };
    let name = step.call.input.get("ShelfName").and_then(Value::as_text);
    assert!(matches!(name, Some("ß" | "ß{run}")), "{least:?}");
    assert_eq!(step.call.input.fields().len(), 1, "{least:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_choices_make_one_scenario_that_can_be_played(choices in proptest::collection::vec(any::<u32>(), 0..400)) {
        let generator = generator();
        let scenario = generator.scenario(&mut Replay::new(&choices));
        check_playable(&scenario);
        prop_assert!(scenario.steps.len() <= LONGEST as usize + 4);
        prop_assert_eq!(&generator.scenario(&mut Replay::new(&choices)), &scenario);
        prop_assert_eq!(from_text(&to_text(&scenario)).expect("what was written"), scenario);
    }

    #[test]
    fn any_mutation_can_be_played(
        choices in proptest::collection::vec(any::<u32>(), 0..60),
        seeds in (0u64..1000, proptest::option::of(0u64..1000)),
    ) {
        let generator = generator();
        let other = seeds.1.map(|seed| generator.nth(2, seed));
        let mut scenario = generator.nth(1, seeds.0);
        for round in 0..4 {
            scenario = generator.mutate(&scenario, other.as_ref(), &mut Replay::new(&choices[choices.len() * round / 4..]));
            check_playable(&scenario);
            for (_, name) in given(&scenario.steps, "CreateShelf", "ShelfName") {
                prop_assert!(name.contains("{run"), "{name} may be somebody else's");
            }
        }
    }

    #[test]
    fn recorded_choices_make_the_same_scenario_again(seed in any::<u64>()) {
        let generator = generator();
        let mut source = Seeded::new(seed, 0);
        let mut recorder = Recorder::new(&mut source);
        let scenario = generator.scenario(&mut recorder);
        prop_assert_eq!(generator.scenario(&mut Replay::new(&recorder.into_choices())), scenario);
    }
}
