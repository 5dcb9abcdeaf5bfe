//! What is sent, checked as a service checks it.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use parallax_contract::{Call, Outcome, Tweak, Value};
use parallax_endpoint::signature::{Received, SignatureError, Verifier};
use parallax_endpoint::{Emulator, Endpoint, Env, Http, HttpSettings, RealEnv, Server};
use parallax_oracle::Oracle;

use crate::fake::{Fake, GOOD};
use crate::fixture::contract;

fn verifier(session_token: Option<&str>) -> Verifier {
    Verifier {
        access_key: "AKIDEXAMPLE".to_owned(),
        secret_key: "a secret".to_owned(),
        session_token: session_token.map(str::to_owned),
    }
}

fn settings(verifier: &Verifier) -> HttpSettings {
    HttpSettings {
        access_key: verifier.access_key.clone(),
        secret_key: verifier.secret_key.clone(),
        session_token: verifier.session_token.clone(),
        ..HttpSettings::default()
    }
}

fn calls() -> Vec<Call> {
    let call = || Call::new("CreateThing", Value::map([("Name", Value::text("a b/ü~*+%26=&"))]));
    vec![call(), call().tweak(Tweak::Get), call().tweak(Tweak::EmptyBody)]
}

/// A request as it went over the wire.
struct Sent {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Sent {
    fn of(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let mut first = lines.next().unwrap().split(' ');
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_owned(), value.to_owned())
        };
        Self {
            method: first.next().unwrap().to_owned(),
            target: first.next().unwrap().to_owned(),
            headers: lines.map(header).collect(),
            body: body.as_bytes().to_vec(),
        }
    }

    fn check(&self, verifier: &Verifier) -> Result<(), SignatureError> {
        let received = Received {
            method: &self.method,
            target: &self.target,
            headers: &self.headers,
            body: &self.body,
        };
        verifier.verify(&received, SystemTime::now())
    }

    /// Every request that differs from this in one byte that is signed.
    fn changed(&self) -> Vec<Self> {
        let other = |text: &str, at: usize| {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            String::from_utf8(bytes).unwrap()
        };
        let again = || Self::of(&self.text());
        let mut all = Vec::new();
        for at in 0..self.method.len() {
            all.push(Self {
                method: other(&self.method, at),
                ..again()
            });
        }
        for at in 0..self.target.len() {
            all.push(Self {
                target: other(&self.target, at),
                ..again()
            });
        }
        for at in 0..self.body.len() {
            let mut body = self.body.clone();
            body[at] ^= 1;
            all.push(Self { body, ..again() });
        }
        for (which, (_, value)) in self
            .headers
            .iter()
            .enumerate()
            .filter(|(_, (name, _))| name != "accept" && name != "content-length")
        {
            for at in 0..value.len() {
                let mut changed = again();
                changed.headers[which].1 = other(value, at);
                all.push(changed);
            }
        }
        all
    }

    fn text(&self) -> String {
        let headers: String = self
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let body = String::from_utf8(self.body.clone()).unwrap();
        format!("{} {} HTTP/1.1\r\n{headers}\r\n{body}", self.method, self.target)
    }
}

#[tokio::test]
async fn what_is_sent_is_accepted_and_refused_with_any_byte_changed() {
    for token in [None, Some("a+token/==")] {
        let verifier = verifier(token);
        for call in calls() {
            let fake = Fake::saying(GOOD).await;
            Http::new(contract(), &fake.url, &settings(&verifier))
                .unwrap()
                .ask(&call)
                .await;
            let sent = Sent::of(&fake.requests()[0]);
            assert_eq!(sent.check(&verifier), Ok(()), "{}", sent.text());
            for changed in sent.changed() {
                assert!(changed.check(&verifier).is_err(), "{}", changed.text());
            }
        }
    }
}

#[tokio::test]
async fn a_server_that_checks_signatures_refuses_other_keys() {
    let emulator = Arc::new(Emulator::new(Arc::new(Oracle::new(contract()))));
    let address = (Ipv4Addr::LOCALHOST, 0).into();
    let server = Server::start_with(address, emulator, Arc::new(RealEnv::new()), Some(verifier(None))).unwrap();
    let call = Call::new("CreateThing", Value::map([("Name", Value::text("thing"))]));
    for (access_key, secret_key, expected) in [
        ("AKIDEXAMPLE", "a secret", None),
        ("AKIDEXAMPLE", "another", Some("SignatureDoesNotMatch")),
        ("another", "a secret", Some("InvalidClientTokenId")),
    ] {
        let settings = HttpSettings {
            access_key: access_key.to_owned(),
            secret_key: secret_key.to_owned(),
            ..HttpSettings::default()
        };
        let observation = Http::new(contract(), &server.url(), &settings)
            .unwrap()
            .ask(&call)
            .await
            .observation;
        let code = observation.error().map(|error| error.code.as_str());
        assert_eq!(code.filter(|_| expected.is_some()), expected, "{observation:?}");
        assert!(!matches!(observation.outcome, Outcome::Lost(_)));
        assert!(expected.is_some() || observation.status != 403);
    }
}

/// The machine's clock, an hour behind.
struct Behind(RealEnv);

impl Env for Behind {
    fn now(&self) -> SystemTime {
        self.0.now() - Duration::from_secs(3600)
    }

    fn id(&self) -> String {
        self.0.id()
    }
}

#[tokio::test]
async fn a_signature_of_another_hour_is_refused() {
    let verifier = verifier(None);
    let fake = Fake::saying(GOOD).await;
    let settings = HttpSettings {
        env: Arc::new(Behind(RealEnv::new())),
        ..settings(&verifier)
    };
    Http::new(contract(), &fake.url, &settings)
        .unwrap()
        .ask(&calls()[0])
        .await;
    let refused = Sent::of(&fake.requests()[0]).check(&verifier);
    assert!(matches!(refused, Err(SignatureError::Time(_))), "{refused:?}");
}
