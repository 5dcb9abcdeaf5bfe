//! What a service repeats of whoever asks is seen by nobody.

use std::path::Path;

use crate::live::{FEW, RESOURCE, SOME, recording};
use crate::standin::{ACCESS_KEY, Mishap, SECRET_KEY, Standin, TOKEN, cleaning, run};

/// What a service says in a refusal: the request as it understood it, and whose it was.
const REPEATED: &str = "not authorized: a/token+of=no+known/form key-of-no-known-form a%2Fsecret%2Bof%3Dno%2Bknown%2Fform \
                        arn:aws:iam::998877665544:user/bob bob@corp.example.org";

/// What none of it may show.
const SECRETS: [&str; 6] = [
    TOKEN,
    ACCESS_KEY,
    SECRET_KEY,
    "a%2Fsecret",
    "998877665544",
    "bob@corp.example.org",
];

fn is_hushed(text: &str, what: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} in {what}: {text}");
    }
}

/// The words that compare with the service itself.
fn comparing<'w>(command: &'w str, url: &'w str) -> Vec<&'w str> {
    let mut words = vec![command, "--reference", "aws", "--allow-aws", "--endpoint-url", url];
    words.extend(["--rate", "5000", "--resource", RESOURCE]);
    words
}

#[test]
fn the_screen_shows_nothing_that_a_service_repeats_of_the_account_in_a_refusal_that_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::with(|number| match number {
        ..20 => Mishap::None,
        _ => Mishap::Refusing("SignatureDoesNotMatch", REPEATED),
    });
    let recorded = run(
        folder.path(),
        &recording(&standin.url, &["--scenario", SOME, "--quiet"]),
    );
    assert_eq!(recorded.code, 3, "{}", recorded.err);
    assert!(
        recorded.err.contains("not authorized: {session-token}"),
        "{}",
        recorded.err
    );
    is_hushed(&recorded.err, "the words of a recording");
    let ran = run(
        folder.path(),
        &[comparing("run", &standin.url), vec!["--scenario", SOME]].concat(),
    );
    assert!(ran.err.contains("not authorized: {session-token}"), "{}", ran.err);
    is_hushed(&ran.err, "the words of a run");
    is_hushed(&ran.out, "a run's report");
}

#[test]
fn the_screen_shows_nothing_that_a_service_repeats_of_the_account_in_a_refusal_to_delete() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::with(|_| Mishap::Keeping(REPEATED));
    let recorded = run(folder.path(), &recording(&standin.url, &["--scenario", FEW]));
    let cleaned = run(folder.path(), &cleaning(&[]));
    for (ended, what) in [
        (recorded, "the words of a recording"),
        (cleaned, "the words of a clean-up"),
    ] {
        assert_eq!(ended.code, 1, "{}", ended.err);
        assert!(ended.err.contains("AccessDenied: not authorized"), "{}", ended.err);
        is_hushed(&ended.err, what);
    }
}

/// Every file in a folder is free of what may not be seen; there are as many.
fn files_are_hushed(folder: &Path, least: usize) {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = files.filter(|path| path.is_file()).collect();
    assert!(files.len() >= least, "{files:?}");
    for file in files {
        let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
        assert!(!text.is_empty(), "{}", file.display());
        is_hushed(&text, &file.display().to_string());
    }
}

const ECHO: Mishap = Mishap::Reworded(
    "</Description>",
    " of a/token+of=no+known/form key-of-no-known-form</Description>",
);

#[test]
fn what_requests_are_signed_with_is_in_no_cassette_whatever_its_form() {
    let folder = tempfile::tempdir().unwrap();
    let some = ["--scenario", SOME];
    let standin = Standin::with(|_| ECHO);
    let recorded = run(folder.path(), &recording(&standin.url, &some));
    assert_eq!(recorded.code, 0, "{}", recorded.err);
    let text = std::fs::read_to_string(folder.path().join("it.cassette")).unwrap();
    assert!(
        text.contains(" of {session-token} {access-key}</Description>"),
        "{text}"
    );
    files_are_hushed(folder.path(), 1);

    // The news of an update is told on the screen.
    let mut words = recording(&standin.url, &["--again", "--scenario", SOME]);
    words
        .iter_mut()
        .filter(|word| **word == "--out")
        .for_each(|word| *word = "--update");
    let plain = run(folder.path(), &words);
    assert_eq!(plain.code, 0, "{}", plain.err);
    is_hushed(&plain.out, "the news of an update");
    files_are_hushed(folder.path(), 1);
}

#[test]
fn what_requests_are_signed_with_is_in_no_report_whatever_its_form() {
    let folder = tempfile::tempdir().unwrap();
    let standin = Standin::with(|_| ECHO);
    let further = ["--scenario", SOME, "--out", "out"];
    let ran = run(
        folder.path(),
        &[comparing("run", &standin.url), further.to_vec()].concat(),
    );
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("{session-token}"), "{}", ran.out);
    is_hushed(&ran.out, "a run's report");
    files_are_hushed(&folder.path().join("out"), 3);
}

#[test]
fn the_keys_of_the_environment_are_hidden_also_where_an_emulator_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = Standin::of_anybody(|_| ECHO);
    let words = ["record", "--reference", &emulator.url, "--resource", RESOURCE];
    let further = ["--scenario", SOME, "--out", "it.cassette"];
    let recorded = run(folder.path(), &[&words[..], &further].concat());
    assert_eq!(recorded.code, 0, "{}", recorded.err);
    files_are_hushed(folder.path(), 1);
}
