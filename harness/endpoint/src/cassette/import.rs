//! Cassettes of other recorders: the exchanges of one service, as they may be kept.
//!
//! What is read are the files of Ruby's VCR and of Python's vcrpy, in YAML and JSON, whose bodies may be plain, base64, and
//! compressed; so may be the file. Nothing of a file but the service's own calls is kept: which hosts there were else, and
//! how they were asked, is other people's business.

mod body;
mod file;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use parallax_contract::{Contract, endpoints};
use parallax_wire::{HttpAnswer, HttpRequest, Method, Protocol, UnsupportedProtocol, protocol_of};
use url::{Url, form_urlencoded};

use self::file::Interaction;
use super::redact::is_of_signature;
use super::secrets::accounts_in_arns;
use super::{Position, Redacted, Redactor};
use crate::Exchange;

/// What the scenarios of imported exchanges begin with.
pub const IMPORTED: &str = "imported/";
/// The end of the names of parameters whose values are secrets, in lower case and without the numbers of lists.
const SECRETS: [&str; 4] = ["password", "passwords", "authtoken", "secret"];

/// What a file holds of a service.
#[derive(Debug, Default)]
pub struct Import {
    /// The exchanges, in the order of the file.
    pub exchanges: Vec<Imported>,
    /// Exchanges that are not the service's, or cannot be read: their place in the file, from 1, and why.
    pub left_out: Vec<(usize, LeftOut)>,
    /// The last day on which any of them was recorded, such as `2026-11-22`, where the file says.
    pub date: Option<String>,
    /// The hosts that were asked, without AWS's own.
    pub hosts: BTreeSet<String>,
}

/// One exchange.
#[derive(Debug)]
pub struct Imported {
    /// Its place in the file, from 1.
    pub number: usize,
    /// The operation; empty where the service has none of that name.
    pub operation: String,
    /// What was asked and answered.
    pub exchange: Exchange,
}

/// Why an exchange is left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum LeftOut {
    /// It is a call of something else.
    #[error("no call of the service: {0}")]
    Other(String),
    /// Its URL is none.
    #[error("`{0}` is no URL")]
    Url(String),
    /// Its body is written in no way that is known.
    #[error("the body cannot be read: {0}")]
    Body(String),
}

/// Why a file cannot be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is no cassette of VCR or vcrpy.
    #[error("no cassette of VCR or vcrpy: {0}; give a file with `http_interactions` or `interactions`")]
    NoCassette(String),
    /// The contract's protocol is not built in.
    #[error(transparent)]
    Protocol(#[from] UnsupportedProtocol),
}

/// Reads the exchanges of a service from a file of VCR or vcrpy.
///
/// # Errors
/// [`ImportError`] where it is none.
pub fn vcr(contract: &Contract, bytes: &[u8]) -> Result<Import, ImportError> {
    let reader = Reader {
        contract,
        protocol: protocol_of(contract)?,
    };
    let mut import = Import::default();
    for (at, interaction) in file::read(bytes)?.iter().enumerate() {
        let number = at + 1;
        match reader.one(number, interaction, &mut import.hosts) {
            Ok(imported) => {
                import.date = import.date.take().max(day(interaction));
                import.exchanges.push(imported);
            }
            Err(why) => import.left_out.push((number, why)),
        }
    }
    Ok(import)
}

impl Import {
    /// The exchanges as they may be kept, as steps of this scenario, which is put below [`IMPORTED`].
    pub fn redacted(&self, scenario: &str) -> Vec<(Position, Redacted<Exchange>)> {
        let mut redactor = self.redactor();
        let one = |imported: &Imported| {
            let step = format!("{:04}-{}", imported.number, imported.operation);
            let position = Position::new(format!("{IMPORTED}{scenario}"), step);
            (position, redactor.redact(&imported.exchange))
        };
        self.exchanges.iter().map(one).collect()
    }

    /// A redactor that hides whatever belongs to the account. Elsewhere a number that a request brings up first is an
    /// example; here whoever recorded wrote it, and it is hidden as well.
    fn redactor(&self) -> Redactor {
        let requests = || self.exchanges.iter().map(|imported| &imported.exchange.request);
        let mut accounts: Vec<String> = Vec::new();
        let mut secrets = BTreeSet::new();
        for (name, value) in requests().flat_map(parameters) {
            for number in accounts_in_arns(&value) {
                if !accounts.iter().any(|known| known == number) {
                    accounts.push(number.to_owned());
                }
            }
            if is_secret(&name) && !value.is_empty() {
                secrets.insert(form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>());
                secrets.insert(value);
            }
        }
        let redactor = secrets
            .iter()
            .fold(Redactor::new(""), |redactor, secret| redactor.hiding("secret", secret));
        accounts
            .iter()
            .fold(redactor, |redactor, digits| redactor.of_account(digits))
    }
}

struct Reader<'c> {
    contract: &'c Contract,
    protocol: &'static dyn Protocol,
}

impl Reader<'_> {
    fn one(&self, number: usize, interaction: &Interaction, hosts: &mut BTreeSet<String>) -> Result<Imported, LeftOut> {
        let (request, host) = self.request(interaction)?;
        let call = self.protocol.decode_request(self.contract, &request);
        if !self.is_ours(&call, &host) {
            let method = interaction.method();
            return Err(LeftOut::Other(format!("{method} at {host}")));
        }
        let answer = answer(interaction)?;
        let observation = self.protocol.decode_response(self.contract, &call.operation, &answer);
        if !endpoints::is_own(&self.contract.endpoints, &host) {
            hosts.insert(host);
        }
        Ok(Imported {
            number,
            operation: call.operation,
            exchange: Exchange {
                request,
                answer: Some(answer),
                observation,
            },
        })
    }

    fn request(&self, interaction: &Interaction) -> Result<(HttpRequest, String), LeftOut> {
        let given = interaction.uri();
        let url = Url::parse(given).map_err(|_| LeftOut::Url(given.to_owned()))?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let method = match &*interaction.method() {
            "GET" => Method::Get,
            "POST" => Method::Post,
            other => return Err(LeftOut::Other(format!("{other} at {host}"))),
        };
        let body = interaction.request_body().map_err(LeftOut::Body)?;
        let headers = interaction.request_header("content-type");
        let request = HttpRequest {
            method,
            query: unsigned(url.query().unwrap_or_default()),
            headers: headers
                .map(|value| ("content-type".to_owned(), value))
                .into_iter()
                .collect(),
            body: match std::str::from_utf8(&body) {
                Ok(text) => unsigned(text).into_bytes(),
                Err(_) => body,
            },
        };
        Ok((request, host))
    }

    /// Whether it is a call of the service: by its name and its version, or else by the host.
    fn is_ours(&self, call: &parallax_contract::Call, host: &str) -> bool {
        let of_version = !call
            .tweaks
            .iter()
            .any(|tweak| matches!(tweak, parallax_contract::Tweak::Version(_)));
        let service = &self.contract.service.name;
        let by_host =
            endpoints::is_own(&self.contract.endpoints, host) && host.split('.').any(|label| label == service);
        by_host || (of_version && !call.operation.is_empty())
    }
}

/// The answer, uncompressed.
fn answer(interaction: &Interaction) -> Result<HttpAnswer, LeftOut> {
    let body = interaction.answer_body().map_err(LeftOut::Body)?;
    let coding = interaction.answer_header("content-encoding");
    let body = body::uncompressed(body, coding.as_deref()).map_err(LeftOut::Body)?;
    let mut headers: BTreeMap<String, String> = interaction.answer_headers();
    // They are about the body as it travelled.
    for name in ["content-encoding", "content-length", "transfer-encoding"] {
        headers.remove(name);
    }
    Ok(HttpAnswer {
        status: interaction.status(),
        headers: headers.into_iter().collect(),
        body,
    })
}

/// The day of an exchange: as the recorder says, else as the service does.
fn day(interaction: &Interaction) -> Option<String> {
    let said = interaction.recorded_at().map(str::to_owned);
    let said = said.or_else(|| interaction.answer_header("date"))?;
    let dated = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(&said).ok();
    let day = dated.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
    let day: Option<Date> = day.or_else(|| said.get(..10)?.parse().ok());
    day.map(|day| day.to_string())
}

/// A form without what signs it.
fn unsigned(form: &str) -> String {
    let name = |pair: &str| {
        let (name, _) = form_urlencoded::parse(pair.as_bytes()).next()?;
        Some(name.into_owned())
    };
    let is_kept = |pair: &&str| !name(pair).is_some_and(|name| is_of_signature(&name));
    form.split('&').filter(is_kept).collect::<Vec<_>>().join("&")
}

/// The parameters of a request.
fn parameters(request: &HttpRequest) -> Vec<(String, String)> {
    let both = [request.query.as_bytes(), &request.body].into_iter();
    both.flat_map(form_urlencoded::parse)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// Whether a parameter of this name, such as `Passwords.member.1`, holds a secret.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let mut parts = name
        .split('.')
        .filter(|part| *part != "member" && !part.bytes().all(|byte| byte.is_ascii_digit()));
    parts
        .next_back()
        .is_some_and(|last| SECRETS.iter().any(|secret| last.ends_with(secret)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_loses_its_signature_and_nothing_else() {
        let form = "AWSAccessKeyId=AKID&Action=Ping&Name=a%26b&Signature=x%3D&Timestamp=2012&Version=1";
        assert_eq!(unsigned(form), "Action=Ping&Name=a%26b&Version=1");
        assert_eq!(unsigned(""), "");
    }

    #[test]
    fn secrets_are_known_by_the_names_of_their_parameters() {
        for name in [
            "Passwords.member.1",
            "AuthToken",
            "AuthenticationMode.Passwords.member.2",
            "MasterUserPassword",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["NoPasswordRequired", "UserName", "Tags.Tag.1.Key", ""] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
