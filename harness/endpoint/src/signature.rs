//! Signatures of version 4 as a service checks them, written from the specification and not from any signer: a signer
//! that is wrong cannot agree with it by the same mistake.
//!
//! The specification is AWS's guide to signing requests: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// The block of SHA-256, in bytes.
const BLOCK: usize = 64;
/// How old a signature may be, and how far ahead of the clock.
const LIFE: Duration = Duration::from_secs(5 * 60);

/// A request as it arrived.
#[derive(Clone, Copy, Debug)]
pub struct Received<'r> {
    /// The method.
    pub method: &'r str,
    /// Path and query, as they stood in the request line.
    pub target: &'r str,
    /// The header fields in order.
    pub headers: &'r [(String, String)],
    /// The body.
    pub body: &'r [u8],
}

/// Knows one pair of keys, and checks what was signed with it.
#[derive(Clone)]
pub struct Verifier {
    /// The access key.
    pub access_key: String,
    /// The secret key.
    pub secret_key: String,
    /// The session token that temporary keys come with.
    pub session_token: Option<String>,
}

/// Why a request is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It is not signed.
    #[error("the request is not signed")]
    Missing,
    /// The signature lacks something, or has it in a form that it cannot have.
    #[error("the signature cannot be read: {0}")]
    Incomplete(&'static str),
    /// Nobody has this key or token.
    #[error("the access key or the session token is not known")]
    UnknownKey,
    /// It was signed at another time.
    #[error("the signature is of {0}, which is too far from this clock")]
    Time(String),
    /// It was signed with another secret, or changed on its way.
    #[error("the signature is not that of this request")]
    Mismatch,
}

impl SignatureError {
    /// The code and the status by which services say so, as their common errors list them.
    pub fn refusal(&self) -> (&'static str, u16) {
        match self {
            Self::Missing => ("MissingAuthenticationToken", 403),
            Self::Incomplete(_) => ("IncompleteSignature", 400),
            Self::UnknownKey => ("InvalidClientTokenId", 403),
            Self::Time(_) | Self::Mismatch => ("SignatureDoesNotMatch", 403),
        }
    }
}

/// What the `Authorization` header says.
struct Claim<'h> {
    access_key: &'h str,
    scope: &'h str,
    signed: Vec<&'h str>,
    signature: &'h str,
}

impl Verifier {
    /// Accepts a request that was signed with these keys, at this time, and was not changed since in any byte that is
    /// signed.
    ///
    /// # Errors
    /// [`SignatureError`] for any other.
    pub fn verify(&self, request: &Received<'_>, now: SystemTime) -> Result<(), SignatureError> {
        let headers = gathered(request.headers);
        let claim = Claim::read(headers.get("authorization").ok_or(SignatureError::Missing)?)?;
        self.knows(&claim, &headers)?;
        all_signed(&claim, &headers)?;
        let date = headers
            .get("x-amz-date")
            .ok_or(SignatureError::Incomplete("no x-amz-date"))?;
        in_time(date, now)?;
        let canonical = canonical(request, &claim, &headers)?;
        let to_sign = [
            ALGORITHM,
            date,
            claim.scope,
            &hex(&Sha256::digest(canonical.as_bytes())),
        ]
        .join("\n");
        let expected = hmac(&self.key(&claim, date)?, to_sign.as_bytes());
        match hex(&expected) == claim.signature {
            true => Ok(()),
            false => Err(SignatureError::Mismatch),
        }
    }

    fn knows(&self, claim: &Claim<'_>, headers: &BTreeMap<String, String>) -> Result<(), SignatureError> {
        let token = headers.get("x-amz-security-token");
        match claim.access_key == self.access_key && token == self.session_token.as_ref() {
            true => Ok(()),
            false => Err(SignatureError::UnknownKey),
        }
    }

    /// The key for one day, region and service.
    fn key(&self, claim: &Claim<'_>, date: &str) -> Result<[u8; 32], SignatureError> {
        let parts: Vec<&str> = claim.scope.split('/').collect();
        let [day, region, service, "aws4_request"] = *parts else {
            return Err(SignatureError::Incomplete("the scope has not four parts"));
        };
        if !date.starts_with(day) {
            return Err(SignatureError::Incomplete("the scope is of another day"));
        }
        let secret = format!("AWS4{}", self.secret_key);
        let of = |key: &[u8], part: &str| hmac(key, part.as_bytes());
        let key = of(&of(&of(secret.as_bytes(), day), region), service);
        Ok(of(&key, "aws4_request"))
    }
}

impl<'h> Claim<'h> {
    fn read(header: &'h str) -> Result<Self, SignatureError> {
        let rest = header
            .strip_prefix(ALGORITHM)
            .ok_or(SignatureError::Incomplete("another algorithm"))?;
        let part = |name: &'static str| {
            let mut parts = rest.split(',').map(str::trim);
            parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
        };
        let credential = part("Credential").ok_or(SignatureError::Incomplete("no credential"))?;
        let (access_key, scope) = credential
            .split_once('/')
            .ok_or(SignatureError::Incomplete("a credential without a scope"))?;
        Ok(Self {
            access_key,
            scope,
            signed: part("SignedHeaders")
                .ok_or(SignatureError::Incomplete("no signed headers"))?
                .split(';')
                .collect(),
            signature: part("Signature").ok_or(SignatureError::Incomplete("no signature"))?,
        })
    }
}

/// Values by name in lower case: those of one name joined, without white space that means nothing.
fn gathered(headers: &[(String, String)]) -> BTreeMap<String, String> {
    let mut gathered: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        let value = value
            .split(' ')
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        let known = gathered.entry(name.to_ascii_lowercase());
        known
            .and_modify(|known| *known = format!("{known},{value}"))
            .or_insert(value);
    }
    gathered
}

/// The host and whatever is AWS's own must be signed.
fn all_signed(claim: &Claim<'_>, headers: &BTreeMap<String, String>) -> Result<(), SignatureError> {
    let due = headers
        .keys()
        .filter(|name| *name == "host" || name.starts_with("x-amz-"));
    let missing = due.filter(|name| !claim.signed.contains(&name.as_str())).count();
    match missing == 0 && headers.contains_key("host") {
        true => Ok(()),
        false => Err(SignatureError::Incomplete("a header that must be signed is not")),
    }
}

fn in_time(date: &str, now: SystemTime) -> Result<(), SignatureError> {
    let wrong = || SignatureError::Incomplete("x-amz-date is no date");
    let signed = DateTime::strptime("%Y%m%dT%H%M%SZ", date).map_err(|_| wrong())?;
    let signed = signed.to_zoned(TimeZone::UTC).map_err(|_| wrong())?.timestamp();
    let now = Timestamp::try_from(now).map_err(|_| wrong())?;
    match now.duration_since(signed).unsigned_abs() <= LIFE {
        true => Ok(()),
        false => Err(SignatureError::Time(date.to_owned())),
    }
}

fn canonical(
    request: &Received<'_>,
    claim: &Claim<'_>,
    headers: &BTreeMap<String, String>,
) -> Result<String, SignatureError> {
    let (path, query) = request.target.split_once('?').unwrap_or((request.target, ""));
    let mut signed = String::new();
    for name in &claim.signed {
        let value = headers
            .get(*name)
            .ok_or(SignatureError::Incomplete("a signed header is not there"))?;
        signed.push_str(&format!("{name}:{value}\n"));
    }
    Ok([
        request.method,
        &canonical_path(path),
        &canonical_query(query),
        &signed,
        &claim.signed.join(";"),
        &hex(&Sha256::digest(request.body)),
    ]
    .join("\n"))
}

/// The path without dots and empty segments, each segment encoded once more.
fn canonical_path(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            segment => kept.push(segment),
        }
    }
    let ends = ["/", "/.", "/.."].iter().any(|end| path.ends_with(end)) && !kept.is_empty();
    let kept: String = kept
        .iter()
        .map(|segment| format!("/{}", encoded(segment.as_bytes())))
        .collect();
    match ends || kept.is_empty() {
        true => format!("{kept}/"),
        false => kept,
    }
}

/// The parameters, decoded and encoded anew, in the order of their encoded names and values.
fn canonical_query(query: &str) -> String {
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (encoded(&decoded(name)), encoded(&decoded(value)))
    });
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort();
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

fn encoded(bytes: &[u8]) -> String {
    let keeps = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    bytes.iter().fold(String::new(), |mut text, &byte| {
        match keeps(byte) {
            true => text.push(char::from(byte)),
            false => text.push_str(&format!("%{byte:02X}")),
        }
        text
    })
}

/// Percent-encoding undone; what is none stays as it stands.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits
            .filter(|_| first == b'%')
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    bytes
}

/// RFC 2104 with SHA-256.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; BLOCK];
    let hashed = Sha256::digest(key);
    let short = if key.len() > BLOCK { &hashed[..] } else { key };
    block.iter_mut().zip(short).for_each(|(to, from)| *to = *from);
    let padded = |pad: u8| block.map(|byte| byte ^ pad);
    let inner = Sha256::new()
        .chain_update(padded(0x36))
        .chain_update(message)
        .finalize();
    Sha256::new()
        .chain_update(padded(0x5c))
        .chain_update(inner)
        .finalize()
        .into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
