//! The index beside a cassette: found, made anew, done without.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use parallax_endpoint::cassette::{Care, Cassette, CassetteError, Position, Redactor, Writer};

use crate::cassette::{exchange, header, usual};

struct Tape {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl Tape {
    fn of(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.cassette");
        fs::write(&path, text).unwrap();
        Self { _folder: folder, path }
    }

    fn index(&self) -> PathBuf {
        self.path.with_extension("cassette.index")
    }

    fn open(&self) -> Result<Cassette, CassetteError> {
        Cassette::open(&self.path, Care::Whole)
    }

    /// Changes the text and leaves length and time as they are.
    fn forge(&self, from: &str, to: &str) {
        let time = fs::metadata(&self.path).unwrap().modified().unwrap();
        let text = fs::read_to_string(&self.path).unwrap();
        assert!(text.contains(from) && from.len() == to.len());
        fs::write(&self.path, text.replace(from, to)).unwrap();
        dated(&self.path, time);
    }
}

fn dated(path: &Path, time: SystemTime) {
    fs::File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(time)
        .unwrap();
}

fn create() -> Position {
    Position::new("CreateThing/name", "create")
}

/// A cassette of so many scenarios.
fn many(count: usize) -> String {
    let mut writer = Writer::create(Vec::new(), header()).unwrap();
    for number in 0..count {
        let clean = Redactor::new("r7").redact(&exchange("r7", "111122223333", "id-1"));
        writer
            .write(
                Position::new(format!("CreateThing/name/{number}"), "create"),
                clean,
                None,
            )
            .unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

#[test]
fn the_first_reader_leaves_an_index_and_the_next_finds_every_exchange_by_it() {
    let tape = Tape::of(&many(1000));
    for _ in 0..2 {
        let cassette = tape.open().unwrap();
        assert_eq!(cassette.len(), 1000);
        for number in 0..1000 {
            let at = Position::new(format!("CreateThing/name/{number}"), "create");
            assert!(cassette.holds(&at));
            assert_eq!(cassette.get(&at).unwrap().unwrap().line(), number + 2);
        }
        let absent = Position::new("CreateThing/name/1000", "create");
        assert!(!cassette.holds(&absent) && cassette.get(&absent).unwrap().is_none());
        assert!(tape.index().is_file());
    }
}

#[test]
fn a_line_edited_behind_the_indexs_back_is_refused_when_it_is_read() {
    let tape = Tape::of(&usual());
    tape.open().unwrap();
    tape.forge("<Other>{given-account}", "<Other>{given-accounu}");
    let cassette = tape.open().unwrap();
    let error = cassette.get(&create()).unwrap_err();
    assert!(matches!(error, CassetteError::Edited { line: 2 }), "{error}");
    assert!(cassette.trouble().is_some());
}

#[test]
fn an_edited_header_or_footer_is_refused_at_once() {
    let tape = Tape::of(&usual());
    tape.open().unwrap();
    tape.forge("\"seed\":7", "\"seed\":8");
    assert!(matches!(tape.open(), Err(CassetteError::Edited { line: 1 })));
    let tape = Tape::of(&usual());
    tape.open().unwrap();
    tape.forge("\"exchanges\":3", "\"exchanges\":4");
    assert!(matches!(tape.open(), Err(CassetteError::Edited { line: 5 })));
}

#[test]
fn an_edit_that_shows_in_length_or_time_has_every_line_looked_at() {
    let tape = Tape::of(&usual());
    tape.open().unwrap();
    tape.forge("<Other>{given-account}", "<Other>{given-accounu}");
    dated(&tape.path, SystemTime::now() + Duration::from_secs(7));
    assert!(matches!(tape.open(), Err(CassetteError::Edited { line: 2 })));
    let tape = Tape::of(&usual());
    tape.open().unwrap();
    let cut = usual()
        .lines()
        .take(3)
        .map(|line| format!("{line}\n"))
        .collect::<String>();
    fs::write(&tape.path, cut).unwrap();
    assert!(matches!(tape.open(), Err(CassetteError::Truncated { line: 3 })));
}

#[test]
fn an_index_of_another_cassette_or_that_is_none_is_made_anew() {
    let tape = Tape::of(&usual());
    let other = Tape::of(&many(3));
    other.open().unwrap();
    for wrong in [
        b"".to_vec(),
        b"no index\n".to_vec(),
        vec![0; 4096],
        fs::read(other.index()).unwrap(),
    ] {
        fs::write(tape.index(), &wrong).unwrap();
        assert!(tape.open().unwrap().get(&create()).unwrap().is_some());
        assert_ne!(fs::read(tape.index()).unwrap(), wrong);
    }
}

#[test]
fn no_byte_of_an_index_can_be_changed_so_that_a_wrong_answer_comes_of_it() {
    let tape = Tape::of(&usual());
    tape.open().unwrap();
    let right = fs::read(tape.index()).unwrap();
    for at in 0..right.len() {
        let mut bytes = right.clone();
        bytes[at] ^= 0x10;
        fs::write(tape.index(), &bytes).unwrap();
        match tape.open().unwrap().get(&create()) {
            Ok(found) => assert_eq!(found.map(|entry| entry.line()), Some(2), "byte {at}"),
            Err(error) => assert!(matches!(error, CassetteError::Index { .. }), "byte {at}: {error}"),
        }
    }
}

#[test]
fn a_cassette_cut_while_it_is_open_is_refused_when_a_line_is_missing() {
    let tape = Tape::of(&usual());
    let cassette = tape.open().unwrap();
    fs::File::options()
        .write(true)
        .open(&tape.path)
        .unwrap()
        .set_len(100)
        .unwrap();
    assert!(matches!(
        cassette.get(&create()),
        Err(CassetteError::Edited { line: 2 })
    ));
}

#[cfg(unix)]
#[test]
fn where_no_index_can_be_written_it_is_done_without() {
    let tape = Tape::of(&usual());
    // A folder in its place: nothing can be put there, whoever asks.
    fs::create_dir(tape.index()).unwrap();
    assert!(tape.open().unwrap().get(&create()).unwrap().is_some());
    assert!(tape.index().is_dir());
}

#[test]
fn what_is_salvaged_leaves_no_index() {
    let tape = Tape::of(&usual());
    let cassette = Cassette::open(&tape.path, Care::Salvage).unwrap();
    assert!(cassette.damage().is_none() && cassette.get(&create()).unwrap().is_some());
    assert!(!tape.index().exists());
}
