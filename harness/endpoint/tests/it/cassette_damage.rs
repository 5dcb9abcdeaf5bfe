//! Cassettes that were cut, changed or put together wrongly: refused with a reason, and of use as far as they can be read.

use parallax_endpoint::cassette::{Care, Cassette, CassetteError, Position};
use proptest::prelude::*;

use crate::cassette::usual;

const STEPS: [(&str, u32); 3] = [("create", 0), ("again", 0), ("lost", 1)];

fn at((step, page): (&str, u32)) -> Position {
    Position {
        page,
        ..Position::new("CreateThing/name", step)
    }
}

/// What can be read of these bytes, by step; nothing where nothing can.
fn salvaged(bytes: &[u8]) -> Vec<&'static str> {
    let Ok(cassette) = Cassette::salvage(bytes) else {
        return Vec::new();
    };
    let held: Vec<_> = STEPS
        .into_iter()
        .filter(|step| cassette.get(&at(*step)).unwrap().is_some())
        .map(|(step, _)| step)
        .collect();
    assert_eq!(cassette.entries().filter(Result::is_ok).count(), held.len());
    assert_eq!(cassette.len(), held.len() as u64);
    held
}

/// The message names a line and a mend.
fn is_a_help(error: &CassetteError) -> bool {
    let text = error.to_string();
    text.contains("line ")
        && (text.contains("record it again")
            || text.contains("record the cassette again")
            || text.contains("give a file"))
}

/// Where each line begins, and the end.
fn begins(text: &str) -> Vec<usize> {
    let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect()
}

#[test]
fn cut_at_any_byte_it_is_refused_and_every_line_before_the_cut_is_still_of_use() {
    let text = usual();
    let begins = begins(&text);
    for end in 0..text.len() {
        let cut = &text.as_bytes()[..end];
        let error = Cassette::read(cut).unwrap_err();
        assert!(is_a_help(&error), "cut at {end}: {error}");
        // A line is whole also where only its break is cut off.
        let whole = STEPS.iter().enumerate().filter(|(line, _)| begins[line + 2] <= end + 1);
        let whole: Vec<_> = whole.map(|(_, (step, _))| *step).collect();
        assert_eq!(salvaged(cut), whole, "cut at {end}");
    }
}

proptest! {
    #[test]
    fn a_byte_changed_anywhere_is_noticed_and_the_other_lines_are_still_of_use(place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = usual().into_bytes();
        let at = place.index(bytes.len());
        prop_assume!(bytes[at] != byte);
        let line = usual()[..at].matches('\n').count();
        bytes[at] = byte;
        let error = Cassette::read(bytes.clone()).unwrap_err();
        prop_assert!(is_a_help(&error), "{at}: {error}");
        let held = salvaged(&bytes);
        // A line break more or less touches the line behind it, too.
        for (number, (step, _)) in STEPS.iter().enumerate() {
            let touched = number + 1 == line || number == line;
            prop_assert!(touched || held.contains(step), "{at} is on line {}, but {step} is lost", line + 1);
            prop_assert!(number + 1 != line || !held.contains(step), "{at} is on line {}, but {step} is used", line + 1);
        }
    }

    #[test]
    fn no_bytes_upset_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Cassette::read(bytes.clone()).is_err());
        prop_assert!(Cassette::salvage(bytes).is_err());
    }
}

fn rearranged(change: impl Fn(&mut Vec<String>)) -> String {
    let mut lines: Vec<_> = usual().lines().map(str::to_owned).collect();
    change(&mut lines);
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_step_that_stands_twice_is_named_and_used_once_where_both_say_the_same() {
    let text = rearranged(|lines| lines.insert(3, lines[1].clone()));
    let error = Cassette::read(text.as_bytes()).unwrap_err();
    assert!(
        matches!(&error, CassetteError::Duplicate { line: 4, position } if position.step == "create"),
        "{error}"
    );
    assert!(is_a_help(&error), "{error}");
    assert_eq!(salvaged(text.as_bytes()), ["create", "again", "lost"]);
}

#[test]
fn of_two_answers_to_one_step_neither_is_used() {
    let other = crate::cassette::record("r7", "111122223333", "id-1", "another note");
    let foreign = other.lines().nth(1).unwrap().to_owned();
    let text = rearranged(|lines| lines.insert(3, foreign.clone()));
    assert!(matches!(
        Cassette::read(text.as_bytes()),
        Err(CassetteError::Duplicate { line: 4, .. })
    ));
    assert_eq!(salvaged(text.as_bytes()), ["again", "lost"]);
    let cassette = Cassette::salvage(text.as_bytes()).unwrap();
    assert!(
        cassette
            .damage()
            .told()
            .iter()
            .any(|error| matches!(error, CassetteError::Duplicate { .. }))
    );
}

#[test]
fn of_a_newer_format_the_lines_that_are_understood_are_still_of_use() {
    let text = usual().replacen("\"cassette\":1", "\"cassette\":2", 1);
    let error = Cassette::read(text.as_bytes()).unwrap_err();
    assert!(matches!(error, CassetteError::Newer { found: 2 }), "{error}");
    assert!(
        error.to_string().contains("line 1") && error.to_string().contains("newer parallax"),
        "{error}"
    );
    assert_eq!(salvaged(text.as_bytes()), ["create", "again", "lost"]);
}

#[test]
fn a_whole_cassette_has_no_damage() {
    let cassette = Cassette::salvage(usual()).unwrap();
    assert!(cassette.damage().is_none() && cassette.header().is_known());
}

#[test]
fn with_the_line_ends_of_windows_it_is_the_same_cassette() {
    let text = usual().replace('\n', "\r\n");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("it.cassette");
    std::fs::write(&path, &text).unwrap();
    // The second time by the index.
    for _ in 0..2 {
        let cassette = Cassette::open(&path, Care::Whole).unwrap();
        assert_eq!(cassette.entries().filter(Result::is_ok).count(), STEPS.len());
        for step in STEPS {
            assert!(cassette.get(&at(step)).unwrap().is_some(), "{step:?}");
        }
    }
    assert_eq!(salvaged(text.as_bytes()).len(), STEPS.len());
}
