//! The commands besides `run`.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;

use crate::binary::{ended, parallax, run};

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_written_is_no_success() {
    let folder = tempfile::tempdir().unwrap();
    for words in [&["--help"][..], &["run", "--help"], &["--version"], &["list"]] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let ended = ended(parallax(folder.path()).args(words).stdout(full).output().unwrap());
        assert_eq!(ended.code, 2, "{words:?}: {}", ended.err);
        assert!(
            ended.err.contains("standard output cannot be written"),
            "{words:?}: {}",
            ended.err
        );
    }
}

#[test]
fn where_only_ascii_is_understood_only_ascii_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reports/samples/report.json");
    let shown = |name: &str, value: &str, words: &[&str]| {
        let ended = ended(parallax(folder.path()).env(name, value).args(words).output().unwrap());
        format!("{}{}", ended.out, ended.err)
    };
    for words in [&["report", sample][..], &["run", "--target", "absent"]] {
        for (name, value) in [("LC_ALL", "C"), ("TERM", "dumb")] {
            let text = shown(name, value, words);
            assert!(text.is_ascii() && !text.is_empty(), "{name}={value} {words:?}: {text}");
        }
        assert!(!shown("LC_ALL", "C.UTF-8", words).is_ascii(), "{words:?}");
    }
}

#[test]
fn an_error_is_named_by_its_code_wherever_an_operation_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let shown = run(folder.path(), &["spec", "show", "CreateUser"]);
    assert!(
        shown.out.contains("already exists  UserAlreadyExists\n"),
        "{}",
        shown.out
    );
    assert!(shown.out.contains("400 UserAlreadyExists Sender\n"), "{}", shown.out);
}

#[test]
fn without_a_command_there_is_help_with_examples() {
    let folder = tempfile::tempdir().unwrap();
    for words in [
        &["--help"][..],
        &["run", "--help"],
        &["list", "--help"],
        &["serve", "--help"],
        &["record", "--help"],
    ] {
        let ended = run(folder.path(), words);
        assert_eq!(ended.code, 0, "{words:?}");
        assert!(ended.out.contains("Examples:\n  parallax "), "{words:?}: {}", ended.out);
    }
    assert_eq!(run(folder.path(), &[]).code, 2);
}

#[test]
fn list_prints_the_selected_paths_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let all = run(folder.path(), &["list"]);
    let some = run(folder.path(), &["list", "--resource", "User"]);
    assert_eq!((all.code, some.code), (0, 0));
    assert!(some.out.lines().count() < all.out.lines().count());
    assert!(
        some.out.lines().all(|line| all.out.lines().any(|other| other == line)),
        "{}",
        some.out
    );
}

#[test]
fn a_shown_operation_has_members_rules_errors_and_life_cycle() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run(folder.path(), &["spec", "show", "CreateUser"]);
    assert_eq!(ended.code, 0);
    for part in [
        "UserId: string, required",
        "documented",
        "\nerrors\n",
        "resource User, identified by UserId",
        "UserQuotaExceeded",
    ] {
        assert!(ended.out.contains(part), "{part}: {}", ended.out);
    }
}

#[test]
fn a_cassette_is_the_same_whenever_it_is_recorded_and_agrees_with_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = Vec::new();
    for name in ["a.cassette", "b.cassette"] {
        let words = [
            "record",
            "--reference",
            "docs",
            "--scenario",
            "CreateUser/name/*",
            "--out",
            name,
        ];
        assert_eq!(run(folder.path(), &words).code, 0);
        bytes.push(fs::read(folder.path().join(name)).unwrap());
    }
    assert_eq!(bytes[0], bytes[1]);
    let ended = run(
        folder.path(),
        &["run", "--reference", "a.cassette", "--scenario", "CreateUser/name/*"],
    );
    assert_eq!(ended.code, 0, "{}", ended.out);
}

#[test]
fn a_truncated_cassette_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.cassette");
    let words = [
        "record",
        "--reference",
        "docs",
        "--scenario",
        "CreateUser/name/length-*",
        "--out",
        "a.cassette",
    ];
    assert_eq!(run(folder.path(), &words).code, 0);
    let whole = fs::read_to_string(&path).unwrap();
    let cut: Vec<&str> = whole.lines().take(whole.lines().count() - 1).collect();
    fs::write(&path, cut.join("\n")).unwrap();
    let ended = run(folder.path(), &["run", "--reference", "a.cassette"]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.err.contains("a.cassette") && ended.err.contains("cut off"),
        "{}",
        ended.err
    );
}

#[test]
fn serve_prints_the_address_that_answers() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = parallax(folder.path())
        .arg("serve")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line.trim().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .write_all(b"GET /?Action=DescribeUsers HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 ") && answer.contains("RequestId>"),
        "{answer}"
    );
}

#[test]
fn listing_a_journal_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let head =
        r#"{"journal":1,"service":"elasticache","token":"t","region":"r","url":"http://127.0.0.1:1","started":"s"}"#;
    let whole = format!("{head}\n{{\"begin\":{{\"resource\":\"User\",\"id\":\"a\\nb\"}}}}\n");
    for (text, code, out) in [
        (format!("{whole}{{\"begin\":{{\"reso"), 0, "User a\\nb\n"),
        ("no line break".to_owned(), 2, ""),
    ] {
        let path = folder.path().join("it.journal");
        fs::write(&path, &text).unwrap();
        let ended = run(folder.path(), &["clean", "--list", "--journal", "it.journal"]);
        assert_eq!((ended.code, &*ended.out), (code, out), "{}", ended.err);
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}
