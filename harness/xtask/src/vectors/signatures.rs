//! The signature suite: what it signs must be accepted, and not with a changed signature; and what it leaves unsigned must
//! be signed by us as it is by it.

use camino::{Utf8Path, Utf8PathBuf};
use parallax_endpoint::signature::{Received, SignatureError, Verifier};
use parallax_endpoint::{Env, HttpSettings};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::source;
use crate::failure::{At as _, Failure};

/// The suite's own keys, and the time at which it signs: 2015-08-30 12:36:00 UTC.
const ACCESS_KEY: &str = "AKIDEXAMPLE";
const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const SIGNED_AT: u64 = 1_440_938_160;

/// Cases that are not run, each with the reason.
const EXCLUDED: [(&str, &str); 2] = [
    (
        "get-vanilla-with-session-token",
        "its signature is made up: the digits of its token in another order",
    ),
    (
        "post-sts-header-after",
        "its token is added after signing, and a token that is not signed is not accepted here",
    ),
];

/// Cases that the signer is not held against, each with the reason.
const UNSIGNED: [(&str, &str); 2] = [("get-utf8", UNENCODED), ("get-space", UNENCODED)];

const UNENCODED: &str = "its path stands in the request line as no URL has it; the path of a URL is encoded, and once more to be \
                         signed, as services other than S3 want";

/// How many cases were checked, with the verifier and with the signer.
pub(super) struct Checked {
    pub(super) verified: usize,
    pub(super) signed: usize,
}

/// Checks every case of the suite.
pub(super) fn run() -> Result<Checked, Failure> {
    let (_, folder) = source::unpacked("tests/unit/auth/aws4_testsuite")?;
    let mut checked = Checked { verified: 0, signed: 0 };
    let mut excluded = 0;
    let mut differing = Vec::new();
    let mut unsigned = 0;
    for file in signed(&folder)? {
        let name = file.file_stem().unwrap_or_default();
        if let Some((_, reason)) = EXCLUDED.iter().find(|(excluded, _)| *excluded == name) {
            println!("excluded signature {name}: {reason}");
            excluded += 1;
            continue;
        }
        check(&std::fs::read(&file).at(&file)?).at(name)?;
        checked.verified += 1;
        match sign(&file) {
            Ok(true) => checked.signed += 1,
            Ok(false) => unsigned += 1,
            Err(failure) => differing.push(failure.to_string()),
        }
    }
    if !differing.is_empty() {
        return Err(Failure::new(differing.join("\n")));
    }
    let all_there = (excluded, unsigned) == (EXCLUDED.len(), UNSIGNED.len());
    match (checked.verified.min(checked.signed), all_there) {
        (0, _) => Err(Failure::new("there was no signature to check; fetch the vectors again")),
        (_, false) => Err(Failure::new(
            "an excluded signature does not exist; remove it from the list",
        )),
        (_, true) => Ok(checked),
    }
}

/// Signs the request that a signed one was made of, which must give the same signature; whether it is one to be held
/// against.
fn sign(file: &Utf8Path) -> Result<bool, Failure> {
    let name = file.file_stem().unwrap_or_default();
    if let Some((_, reason)) = UNSIGNED.iter().find(|(excluded, _)| *excluded == name) {
        println!("not signed {name}: {reason}");
        return Ok(false);
    }
    let (unsigned, expected) = (file.with_extension("req"), file.with_extension("authz"));
    let bytes = std::fs::read(&unsigned).at(&unsigned)?;
    let expected = std::fs::read_to_string(&expected).at(&expected)?;
    let request = Request::read(&bytes).at(name)?;
    let settings = HttpSettings {
        access_key: ACCESS_KEY.to_owned(),
        secret_key: SECRET_KEY.to_owned(),
        session_token: request.token(),
        env: Arc::new(Then),
        ..HttpSettings::default()
    };
    let headers = parallax_endpoint::signed("service", &settings, &request.received());
    let found = headers.iter().find(|(name, _)| name == "authorization");
    match found.map(|(_, value)| value.as_str()) == Some(expected.trim()) {
        true => Ok(true),
        false => Err(Failure::new(format!(
            "{name}: the signature is\n  {:?}\nwhere the suite has\n  {:?}",
            found.map(|(_, value)| value),
            expected.trim()
        ))),
    }
}

/// The time at which the suite signs.
struct Then;

impl Env for Then {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(SIGNED_AT)
    }

    fn id(&self) -> String {
        String::new()
    }
}

/// A request as a file of the suite has it.
struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Request {
    fn read(bytes: &[u8]) -> Result<Self, String> {
        let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let first = lines.next().unwrap_or_default();
        let (method, rest) = first.split_once(' ').ok_or("no request line")?;
        Ok(Self {
            method: method.to_owned(),
            target: rest.strip_suffix(" HTTP/1.1").ok_or("no HTTP version")?.to_owned(),
            headers: headers(lines),
            body: body.to_owned(),
        })
    }

    fn token(&self) -> Option<String> {
        let is_token = |name: &str| name.eq_ignore_ascii_case("x-amz-security-token");
        let found = self.headers.iter().find(|(name, _)| is_token(name));
        found.map(|(_, token)| token.trim().to_owned())
    }

    fn received(&self) -> Received<'_> {
        Received {
            method: &self.method,
            target: &self.target,
            headers: &self.headers,
            body: self.body.as_bytes(),
        }
    }
}

/// The signed requests in a folder and in those below it.
fn signed(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in folder.read_dir_utf8().at(folder)? {
        let path = entry.at(folder)?.path().to_owned();
        if path.is_dir() {
            found.extend(signed(&path)?);
        } else if path.extension() == Some("sreq") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn check(bytes: &[u8]) -> Result<(), String> {
    let request = Request::read(bytes)?;
    verify(&request).map_err(|error| format!("refused: {error}"))?;
    let spoilt = Request {
        headers: request.headers.iter().map(spoil).collect(),
        ..request
    };
    match verify(&spoilt) {
        Err(SignatureError::Mismatch) => Ok(()),
        other => Err(format!("with another signature: {other:?}")),
    }
}

/// Headers by line; a line that begins with white space goes on with the one before.
fn headers<'t>(lines: impl Iterator<Item = &'t str>) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines {
        match (line.starts_with(' '), line.split_once(':')) {
            (false, Some((name, value))) => headers.push((name.to_owned(), value.to_owned())),
            _ => {
                if let Some((_, value)) = headers.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            }
        }
    }
    headers
}

fn verify(request: &Request) -> Result<(), SignatureError> {
    let verifier = Verifier {
        access_key: ACCESS_KEY.to_owned(),
        secret_key: SECRET_KEY.to_owned(),
        session_token: request.token(),
    };
    verifier.verify(&request.received(), Then.now())
}

/// The header, with another signature in it.
fn spoil((name, value): &(String, String)) -> (String, String) {
    let changed = match value.chars().last() {
        Some(last) if name.eq_ignore_ascii_case("authorization") => {
            let other = if last == '0' { '1' } else { '0' };
            format!("{}{other}", &value.trim_end_matches(last))
        }
        _ => value.clone(),
    };
    (name.clone(), changed)
}
