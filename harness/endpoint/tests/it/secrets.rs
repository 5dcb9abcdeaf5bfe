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

/// What looks like a key, by its name.
struct Forms {
    named: Vec<(&'static str, Regex)>,
    run: Regex,
}

/// The accounts of the documentation's own examples are nobody's.
const EXAMPLES: [&str; 4] = ["000000000000", "123456789012", "111122223333", "444455556666"];

impl Forms {
    fn new() -> Self {
        let forms = [
            (
                "access key",
                r"(A3T|ABIA|ACCA|AGPA|AIDA|AIPA|AKIA|ANPA|ANVA|APKA|AROA|ASCA|ASIA)[A-Z0-9]{16}",
            ),
            ("session token", r"(AQoD|FQoG|FwoG|IQoJ)[A-Za-z0-9+/]{60,}"),
            ("signature", r"(?i)signature(=|>|\\?&quot;:|: )[A-Za-z0-9+/]{16,}"),
            (
                "e-mail address",
                r"[A-Za-z0-9._+-]+(@|&#64;)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b",
            ),
            ("account in an ARN", r":[0-9]{12}:"),
            (
                "account",
                r#"(?i)(account|owner|principal)[a-z_-]*(>|=|"?: ?"?|&quot;: ?&quot;)[0-9]{12}\b"#,
            ),
            ("private key", r"PRIVATE KEY-----"),
        ];
        Self {
            named: forms
                .into_iter()
                .map(|(name, form)| (name, Regex::new(form).unwrap()))
                .collect(),
            run: Regex::new(r"[A-Za-z0-9+/]{40,}").unwrap(),
        }
    }

    /// What a text shows, as it stands or percent-encoded.
    fn find(&self, text: &str) -> Option<(&'static str, String)> {
        let plain = decoded(text);
        [text, &plain].into_iter().find_map(|text| self.find_in(text))
    }

    fn find_in(&self, text: &str) -> Option<(&'static str, String)> {
        let named = self.named.iter().find_map(|(name, form)| {
            let mut found = form.find_iter(text).map(|found| found.as_str());
            let found = found.find(|found| !EXAMPLES.iter().any(|example| found.contains(example)));
            found.map(|found| (*name, found.to_owned()))
        });
        named.or_else(|| {
            let mut runs = self.run.find_iter(text).map(|found| found.as_str());
            runs.find_map(secret_key).map(|key| ("secret key", key.to_owned()))
        })
    }
}

/// A secret key in a run of base64: between slashes, by which paths and scopes are joined, or alone.
fn secret_key(run: &str) -> Option<&str> {
    let starts = std::iter::once(0).chain(run.match_indices('/').map(|(at, _)| at + 1));
    let mut keys = starts.filter_map(|start| {
        let key = run.get(start..start + 40)?;
        let ends = run
            .get(start + 40..)
            .is_none_or(|rest| rest.is_empty() || rest.starts_with('/'));
        Some(key).filter(|_| ends)
    });
    keys.find(|key| {
        let has = |is: fn(char) -> bool| key.contains(is);
        let classes = [
            |c: char| c.is_ascii_uppercase(),
            |c: char| c.is_ascii_lowercase(),
            |c: char| c.is_ascii_digit(),
        ];
        // A path has more slashes.
        classes.into_iter().all(has) && key.matches('/').count() < 4
    })
}

/// The text with what is percent-encoded read, once.
fn decoded(text: &str) -> String {
    let escape = Regex::new("%([0-9A-Fa-f]{2})").unwrap();
    let read = |found: &regex::Captures<'_>| char::from(u8::from_str_radix(&found[1], 16).unwrap()).to_string();
    escape.replace_all(text, read).into_owned()
}

#[test]
fn what_looks_for_keys_finds_them_in_every_form() {
    let forms = Forms::new();
    let key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ81EXAKEY";
    let check = |text: &str, expected: &str| {
        let found = forms.find(text).map(|(name, _)| name);
        assert_eq!(found, Some(expected), "{text}");
    };
    for text in [
        "AKIAQWERTYUIOPASDFGH",
        "xAKIAQWERTYUIOPASDFGH",
        "%41KIAQWERTYUIOPASDFGH",
    ] {
        check(text, "access key");
    }
    for text in [
        format!("{key} "),
        format!("{key}/20261127/"),
        format!("a/{key}"),
        key.replace('/', "%2F"),
    ] {
        check(&text, "secret key");
    }
    for text in ["<OwnerId>998877665544</OwnerId>", r#""AccountId": "998877665544""#] {
        check(text, "account");
    }
    check("arn%3Aaws%3As%3Ar%3A998877665544%3Aa", "account in an ARN");
    check("somebody%40corp.example.org", "e-mail address");
    assert_eq!(forms.find("<OwnerId>111122223333</OwnerId> 998877665544 bytes"), None);
}

#[test]
fn no_file_of_the_corpus_holds_anything_in_the_form_of_a_key() {
    let forms = Forms::new();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let files = files(&corpus);
    assert!(files.len() > 30, "{}", files.len());
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        assert_eq!(
            forms.find(&String::from_utf8_lossy(&bytes)),
            None,
            "in {}",
            file.display()
        );
    }
}
