//! Strings that meet in one case folding, and the respelling of texts by them.

use super::choose::{Choose, index, pick};
use super::notation::{Atom, atoms, write};

/// Each row holds strings that some case mapping of Unicode makes equal (`CaseFolding.txt`, `SpecialCasing.txt`), or
/// that look it; the first is the plainest.
pub(crate) const CLASSES: [&[&str]; 24] = [
    &["k", "K", "\u{212a}"],
    &["i", "I", "İ", "ı"],
    &["s", "S", "ſ"],
    &["ss", "SS", "ß", "ẞ"],
    &["a", "A", "а", "А"],
    &["σ", "Σ", "ς"],
    &["ⱥ", "Ⱥ"],
    &["å", "Å", "\u{212b}", "a\u{30a}"],
    &["é", "É", "e\u{301}", "E\u{301}"],
    &["ü", "Ü", "u\u{308}"],
    &["μ", "µ", "Μ"],
    &["ω", "Ω", "\u{2126}"],
    &["θ", "Θ", "ϑ", "ϴ"],
    &["fi", "FI", "ﬁ"],
    &["st", "ST", "ﬆ", "ﬅ"],
    &["ǆ", "ǅ", "Ǆ"],
    &["д", "Д"],
    &["ա", "Ա"],
    &["ა", "Ა"],
    &["Ꭰ", "ꭰ"],
    &["ꙋ", "Ꙋ", "ᲈ"],
    &["ｑ", "Ｑ"],
    &["𐐨", "𐐀"],
    &["i̇", "İ"],
];

/// The same text under another spelling: another casing, a folding partner, or one end changed.
pub(super) fn respell(choose: &mut dyn Choose, text: &str) -> String {
    let mut parts = atoms(text);
    match choose.below(8) {
        0 => parts = parts.iter().flat_map(|atom| cased(atom, false)).collect(),
        1 => parts = parts.iter().flat_map(|atom| cased(atom, true)).collect(),
        2 | 3 => flip_one(choose, &mut parts),
        4 | 5 => return partnered(choose, text),
        6 => parts.push(Atom::Char(
            *pick(choose, &['x', '1', '-', ' ', '\u{301}']).unwrap_or(&'x'),
        )),
        _ => parts.insert(0, Atom::Char(*pick(choose, &['x', ' ']).unwrap_or(&'x'))),
    }
    write(&parts)
}

/// The text with one stretch of it replaced by a string of the same folding; unchanged where it has none.
pub(super) fn partnered(choose: &mut dyn Choose, text: &str) -> String {
    let mut parts = atoms(text);
    let found = partners(&parts);
    if let Some((at, length, class, member)) = pick(choose, &found) {
        let others = class.len().saturating_sub(1);
        let chosen = (member + 1 + index(choose, others)) % class.len();
        let with = class.get(chosen).map_or("", |text| *text);
        parts.splice(*at..at + length, with.chars().map(Atom::Char));
    }
    write(&parts)
}

/// Every stretch that has partners: where it begins, how long it is, its class, and which member it is.
fn partners(parts: &[Atom]) -> Vec<(usize, usize, &'static [&'static str], usize)> {
    let mut found = Vec::new();
    for at in 0..parts.len() {
        for class in CLASSES {
            for (number, member) in class.iter().enumerate() {
                if let Some(length) = stands_at(parts, at, member) {
                    found.push((at, length, class, number));
                }
            }
        }
    }
    found
}

fn stands_at(parts: &[Atom], at: usize, member: &str) -> Option<usize> {
    let mut length = 0;
    for wanted in member.chars() {
        match parts.get(at + length) {
            Some(Atom::Char(there)) if *there == wanted => length += 1,
            _ => return None,
        }
    }
    Some(length)
}

/// The atom in upper or in lower case; a placeholder's value too.
fn cased(atom: &Atom, upper: bool) -> Vec<Atom> {
    match atom {
        Atom::Char(letter) if upper => letter.to_uppercase().map(Atom::Char).collect(),
        Atom::Char(letter) => letter.to_lowercase().map(Atom::Char).collect(),
        Atom::Repeat(text, times) if upper => vec![Atom::Repeat(text.to_uppercase(), *times)],
        Atom::Repeat(text, times) => vec![Atom::Repeat(text.to_lowercase(), *times)],
        Atom::Place(name, form) => vec![Atom::Place(name.clone(), cased_form(name, form.as_deref(), upper))],
    }
}

/// The token is in lower case already.
fn cased_form(name: &str, form: Option<&str>, upper: bool) -> Option<String> {
    match (form, upper) {
        (Some("parent"), _) => form.map(str::to_owned),
        (_, true) => Some("upper".to_owned()),
        (_, false) if name == "run" => None,
        (_, false) => Some("lower".to_owned()),
    }
}

fn flip_one(choose: &mut dyn Choose, parts: &mut [Atom]) {
    let mut letters: Vec<_> = parts
        .iter_mut()
        .filter_map(|atom| match atom {
            Atom::Char(letter) if letter.is_alphabetic() => Some(letter),
            _ => None,
        })
        .collect();
    let at = index(choose, letters.len());
    if let Some(letter) = letters.get_mut(at) {
        **letter = flipped(**letter);
    }
}

fn flipped(letter: char) -> char {
    let single = |mut mapped: Box<dyn Iterator<Item = char>>| mapped.next().filter(|_| mapped.next().is_none());
    let other = match letter.is_uppercase() {
        true => single(Box::new(letter.to_lowercase())),
        false => single(Box::new(letter.to_uppercase())),
    };
    other.unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::super::choose::{Replay, Seeded};
    use super::*;

    fn check(choices: &[u32], text: &str, expected: &str) {
        assert_eq!(respell(&mut Replay::new(choices), text), expected);
    }

    #[test]
    fn a_text_is_respelled_in_another_case_with_its_placeholders() {
        check(&[0], "PxÉ{run:upper}{arn1}", "pxé{run}{arn1:lower}");
        check(&[1], "pß{run}{é*20}", "PSS{run:upper}{É*20}");
        check(&[2, 1], "px{run}", "pX{run}");
        check(&[6, 3], "px{run}", "px{run} ");
    }

    #[test]
    fn a_stretch_is_replaced_by_a_string_of_the_same_folding() {
        check(&[4, 0, 1], "k{run}", "\u{212a}{run}");
        check(&[4], "{run}", "{run}");
        assert_eq!(partnered(&mut Replay::new(&[1, 1]), "ss"), "ß");
    }

    #[test]
    fn no_respelling_loses_the_token() {
        let mut choose = Seeded::new(7, 0);
        let mut text = "px{run}".to_owned();
        for _ in 0..200 {
            text = respell(&mut choose, &text);
            assert!(text.contains("{run}") || text.contains("{run:upper}"), "{text}");
        }
    }
}
