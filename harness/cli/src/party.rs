//! Who is asked: what a name on the command line stands for, and the endpoint behind it.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use parallax_contract::Contract;
use parallax_endpoint::{
    Embedded, EmbeddedError, Endpoint, Http, HttpError, HttpSettings, Keyring, LaunchError, LaunchSpec, Launched,
    Readiness, ServeError, Server, Service, Shortage, Status,
};
use parallax_oracle::Oracle;
use parallax_outcome::ExitCode;
use parallax_runner::Cancel;

use crate::args::Asking;
use crate::config::{Config, Launch, Target};
use crate::failure::Failure;
use crate::live::Session;
use crate::runtime;
use crate::screen::Screen;

/// How long a launched target may take to end before it is killed.
const GRACE: std::time::Duration = std::time::Duration::from_secs(5);

/// What a name on the command line stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Party {
    /// The documentation oracle; only a reference can be it.
    Docs,
    /// The service itself; only a reference can be it.
    Aws,
    /// A cassette; only a reference can be it.
    Cassette(Utf8PathBuf),
    /// The embedded emulator.
    Embedded,
    /// Whatever listens there.
    Url(String),
    /// A target that is started for the run.
    Launch(String, Launch),
}

impl Party {
    /// What `--target` names.
    pub(crate) fn target(given: &str, config: &Config) -> Result<Self, Failure> {
        endpoint(given, config).ok_or_else(|| unknown("target", given, config, &["embedded"]))
    }

    /// What `--reference` names.
    pub(crate) fn reference(given: &str, config: &Config) -> Result<Self, Failure> {
        match given {
            "docs" => return Ok(Self::Docs),
            "aws" => return Ok(Self::Aws),
            _ => {}
        }
        if let Some(party) = endpoint(given, config) {
            return Ok(party);
        }
        match Utf8Path::new(given) {
            // A pipe or a device, too: whoever reads it says what is amiss with it.
            path if path.exists() && !path.is_dir() => Ok(Self::Cassette(path.to_owned())),
            path if path.components().count() > 1 || path.extension().is_some() => {
                Err(Failure::usage(format!("the cassette {path} is not there"))
                    .mend("check the path, or write it with `parallax record`"))
            }
            _ => Err(unknown("reference", given, config, &["docs", "aws", "embedded"])),
        }
    }
}

fn endpoint(given: &str, config: &Config) -> Option<Party> {
    match config.get(given) {
        Some(Target::Url(url)) => Some(Party::Url(url.clone())),
        Some(Target::Launch(launch)) => Some(Party::Launch(given.to_owned(), launch.clone())),
        None if given == "embedded" => Some(Party::Embedded),
        None if given.contains("://") => Some(Party::Url(given.to_owned())),
        None => None,
    }
}

fn unknown(what: &str, given: &str, config: &Config, others: &[&'static str]) -> Failure {
    let mend = match given.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.trim_end_matches('/').parse::<u16>().is_ok() => {
            format!("an address is written as a URL: `--{what} http://{given}`")
        }
        _ if what == "target" && is_file_like(given) => {
            format!("a cassette can only be who is right: `--reference {given}`, and `--target` for who is under test")
        }
        _ => format!("{}; a URL begins with http://", config.nearest(given, others)),
    };
    Failure::usage(format!("no {what} is named `{given}`")).mend(mend)
}

/// Whether somebody means a file by this.
fn is_file_like(given: &str) -> bool {
    let path = Utf8Path::new(given);
    path.is_file() || path.components().count() > 1 || path.extension() == Some("cassette")
}

/// An endpoint that answers, with what has to be ended afterwards.
pub(crate) struct Connected {
    /// Who answers.
    pub(crate) endpoint: Arc<dyn Endpoint>,
    /// Where it listens.
    pub(crate) url: String,
    /// Where it is counted that this machine ran short; shared with the server where that is in this process.
    pub(crate) shortage: Shortage,
    /// What has to be ended afterwards.
    running: Option<Launched>,
    /// The conversation, where it is with the service itself.
    session: Option<Session>,
}

/// Where launched processes are started and keep their logs.
pub(crate) struct Places<'a> {
    /// The folder that commands are relative to.
    pub(crate) folder: &'a Utf8Path,
    /// The folder for logs.
    pub(crate) logs: &'a Utf8Path,
    /// Whether somebody will find the log of a target that did not start, beside a report that tells of it.
    pub(crate) outlast_failure: bool,
}

impl Party {
    /// Whether it runs on this machine, as far as its address tells.
    pub(crate) fn is_here(&self) -> bool {
        match self {
            Self::Embedded | Self::Launch(..) => true,
            Self::Url(url) => {
                let host = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
                ["127.", "localhost", "[::1]"].iter().any(|here| host.starts_with(here))
            }
            Self::Docs | Self::Aws | Self::Cassette(_) => false,
        }
    }

    /// Fails now where an address could never be asked, before anything is started or written.
    pub(crate) fn check(&self, contract: &Arc<Contract>, asking: &Asking) -> Result<(), Failure> {
        match self {
            Self::Url(url) => at(url, contract, asking).map(drop),
            _ => Ok(()),
        }
    }
}

impl Connected {
    /// Starts what has to be started; `None` for a party that is no endpoint.
    pub(crate) async fn to(
        party: &Party,
        contract: &Arc<Contract>,
        asking: &Asking,
        places: &Places<'_>,
    ) -> Result<Option<Self>, Failure> {
        let (url, running) = match party {
            Party::Docs | Party::Aws | Party::Cassette(_) => return Ok(None),
            Party::Embedded => return Self::embedded(contract, asking).map(Some),
            Party::Url(url) => (url.clone(), None),
            Party::Launch(name, launch) => {
                let launched = start(name, launch, places).await?;
                (launched.url(), Some(launched))
            }
        };
        Ok(Some(Self {
            endpoint: Arc::new(at(&url, contract, asking)?),
            url,
            shortage: Shortage::default(),
            running,
            session: None,
        }))
    }

    fn embedded(contract: &Arc<Contract>, asking: &Asking) -> Result<Self, Failure> {
        let settings = settings(asking);
        let shortage = settings.shortage.clone();
        let embedded = Embedded::start(Arc::new(Oracle::new(contract.clone())), settings).map_err(unserved)?;
        Ok(Self {
            url: embedded.url(),
            shortage,
            endpoint: Arc::new(embedded),
            running: None,
            session: None,
        })
    }

    /// The service itself.
    pub(crate) fn live(session: Session) -> Self {
        Self {
            endpoint: session.endpoint(),
            url: session.url.clone(),
            shortage: Shortage::default(),
            running: None,
            session: Some(session),
        }
    }

    /// What it is asked with, and what a process that was launched knows. The environment's are used by nobody else, but may
    /// be seen.
    pub(crate) fn keys(&self) -> Keyring {
        self.session
            .as_ref()
            .map_or_else(Keyring::of_environment, Session::keys)
    }

    /// Breaks the run off when a conversation with the service itself ends.
    pub(crate) fn breaks(&self, cancel: &Cancel, screen: Screen) {
        if let Some(session) = &self.session {
            session.breaks(cancel.clone(), screen);
        }
    }

    /// Deletes what was made at the service itself; without one, nothing.
    pub(crate) async fn clean(&mut self, screen: Screen) -> Result<(), Failure> {
        match self.session.take() {
            Some(session) => session.end(screen).await,
            None => Ok(()),
        }
    }

    /// Ends what was started, by force once somebody asks for an end again; says how it had ended by itself, if it had.
    pub(crate) async fn end(self) -> Option<String> {
        let launched = self.running?;
        let status = launched.status();
        launched.stop_unless(runtime::interrupted()).await;
        match status {
            Status::Running => None,
            Status::Ended { how, last_lines } => Some(format!("{how}; its log ends with:\n{last_lines}")),
        }
    }
}

fn unserved(error: EmbeddedError) -> Failure {
    let code = match error {
        EmbeddedError::Serve(ServeError::NoDescriptor(_)) => ExitCode::TooLittle,
        _ => ExitCode::Usage,
    };
    Failure::new(code, "the embedded emulator cannot be served").because(error)
}

/// Starts a server that answers with this service.
pub(crate) fn served(address: std::net::SocketAddr, service: Arc<dyn Service>) -> Result<Server, Failure> {
    let unserved = |error| Failure::usage(format!("nothing can be served on {address}")).because(error);
    Server::start(address, service).map_err(unserved)
}

fn at(url: &str, contract: &Arc<Contract>, asking: &Asking) -> Result<Http, Failure> {
    Http::new(contract.clone(), url, &settings(asking)).map_err(|error: HttpError| Failure::usage(error.to_string()))
}

/// How an endpoint is asked, as the arguments have it.
pub(crate) fn settings(asking: &Asking) -> HttpSettings {
    HttpSettings {
        time_limit: asking.timeout.0,
        size_limit: asking.max_answer.0,
        ..HttpSettings::default()
    }
}

async fn start(name: &str, launch: &Launch, places: &Places<'_>) -> Result<Launched, Failure> {
    let spec = LaunchSpec {
        command: launch.command.clone(),
        env: launch.env.clone(),
        dir: Some(places.folder.into()),
        ready: Readiness {
            path: launch.ready_path.clone(),
            time_limit: launch.ready_within.0,
        },
        log: places.logs.join(format!("{name}.log")).into(),
        grace: GRACE,
    };
    Launched::start(&spec)
        .await
        .map_err(|error| unlaunched(name, error, places.outlast_failure))
}

/// Why a target did not start, with the last lines of its log. The log itself is named only where it stays.
fn unlaunched(name: &str, error: LaunchError, stays: bool) -> Failure {
    let what = format!("target `{name}` cannot be launched");
    let (why, log, last_lines) = match &error {
        LaunchError::Died { how, log, last_lines } => {
            (format!("the server ended ({how}) before it was ready"), log, last_lines)
        }
        LaunchError::NotReady { limit, log, last_lines } => (
            format!("the server was not ready after {limit:?}; raise `ready.time_limit` if it is only slow"),
            log,
            last_lines,
        ),
        _ => return Failure::usage(what).because(error),
    };
    if stays {
        return Failure::new(ExitCode::NoAnswer, what).because(error);
    }
    // It may lie in a folder that somebody named for results, and there are none.
    let _ = std::fs::remove_file(log);
    Failure::new(ExitCode::NoAnswer, what).because(format!("{why}; its log ends with:\n{last_lines}"))
}
