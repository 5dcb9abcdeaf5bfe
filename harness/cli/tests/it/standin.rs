//! An emulator that stands in for the service itself: it checks signatures, and misbehaves as services do.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use parallax_contract::{Answer, Call, Contract, Fault, Refused, Value};
use parallax_endpoint::fault::Delivery;
use parallax_endpoint::signature::Verifier;
use parallax_endpoint::{Emulator, RealEnv, Server, Service};
use parallax_oracle::Oracle;
use parallax_wire::HttpAnswer;
use tokio::runtime::Runtime;

use crate::binary::{self, Ended};

/// In the form of no key of AWS's, as those of many emulators and proxies are not.
pub(crate) const ACCESS_KEY: &str = "key-of-no-known-form";
pub(crate) const SECRET_KEY: &str = "a/secret+of=no+known/form";
pub(crate) const TOKEN: &str = "a/token+of=no+known/form";

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// Nothing.
    None,
    /// It is refused with this code and status, and has no effect.
    Refused(&'static str, u16),
    /// It is refused with this code and message.
    Refusing(&'static str, &'static str),
    /// It is refused as forbidden, with this message, if it deletes anything.
    Keeping(&'static str),
    /// The first, by a service whose clock is an hour behind.
    Early(&'static str, u16),
    /// It has its effect, and is answered with status 500.
    Broken,
    /// It has its effect, and the connection is closed without an answer.
    Reset,
    /// It has its effect, and the answer has the second text wherever it had the first.
    Reworded(&'static str, &'static str),
}

/// The emulator, on a runtime of its own.
pub(crate) struct Standin {
    pub(crate) url: String,
    service: Arc<Wayward>,
    go: Mutex<Option<Sender<()>>>,
    _server: Server,
    _runtime: Runtime,
}

/// At which request to stop, whom to tell, and what to wait for.
type Halt = (u64, Sender<()>, Receiver<()>);

struct Wayward {
    emulator: Emulator,
    mishap: Box<dyn Fn(u64) -> Mishap + Send + Sync>,
    number: AtomicU64,
    mended: AtomicBool,
    stop: Mutex<Option<Halt>>,
    /// Held while a request is answered.
    answering: Mutex<()>,
    calls: Mutex<BTreeMap<String, u64>>,
    /// The tags given at creation, by key, with how often.
    tags: Mutex<BTreeMap<String, u64>>,
    /// What the answer under way suffers; requests come one after the other.
    now: Mutex<Mishap>,
}

impl Standin {
    /// An emulator to whose requests, counted from 1, these mishaps happen.
    pub(crate) fn with(mishap: impl Fn(u64) -> Mishap + Send + Sync + 'static) -> Self {
        let verifier = Verifier {
            access_key: ACCESS_KEY.to_owned(),
            secret_key: SECRET_KEY.to_owned(),
            session_token: Some(TOKEN.to_owned()),
        };
        Self::start(mishap, Some(verifier))
    }

    /// The same, which takes any signature.
    pub(crate) fn of_anybody(mishap: impl Fn(u64) -> Mishap + Send + Sync + 'static) -> Self {
        Self::start(mishap, None)
    }

    fn start(mishap: impl Fn(u64) -> Mishap + Send + Sync + 'static, verifier: Option<Verifier>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let service = Arc::new(Wayward {
            emulator: Emulator::new(Arc::new(Oracle::new(Arc::new(contract())))),
            mishap: Box::new(mishap),
            number: AtomicU64::new(0),
            mended: AtomicBool::new(false),
            stop: Mutex::default(),
            answering: Mutex::default(),
            calls: Mutex::default(),
            tags: Mutex::default(),
            now: Mutex::new(Mishap::None),
        });
        let address = (Ipv4Addr::LOCALHOST, 0).into();
        let env = Arc::new(RealEnv::new());
        let server = runtime.block_on(async { Server::start_with(address, service.clone(), env, verifier).unwrap() });
        Self {
            url: server.url(),
            service,
            go: Mutex::default(),
            _server: server,
            _runtime: runtime,
        }
    }

    /// Stops at this request, counted from the next; says when it is reached. It has its effect once it goes on.
    pub(crate) fn stop_at(&self, moment: u64) -> Receiver<()> {
        let (reached, receiver) = std::sync::mpsc::channel();
        let (go, wait) = std::sync::mpsc::channel();
        *self.service.stop.lock().unwrap() = Some((self.served() + moment, reached, wait));
        *self.go.lock().unwrap() = Some(go);
        receiver
    }

    /// Goes on after a stop, and returns when the request is answered.
    pub(crate) fn go_on(&self) {
        self.go.lock().unwrap().take().unwrap().send(()).unwrap();
        drop(self.service.answering.lock().unwrap());
    }

    /// No mishaps from now on.
    pub(crate) fn mend(&self) {
        self.service.mended.store(true, Ordering::Relaxed);
    }

    /// Makes something that the harness did not.
    pub(crate) fn make(&self, create: &str, member: &str, name: &str) {
        let input = [
            (member, Value::text(name)),
            ("Description", Value::text("not the harness's")),
        ];
        let answer = self.service.emulator.answer(&Call::new(create, Value::map(input)));
        assert!(matches!(answer, Answer::Success(_)), "{answer:?}");
    }

    fn served(&self) -> u64 {
        self.service.number.load(Ordering::Relaxed)
    }

    /// A well-behaved one.
    pub(crate) fn new() -> Self {
        Self::with(|_| Mishap::None)
    }

    /// How often each operation was asked, mishaps included.
    pub(crate) fn calls(&self) -> BTreeMap<String, u64> {
        self.service.calls.lock().unwrap().clone()
    }

    /// How often a tag of this key was given at a creation.
    pub(crate) fn tagged(&self, key: &str) -> u64 {
        self.service.tags.lock().unwrap().get(key).copied().unwrap_or_default()
    }

    /// How much of the resource with these operations is there.
    pub(crate) fn left(&self, describe: &str, list: &str) -> usize {
        let call = Call::new(describe, Value::Map(Vec::new()));
        match self.service.emulator.answer(&call) {
            Answer::Success(output) => output.get(list).and_then(Value::as_list).unwrap().len(),
            Answer::Refused(refused) => panic!("{refused:?}"),
        }
    }
}

impl Service for Wayward {
    fn contract(&self) -> &Contract {
        self.emulator.contract()
    }

    fn answer(&self, call: &Call) -> Answer {
        let _answering = self.answering.lock().unwrap();
        *self.calls.lock().unwrap().entry(call.operation.clone()).or_default() += 1;
        if call.operation.starts_with("Create") {
            let tags = call.input.get("Tags").and_then(Value::as_list).unwrap_or_default();
            for key in tags.iter().filter_map(|tag| tag.get("Key")?.as_text()) {
                *self.tags.lock().unwrap().entry(key.to_owned()).or_default() += 1;
            }
        }
        let number = self.number.fetch_add(1, Ordering::Relaxed) + 1;
        let stop = self.stop.lock().unwrap().take_if(|(at, ..)| *at == number);
        if let Some((_, reached, go)) = stop {
            reached.send(()).unwrap();
            go.recv().unwrap();
        }
        let mishap = match self.mended.load(Ordering::Relaxed) {
            true => Mishap::None,
            false => (self.mishap)(number),
        };
        *self.now.lock().unwrap() = mishap;
        let saying = |code: &str, status, message: &str| {
            Answer::Refused(Refused {
                code: code.to_owned(),
                status,
                fault: Fault::Sender,
                message: message.to_owned(),
            })
        };
        let refused = |code: &str, status| saying(code, status, "a mishap");
        match mishap {
            Mishap::Refused(code, status) | Mishap::Early(code, status) => refused(code, status),
            Mishap::Refusing(code, message) => saying(code, 400, message),
            Mishap::Keeping(message) if call.operation.starts_with("Delete") => saying("AccessDenied", 403, message),
            Mishap::Broken => {
                self.emulator.answer(call);
                refused("InternalFailure", 500)
            }
            Mishap::None | Mishap::Keeping(_) | Mishap::Reset | Mishap::Reworded(..) => self.emulator.answer(call),
        }
    }

    fn finish(&self, _: &Call, answer: &mut HttpAnswer) {
        let now = *self.now.lock().unwrap();
        if let Mishap::Reworded(from, to) = now {
            answer.body = String::from_utf8(std::mem::take(&mut answer.body))
                .unwrap()
                .replace(from, to)
                .into_bytes();
        }
        if let Mishap::Early(..) = now {
            let hour = SignedDuration::from_hours(1);
            let date = Timestamp::now().checked_sub(hour).unwrap();
            let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            answer.headers.push(("date".to_owned(), date));
        }
    }

    fn delivery(&self, _: &Call) -> Delivery {
        match *self.now.lock().unwrap() {
            Mishap::Reset => Delivery::Closed,
            _ => Delivery::Plain,
        }
    }
}

/// The id by which the SDKs' settings name the service.
pub(crate) fn id() -> String {
    contract().service.id().to_owned()
}

fn contract() -> Contract {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/contracts/elasticache.json");
    Contract::from_json(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The binary with an account that no service knows, and nothing of the machine's own.
pub(crate) fn parallax(folder: &Path) -> Command {
    let mut command = binary::parallax(folder);
    let own = std::env::vars_os().map(|(name, _)| name);
    for name in own.filter(|name| name.to_string_lossy().starts_with("AWS_")) {
        command.env_remove(name);
    }
    command
        .env("AWS_ACCESS_KEY_ID", ACCESS_KEY)
        .env("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
        .env("AWS_SESSION_TOKEN", TOKEN)
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_CONFIG_FILE", folder.join("none"))
        .env("AWS_SHARED_CREDENTIALS_FILE", folder.join("none"));
    command
}

/// Where a recording into `it.cassette` writes down what it makes.
pub(crate) const JOURNAL: &str = "it.cassette.journal";

/// The words that record the service itself into `it.cassette`, with a stand-in in its place.
pub(crate) fn recording_from(url: &str) -> [&str; 10] {
    [
        "record",
        "--reference",
        "aws",
        "--allow-aws",
        "--endpoint-url",
        url,
        "--rate",
        "5000",
        "--out",
        "it.cassette",
    ]
}

/// The words that delete what such a recording left.
pub(crate) fn cleaning<'w>(further: &[&'w str]) -> Vec<&'w str> {
    let usual = ["clean", "--journal", JOURNAL, "--allow-aws", "--rate", "5000"];
    usual.into_iter().chain(further.iter().copied()).collect()
}

/// Runs it to its end.
pub(crate) fn run(folder: &Path, words: &[&str]) -> Ended {
    binary::ended(parallax(folder).args(words).output().unwrap())
}
