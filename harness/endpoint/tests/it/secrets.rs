//! Nothing that must not be kept is kept.

use std::path::{Path, PathBuf};

use parallax_endpoint::cassette::{Cassette, Position, Redactor, Rules, Writer};
use proptest::prelude::*;
use regex::Regex;

use crate::cassette::header;
use crate::plant::{PATTERN, exchange};

/// The file that holds these exchanges alone.
fn kept(numbers: &[u64]) -> String {
    let mut writer = Writer::create(Vec::new(), header()).unwrap();
    let mut redactor = Redactor::new("r7k2m").by(Rules::of(&[PATTERN.to_owned()]).unwrap());
    for number in numbers {
        let clean = redactor.redact(&exchange(*number).exchange);
        writer
            .write(Position::new("a", number.to_string()), clean, None)
            .unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_planted_secret_is_in_the_file(numbers in prop::collection::vec(any::<u64>(), 1..4)) {
        let text = kept(&numbers);
        for number in &numbers {
            let planted = exchange(*number);
            if let Some(shown) = planted.shown(&text) {
                prop_assert!(false, "{shown}\nin {:#?}\nkept as {text}", planted.exchange);
            }
        }
        prop_assert!(Cassette::read(text).is_ok());
    }
}

#[test]
fn what_looks_for_planted_secrets_finds_them_where_nothing_hides_them() {
    for number in 0..500 {
        let planted = exchange(number);
        let (request, answer) = (&planted.exchange.request, planted.exchange.answer.as_ref().unwrap());
        let bodies = [&request.body, &answer.body].map(|body| String::from_utf8_lossy(body).into_owned());
        let outcome = &planted.exchange.observation.outcome;
        let all = format!(
            "{} {bodies:?} {:?} {:?} {outcome:?}",
            request.query, request.headers, answer.headers
        );
        assert!(planted.shown(&all).is_some(), "{all}");
    }
}

#[test]
fn the_same_secret_has_the_same_placeholder_and_another_one_another() {
    let mut redactor = Redactor::new("r7").by(Rules::of(&["x[0-9]+".to_owned()]).unwrap());
    let shown = "arn:aws:s:r:111122223333:a arn:aws:s:r:444455556666:a arn:aws:s:r:111122223333:b x1 x22 x1 a@b.com";
    assert_eq!(
        redactor.clean_text(shown),
        "arn:aws:s:r:{account}:a arn:aws:s:r:{account:2}:a arn:aws:s:r:{account}:b {redacted} {redacted:2} {redacted} {email}"
    );
}

#[test]
fn a_wrong_pattern_is_named() {
    let error = Rules::of(&["a".to_owned(), "(".to_owned()]).unwrap_err();
    assert!(error.to_string().starts_with("`(` is no regular expression"), "{error}");
}

/// Every file under a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

#[test]
fn no_file_of_the_corpus_holds_anything_in_the_form_of_a_key() {
    let forms = [
        (
            "access key",
            r"\b(A3T|ABIA|ACCA|AGPA|AIDA|AIPA|AKIA|ANPA|ANVA|APKA|AROA|ASCA|ASIA)[A-Z0-9]{12,}\b",
        ),
        ("session token", r"\b(AQoD|FQoG|FwoG|IQoJ)[A-Za-z0-9+/]{60,}"),
        ("signature", r"(?i)signature(=|%3D|>|\\?&quot;:|: )[A-Za-z0-9+/]{16,}"),
        (
            "e-mail address",
            r"[A-Za-z0-9._+-]+(@|%40|&#64;)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b",
        ),
        ("account", r"(:|%3[Aa])[0-9]{12}(:|%3[Aa])"),
        ("private key", r"PRIVATE KEY-----"),
    ];
    let forms = forms.map(|(name, form)| (name, Regex::new(form).unwrap()));
    let secret_key = Regex::new(r"[A-Za-z0-9+/]+").unwrap();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let files = files(&corpus);
    assert!(files.len() > 30, "{}", files.len());
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for (name, form) in &forms {
            let found = form.find_iter(&text).map(|found| found.as_str());
            // The accounts of the documentation's own examples are nobody's.
            let examples = ["000000000000", "123456789012", "111122223333", "444455556666"];
            let found = found
                .into_iter()
                .find(|found| !examples.iter().any(|example| found.contains(example)));
            assert_eq!(found, None, "{name} in {}", file.display());
        }
        for run in secret_key
            .find_iter(&text)
            .map(|found| found.as_str())
            .filter(|run| run.len() == 40)
        {
            let has = |is: fn(char) -> bool| run.contains(is);
            let is_key =
                has(|c| c.is_ascii_uppercase()) && has(|c| c.is_ascii_lowercase()) && has(|c| c.is_ascii_digit());
            assert!(!is_key, "secret key {run} in {}", file.display());
        }
    }
}
