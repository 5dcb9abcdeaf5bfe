//! Contract files that cannot be used.

use parallax_contract::{Contract, LoadError};

const TEXT: &str = include_str!("../../../../specs/contracts/elasticache.json");

fn refused(text: &str, expected: &str) {
    let error = Contract::from_json(text).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

#[test]
fn a_truncated_file_is_refused_with_line_and_column() {
    let half = TEXT.get(..TEXT.len() / 2).unwrap();
    let error = Contract::from_json(half).unwrap_err();
    let LoadError::Json { line, column, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(line, half.lines().count());
    assert!(column > 0);
    refused(
        "",
        "line 1, column 0: EOF while parsing a value; regenerate the contract",
    );
}

#[test]
fn another_format_is_refused_with_what_to_do() {
    refused(
        &TEXT.replacen("\"format\": 1", "\"format\": 2", 1),
        "use a newer parallax",
    );
    refused(
        &TEXT.replacen("\"format\": 1", "\"format\": 0", 1),
        "regenerate the contract",
    );
    refused("{}", "missing field `format`");
}

#[test]
fn a_newer_format_is_told_before_its_structure_is_read() {
    refused("{\"format\": 9, \"all\": \"else\"}", "contract format 9");
}

#[test]
fn a_name_without_a_shape_is_refused() {
    refused(
        &TEXT.replacen("\n  \"TagList\": {", "\n  \"Gone\": {", 1),
        "names the shape `TagList`",
    );
}
