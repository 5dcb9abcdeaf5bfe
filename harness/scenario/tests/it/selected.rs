use parallax_scenario::{Scenario, SelectError, Selection, derive};

use crate::library::contract;

fn pick(operation: &str, resource: &str, scenario: &str) -> Result<Vec<Scenario>, SelectError> {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let selection = Selection {
        operation: given(operation),
        resource: given(resource),
        scenario: given(scenario),
    };
    let contract = contract();
    selection.pick(&contract, derive(&contract))
}

fn paths(operation: &str, resource: &str, scenario: &str) -> Vec<String> {
    let picked = pick(operation, resource, scenario).expect("a selection");
    picked.into_iter().map(|scenario| scenario.path).collect()
}

fn message(operation: &str, resource: &str, scenario: &str) -> String {
    pick(operation, resource, scenario)
        .expect_err("no selection")
        .to_string()
}

#[test]
fn no_restriction_selects_everything() {
    assert_eq!(pick("", "", "").expect("everything"), derive(&contract()));
}

#[test]
fn one_path_and_a_glob_over_slashes_select_scenarios() {
    assert_eq!(
        paths("", "", "CreateShelf/name/length-40"),
        ["CreateShelf/name/length-40"]
    );
    let lengths = ["length-1", "length-39", "length-40", "length-41"].map(|case| format!("CreateShelf/name/{case}"));
    assert_eq!(
        paths("", "", "CreateS*/length-?*")
            .into_iter()
            .filter(|path| path.contains("/name/"))
            .collect::<Vec<_>>(),
        lengths
    );
}

#[test]
fn an_operation_selects_what_is_about_it_and_stories_that_call_it() {
    let paths = paths("DeleteShelf", "", "");
    assert!(paths.contains(&"DeleteShelf/spec/minimal".to_owned()), "{paths:?}");
    assert!(paths.contains(&"Shelf/lifecycle/delete-twice".to_owned()), "{paths:?}");
    assert!(paths.iter().all(|path| !path.starts_with("CreateShelf/")), "{paths:?}");
    assert!(
        !paths.contains(&"Shelf/lifecycle/describe-absent".to_owned()),
        "{paths:?}"
    );
}

#[test]
fn a_resource_selects_its_derivations_and_the_protocol_on_its_operations() {
    let paths = paths("", "Shelf", "");
    for path in [
        "DescribeShelves/protocol/get",
        "OpenShelf/grants/missing-Reader",
        "DescribeShelves/paging/many",
    ] {
        assert!(paths.contains(&path.to_owned()), "{path}");
    }
    assert!(
        paths
            .iter()
            .all(|path| !path.starts_with("CreateLoan/") && !path.starts_with("Ping/"))
    );
}

#[test]
fn restrictions_that_share_no_scenario_select_none() {
    assert_eq!(paths("Ping", "Shelf", ""), Vec::<String>::new());
}

#[test]
fn what_matches_nothing_is_answered_with_the_nearest_names() {
    assert_eq!(
        message("CreateShelv", "", ""),
        "no operation matches 'CreateShelv'; the nearest are CreateShelf, CloseShelf, CreateLoan"
    );
    assert_eq!(
        message("", "Shelv", ""),
        "no resource matches 'Shelv'; the nearest are Shelf, Loan"
    );
    let said = message("", "", "CreateShelf/name/lenght-40");
    assert!(said.contains("the nearest are CreateShelf/name/length-40"), "{said}");
}

#[test]
fn a_glob_that_cannot_be_read_says_so() {
    let said = message("[", "", "");
    assert!(
        said.starts_with("the glob '[' for operation cannot be read: unclosed"),
        "{said}"
    );
}
