//! Somebody else's server, started and ended by us.

mod group;
mod log;

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use group::Group;

/// How often a server that is starting is asked whether it is ready.
const POLL: Duration = Duration::from_millis(20);
/// The longest that one such question may take.
const ASK: Duration = Duration::from_secs(1);

/// How to start a server.
#[derive(Clone, Debug)]
pub struct LaunchSpec {
    /// The program and its arguments, quoted as for a shell, but no shell runs it. `{port}` stands for the port.
    pub command: String,
    /// Variables added to the environment. `{port}` stands for the port in their values.
    pub env: BTreeMap<String, String>,
    /// The folder to run in; ours where there is none.
    pub dir: Option<PathBuf>,
    /// When it is ready.
    pub ready: Readiness,
    /// The file that gets its standard output and error; replaced if it is there.
    pub log: PathBuf,
    /// How long it may take to end when it is asked to, before it is killed.
    pub grace: Duration,
}

/// When a server counts as ready.
#[derive(Clone, Debug)]
pub struct Readiness {
    /// The path that must be answered with a status below 500; where there is none, a connection is enough.
    pub path: Option<String>,
    /// The longest that it may take.
    pub time_limit: Duration,
}

/// A running server in a process group of its own. Dropping it ends the whole group and blocks meanwhile, at most for
/// the grace period; [`Launched::stop`] does the same without blocking the runtime.
#[derive(Debug)]
pub struct Launched {
    port: u16,
    log: PathBuf,
    group: Mutex<Group>,
}

/// What became of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It runs.
    Running,
    /// It ended by itself.
    Ended {
        /// How, such as `exit status: 1`.
        how: String,
        /// The last lines of its log.
        last_lines: String,
    },
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// The command cannot be split into words.
    #[error("the launch command `{command}` {why}; write it as for a shell")]
    Command {
        /// The command.
        command: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// No port is free.
    #[error("no free port on 127.0.0.1")]
    Port(#[source] io::Error),
    /// The log cannot be written.
    #[error("the log {} cannot be written; choose another folder", .path.display())]
    Log {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The program cannot be run.
    #[error("`{program}` cannot be started; is it installed, and the path right?")]
    Start {
        /// The program.
        program: String,
        /// Why not.
        source: io::Error,
    },
    /// It ended before it was ready.
    #[error("the server ended ({how}) before it was ready; its log {} ends with:\n{last_lines}", .log.display())]
    Died {
        /// How, such as `exit status: 1`.
        how: String,
        /// Its log.
        log: PathBuf,
        /// The log's last lines.
        last_lines: String,
    },
    /// It was not ready in time.
    #[error(
        "the server was not ready after {limit:?}; raise the time limit or see its log {}, which ends with:\n{last_lines}",
        .log.display()
    )]
    NotReady {
        /// The time limit.
        limit: Duration,
        /// Its log.
        log: PathBuf,
        /// The log's last lines.
        last_lines: String,
    },
}

impl Launched {
    /// Starts the server on a free port of 127.0.0.1 and waits until it is ready.
    ///
    /// # Errors
    /// [`LaunchError`]; whatever was started is ended then.
    pub async fn start(spec: &LaunchSpec) -> Result<Self, LaunchError> {
        let port = free_port().map_err(LaunchError::Port)?;
        let mut command = command(spec, port)?;
        let program = command.get_program().to_string_lossy().into_owned();
        let group = Group::start(&mut command, spec.grace).map_err(|source| {
            // Nobody ever wrote into it.
            let _ = std::fs::remove_file(&spec.log);
            LaunchError::Start { program, source }
        })?;
        let launched = Self {
            port,
            log: spec.log.clone(),
            group: Mutex::new(group),
        };
        match launched.wait(&spec.ready).await {
            Ok(()) => Ok(launched),
            Err(error) => {
                launched.stop().await;
                Err(error)
            }
        }
    }

    /// The URL it listens at.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its log.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Whether it still runs. What is left of the group of a server that ended is killed.
    pub fn status(&self) -> Status {
        match self.group.lock().unwrap_or_else(PoisonError::into_inner).ended() {
            None => Status::Running,
            Some(how) => Status::Ended {
                how,
                last_lines: log::last_lines(&self.log),
            },
        }
    }

    /// Ends the whole group: politely first, by force after the grace period.
    pub async fn stop(self) {
        self.stop_unless(std::future::pending()).await;
    }

    /// The same, by force as soon as `hurry` is over.
    pub async fn stop_unless(self, hurry: impl Future<Output = ()>) {
        let group = self.group;
        let haste = group.lock().unwrap_or_else(PoisonError::into_inner).haste();
        let mut stopped = tokio::task::spawn_blocking(move || drop(group));
        tokio::select! {
            _ = &mut stopped => return,
            () = hurry => haste.store(true, Ordering::Relaxed),
        }
        stopped.await.ok();
    }

    async fn wait(&self, ready: &Readiness) -> Result<(), LaunchError> {
        let until_ready = async {
            while !is_ready(self.port, ready.path.as_deref()).await {
                self.check_alive()?;
                sleep(POLL).await;
            }
            // Another process may have taken the port in the meantime and be the one that answered.
            self.check_alive()
        };
        timeout(ready.time_limit, until_ready).await.unwrap_or_else(|_| {
            Err(LaunchError::NotReady {
                limit: ready.time_limit,
                log: self.log.clone(),
                last_lines: log::last_lines(&self.log),
            })
        })
    }

    fn check_alive(&self) -> Result<(), LaunchError> {
        match self.status() {
            Status::Running => Ok(()),
            Status::Ended { how, last_lines } => Err(LaunchError::Died {
                how,
                log: self.log.clone(),
                last_lines,
            }),
        }
    }
}

/// A port that was free a moment ago. Between this and the server's own bind somebody else may take it; then the server
/// ends early and its log says why.
fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn command(spec: &LaunchSpec, port: u16) -> Result<Command, LaunchError> {
    let refused = |why| LaunchError::Command {
        command: spec.command.clone(),
        why,
    };
    let filled = |text: &str| text.replace("{port}", &port.to_string());
    let words = shlex::split(&spec.command).ok_or_else(|| refused("has an open quote or a lone backslash"))?;
    let (program, arguments) = words.split_first().ok_or_else(|| refused("is empty"))?;
    let mut command = Command::new(filled(program));
    command
        .args(arguments.iter().map(|word| filled(word)))
        .envs(spec.env.iter().map(|(name, value)| (name, filled(value))))
        .stdin(Stdio::null());
    if let Some(dir) = &spec.dir {
        command.current_dir(dir);
    }
    log::attach(&mut command, &spec.log).map_err(|source| LaunchError::Log {
        path: spec.log.clone(),
        source,
    })?;
    Ok(command)
}

async fn is_ready(port: u16, path: Option<&str>) -> bool {
    let asked = async {
        match path {
            None => TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok(),
            Some(path) => crate::http::status_of(port, path)
                .await
                .is_some_and(|status| status < 500),
        }
    };
    timeout(ASK, asked).await.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(command: &str) -> LaunchSpec {
        LaunchSpec {
            command: command.into(),
            env: [("PORT".to_owned(), "p{port}".to_owned())].into(),
            dir: None,
            ready: Readiness {
                path: None,
                time_limit: Duration::from_secs(1),
            },
            log: std::env::temp_dir().join("parallax-launch-unit-test.log"),
            grace: Duration::from_secs(1),
        }
    }

    #[test]
    fn the_port_is_filled_into_every_word_and_variable() {
        let command = command(&spec("run-{port} -p '{port} x' --at=h:{port}"), 81).unwrap();
        assert_eq!(command.get_program(), "run-81");
        assert_eq!(command.get_args().collect::<Vec<_>>(), ["-p", "81 x", "--at=h:81"]);
        let port = command
            .get_envs()
            .find(|(name, _)| *name == "PORT")
            .and_then(|(_, value)| value);
        assert_eq!(port, Some("p81".as_ref()));
    }

    #[test]
    fn a_command_without_words_or_with_an_open_quote_is_refused() {
        for text in ["", "  ", "run 'it"] {
            assert!(
                matches!(command(&spec(text), 81), Err(LaunchError::Command { .. })),
                "{text}"
            );
        }
    }
}
