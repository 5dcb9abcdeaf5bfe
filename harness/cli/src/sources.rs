//! Where operations are written down, for the formats that point into files.

use std::collections::BTreeMap;

use camino::Utf8Path;
use globset::GlobBuilder;
use parallax_report::{Place, Sources};

use crate::config::{Config, Entries};
use crate::failure::Failure;
use crate::files::read_text;
use crate::services;

/// What stands for the operation where an answer is to something that is none.
const NO_OPERATION: &str = "*";

/// The places of a service's operations: those that the file given or else parallax.toml names, and the lines of the
/// contract.
pub(crate) fn of(service: &str, given: Option<&Utf8Path>, config: &Config) -> Result<Sources, Failure> {
    let contract = services::text(service).map_or_else(BTreeMap::new, |text| in_contract(service, text));
    let code = match given {
        Some(path) => resolve(path, &read(path)?, &contract)?,
        None => match config.sources() {
            Some((path, entries)) => resolve(path, entries, &contract)?,
            None => BTreeMap::new(),
        },
    };
    Ok(Sources { code, contract })
}

fn read(path: &Utf8Path) -> Result<Entries, Failure> {
    toml::from_str(&read_text(path)?).map_err(|error| {
        Failure::usage(format!("{path} names no sources"))
            .mend("write lines such as `CreateThing = \"src/things.rs:12\"`")
            .because(error)
    })
}

/// The place of every operation that an entry fits; of several entries the longest, which says most.
fn resolve(
    path: &Utf8Path,
    entries: &Entries,
    operations: &BTreeMap<String, Place>,
) -> Result<BTreeMap<String, Place>, Failure> {
    let mut by_length: Vec<_> = entries.iter().collect();
    by_length.sort_by_key(|(pattern, _)| pattern.len());
    let mut places = BTreeMap::new();
    for (pattern, place) in by_length {
        let wrong = |why: String| Failure::usage(format!("{path}: source of `{pattern}`: {why}"));
        let place: Place = place.parse().map_err(wrong)?;
        let glob = GlobBuilder::new(pattern).build();
        let glob = glob.map_err(|error| wrong(error.to_string()))?.compile_matcher();
        let fits = |name: &&str| glob.is_match(name);
        let names = operations.keys().map(String::as_str);
        let fitting: Vec<_> = names.chain([NO_OPERATION]).filter(fits).collect();
        if fitting.is_empty() && !operations.is_empty() {
            return Err(wrong("no operation has this name".to_owned())
                .mend("remove the line, or mend the name; `parallax spec show` prints every operation"));
        }
        places.extend(fitting.into_iter().map(|name| (name.to_owned(), place.clone())));
    }
    Ok(places)
}

/// The line of each operation in the text of a contract.
fn in_contract(service: &str, text: &str) -> BTreeMap<String, Place> {
    let lines = (1..).zip(text.lines());
    let operations = lines
        .skip_while(|(_, line)| line.trim() != "\"operations\": {")
        .skip(1)
        .take_while(|(_, line)| depth(line) > 1);
    operations
        .filter(|(_, line)| depth(line) == 2)
        .filter_map(|(number, line)| {
            let name = line.trim().strip_prefix('"')?.strip_suffix("\": {")?;
            let file = format!("specs/contracts/{service}.json");
            Some((
                name.to_owned(),
                Place {
                    file,
                    line: Some(number),
                },
            ))
        })
        .collect()
}

/// How deep a line stands; a contract is written with one space a level.
fn depth(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTRACT: &str = "{\n \"operations\": {\n  \"A\": {\n   \"input\": \"B\"\n  },\n  \"Bc\": {\n  }\n },\n \"x\": {\n  \
                            \"C\": {\n  }\n }\n}";

    fn check(entries: &[(&str, &str)], expected: Result<&[(&str, &str)], &str>) {
        let entries = entries
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect();
        let found = resolve("s.toml".into(), &entries, &in_contract("parcels", CONTRACT));
        let found = found.map(|places| {
            let shown = places.into_iter().map(|(name, place)| (name, place.to_string()));
            shown.collect::<Vec<_>>()
        });
        match (found, expected) {
            (Ok(found), Ok(expected)) => {
                let found: Vec<_> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
                assert_eq!(found, expected);
            }
            (Err(failure), Err(expected)) => assert_eq!(failure.to_string(), expected),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_operation_has_its_line_in_the_contract() {
        let places = in_contract("parcels", CONTRACT);
        let shown: Vec<_> = places.values().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            ["specs/contracts/parcels.json:3", "specs/contracts/parcels.json:6"]
        );
    }

    #[test]
    fn of_several_entries_the_one_that_says_most_is_taken() {
        check(
            &[("*", "src/all.py"), ("Bc", "src/b.py:7")],
            Ok(&[("*", "src/all.py"), ("A", "src/all.py"), ("Bc", "src/b.py:7")]),
        );
    }

    #[test]
    fn an_entry_that_fits_nothing_is_a_mistake() {
        check(
            &[("Zz", "src/all.py")],
            Err("s.toml: source of `Zz`: no operation has this name"),
        );
        check(
            &[("A", ":3")],
            Err("s.toml: source of `A`: the name of the file is empty; write FILE or FILE:LINE"),
        );
    }
}
