//! Cassettes as servers.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::thread;

use crate::binary::run;
use crate::serving::Serving;

/// The words that record a few scenarios.
fn recording<'w>(reference: &'w str, out: &'w str) -> [&'w str; 9] {
    let some = "*/lifecycle/*";
    [
        "record",
        "--reference",
        reference,
        "--resource",
        "User",
        "--scenario",
        some,
        "--out",
        out,
    ]
}

#[test]
fn nothing_is_recorded_from_whoever_says_nothing_that_can_be_read() {
    let page = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<html></html>";
    for (reference, why) in [
        (says(b""), "the reference never answered"),
        (says(page), "nothing that http://"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let ended = run(folder.path(), &recording(&reference, "it.cassette"));
        assert_eq!(ended.code, 3, "{}", ended.err);
        assert!(ended.err.contains(why), "{}", ended.err);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

/// A server on loopback that says this to everybody, and hangs up.
fn says(words: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // Nobody minds who hung up first.
            let mut heard = [0; 64 * 1024];
            let _ = stream.read(&mut heard);
            let _ = stream.write_all(words);
        }
    });
    format!("http://{address}")
}

/// The lines that hold exchanges.
fn exchanges(folder: &Path, name: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    let lines = text.lines().filter(|line| line.contains("\"scenario\":"));
    lines.map(str::to_owned).collect()
}

#[test]
fn a_served_cassette_answers_as_it_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let recorded = run(folder.path(), &recording("embedded", "first.cassette"));
    assert_eq!(recorded.code, 0, "{}", recorded.err);
    let serving = Serving::with(folder.path(), &["--cassette", "first.cassette"]);
    let again = run(folder.path(), &recording(&serving.url(), "second.cassette"));
    assert_eq!(again.code, 0, "{}", again.err);
    let (first, second) = (
        exchanges(folder.path(), "first.cassette"),
        exchanges(folder.path(), "second.cassette"),
    );
    assert!(first.len() > 20);
    assert_eq!(first, second);
}

#[test]
fn what_was_not_recorded_is_refused_with_501() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &recording("embedded", "it.cassette")).code, 0);
    let serving = Serving::with(folder.path(), &["--cassette", "it.cassette"]);
    let url = serving.url();
    let words = [
        "record",
        "--reference",
        &url,
        "--scenario",
        "CreateUserGroup/name/length-*",
        "--out",
        "none.cassette",
    ];
    let asked = run(folder.path(), &words);
    assert_eq!(asked.code, 0, "{}", asked.err);
    let lines = exchanges(folder.path(), "none.cassette");
    assert!(!lines.is_empty());
    for line in lines {
        assert!(line.contains("\"status\":501"), "{line}");
        assert!(line.contains("<Code>NotRecorded</Code>"), "{line}");
    }
}
