use std::collections::BTreeSet;

use parallax_contract::{Tweak, Value};
use parallax_scenario::{Names, Scenario, TOKEN_LENGTH, Unresolved, derive, resolve, unreachable};

use crate::library::contract;

/// A scenario by its path.
fn scenario(path: &str) -> Scenario {
    let mut scenarios = derive(&contract()).into_iter();
    scenarios.find(|scenario| scenario.path == path).expect(path)
}

fn step_names(path: &str) -> Vec<String> {
    scenario(path).steps.into_iter().map(|step| step.name).collect()
}

/// The first placeholder that nothing stands for when the scenario's captures all succeed.
pub(crate) fn unresolved(scenario: &Scenario) -> Option<Unresolved> {
    let mut names = Names::new("tokenxx");
    for step in &scenario.steps {
        if let Err(unresolved) = resolve(&step.call, &names) {
            return Some(unresolved);
        }
        for capture in &step.captures {
            names.set(&capture.name, "a:b/c");
        }
    }
    None
}

/// The name that the first creation asks for, filled in.
fn created_name(path: &str, member: &str) -> String {
    let scenario = scenario(path);
    let call = resolve(&scenario.steps[0].call, &Names::new("tokenxx")).expect(path);
    call.input.get(member).and_then(Value::as_text).expect(path).to_owned()
}

/// What the list of required scenarios names, as found on a resource with every feature.
const REQUIRED: &str = "
    CreateShelf/name/missing CreateShelf/name/empty CreateShelf/name/blank
    CreateShelf/name/length-1 CreateShelf/name/length-39 CreateShelf/name/length-40 CreateShelf/name/length-41
    CreateShelf/name/leading-digit CreateShelf/name/leading-hyphen CreateShelf/name/leading-non-ascii-letter
    CreateShelf/name/trailing-hyphen CreateShelf/name/char-double-hyphen
    CreateShelf/name/char-letter CreateShelf/name/char-digit CreateShelf/name/char-hyphen
    CreateShelf/name/char-underscore CreateShelf/name/char-dot CreateShelf/name/char-slash
    CreateShelf/name/char-space CreateShelf/name/char-plus CreateShelf/name/char-percent
    CreateShelf/name/char-ampersand CreateShelf/name/char-less-than CreateShelf/name/char-greater-than
    CreateShelf/name/char-quotation-mark CreateShelf/name/char-apostrophe CreateShelf/name/char-control
    CreateShelf/name/char-tab CreateShelf/name/char-newline CreateShelf/name/char-non-ascii-letter
    CreateShelf/name/char-kelvin-sign CreateShelf/name/char-dotless-i CreateShelf/name/char-sharp-s
    CreateShelf/name/char-cyrillic-letter CreateShelf/name/char-emoji CreateShelf/name/char-combining
    CreateShelf/name/leading-space CreateShelf/name/trailing-space CreateShelf/name/surrounding-space
    CreateShelf/name/reserved-Default CreateShelf/name/reserved-Default-with-suffix
    CreateShelf/lowercase/mixed CreateShelf/lowercase/upper CreateShelf/lowercase/inner CreateShelf/lowercase/lower
    CreateShelf/lowercase/delete-as-given CreateShelf/lowercase/delete-lower CreateShelf/lowercase/delete-other
    CreateShelf/lowercase/duplicate-of-lower
    CreateShelf/description/missing CreateShelf/description/empty CreateShelf/description/length-16384
    CreateShelf/description/leading-space CreateShelf/description/trailing-space CreateShelf/description/inner-space
    CreateShelf/description/markup CreateShelf/description/entity CreateShelf/description/non-ascii
    CreateShelf/description/line-break CreateShelf/description/carriage-return CreateShelf/description/case
    CreateShelf/tags/none CreateShelf/tags/one CreateShelf/tags/count-5 CreateShelf/tags/count-6
    CreateShelf/tags/add-one CreateShelf/tags/add-count-5 CreateShelf/tags/add-count-6
    CreateShelf/tags/key-10 CreateShelf/tags/key-11 CreateShelf/tags/value-20 CreateShelf/tags/value-21
    CreateShelf/tags/null-value CreateShelf/tags/empty-value CreateShelf/tags/missing-value
    CreateShelf/tags/empty-key CreateShelf/tags/missing-key CreateShelf/tags/duplicate-key
    CreateShelf/tags/keys-differing-by-case CreateShelf/tags/prefix-lower CreateShelf/tags/prefix-upper
    CreateShelf/tags/prefix-mixed CreateShelf/tags/non-ascii CreateShelf/tags/leading-space CreateShelf/tags/order
    CreateShelf/tags/member-encoding CreateShelf/tags/location-name-encoding CreateShelf/tags/gaps
    CreateShelf/tags/from-zero CreateShelf/tags/add-gaps CreateShelf/tags/remove-gaps
    CreateShelf/tags/remove-one CreateShelf/tags/remove-absent CreateShelf/tags/after-deletion
    CreateShelf/tags/add-overwrites CreateShelf/tags/add-one-to-full
    AddTags/arn/absent AddTags/arn/not-an-arn ListTags/arn/missing RemoveTags/arn/empty
    Shelf/lifecycle/create-describe-delete Shelf/lifecycle/delete-twice Shelf/lifecycle/recreate
    Shelf/lifecycle/duplicate Shelf/lifecycle/describe-absent Shelf/lifecycle/delete-absent
    Shelf/lifecycle/builtin-default Shelf/lifecycle/quota
    DustShelf/modify/existing DustShelf/modify/absent
    Shelf/grants/authorize-and-revoke Shelf/grants/authorize-twice Shelf/grants/revoke-absent
    Shelf/grants/absent-resource OpenShelf/grants/missing-Reader CloseShelf/grants/missing-Owner
    OpenShelf/grants/missing-ShelfName
    DescribeShelves/paging/many DescribeShelves/paging/limit-19 DescribeShelves/paging/limit-101
    DescribeShelves/paging/limit-0 DescribeShelves/paging/limit-minus-1 DescribeShelves/paging/limit-text
    DescribeShelves/paging/marker-unknown
    CreateShelf/protocol/unknown-action CreateShelf/protocol/missing-action
    CreateShelf/protocol/action-in-lower-case CreateShelf/protocol/wrong-version
    CreateShelf/protocol/missing-version CreateShelf/protocol/get CreateShelf/protocol/unknown-parameter
    CreateShelf/protocol/repeated-parameter CreateShelf/protocol/bad-percent-encoding
    CreateShelf/protocol/space-as-plus CreateShelf/protocol/space-as-percent-20 CreateShelf/protocol/empty-body
    CreateShelf/protocol/huge-parameter DescribeShelves/protocol/get DescribeShelves/protocol/missing-action
    Ping/protocol/get Inventory/protocol/unknown-parameter
    Ping/spec/minimal Inventory/spec/Depth-not-a-number Inventory/spec/Since-not-a-time
    Inventory/spec/Colors-too-many Inventory/spec/Colors-no-such-element CreateShelf/spec/Text-missing
    CreateShelf/spec/Color-no-such-value CreateShelf/spec/LoanId-absent DescribeShelves/spec/Most-below-range
    DescribeShelves/spec/Most-above-range CreateShelf/spec/empty DeleteShelf/spec/Hard-not-a-boolean
    CreateShelf/example/create CreateShelf/example/create-2 Inventory/example/weird-id-
";

#[test]
fn every_required_scenario_is_derived() {
    let paths: BTreeSet<_> = derive(&contract()).into_iter().map(|scenario| scenario.path).collect();
    let lacking: Vec<_> = REQUIRED
        .split_whitespace()
        .filter(|path| !paths.contains(*path))
        .collect();
    assert_eq!(lacking, Vec::<&str>::new());
}

#[test]
fn two_derivations_are_the_same_and_no_path_or_step_name_occurs_twice() {
    let scenarios = derive(&contract());
    assert_eq!(scenarios, derive(&contract()));
    let paths: BTreeSet<_> = scenarios.iter().map(|scenario| &scenario.path).collect();
    assert_eq!(paths.len(), scenarios.len());
    for scenario in &scenarios {
        let names: BTreeSet<_> = scenario.steps.iter().map(|step| &step.name).collect();
        assert_eq!(names.len(), scenario.steps.len(), "{}", scenario.path);
    }
}

#[test]
fn every_placeholder_is_captured_before_it_is_used() {
    for scenario in derive(&contract()) {
        assert_eq!(unresolved(&scenario), None, "{}", scenario.path);
    }
}

#[test]
fn every_name_that_is_made_carries_the_token_unless_it_cannot() {
    let without: BTreeSet<_> = derive(&contract())
        .into_iter()
        .filter(|scenario| scenario.steps.iter().any(|step| is_bare(&step.call.input)))
        .map(|scenario| scenario.path)
        .collect();
    let excepted = |path: &String| path.contains("/example/") || path.contains("/name/reserved-");
    let lengths = without.iter().filter(|path| !excepted(path)).map(String::as_str);
    assert_eq!(
        lengths.collect::<Vec<_>>(),
        [
            "CreateLoan/name/blank",
            "CreateLoan/name/empty",
            "CreateLoan/name/length-1",
            "CreateShelf/name/blank",
            "CreateShelf/name/empty",
            "CreateShelf/name/length-1",
        ]
    );
}

/// Whether the input names a shelf or a loan to be made without the token.
fn is_bare(input: &Value) -> bool {
    let creates = input.get("Text").is_some() || input.get("LoanIdSuffix").is_some();
    let names = ["ShelfName", "LoanIdSuffix"]
        .into_iter()
        .filter_map(|member| input.get(member)?.as_text());
    creates && names.into_iter().any(|name| !name.contains("{run}"))
}

#[test]
fn a_name_of_a_length_has_that_length_once_the_token_is_in() {
    for length in [1, 39, 40, 41] {
        let name = created_name(&format!("CreateShelf/name/length-{length}"), "ShelfName");
        assert_eq!(name.chars().count(), length, "{name}");
    }
    assert_eq!("tokenxx".len(), TOKEN_LENGTH);
}

#[test]
fn a_name_in_other_than_lower_case_is_also_described_in_lower_case() {
    let steps = ["create", "describe", "delete", "describe-deleted"];
    assert_eq!(step_names("CreateShelf/name/char-letter"), steps);
    let steps = ["create", "describe", "describe-lower", "delete", "describe-deleted"];
    assert_eq!(step_names("CreateShelf/name/char-kelvin-sign"), steps);
}

#[test]
fn one_creation_serves_all_questions_about_its_case() {
    let expected = [
        "create",
        "describe-as-given",
        "describe-lower",
        "describe-upper",
        "describe-other",
        "describe-all",
        "tag",
        "tags",
        "tags-by-lower-arn",
        "tags-by-arn-as-given",
        "authorize-lower",
        "describe-authorized",
        "authorize-as-given",
        "revoke-as-given",
        "create-as-given",
        "create-lower",
        "create-upper",
        "create-other",
        "delete-lower",
        "delete-upper",
        "delete-other",
        "delete-as-given",
        "describe-deleted",
    ];
    assert_eq!(step_names("CreateShelf/lowercase/mixed"), expected);
}

#[test]
fn what_the_service_names_is_addressed_as_it_was_answered() {
    let scenario = scenario("Loan/lifecycle/delete-twice");
    let ids: Vec<_> = scenario
        .steps
        .iter()
        .map(|step| step.call.input.get("LoanId"))
        .collect();
    let captured = Value::text("{id}");
    assert_eq!(ids, [None, None, Some(&captured), Some(&captured)]);
}

#[test]
fn what_a_creation_presupposes_is_made_first() {
    let scenario = scenario("Loan/lifecycle/create-describe-delete");
    let [first, second, ..] = &scenario.steps[..] else {
        panic!("{scenario:?}");
    };
    assert_eq!(first.name, "create-Shelf");
    assert_eq!(
        first.call.input.get("ShelfName"),
        second.call.input.get("FirstShelfName")
    );
}

#[test]
fn what_others_would_meet_runs_alone() {
    let alone: Vec<_> = derive(&contract())
        .into_iter()
        .filter(|scenario| scenario.exclusive)
        .map(|scenario| scenario.path)
        .collect();
    let expected = [
        "CreateLoan/name/char-control",
        "CreateShelf/name/char-control",
        "CreateShelf/name/reserved-Default",
        "CreateShelf/name/reserved-taken",
        "CreateShelf/description/control",
        "CreateShelf/tags/control",
        "CreateShelf/tags/add-control",
        "Shelf/lifecycle/builtin-default",
        "Shelf/lifecycle/quota",
        "CreateShelf/example/create",
        "CreateShelf/example/create-2",
        "CloseShelf/example/revoke",
    ];
    assert_eq!(alone, expected);
}

#[test]
fn a_quota_is_filled_to_twice_its_number_and_one() {
    let quota = scenario("Shelf/lifecycle/quota");
    assert_eq!(quota.steps.len(), 21);
    assert!(quota.steps.iter().all(|step| step.until_refused));
}

#[test]
fn an_example_stands_as_it_was_written_after_what_it_takes_away() {
    assert_eq!(created_name("CreateShelf/example/create", "ShelfName"), "my{shelf}");
    let steps = ["create-Shelf", "authorize", "example", "describe"];
    assert_eq!(step_names("CloseShelf/example/revoke"), steps);
    for already_there in ["builtin", "reserved"] {
        assert_eq!(
            step_names(&format!("DescribeShelves/example/{already_there}")),
            ["example"]
        );
    }
}

#[test]
fn braces_in_a_sample_that_are_no_placeholder_are_sent_as_they_are() {
    assert_eq!(created_name("CreateShelf/name/char-dot", "Text"), "a {shelf}");
}

#[test]
fn many_are_listed_in_the_smallest_pages() {
    let many = scenario("DescribeShelves/paging/many");
    let creations = many.steps.iter().filter(|step| step.call.operation == "CreateShelf");
    assert_eq!(creations.count(), 25);
    let pages = many.steps.iter().find(|step| step.name == "pages").expect("pages");
    assert_eq!(
        (pages.all_pages, pages.call.input.get("Most")),
        (true, Some(&Value::Int(20)))
    );
}

#[test]
fn the_second_value_of_a_repeated_parameter_carries_the_token() {
    let repeated = scenario("CreateShelf/protocol/repeated-parameter");
    let call = resolve(&repeated.steps[0].call, &Names::new("r")).expect("resolvable");
    assert_eq!(call.tweaks, [Tweak::Param("ShelfName".into(), "pxsecondr".into())]);
}

#[test]
fn a_mebibyte_is_written_short_and_sent_long() {
    let huge = scenario("CreateShelf/protocol/huge-parameter");
    let text = |call: &parallax_contract::Call| call.input.get("Text").and_then(Value::as_text).map(str::len);
    assert!(text(&huge.steps[0].call) < Some(32));
    let call = resolve(&huge.steps[0].call, &Names::new("r")).expect("resolvable");
    assert_eq!(text(&call), Some(1 << 20));
}

#[test]
fn errors_that_nothing_provokes_are_listed_with_the_reason() {
    let list: Vec<_> = unreachable(&contract())
        .into_iter()
        .map(|error| (error.operation, error.code, error.why))
        .collect();
    let expect = |operation: &str, code: &str, why: &str| (operation.to_owned(), code.to_owned(), why.to_owned());
    assert_eq!(
        list,
        [
            expect("CreateLoan", "Weird", "no source says which input provokes it"),
            expect(
                "CreateShelf",
                "InvalidParameterCombination",
                "no source says which parameters exclude each other"
            ),
            expect(
                "DeleteShelf",
                "ShelfBusy",
                "no source says which call at once puts a Shelf into a state that forbids this"
            ),
        ]
    );
}
