//! Cassettes, whole and damaged.

use std::collections::BTreeMap;

use parallax_contract::{Confidence, Evidence, Expectation, Expected, Observation, Pattern, TransportFault, Value};
use parallax_endpoint::Exchange;
use parallax_endpoint::cassette::{
    Cassette, CassetteError, Header, Position, Provenance, Redactor, Writer, contract_hash,
};
use parallax_wire::{HttpAnswer, HttpRequest, Method};

use crate::contract;

pub(crate) fn header() -> Header {
    Header {
        service: "things".into(),
        contract: contract_hash(&contract()),
        provenance: Provenance::Documented,
        updated: None,
        profile: None,
        tool: "parallax 0.1.0".into(),
        seed: Some(7),
        settings: BTreeMap::new(),
    }
}

/// An exchange in which everything that must not be kept stands in several places.
pub(crate) fn exchange(token: &str, account: &str, id: &str) -> Exchange {
    let request = HttpRequest {
        method: Method::Post,
        query: String::new(),
        headers: vec![
            ("Content-Type".into(), "application/x-www-form-urlencoded".into()),
            ("authorization".into(), "AWS4-HMAC-SHA256 Credential=AKIDSECRET".into()),
            ("host".into(), "secret.example.com".into()),
        ],
        body: format!("Action=CreateThing&Name={token}-%7B&Owner=444455556666").into_bytes(),
    };
    let body = format!(
        "<R><ARN>arn:aws:things:us-east-1:{account}:thing:{token}</ARN><Note>{{x}}</Note><OwnerId>{account}</OwnerId>\
         <Other>444455556666</Other><RequestId>{id}</RequestId></R>"
    );
    let answer = HttpAnswer {
        status: 200,
        headers: vec![
            ("x-amzn-requestid".into(), id.into()),
            ("date".into(), "Thu, 02 Jan 2020 03:04:05 GMT".into()),
            ("content-type".into(), "text/xml".into()),
        ],
        body: body.into_bytes(),
    };
    let observation = Observation {
        status: 200,
        header_request_id: Some(id.into()),
        body_request_id: Some(id.into()),
        outcome: parallax_contract::Outcome::Success(Value::Null),
        forgiven: Vec::new(),
    };
    Exchange {
        request,
        answer: Some(answer),
        observation,
    }
}

fn expectation(token: &str) -> Expectation {
    let basis = Evidence::basis("comes back as {given}", "a \"page\"", Confidence::Documented);
    let name = Pattern::exactly(Value::text(format!("{token}-{{")), &basis);
    let map = Value::map([("z", Value::text(token)), ("a", Value::Int(1))]);
    let output = Pattern::Fields(vec![
        ("Name".into(), name),
        ("Map".into(), Pattern::exactly(map, &basis)),
    ]);
    Expectation {
        expected: Expected::Success { output, basis },
    }
}

pub(crate) fn record(token: &str, account: &str, id: &str, note: &str) -> String {
    let mut writer = Writer::create(Vec::new(), header()).unwrap();
    let mut redactor = Redactor::new(token);
    for step in ["create", "again"] {
        let mut exchange = exchange(token, account, id);
        if let Some(answer) = &mut exchange.answer {
            let body = String::from_utf8(answer.body.clone()).unwrap();
            answer.body = body.replace("{x}", note).into_bytes();
        }
        let clean = redactor.redact(&exchange);
        let expected = redactor.redact_expectation(&expectation(token)).unwrap();
        writer
            .write(Position::new("CreateThing/name", step), clean, Some(expected))
            .unwrap();
    }
    let mut lost = exchange(token, account, id);
    (lost.answer, lost.observation) = (None, Observation::lost(TransportFault::TimedOut));
    let lost_at = Position {
        page: 1,
        ..Position::new("CreateThing/name", "lost")
    };
    writer.write(lost_at, redactor.redact(&lost), None).unwrap();
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

pub(crate) fn usual() -> String {
    record("r7", "111122223333", "id-1", "{x}")
}

fn read(text: &str) -> Result<Cassette, CassetteError> {
    Cassette::read(text.as_bytes())
}

fn values() -> BTreeMap<String, String> {
    [
        ("run", "r7"),
        ("account", "111122223333"),
        ("given-account", "444455556666"),
        ("request-id", "id-1"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

#[test]
fn what_was_written_comes_back() {
    let cassette = read(&usual()).unwrap();
    assert_eq!((cassette.header(), cassette.len()), (&header(), 3));
    let entry = cassette
        .get(&Position::new("CreateThing/name", "create"))
        .unwrap()
        .unwrap();
    let recorded = exchange("r7", "111122223333", "id-1");
    assert_eq!(
        entry.answer(&values()).unwrap().body,
        recorded.answer.as_ref().unwrap().body
    );
    assert_eq!(entry.expectation(&values()).unwrap(), Some(expectation("r7")));
    assert!(entry.asks_the_same(&Redactor::new("r7").redact(&recorded)));
    assert!(entry.lost().is_none());
}

#[test]
fn an_exchange_without_an_answer_says_why() {
    let cassette = read(&usual()).unwrap();
    let mut at = Position::new("CreateThing/name", "lost");
    assert!(cassette.get(&at).unwrap().is_none());
    at.page = 1;
    let entry = cassette.get(&at).unwrap().unwrap();
    assert_eq!(entry.lost(), Some("no answer within the time limit"));
    assert!(entry.answer(&values()).is_none() && entry.expectation(&values()).unwrap().is_none());
}

#[test]
fn nothing_that_belongs_to_one_account_or_run_is_kept() {
    let text = usual();
    for secret in ["r7", "111122223333", "id-1", "AKID", "secret.example.com", "03:04:05"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    // An account that the request itself brought up has a name of its own.
    assert!(text.contains("Owner={given-account}") && text.contains("<Other>{given-account}"));
    assert!(text.contains("<OwnerId>{account}<"));
}

#[test]
fn runs_that_differ_in_token_account_and_ids_alone_give_the_same_bytes() {
    assert_eq!(usual(), record("q83", "999988887777", "0aa0-b", "{x}"));
}

#[test]
fn another_request_is_not_the_same() {
    let cassette = read(&usual()).unwrap();
    let entry = cassette
        .get(&Position::new("CreateThing/name", "create"))
        .unwrap()
        .unwrap();
    let mut other = exchange("r7", "111122223333", "id-1");
    other.request.body.push(b'x');
    assert!(!entry.asks_the_same(&Redactor::new("r7").redact(&other)));
}

#[test]
fn a_cassette_cut_off_anywhere_is_refused() {
    let text = usual();
    for end in 0..text.len() {
        let Some(cut) = text.get(..end) else { continue };
        let error = read(cut).unwrap_err();
        let expected = matches!(error, CassetteError::Truncated { .. } | CassetteError::NotACassette);
        assert!(expected, "cut at {end}: {error}");
    }
}

#[test]
fn an_edited_line_is_named() {
    let text = usual();
    for (line, (from, to)) in [("\"seed\":7", "\"seed\":8"), ("\"step\":\"create", "\"step\":\"Create")]
        .iter()
        .enumerate()
    {
        let error = read(&text.replacen(from, to, 1)).unwrap_err();
        assert!(
            error.to_string().starts_with(&format!("line {} was changed", line + 1)),
            "{error}"
        );
    }
}

/// The lines of a cassette, put together again in another way.
fn rearranged(change: impl Fn(&mut Vec<&str>)) -> CassetteError {
    let text = usual();
    let mut lines: Vec<_> = text.lines().collect();
    change(&mut lines);
    read(&lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap_err()
}

#[test]
fn missing_swapped_repeated_and_added_lines_are_noticed() {
    let missing = rearranged(|lines| {
        lines.remove(2);
    });
    assert!(
        matches!(
            missing,
            CassetteError::Miscounted {
                line: 4,
                counted: 3,
                found: 2
            }
        ),
        "{missing}"
    );
    let swapped = rearranged(|lines| lines.swap(1, 2));
    assert!(
        matches!(swapped, CassetteError::Miscounted { line: 5, .. }),
        "{swapped}"
    );
    let repeated = rearranged(|lines| lines.insert(2, lines[1]));
    assert!(
        matches!(repeated, CassetteError::Duplicate { line: 3, .. }),
        "{repeated}"
    );
    let added = rearranged(|lines| lines.push(lines[1]));
    assert!(matches!(added, CassetteError::Edited { line: 6 }), "{added}");
}

#[test]
fn a_newer_format_is_told_from_an_edited_header() {
    let error = read(&usual().replacen("\"cassette\":1", "\"cassette\":2", 1)).unwrap_err();
    assert!(matches!(error, CassetteError::Newer { found: 2 }), "{error}");
}

#[test]
fn another_kind_of_file_is_no_cassette() {
    for text in ["{\"a\":1}\n", "\u{1}\n", "\n"] {
        assert!(matches!(read(text), Err(CassetteError::NotACassette)), "{text}");
    }
}

#[test]
fn contracts_that_differ_have_different_hashes() {
    let mut other = (*contract()).clone();
    other.service.api_version.push('x');
    assert_ne!(contract_hash(&contract()), contract_hash(&other));
}
