//! Launched processes. They are shells: what they say goes into a FIFO, which ends when the last process that holds it
//! has ended. So the tests wait for facts, not for time.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use parallax_endpoint::{LaunchError, LaunchSpec, Launched, Readiness, Status};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::fake::{Fake, GOOD};

/// A folder with a FIFO in it.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = Command::new("mkfifo").arg(folder.path().join("fifo")).status().unwrap();
        assert!(made.success());
        Self { folder }
    }

    fn fifo(&self) -> PathBuf {
        self.folder.path().join("fifo")
    }

    /// A shell that runs `script` with the FIFO as file 9.
    fn spec(&self, script: &str) -> LaunchSpec {
        LaunchSpec {
            command: format!("sh -c 'exec 9>fifo; {script}'"),
            env: [("PORT".to_owned(), "{port}".to_owned())].into(),
            dir: Some(self.folder.path().to_owned()),
            ready: Readiness {
                path: None,
                time_limit: Duration::from_secs(60),
            },
            log: self.folder.path().join("logs/server.log"),
            grace: Duration::from_secs(60),
        }
    }

    /// Everything that the processes say, once all of them have ended.
    fn listen(&self) -> JoinHandle<String> {
        let fifo = self.fifo();
        spawn_blocking(move || {
            let mut text = String::new();
            File::open(fifo).unwrap().read_to_string(&mut text).unwrap();
            text
        })
    }

    /// Everything, and a listener on the port that the processes say first: in this they are only the face of a server.
    fn serve(&self) -> JoinHandle<String> {
        let fifo = self.fifo();
        tokio::spawn(async move {
            let (port, mut file) = spawn_blocking(move || first_line(&fifo)).await.unwrap();
            let _listener = TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
            let rest = spawn_blocking(move || {
                let mut text = String::new();
                file.read_to_string(&mut text).unwrap();
                text
            });
            rest.await.unwrap()
        })
    }
}

fn first_line(fifo: &Path) -> (String, File) {
    let mut file = File::open(fifo).unwrap();
    let (mut line, mut byte) = (String::new(), [0]);
    while file.read(&mut byte).unwrap() == 1 && byte != [b'\n'] {
        line.push(char::from(byte[0]));
    }
    (line, file)
}

/// The script's last command: it outlives every test unless it is killed, and then says so.
const STAY: &str = "sleep 60; echo survived >&9";

#[tokio::test]
async fn a_server_that_takes_connections_is_ready_and_ends_when_it_is_stopped() {
    let place = Place::new();
    let said = place.serve();
    let spec = place.spec(&format!("echo $PORT >&9; {STAY}"));
    let launched = Launched::start(&spec).await.unwrap();
    assert_eq!(launched.status(), Status::Running);
    launched.stop().await;
    assert_eq!(said.await.unwrap(), "");
}

#[tokio::test]
async fn a_server_is_asked_politely_first() {
    let place = Place::new();
    let said = place.serve();
    let script = "trap \"echo bye >&9; exit\" TERM; echo $PORT >&9; while :; do sleep 0.01; done";
    Launched::start(&place.spec(script)).await.unwrap().stop().await;
    assert_eq!(said.await.unwrap(), "bye\n");
}

#[tokio::test]
async fn a_server_that_ignores_the_request_is_killed_with_all_its_children() {
    let place = Place::new();
    let said = place.serve();
    let script = format!("trap \"\" TERM; ({STAY}) & ({STAY}) & echo $PORT >&9; {STAY}");
    let mut spec = place.spec(&script);
    spec.grace = Duration::from_millis(50);
    Launched::start(&spec).await.unwrap().stop().await;
    assert_eq!(said.await.unwrap(), "");
}

#[tokio::test]
async fn a_server_that_ignores_the_request_is_killed_at_once_where_nobody_wants_to_wait() {
    let place = Place::new();
    let said = place.serve();
    let script = format!("trap \"\" TERM; echo $PORT >&9; {STAY}");
    // Its grace period is as long as it stays by itself.
    let launched = Launched::start(&place.spec(&script)).await.unwrap();
    launched.stop_unless(std::future::ready(())).await;
    assert_eq!(said.await.unwrap(), "");
}

#[tokio::test]
async fn a_dropped_server_is_ended_too() {
    let place = Place::new();
    let said = place.serve();
    let launched = Launched::start(&place.spec(&format!("({STAY}) & echo $PORT >&9; {STAY}")))
        .await
        .unwrap();
    spawn_blocking(move || drop(launched)).await.unwrap();
    assert_eq!(said.await.unwrap(), "");
}

#[tokio::test]
async fn a_server_that_dies_at_once_is_quoted() {
    let place = Place::new();
    let said = place.listen();
    let spec = place.spec("echo cannot bind {port} >&2; exit 3");
    match Launched::start(&spec).await {
        Err(LaunchError::Died { how, log, last_lines }) => {
            assert_eq!((how.as_str(), log), ("exit status: 3", spec.log));
            assert!(last_lines.starts_with("cannot bind "), "{last_lines}");
        }
        other => panic!("{other:?}"),
    }
    said.await.unwrap();
}

#[tokio::test]
async fn a_server_that_never_gets_ready_is_given_up_and_ended() {
    let place = Place::new();
    let said = place.listen();
    let mut spec = place.spec(&format!("({STAY}) & {STAY}"));
    spec.ready.time_limit = Duration::from_millis(100);
    let error = Launched::start(&spec).await.unwrap_err();
    assert!(matches!(error, LaunchError::NotReady { .. }), "{error}");
    assert!(error.to_string().contains(&spec.log.display().to_string()), "{error}");
    assert_eq!(said.await.unwrap(), "");
}

#[tokio::test]
async fn a_server_that_dies_half_way_is_noticed_and_its_children_are_ended() {
    let place = Place::new();
    let said = place.serve();
    let go = place.folder.path().join("go");
    assert!(Command::new("mkfifo").arg(&go).status().unwrap().success());
    let script = format!("({STAY}) & echo $PORT >&9; read line <go; echo out of memory; exit 9");
    let launched = Launched::start(&place.spec(&script)).await.unwrap();
    assert_eq!(launched.status(), Status::Running);
    spawn_blocking(move || std::fs::write(go, "now\n").unwrap())
        .await
        .unwrap();
    let status = loop {
        match launched.status() {
            Status::Running => tokio::task::yield_now().await,
            ended => break ended,
        }
    };
    let (how, last_lines) = ("exit status: 9".to_owned(), "out of memory".to_owned());
    assert_eq!(status, Status::Ended { how, last_lines });
    assert_eq!(said.await.unwrap(), "");
}

#[tokio::test]
async fn readiness_by_path_waits_for_an_answer_below_500() {
    let place = Place::new();
    let fifo = place.fifo();
    let asked = tokio::spawn(async move {
        let (port, _open) = spawn_blocking(move || first_line(&fifo)).await.unwrap();
        let fake = Fake::start_on(&format!("127.0.0.1:{port}"), |number, mut peer| async move {
            peer.read().await;
            let answer = if number < 2 {
                GOOD.replace("200 OK", "503 Not Yet")
            } else {
                GOOD.to_owned()
            };
            peer.say(answer.as_bytes()).await;
        })
        .await;
        std::future::pending::<()>().await;
        drop(fake);
    });
    let mut spec = place.spec(&format!("echo $PORT >&9; {STAY}"));
    spec.ready.path = Some("/health".into());
    let launched = Launched::start(&spec).await.unwrap();
    let client = parallax_endpoint::Http::new(crate::contract(), &launched.url(), &Default::default()).unwrap();
    let exchange = parallax_endpoint::Endpoint::ask(&client, &crate::create("a")).await;
    assert_eq!(exchange.answer.unwrap().status, 200);
    launched.stop().await;
    asked.abort();
}

#[tokio::test]
async fn a_program_that_is_not_there_is_named() {
    let place = Place::new();
    let mut spec = place.spec("");
    spec.command = "no-such-program-{port}".into();
    let error = Launched::start(&spec).await.unwrap_err().to_string();
    assert!(error.starts_with("`no-such-program-"), "{error}");
}

#[tokio::test]
async fn a_log_that_cannot_be_written_is_named() {
    let place = Place::new();
    let mut spec = place.spec("");
    // The FIFO is no folder.
    spec.log = place.fifo().join("log");
    let error = Launched::start(&spec).await.unwrap_err();
    assert!(matches!(error, LaunchError::Log { .. }), "{error}");
}
