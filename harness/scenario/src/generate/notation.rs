//! Scenario text taken apart: characters and placeholders, so that a change of one character never breaks a brace.

use crate::TOKEN_LENGTH;
use crate::names::escape;

/// How long a captured value is taken to be where a length is aimed at, in characters.
const CAPTURED_LENGTH: usize = 64;

/// One part of a text in the notation of [`crate::names`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Atom {
    /// A character; a brace stands for itself.
    Char(char),
    /// `{text*times}`.
    Repeat(String, usize),
    /// `{name}` or `{name:form}`.
    Place(String, Option<String>),
}

impl Atom {
    /// How many characters it stands for, a captured value's being a guess.
    pub(crate) fn length(&self) -> usize {
        match self {
            Self::Char(_) => 1,
            Self::Repeat(text, times) => text.chars().count().saturating_mul(*times),
            Self::Place(name, _) if name == "run" => TOKEN_LENGTH,
            Self::Place(..) => CAPTURED_LENGTH,
        }
    }
}

/// The parts of a text. A brace that opens nothing is taken for itself.
pub(crate) fn atoms(text: &str) -> Vec<Atom> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (atom, length) = match first {
            '{' | '}' => braced(rest, first),
            other => (Atom::Char(other), other.len_utf8()),
        };
        out.push(atom);
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

fn braced(rest: &str, first: char) -> (Atom, usize) {
    let doubled = rest.chars().nth(1) == Some(first);
    match rest.get(1..).and_then(|inner| inner.find('}')) {
        _ if doubled => (Atom::Char(first), 2),
        Some(end) if first == '{' && end > 0 => (place(rest.get(1..=end).unwrap_or_default()), end + 2),
        _ => (Atom::Char(first), 1),
    }
}

fn place(inner: &str) -> Atom {
    let repeat = inner
        .split_once('*')
        .and_then(|(text, times)| Some(Atom::Repeat(text.to_owned(), times.parse().ok()?)));
    repeat.unwrap_or_else(|| match inner.split_once(':') {
        Some((name, form)) => Atom::Place(name.to_owned(), Some(form.to_owned())),
        None => Atom::Place(inner.to_owned(), None),
    })
}

/// The text of these parts.
pub(crate) fn write(atoms: &[Atom]) -> String {
    let mut out = String::new();
    for atom in atoms {
        match atom {
            Atom::Char(brace @ ('{' | '}')) => out.extend([*brace, *brace]),
            Atom::Char(other) => out.push(*other),
            Atom::Repeat(text, times) => out.push_str(&repeat(text, *times)),
            Atom::Place(name, None) => out.extend(["{", name, "}"]),
            Atom::Place(name, Some(form)) => out.extend(["{", name, ":", form, "}"]),
        }
    }
    out
}

/// The text so many times over, written short where that is shorter.
pub(crate) fn repeat(text: &str, times: usize) -> String {
    let plain = !text.is_empty() && !text.contains(['{', '}', '*', ':']);
    match times {
        0 => String::new(),
        9.. if plain => format!("{{{text}*{times}}}"),
        _ => escape(text).repeat(times),
    }
}

/// The names of what is captured elsewhere and stands in this text.
pub(crate) fn captured(text: &str) -> impl Iterator<Item = String> {
    let atoms = match text.contains('{') {
        true => atoms(text),
        false => Vec::new(),
    };
    atoms.into_iter().filter_map(|atom| match atom {
        Atom::Place(name, _) if name != "run" => Some(name),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[Atom]) {
        assert_eq!(atoms(text), expected, "{text}");
        assert_eq!(write(expected), text);
    }

    #[test]
    fn characters_braces_repetitions_and_placeholders_are_told_apart() {
        let place = |name: &str, form: Option<&str>| Atom::Place(name.to_owned(), form.map(str::to_owned));
        check("", &[]);
        check("é{{", &[Atom::Char('é'), Atom::Char('{')]);
        check("{run}}}", &[place("run", None), Atom::Char('}')]);
        check("{arn:lower}", &[place("arn", Some("lower"))]);
        check("{a*300}", &[Atom::Repeat("a".to_owned(), 300)]);
    }

    #[test]
    fn a_brace_that_opens_nothing_is_written_twice() {
        assert_eq!(write(&atoms("a{b")), "a{{b");
        assert_eq!(write(&atoms("}")), "}}");
    }

    #[test]
    fn what_is_captured_is_known_by_its_name_without_the_form() {
        let names: Vec<_> = captured("{arn1:lower}{run}{a*9}{id2}").collect();
        assert_eq!(names, ["arn1", "id2"]);
    }
}
