//! Where operations are written down: in the contract, and in the code that implements them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A file, and a line in it where one is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, relative to the root of its repository, with slashes.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u32>,
}

/// Places by operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// What implements an operation, as far as a project says so.
    pub code: BTreeMap<String, Place>,
    /// What promises an operation: its line in the contract.
    pub contract: BTreeMap<String, Place>,
}

impl Sources {
    /// Where to look at an operation of a service: in its code if that is known, else in the contract.
    pub fn place(&self, service: &str, operation: &str) -> Place {
        let known = self.code.get(operation).or_else(|| self.contract.get(operation));
        known.cloned().unwrap_or_else(|| Place {
            file: format!("specs/contracts/{service}.json"),
            line: None,
        })
    }
}

/// `FILE` or `FILE:LINE`.
impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (file, line) = match text.rsplit_once(':') {
            Some((file, digits)) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
                let line = digits.parse().ok().filter(|line| *line > 0);
                (file, Some(line.ok_or_else(|| format!("`{digits}` is no line number"))?))
            }
            _ => (text, None),
        };
        match file.is_empty() {
            true => Err("the name of the file is empty; write FILE or FILE:LINE".to_owned()),
            false => Ok(Self {
                file: file.replace('\\', "/"),
                line,
            }),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<(&str, Option<u32>), &str>) {
        let place = text.parse::<Place>();
        let found = place.as_ref().map(|place| (place.file.as_str(), place.line));
        assert_eq!(found.map_err(String::as_str), expected, "{text}");
    }

    #[test]
    fn a_place_is_a_file_and_perhaps_a_line() {
        check("src/users.py", Ok(("src/users.py", None)));
        check("src/users.py:12", Ok(("src/users.py", Some(12))));
        check(r"src\users.py:12", Ok(("src/users.py", Some(12))));
        check("src/a:b", Ok(("src/a:b", None)));
        check("src/a:0", Err("`0` is no line number"));
        check(":3", Err("the name of the file is empty; write FILE or FILE:LINE"));
    }

    #[test]
    fn code_is_looked_at_before_the_contract() {
        let place = |text: &str| text.parse::<Place>().unwrap();
        let sources = Sources {
            code: [("CreateParcel".to_owned(), place("src/parcels.py:3"))].into(),
            contract: [("LoseParcel".to_owned(), place("parcels.json:9"))].into(),
        };
        let shown = |operation| sources.place("parcels", operation).to_string();
        assert_eq!(shown("CreateParcel"), "src/parcels.py:3");
        assert_eq!(shown("LoseParcel"), "parcels.json:9");
        assert_eq!(shown("Else"), "specs/contracts/parcels.json");
    }
}
