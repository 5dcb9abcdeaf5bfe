//! The signature suite: what it signs must be accepted, and not with a changed signature.

use camino::{Utf8Path, Utf8PathBuf};
use parallax_endpoint::signature::{Received, SignatureError, Verifier};
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

/// Checks every signed request of the suite; how many.
pub(super) fn run() -> Result<usize, Failure> {
    let (_, folder) = source::unpacked("tests/unit/auth/aws4_testsuite")?;
    let mut checked = 0;
    let mut excluded = 0;
    for file in signed(&folder)? {
        let name = file.file_stem().unwrap_or_default();
        if let Some((_, reason)) = EXCLUDED.iter().find(|(excluded, _)| *excluded == name) {
            println!("excluded signature {name}: {reason}");
            excluded += 1;
            continue;
        }
        check(&std::fs::read(&file).at(&file)?).at(name)?;
        checked += 1;
    }
    match (checked, excluded == EXCLUDED.len()) {
        (0, _) => Err(Failure::new("there was no signature to check; fetch the vectors again")),
        (_, false) => Err(Failure::new(
            "an excluded signature does not exist; remove it from the list",
        )),
        (checked, true) => Ok(checked),
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
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default();
    let (method, rest) = first.split_once(' ').ok_or("no request line")?;
    let target = rest.strip_suffix(" HTTP/1.1").ok_or("no HTTP version")?;
    let headers = headers(lines);
    let verify = |headers: &[(String, String)]| verify(method, target, headers, body);
    verify(&headers).map_err(|error| format!("refused: {error}"))?;
    let spoilt: Vec<_> = headers.iter().map(spoil).collect();
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

fn verify(method: &str, target: &str, headers: &[(String, String)], body: &str) -> Result<(), SignatureError> {
    let token = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("x-amz-security-token"));
    let verifier = Verifier {
        access_key: ACCESS_KEY.to_owned(),
        secret_key: SECRET_KEY.to_owned(),
        session_token: token.map(|(_, token)| token.trim().to_owned()),
    };
    let received = Received {
        method,
        target,
        headers,
        body: body.as_bytes(),
    };
    verifier.verify(&received, SystemTime::UNIX_EPOCH + Duration::from_secs(SIGNED_AT))
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
