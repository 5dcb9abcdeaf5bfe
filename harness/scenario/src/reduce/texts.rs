//! Simplifications of one text.

use std::ops::Range;

use super::edits::ranges;
use super::measure::oddness;
use crate::generate::notation::{Atom, atoms, write};

/// So many parts at most has a text that was cut as far as it could be.
const SHORT: usize = 4;

/// One simplification of a text, by the places of its parts.
#[derive(Clone, Debug)]
pub(super) enum TextEdit {
    /// Leaves these parts out, but for the run token.
    Cut(Range<usize>),
    /// Leaves nothing but this placeholder, without its form.
    Only(usize),
    /// Makes every character the plainest.
    AllPlain,
    /// Repeats so many times.
    Times(usize, usize),
    /// Repeats the plainest character, or makes a placeholder one without a form.
    Plain(usize),
    /// Puts a plainer character.
    Char(usize, char),
}

/// The plainest of all characters, and the plainest of its kind: what is alike is to look alike, whatever it was found by.
fn plainer(c: char) -> impl Iterator<Item = char> {
    let of_kind = match c {
        '0'..='9' => '0',
        'A'..='Z' => 'A',
        _ => 'a',
    };
    let candidates = ['a'].into_iter().chain(Some(of_kind).filter(|other| *other != 'a'));
    candidates.filter(move |other| oddness(*other) < oddness(c))
}

/// The simplifications of this text, the most thorough first.
pub(super) fn text_edits(text: &str) -> Vec<TextEdit> {
    let parts = atoms(text);
    let parents = parts.iter().enumerate().filter(|(_, part)| is_parent(part));
    let mut edits: Vec<_> = parents.map(|(at, _)| TextEdit::Only(at)).collect();
    edits.extend(ranges(parts.len(), parts.len()).map(TextEdit::Cut));
    if parts
        .iter()
        .filter(|part| matches!(part, Atom::Char(c) if *c != 'a'))
        .count()
        > 1
    {
        edits.push(TextEdit::AllPlain);
    }
    for (at, part) in parts.iter().enumerate() {
        match part {
            Atom::Repeat(_, times) => {
                edits.extend([times / 2, times.saturating_sub(1)].map(|n| TextEdit::Times(at, n)));
                if plain(part) != *part {
                    edits.push(TextEdit::Plain(at));
                }
            }
            // What could not be cut is worth a try for each letter; else only for what is odd.
            Atom::Char(c) if parts.len() <= SHORT || oddness(*c) > oddness('z') => {
                edits.extend(plainer(*c).map(|other| TextEdit::Char(at, other)));
            }
            Atom::Char(_) | Atom::Place(..) => {}
        }
    }
    let forms = parts
        .iter()
        .enumerate()
        .filter(|(_, part)| matches!(part, Atom::Place(_, Some(_))));
    edits.extend(forms.map(|(at, _)| TextEdit::Plain(at)));
    edits
}

/// The simpler text; `None` where the edit changes nothing.
pub(super) fn edit_text(text: &str, edit: &TextEdit) -> Option<String> {
    let mut parts = atoms(text);
    match edit {
        TextEdit::Cut(range) => {
            let mut at = 0..;
            parts.retain(|part| !at.next().is_some_and(|at| range.contains(&at)) || is_token(part));
        }
        TextEdit::Times(at, times) => match parts.get_mut(*at) {
            Some(Atom::Repeat(_, now)) => *now = *times,
            _ => return None,
        },
        TextEdit::Only(at) => parts = parts.get(*at).map(plain).into_iter().collect(),
        TextEdit::AllPlain => parts.iter_mut().for_each(|part| *part = plain(part)),
        TextEdit::Plain(at) => {
            let part = parts.get_mut(*at)?;
            *part = plain(part);
        }
        TextEdit::Char(at, plainer) => *parts.get_mut(*at)? = Atom::Char(*plainer),
    }
    Some(write(&parts)).filter(|simpler| simpler != text)
}

/// What stands for the beginning of a captured value, so that something else can be put behind it.
fn is_parent(part: &Atom) -> bool {
    matches!(part, Atom::Place(_, Some(form)) if form == "parent")
}

pub(super) fn is_token(part: &Atom) -> bool {
    matches!(part, Atom::Place(name, _) if name == "run")
}

fn plain(part: &Atom) -> Atom {
    match part {
        Atom::Char(_) => Atom::Char('a'),
        Atom::Repeat(_, times) => Atom::Repeat("a".to_owned(), *times),
        Atom::Place(name, Some(_)) => Atom::Place(name.clone(), None),
        Atom::Place(..) => part.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let simpler: Vec<_> = text_edits(text)
            .iter()
            .filter_map(|edit| edit_text(text, edit))
            .collect();
        assert_eq!(simpler, expected, "{text}");
    }

    #[test]
    fn a_text_is_cut_by_halves_and_then_made_plain() {
        check("Éb", &["", "b", "É", "aa", "ab", "Éa"]);
        check("A7", &["", "7", "A", "aa", "a7", "Aa", "A0"]);
        check(
            "é{run:upper}",
            &["{run:upper}", "{run:upper}", "a{run:upper}", "é{run}"],
        );
        check("{é*300}", &["", "{é*150}", "{é*299}", "{a*300}"]);
        check("{run}", &[]);
        check(
            "{arn:parent}x{run}",
            &[
                "{arn}",
                "{run}",
                "x{run}",
                "{arn:parent}{run}",
                "{arn:parent}a{run}",
                "{arn}x{run}",
            ],
        );
    }
}
