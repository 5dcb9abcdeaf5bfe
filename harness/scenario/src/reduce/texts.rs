//! Simplifications of one text.

use std::ops::Range;

use super::edits::ranges;
use super::measure::is_odd;
use crate::generate::notation::{Atom, atoms, write};

/// One simplification of a text, by the places of its parts.
#[derive(Clone, Debug)]
pub(super) enum TextEdit {
    /// Leaves these parts out, but for the run token.
    Cut(Range<usize>),
    /// Repeats so many times.
    Times(usize, usize),
    /// Makes a part a plain letter, or a placeholder one without a form.
    Plain(usize),
}

/// The simplifications of this text, the most thorough first.
pub(super) fn text_edits(text: &str) -> Vec<TextEdit> {
    let parts = atoms(text);
    let mut edits: Vec<_> = ranges(parts.len(), parts.len()).map(TextEdit::Cut).collect();
    for (at, part) in parts.iter().enumerate() {
        match part {
            Atom::Repeat(_, times) => {
                edits.extend([times / 2, times.saturating_sub(1)].map(|n| TextEdit::Times(at, n)));
            }
            Atom::Char(c) if is_odd(*c) => {}
            _ => continue,
        }
        if is_plainable(part) {
            edits.push(TextEdit::Plain(at));
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
        TextEdit::Plain(at) => {
            let part = parts.get_mut(*at)?;
            *part = plain(part);
        }
    }
    Some(write(&parts)).filter(|simpler| simpler != text)
}

fn is_token(part: &Atom) -> bool {
    matches!(part, Atom::Place(name, _) if name == "run")
}

fn is_plainable(part: &Atom) -> bool {
    plain(part) != *part
}

fn plain(part: &Atom) -> Atom {
    match part {
        Atom::Char(c) if is_odd(*c) => Atom::Char('a'),
        Atom::Repeat(text, times) if text.chars().any(is_odd) || text.len() > 1 => Atom::Repeat("a".to_owned(), *times),
        Atom::Place(name, Some(_)) => Atom::Place(name.clone(), None),
        other => other.clone(),
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
        check("Éb", &["", "b", "É", "ab"]);
        check(
            "é{run:upper}",
            &["{run:upper}", "{run:upper}", "a{run:upper}", "é{run}"],
        );
        check("{é*300}", &["", "{é*150}", "{é*299}", "{a*300}"]);
        check("{run}", &[]);
    }
}
